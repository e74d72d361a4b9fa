"""Copies of their data for creators who ask for it."""

import json
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Membership
from agency.typesetting import typeset
from influencers.models import DataExport, Influencer
from influencers.protection.copies import copy_of, printed_copy

FORMATS = {"json": "application/json", "pdf": "application/pdf"}


class Copy(NamedTuple):
    """The file; its name says nothing about whose it is."""

    content: bytes
    content_type: str
    file_name: str


@transaction.atomic
def copy_for_creator(*, influencer: Influencer, file_format: str, by: Membership) -> Copy:
    """Everything that is kept of the creator, as JSON or PDF. For managers only, because it holds every brand's notes; recorded."""
    if not by.is_manager:
        raise Refused(_("Only a manager may make a copy for a creator: it holds notes on every brand."))
    if file_format not in FORMATS:
        raise Refused(_("A copy is JSON or PDF."))
    copied = copy_of(influencer)
    DataExport.objects.create(
        agency=influencer.agency,
        kind=DataExport.Kind.ACCESS,
        recipient=_("the creator"),
        subject=_("copy of all data, %(format)s") % {"format": file_format.upper()},
        influencer_ids=[influencer.pk],
        made_by=by.user,
    )
    if file_format == "json":
        content = json.dumps(copied, ensure_ascii=False, indent=1).encode()
    else:
        content = typeset("copy.typ", printed_copy(copied)).content
    return Copy(content, FORMATS[file_format], f"copy-{influencer.pk}.{file_format}")
