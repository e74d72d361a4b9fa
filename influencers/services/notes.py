"""Notes on brand fit: dated, attributed, per brand."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Brand, Membership
from influencers.models import BrandFitNote, Influencer


@transaction.atomic
def write_fit_note(
    *, influencer: Influencer, brand: Brand, text: str, written_on: date, is_internal: bool = True, by: Membership
) -> BrandFitNote:
    """A note by the member on how the creator fits the brand. A note is never changed: a new thought is a new note."""
    if not by.can_write:
        raise Refused(_("Your role in this agency does not allow this."))
    if not (influencer.agency_id == brand.agency_id == by.agency_id) or not Brand.objects.visible_to(by).contains(
        brand
    ):
        raise Refused(_("This brand is not here."))
    if not text.strip():
        raise Refused(_("Write the note first."))
    if written_on > influencer.agency.today():
        raise Refused(_("A note cannot be dated in the future."))
    return BrandFitNote.objects.create(
        agency=influencer.agency,
        influencer=influencer,
        brand=brand,
        text=text.strip(),
        written_on=written_on,
        is_internal=is_internal,
        author=by.user,
    )
