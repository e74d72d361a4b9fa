"""Work for the brand and for its rivals, as the apps above know it: they register, this app never learns who they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from agency.models import Brand, Membership

LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Work:
    """A creator's part in a campaign that the reader may know of. `is_rival` False: it is for the brand itself."""

    influencer_id: int
    is_rival: bool
    brand: str
    what: str
    state: str
    first: date
    last: date
    url: str


class WorkSource(Protocol):
    """Knows of work. Of brands that the reader may not know of it says nothing, neither by name nor by number."""

    def rivals_of(self, brand: Brand, reader: Membership, since: date) -> Iterable[int]:
        """The ids of creators with work for a rival that was not over on that day."""

    def work(self, brand: Brand, reader: Membership, since: date, influencers: Collection[int]) -> Iterable[Work]:
        """Their work for the brand, whenever, and for its rivals as far as it was not over on that day; latest first."""


_sources: dict[str, WorkSource] = {}


def register_work(key: str, source: WorkSource) -> None:
    """Add a source; the same key again replaces it."""
    _sources[key] = source


def since(today: date) -> date:
    """The first day of the twelve months that are looked at."""
    return today - LOOKS_BACK


def creators_with_rival_work(brand: Brand, reader: Membership) -> set[int]:
    """Ids of creators who worked for a rival in the last twelve months, do so now or are about to."""
    first = since(brand.agency.today())
    return {pk for source in _sources.values() for pk in source.rivals_of(brand, reader, first)}


def work_of(brand: Brand, reader: Membership, influencers: Collection[int]) -> dict[int, list[Work]]:
    """The work of these creators for the brand and its rivals, latest first."""
    first = since(brand.agency.today())
    found: dict[int, list[Work]] = {pk: [] for pk in influencers}
    for source in _sources.values():
        for work in source.work(brand, reader, first, influencers):
            found[work.influencer_id].append(work)
    return {pk: sorted(works, key=lambda work: work.last, reverse=True) for pk, works in found.items()}
