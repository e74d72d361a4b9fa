"""Fill an empty site from a backup."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from agency.backups import restore_backup
from agency.management.json_command import JsonCommand


class Command(JsonCommand):
    """Prints created_at, media_files and pending_migrations; restores all or nothing."""

    help = "Restore a backup into an empty database."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def run(self, **options: Any) -> dict[str, Any]:
        answer = restore_backup(options["file"])
        if answer["pending_migrations"]:
            self.stderr.write("The backup is of an older version. Run `python manage.py migrate` now.")
        return answer
