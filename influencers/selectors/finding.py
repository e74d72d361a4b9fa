"""The saved views and columns of a member; creators whose name is nearest to a search that finds nothing."""

from dataclasses import dataclass

from django.db.models import BooleanField, F, FloatField, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL

from agency.models import Membership
from influencers.models import RosterColumns, RosterLine, SavedView

NEAR_ENOUGH, LONG_ENOUGH, SHORT = 0.4, 0.5, 6
CLOSEST = 10


def views_of(membership: Membership) -> QuerySet[SavedView]:
    """One's own views and those shared in the agency, by name."""
    own_or_shared = Q(owner=membership) | Q(is_shared=True)
    return SavedView.objects.filter(own_or_shared, agency_id=membership.agency_id).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the member set up: the views, the one that the address names, the columns as chosen (none: the usual)."""

    views: list[SavedView]
    here: SavedView | None
    columns: list[str]


def chosen_by(membership: Membership, view: str) -> Chosen:
    """Two queries; the columns of a view win over the member's own."""
    views = list(views_of(membership))
    here = next((each for each in views if str(each.pk) == view), None)
    if here is not None and here.columns:
        return Chosen(views, here, here.columns)
    own = RosterColumns.objects.filter(membership=membership).values_list("columns", flat=True).first()
    return Chosen(views, here, own or [])


def closest(lines: "QuerySet[RosterLine, RosterLine]", text: str) -> list[int]:
    """Ids of the ten of these whose name, handles, niches or tags come nearest to the text, nearest first. One query.

    Nearness is pg_trgm's word similarity. One wrong letter leaves 0.4 of a word of four letters, and more of longer ones; a
    lower bound would read much more of the index.
    """
    bound = LONG_ENOUGH if len(text) > SHORT else NEAR_ENOUGH
    # An uncorrelated subselect is a one-time filter: the bound is set before the index is read, for this statement only.
    bounded = RawSQL(
        "(SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)) IS NOT NULL", [str(bound)], BooleanField()
    )
    folded = Func(Value(text), function="meso_fold", output_field=TextField())
    nearness = Func(folded, F("influencer__search_text"), function="word_similarity", output_field=FloatField())
    near = lines.filter(bounded, influencer__search_text__trigram_word_similar=folded)
    ordered = near.annotate(nearness=nearness).order_by("-nearness", "sort_name", "pk")
    return list(ordered.values_list("pk", flat=True)[:CLOSEST])
