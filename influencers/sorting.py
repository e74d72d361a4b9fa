"""How the address says by what the roster is sorted: `sort=followers`, `sort=-followers` for falling."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from influencers.selectors.cursor import WORDS
from influencers.selectors.roster import SORTINGS, Sorting

DEFAULT = "name"


class Heading(NamedTuple):
    """A column of the roster that a member may choose."""

    label: str | Promise
    sort: str = ""
    is_number: bool = False
    writers_only: bool = False


FIRST = Heading(_("Creator"), "name")
HEADINGS = {
    "accounts": Heading(_("Accounts"), "followers"),
    "tier": Heading(_("Tier")),
    "rate": Heading(_("Rate"), "rate", is_number=True),
    "growth": Heading(_("30 days"), "growth", is_number=True),
    "saturation": Heading(_("Saturation"), is_number=True),
    "niche": Heading(_("Niche")),
    "country": Heading(_("Country")),
    "status": Heading(_("Status")),
    "kind": Heading(_("Kind")),
    "city": Heading(_("City")),
    "region": Heading(_("Region")),
    "language": Heading(_("Languages")),
    "tags": Heading(_("Tags")),
    "price": Heading(_("Price"), is_number=True, writers_only=True),
    "as_of": Heading(_("Figures of")),
}
USUAL = ("accounts", "tier", "rate", "growth", "saturation", "niche", "country", "status")


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; `url` sorts by it, `direction` is how it sorts now, as `aria-sort` says it."""

    label: str | Promise
    is_number: bool
    url: str
    direction: str


def sorting_asked(asked: QueryDict) -> tuple[str, Sorting, bool]:
    """The name of the sort order, the order, and whether it falls; by name for an address that says nothing known."""
    name = asked.get("sort", "")
    descending = name.startswith("-")
    name = name.removeprefix("-")
    return (name, SORTINGS[name], descending) if name in SORTINGS else (DEFAULT, SORTINGS[DEFAULT], False)


def columns_allowed(chosen: Sequence[str], *, can_write: bool) -> list[str]:
    """The columns that exist and that the member may see, each once, in the order chosen; the usual ones for none."""
    known = [key for key in dict.fromkeys(chosen) if key in HEADINGS]
    return [key for key in known or USUAL if can_write or not HEADINGS[key].writers_only]


def columns(path: str, asked: QueryDict, keys: Sequence[str], current: str, *, descending: bool) -> list[Column]:
    """The headings with the address of the next click: first the useful direction, then the other."""
    found = []
    for heading in (FIRST, *(HEADINGS[key] for key in keys)):
        url = direction = ""
        if heading.sort:
            is_here = heading.sort == current
            falls_next = not descending if is_here else SORTINGS[heading.sort].first_descending
            direction = ("descending" if descending else "ascending") if is_here else ""
            query = asked.copy()
            query["sort"] = f"-{heading.sort}" if falls_next else heading.sort
            url = address(path, query, without=WORDS)
        found.append(Column(heading.label, heading.is_number, url, direction))
    return found


def address(path: str, query: QueryDict, *, without: tuple[str, ...] = ()) -> str:
    """The address with what the query says, empty words and those of `without` left out."""
    kept = QueryDict(mutable=True)
    for word, values in query.lists():
        if word not in without and any(values):
            kept.setlist(word, values)
    return f"{path}?{kept.urlencode()}" if kept else path
