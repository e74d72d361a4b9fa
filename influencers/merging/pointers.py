"""Which columns of the database say "this creator". Asked of the models, so that a new table cannot be forgotten."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import ForeignKey, Model

from influencers.models import Influencer

# Kept by others, and why the merge leaves them alone.
LEFT = {
    "influencers.RosterLine.influencer": "kept by database triggers on creators, accounts and figures",
    "campaigns.Claim.influencer": "derived anew by the app that owns it",
}
# Columns whose rows may exist on both sides already: each has a way of its own in `influencers.merging.rows`.
SPECIAL = {
    "influencers.Influencer_members.from_influencer",
    "influencers.Influencer_members.to_influencer",
    "influencers.ShortlistEntry.influencer",
    "influencers.NotDuplicates.first",
    "influencers.NotDuplicates.second",
    "influencers.BrandFit.influencer",
}
# Nobody is told how many of these came since a merge: their number would speak of brands that the reader may not know of.
SILENT = {"campaigns.Clash.influencer"}


class Pointer(NamedTuple):
    """A foreign key to creators; `name` is app.Model.field."""

    model: type[Model]
    field: "ForeignKey[Any, Any]"

    @property
    def name(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"


def pointers() -> Iterator[Pointer]:
    """Every foreign key to creators, those of tables between two models included; history aside."""
    for relation in Influencer._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None) if relation.auto_created else None
        if isinstance(field, ForeignKey) and field.related_model is Influencer and not is_history(field):
            yield Pointer(field.model, field)


def is_history(field: "ForeignKey[Any, Any]") -> bool:
    """Whether it is of a table of history, which speaks of the record as it was, under its own number."""
    return hasattr(field.model, "pgh_created_at")


def moved_plainly() -> list[Pointer]:
    """Columns that simply say the kept record's number afterwards."""
    return [pointer for pointer in pointers() if pointer.name not in SPECIAL and pointer.name not in LEFT]
