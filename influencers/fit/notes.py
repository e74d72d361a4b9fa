"""Notes as pages show them: by brand, each with what was added to it, and whether the reader may still correct it."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from agency.models import Brand, Membership
from influencers.models import NOTE_EDITABLE, BrandFitNote, Influencer


@dataclass(frozen=True, slots=True)
class Written:
    """A note or an addition."""

    note: BrandFitNote
    is_editable: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """A note, and what was added to it, oldest first."""

    first: Written
    additions: list[Written] = field(default_factory=list)


def why_not_editable(note: BrandFitNote, by: Membership) -> str:
    """Why the member may not change the text of the note any more, as a sentence; empty if they may."""
    if note.author_id != by.user_id:
        return _("Only the author corrects a note. Add to it instead.")
    if timezone.now() - note.created_at >= NOTE_EDITABLE:
        return _("A note can be corrected for a day. Add to it instead.")
    return ""


def threads_by_brand(influencer: Influencer, reader: Membership) -> list[tuple[Brand, list[Thread]]]:
    """The notes that the reader may read, by brand, the brand with the newest note first. One query."""
    notes = BrandFitNote.objects.visible_to(reader).filter(influencer=influencer).select_related("brand", "author")
    threads: dict[int, Thread] = {}
    by_brand: dict[Brand, list[Thread]] = {}
    added: list[Written] = []
    for note in notes:
        written = Written(note, reader.can_write and not why_not_editable(note, reader))
        if note.adds_to_id is not None:
            added.append(written)
            continue
        threads[note.pk] = Thread(written)
        by_brand.setdefault(note.brand, []).append(threads[note.pk])
    for written in sorted(added, key=lambda each: each.note.pk):
        if thread := threads.get(written.note.adds_to_id or 0):
            thread.additions.append(written)
    return list(by_brand.items())
