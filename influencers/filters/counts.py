"""How many creators each answer of a filter would leave, given all the other filters."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Value, When
from django.db.models.fields import CharField

from agency.countries import COUNTRIES
from influencers.filters.conditions import Lines
from influencers.filters.roster import RosterFilter
from influencers.models import Influencer, Platform
from influencers.selectors.tiers import in_tier, tier_names

MOST = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a filter, its words, how many creators it would leave, whether it is the present one."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """A filter whose answers are counted: its field, the column (several values in one where it is a list)."""

    field: str
    column: str
    is_list: bool = False


COUNTED = (
    Counted("platform", "platforms", is_list=True),
    Counted("tier", "tier"),
    Counted("status", "status"),
    Counted("kind", "kind"),
    Counted("country", "country"),
    Counted("language", "languages", is_list=True),
    Counted("niche", "niches", is_list=True),
    Counted("tag", "tags", is_list=True),
)
# Read together: a few hundred groups of them say all, and one pass over the lines is enough.
TOGETHER = ({"status", "kind", "country", "tier"}, {"platform", "language"}, {"niche"}, {"tag"})


def answers_of(found: RosterFilter) -> dict[str, list[Answer]]:
    """By field of `COUNTED` the answers that some creator has, and the present one; the most frequent hundred of each."""
    totals: dict[str, Counter[str]] = {}
    for group in TOGETHER:
        parts = [counted for counted in COUNTED if counted.field in group]
        asked = [counted for counted in parts if found.asked[counted.field]]
        # A filter of its own is left out of a count; where none is at work all can be counted in one pass.
        totals |= totals_of(found, found.lines(), [counted for counted in parts if counted not in asked])
        for counted in asked:
            totals |= totals_of(found, found.lines(without=counted.field), [counted])
    return {counted.field: listed(found, counted, totals[counted.field]) for counted in COUNTED}


def totals_of(found: RosterFilter, lines: Lines, parts: list[Counted]) -> dict[str, Counter[str]]:
    """How many lines have each value of each column. One query."""
    totals: dict[str, Counter[str]] = {counted.field: Counter() for counted in parts}
    if not parts:
        return totals
    columns = [counted.column for counted in parts]
    if "tier" in columns:
        whens = [When(in_tier(found.bands, name), then=Value(name)) for name in tier_names(found.bands)]
        lines = lines.annotate(tier=Case(*whens, default=Value(""), output_field=CharField()))
    if columns == ["tags"]:
        lines = lines.exclude(tags=[])
    groups = lines.order_by().values_list(*columns).annotate(number=Count("pk"))
    for *values, number in groups:
        for counted, value in zip(parts, values, strict=True):
            for each in set(value) if counted.is_list else [value]:
                totals[counted.field][each] += number
    return totals


def listed(found: RosterFilter, counted: Counted, totals: Counter[str]) -> list[Answer]:
    chosen = found.asked[counted.field] or ""
    totals.pop("", None)
    most = dict(totals.most_common(MOST))
    if chosen:
        most.setdefault(chosen, totals[chosen])
    label = label_of(counted.field)
    return [Answer(value, label(value), most[value], value == chosen) for value in in_order(found, counted.field, most)]


def in_order(found: RosterFilter, field: str, values: Iterable[str]) -> list[str]:
    """Fixed choices in their own order, all others by what they say."""
    fixed: dict[str, list[str]] = {
        "platform": list(Platform.values),
        "tier": tier_names(found.bands),
        "status": list(Influencer.Status.values),
        "kind": list(Influencer.Kind.values),
    }
    if field in fixed:
        return [value for value in fixed[field] if value in set(values)]
    label = label_of(field)
    return sorted(values, key=lambda value: label(value).casefold())


def label_of(field: str) -> Callable[[str], str]:
    """What a value of the field is called."""
    named: dict[str, Any] = {
        "platform": dict(Platform.choices),
        "status": dict(Influencer.Status.choices),
        "kind": dict(Influencer.Kind.choices),
        "country": {code: country.name for code, country in COUNTRIES.items()},
    }
    names = named.get(field, {})
    return lambda value: str(names.get(value, value))
