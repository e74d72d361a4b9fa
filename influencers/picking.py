"""Whom an action is for: creators that were ticked, or everything that the filters of an address match."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.access import AgencyRequest
from agency.models import Membership
from influencers.filters import RosterFilter
from influencers.filters.conditions import CRITERIA
from influencers.models import Influencer, RosterLine, Shortlist
from influencers.models.roster import BIGINT
from influencers.selectors.cursor import WORDS
from influencers.sorting import sorting_asked

SHOWN = 10
# Criteria whose value a person typed freely, or that may name a brand: the record of an export says only that they were used.
UNSAID = frozenset({"q", "notes", "tag", "brand"})
SAID = [criterion for criterion in CRITERIA if not UNSAID & {*criterion.fields}]


@dataclass(frozen=True)
class Picking:
    """Of one member. `query` is the roster's query string; `seen` how many the person was told there are."""

    membership: Membership
    query: QueryDict
    ids: tuple[int, ...] = ()
    is_everything: bool = False
    seen: int | None = None

    @classmethod
    def of(cls, request: AgencyRequest) -> "Picking":
        """What the check boxes posted; everything that a plain address matches."""
        if request.method != "POST":
            return cls(request.membership, _without_places(request.GET), is_everything=True)
        asked = request.POST
        return cls(
            request.membership,
            _without_places(QueryDict(asked.get("query", "").replace("\x00", ""))),
            ids=tuple(dict.fromkeys(_numbers(asked.getlist("pick")))),
            is_everything=asked.get("all") == "1",
            seen=next(iter(_numbers([asked.get("seen", "")])), None),
        )

    @cached_property
    def filter(self) -> RosterFilter:
        return RosterFilter(self.query, membership=self.membership)

    @cached_property
    def is_misread(self) -> bool:
        """A filter that was there is no choice any more: without it far more would match than the person saw."""
        return self.is_everything and bool(self.filter.form.errors)

    @cached_property
    def lines(self) -> QuerySet[RosterLine]:
        """The lines of these creators, in the order of the list; of another agency's ids there are none."""
        if self.is_misread:
            found = RosterLine.objects.none()
        elif self.is_everything:
            found = self.filter.lines()
        else:
            found = RosterLine.objects.filter(agency=self.membership.agency_id, pk__in=self.ids)
        _name, sorting, descending = sorting_asked(self.query)
        key = sorting.order.sorted_by(descending=descending)
        sign = "-" if descending else ""
        return found.annotate(sort_key=key).order_by(f"{sign}sort_key", f"{sign}pk")

    @cached_property
    def count(self) -> int:
        return self.lines.order_by().count()

    @property
    def ignored(self) -> int:
        """How many of the ticked ones are not on this roster (any more)."""
        return 0 if self.is_everything else len(self.ids) - self.count

    @property
    def has_changed(self) -> bool:
        """Whether other than so many match than the person saw."""
        return self.is_everything and self.seen is not None and self.seen != self.count

    @cached_property
    def first(self) -> list[Influencer]:
        """Some of them, to recognise the picking by."""
        return [line.influencer for line in self.lines.select_related("influencer")[:SHOWN]]

    @property
    def others(self) -> int:
        return max(0, self.count - SHOWN)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Names and values by which the next page knows the same picking; what it saw is today's count."""
        fields = [("query", self.query.urlencode())]
        if self.is_everything:
            return [*fields, ("all", "1"), ("seen", str(self.count))]
        return [*fields, *(("pick", str(pk)) for pk in self.ids)]

    @property
    def shortlist(self) -> Shortlist | None:
        """The list on whose page they were picked: the address asks for it and nothing else."""
        words = {word for word in self.query if word != "sort"}
        return self.filter.asked["list"] if words == {"list"} and not self.filter.form.errors else None

    @property
    def back(self) -> str:
        """Where the person came from."""
        if self.shortlist:
            return self.shortlist.get_absolute_url()
        url = reverse("influencers:influencer_list", args=[self.membership.agency.slug])
        return f"{url}?{self.query.urlencode()}" if self.query else url

    @property
    def people(self) -> str:
        """“1 creator”, “12,345 creators”."""
        number = number_format(self.count, 0, force_grouping=True)
        return ngettext("%(number)s creator", "%(number)s creators", self.count) % {"number": number}

    @property
    def in_words(self) -> str:
        """How they were found, for the record of an export: no person's name, and no brand's."""
        if not self.is_everything:
            return _("Picked by hand: %(people)s") % {"people": self.people}
        said = [
            str(criterion.label) if criterion not in SAID else f"{criterion.label} {criterion.told(self.filter.asked)}"
            for criterion in self.filter.active
        ]
        return f"{_('Roster')}: {', '.join(said)}" if said else _("The whole roster")


def _without_places(query: QueryDict) -> QueryDict:
    """The filters and the order, without the page of the list."""
    kept = query.copy()
    for word in (*WORDS, "columns"):
        kept.pop(word, None)
    return kept


def _numbers(texts: Iterable[str]) -> list[int]:
    """The ids among the texts."""
    return [
        int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= BIGINT
    ]
