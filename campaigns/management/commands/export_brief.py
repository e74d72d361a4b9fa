"""Write the brief of a campaign to a file."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from agency.management.json_command import CommandRefused, JsonCommand, UsageError
from campaigns.briefs.document import placeholder_note
from campaigns.briefs.pdf import client_brief_pdf
from campaigns.briefs.snapshot import read_client_brief
from campaigns.models import Campaign
from campaigns.services import record_client_brief


class Command(JsonCommand):
    """Prints campaign, kind, format, file, pages and the characters that are printed as a placeholder, as code points."""

    help = "Write the brief of a campaign to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", type=int, metavar="CAMPAIGN_ID")
        parser.add_argument("--kind", choices=["client"], default="client")
        parser.add_argument("--format", choices=["pdf"], default="pdf")
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")

    def run(self, **options: Any) -> dict[str, Any]:
        campaign = Campaign.objects.select_related("agency", "brand__client").filter(pk=options["campaign"]).first()
        if campaign is None:
            raise UsageError(_("There is no campaign %(id)s.") % {"id": options["campaign"]})
        made = client_brief_pdf(read_client_brief(campaign))
        target: Path = options["output"]
        try:
            write_whole(target, made.content)
        except OSError as error:
            raise CommandRefused(
                _("%(file)s could not be written: %(reason)s") % {"file": target, "reason": error.strerror}
            ) from error
        record_client_brief(campaign=campaign, by=None)
        if made.placeholders:
            self.stderr.write(placeholder_note(made.placeholders))
        return {
            "campaign": campaign.pk,
            "kind": options["kind"],
            "format": options["format"],
            "file": str(target),
            "pages": made.pages,
            "placeholders": [f"U+{ord(character):04X}" for character in made.placeholders],
        }


def write_whole(target: Path, content: bytes) -> None:
    """Writes the file whole or not at all."""
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
