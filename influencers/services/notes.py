"""Notes on brand fit: dated, attributed, per brand; corrected by their author for a day, afterwards only added to."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Brand, Membership
from influencers.fit.notes import why_not_editable
from influencers.models import BrandFitNote, Influencer


@transaction.atomic
def write_fit_note(
    *, influencer: Influencer, brand: Brand, text: str, written_on: date, is_internal: bool = True, by: Membership
) -> BrandFitNote:
    """A note by the member on how the creator fits the brand."""
    refuse_strangers(influencer, brand, by)
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


@transaction.atomic
def edit_fit_note(*, note: BrandFitNote, text: str, by: Membership) -> BrandFitNote:
    """The note with another text, by its author within a day; what it said before stays in the history."""
    note = BrandFitNote.objects.select_for_update(of=("self",)).select_related("influencer", "brand").get(pk=note.pk)
    refuse_strangers(note.influencer, note.brand, by)
    if reason := why_not_editable(note, by):
        raise Refused(reason)
    if not text.strip():
        raise Refused(_("Write the note first."))
    note.text = text.strip()
    note.save(update_fields=["text"])
    return note


@transaction.atomic
def add_to_fit_note(*, note: BrandFitNote, text: str, by: Membership) -> BrandFitNote:
    """A further thought below the note, dated today; who does not read the note does not read it either."""
    refuse_strangers(note.influencer, note.brand, by)
    if not text.strip():
        raise Refused(_("Write the note first."))
    return BrandFitNote.objects.create(
        agency=note.agency,
        influencer=note.influencer,
        brand=note.brand,
        text=text.strip(),
        written_on=note.agency.today(),
        is_internal=note.is_internal,
        adds_to_id=note.adds_to_id or note.pk,
        author=by.user,
    )


def refuse_strangers(influencer: Influencer, brand: Brand, by: Membership) -> None:
    """Refused to viewers, and on brands that the member may not know of."""
    if not by.can_write:
        raise Refused(_("Your role in this agency does not allow this."))
    is_here = influencer.agency_id == brand.agency_id == by.agency_id
    if not is_here or not Brand.objects.visible_to(by).contains(brand):
        raise Refused(_("This brand is not here."))
