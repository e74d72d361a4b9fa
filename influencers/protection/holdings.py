"""What apps above the roster keep of a creator: they register here, and the roster never learns who they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from influencers.models import Influencer

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an erasure would do: what stands in its way, what it deletes, what stays and why. Sentences for the reader."""

    obstacles: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Holdings:
    """One app's part.

    `copy` gives {table: rows} for the access export; `outlook` says what an erasure would do; `still_points_at` whether rows that
    stay point at the person once the app has heard `influencer_erasing`; `in_use(agency_id, since)` the ids of creators whom the
    app has needed since then, or needs for longer, so that they are not erased for their age.
    """

    key: str
    copy: Callable[[Influencer], dict[str, Rows]]
    outlook: Callable[[Influencer], Outlook]
    still_points_at: Callable[[Influencer], bool]
    in_use: Callable[[int, datetime], Iterable[int]]


_registered: dict[str, Holdings] = {}


def register(holdings: Holdings) -> None:
    """Add an app's part; the same key again replaces it."""
    _registered[holdings.key] = holdings


def all_holdings() -> list[Holdings]:
    """Every registered part, in the order of their keys."""
    return [_registered[key] for key in sorted(_registered)]
