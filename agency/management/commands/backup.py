"""Write the whole site to one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agency.backups import write_backup
from agency.management.json_command import JsonCommand


class Command(JsonCommand):
    """Prints file, bytes and media_files; the file is whole or not there."""

    help = "Write the database and all uploads to one file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def run(self, **options: Any) -> dict[str, Any]:
        return write_backup(options["file"])
