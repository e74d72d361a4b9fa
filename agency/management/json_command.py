"""The contract of every command: one JSON object on stdout, messages on stderr, exit code 0 done, 1 nothing changed, 2 usage."""

import json
import sys
from abc import ABC, abstractmethod
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from agency.errors import Refused
from agency.models import Agency


class CommandRefused(CommandError):  # noqa: N818 - it names the outcome
    """The command changed nothing; exit code 1."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=1)


class UsageError(CommandError):
    """The command was called wrongly; exit code 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=2)


class JsonCommand(BaseCommand, ABC):
    """Subclasses implement `run` and return the object to print; `exit_code` may be set to 1 by checks that found problems."""

    exit_code = 0

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.suggest_on_error = True  # type: ignore[attr-defined]
        return parser

    @abstractmethod
    def run(self, **options: Any) -> dict[str, Any]:
        """Do the work and return the object to print."""

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            answer = self.run(**options)
        except Refused as refusal:
            raise CommandRefused(str(refusal)) from refusal
        except ValidationError as error:
            raise CommandRefused(" ".join(error.messages)) from error
        self.stdout.write(json.dumps(answer, cls=DjangoJSONEncoder, ensure_ascii=False))
        if self.exit_code:
            self.stdout.flush()
            sys.exit(self.exit_code)

    @staticmethod
    def agency_of(slug: str) -> Agency:
        """The agency of that slug, or a usage error that lists none: slugs are not shown to whoever guesses."""
        agency = Agency.objects.filter(slug=slug).first()
        if agency is None:
            raise UsageError(f"There is no agency “{slug}”.")
        return agency
