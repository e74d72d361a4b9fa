"""The saved views and columns of a member; creators whose name is nearest to a search that finds nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, FloatField, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from agency.models import Membership
from influencers.models import RosterLine, SavedView

NEAR_ENOUGH, LONG_ENOUGH, SHORT = 0.4, 0.5, 6
CLOSEST = 10
VIEW = ("id", "agency_id", "owner_id", "name", "query", "columns", "is_shared")


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
    """One query; the columns of a view win over the member's own."""
    row = JSONObject(**{name: name for name in VIEW})
    found = Membership.objects.filter(pk=membership.pk).values_list(
        ArraySubquery(views_of(membership).values(row=row)), "roster_columns__columns"
    )
    rows, own = found.get()
    views = [SavedView(**row) for row in rows]
    here = next((each for each in views if str(each.pk) == view), None)
    return Chosen(views, here, (here.columns if here else None) or own or [])


def closest(lines: "QuerySet[RosterLine, RosterLine]", words: Sequence[str]) -> list[int]:
    """Ids of the ten of these whose name, handles, niches or tags come nearest to the words, nearest first. One query.

    Nearness is pg_trgm's word similarity, of every word: one wrong letter leaves 0.4 of a word of four letters, and more of
    longer ones, for which a higher bound spares much of the index.
    """
    if not words:
        return []
    bound = NEAR_ENOUGH if min(len(word) for word in words) <= SHORT else LONG_ENOUGH
    # An uncorrelated subselect is a one-time filter: the bound is set before the index is read, for this statement only.
    bounded = RawSQL(
        "(SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)) IS NOT NULL", [str(bound)], BooleanField()
    )
    near = lines.filter(bounded)
    nearness: Any = Value(0.0, FloatField())
    for word in words:
        folded = Func(Value(word), function="meso_fold", output_field=TextField())
        near = near.filter(influencer__search_text__trigram_word_similar=folded)
        nearness += Func(folded, F("influencer__search_text"), function="word_similarity", output_field=FloatField())
    ordered = near.annotate(nearness=nearness).order_by("-nearness", "sort_name", "pk")
    return list(ordered.values_list("pk", flat=True)[:CLOSEST])
