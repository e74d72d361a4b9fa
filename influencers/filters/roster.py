"""The filters of an address at work: the lines they leave, their chips, what was left out because it is no choice here."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.http import HttpRequest, QueryDict

from agency.models import Membership
from influencers.filters import slots
from influencers.filters.conditions import CRITERIA, Asked, Criterion, Lines
from influencers.filters.form import RosterFilterForm
from influencers.models import RosterLine
from influencers.selectors.cursor import WORDS
from influencers.selectors.tiers import Bands, default_bands
from influencers.sorting import address, sorting_asked


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter and the address of the list without it."""

    label: str
    value: str
    url: str


def of_slot(slot: slots.Slot, fields: Container[str], membership: Membership) -> Criterion:
    """A filter of another app as one of ours."""
    return Criterion(
        slot.label,
        tuple(fields),  # type: ignore[arg-type]
        lambda lines, asked: slot.apply(lines, asked.answers, membership),
        lambda asked: slot.told(asked.answers),
        lead=slot.lead,
    )


class RosterFilter:
    """The valid filters of a query string, for one member: what they may not see cannot be asked for."""

    def __init__(self, query: QueryDict, *, membership: Membership, bands: Bands | None = None) -> None:
        self.query = query
        self.membership = membership
        self.bands = default_bands(membership.agency) if bands is None else bands
        self.form = RosterFilterForm(query, membership=membership, bands=self.bands)
        self.form.is_valid()  # what is not valid is not in cleaned_data, and so is no filter

    @cached_property
    def asked(self) -> Asked:
        shown = {}
        for name, value in self.form.cleaned_data.items():
            choices = getattr(self.form.fields[name], "choices", None) if isinstance(value, str) and value else None
            shown[name] = str(dict(choices).get(value, value)) if choices else str(value)
        return Asked(self.form.cleaned_data, self.membership, self.bands, shown)

    @cached_property
    def active(self) -> list[Criterion]:
        """The filters that are at work, in the order of their chips."""
        own = [criterion for criterion in CRITERIA if criterion.is_on(self.asked)]
        others = [of_slot(slot, slot.fields(self.membership), self.membership) for slot in slots.registered()]
        return own + [criterion for criterion in others if criterion.is_on(self.asked)]

    def lines(self, *, without: str = "") -> Lines:
        """Every line of the agency that the filters leave; those on the field `without` count for nothing."""
        found: Lines = RosterLine.objects.filter(agency=self.membership.agency_id)
        for criterion in self.active:
            if without not in criterion.fields:
                found = criterion.apply(found, self.asked)
        return found

    @property
    def is_narrowed(self) -> bool:
        return bool(self.active)

    def kept(self) -> QueryDict:
        """The query string with what is valid for this member and nothing else: what a saved view may say."""
        kept = QueryDict(mutable=True)
        for name, value in self.form.cleaned_data.items():
            if value not in {None, ""}:
                kept[name] = str(self.query.get(name, "")).strip()
        if sorting_asked(self.query)[0] == self.query.get("sort", "").removeprefix("-"):
            kept["sort"] = self.query.get("sort", "")
        return kept

    def beside(self, names: Container[str]) -> list[tuple[str, str]]:
        """The valid filters on other fields than these, to be sent along by a form that shows only these."""
        return [(name, str(value)) for name, value in self.kept().items() if name not in names and name != "sort"]

    def chips(self, path: str) -> Iterator[Chip]:
        """The filters that are at work, each with the address that takes it away."""
        for criterion in self.active:
            url = address(path, self.query, without=(*criterion.fields, *WORDS))
            yield Chip(str(criterion.label), criterion.told(self.asked), url)

    def unknown_values(self) -> list[str]:
        """What the address asks for that is no choice here; such a filter is left out. Of a row the filter's name, not its id."""
        fields = self.form.fields
        return [
            str(fields[name].label)
            if isinstance(fields[name], forms.ModelChoiceField)
            else str(self.query.get(name, ""))
            for name in self.form.errors
        ]


def matching_lines(asked: HttpRequest | QueryDict, membership: Membership) -> Lines:
    """Everything on the roster that the filters of the address match for this member, in no order.

    Takes a request, or the query string of one as a QueryDict. Filters that cannot be read are left out, as on the page.
    """
    return RosterFilter(asked.GET if isinstance(asked, HttpRequest) else asked, membership=membership).lines()
