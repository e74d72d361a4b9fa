"""`create_agency`: a new agency and its first manager."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from agency.management.json_command import JsonCommand, UsageError
from agency.services import create_agency


class Command(JsonCommand):
    help = "Creates an agency with its product categories, tier schemes and one manager. Prints one JSON object."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="what the agency is called")
        parser.add_argument("--slug", required=True, help="its address: the first part of every URL, e.g. aurora")
        parser.add_argument("--timezone", default="UTC", help="e.g. Europe/Copenhagen; decides which day it is")
        parser.add_argument("--currency", default="EUR", help="three capital letters")
        parser.add_argument("--manager-email", required=True, help="the first manager; may have a login already")

    def run(self, **options: Any) -> dict[str, Any]:
        try:
            validate_email(options["manager_email"])
        except ValidationError as error:
            raise UsageError(f"“{options['manager_email']}” is no e-mail address.") from error
        agency, manager = create_agency(
            name=options["name"],
            slug=options["slug"],
            timezone=options["timezone"],
            currency=options["currency"],
            manager_email=options["manager_email"],
        )
        user = manager.user
        answer: dict[str, Any] = {
            "agency": agency.slug,
            "name": agency.name,
            "manager": user.email,
            "url": reverse("agency:dashboard", args=[agency.slug]),
            "set_password_url": None,
        }
        if not user.has_usable_password():
            key = [user_pk_to_url_str(user), default_token_generator.make_token(user)]
            answer["set_password_url"] = reverse("account_reset_password_from_key", args=key)
            self.stderr.write("Open set_password_url on the site within three days to choose the manager's password.")
        return answer
