"""A window as the drawing on the page takes it: rows and items. All texts are plain; the page sets them as text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from agency.models import Agency
from campaigns.models import Collaboration
from campaigns.timeline.window import Entry, Kind, Wanted


@dataclass(frozen=True, slots=True)
class Words:
    """What all entries say, translated once and not once for each."""

    states: dict[str, str]
    hidden: str
    away: str
    goes_live: str


def words() -> Words:
    return Words(
        states={value: str(label) for value, label in Collaboration.State.choices},
        hidden=_("Not available"),
        away=_("Away"),
        goes_live=_("goes live"),
    )


def drawing(entries: Iterable[Entry], wanted: Wanted, agency: Agency) -> dict[str, Any]:
    """`from` and `to` (inclusive), `rows` in the order of names, and `items`; an item without end reaches to the window's."""
    entries = list(entries)
    creators = {entry.creator.pk: entry.creator for entry in entries}
    profile = _address("influencers:influencer_detail", agency)
    collaboration = _address("campaigns:collaboration_detail", agency)
    say = words()
    return {
        "from": wanted.first.isoformat(),
        "to": wanted.last.isoformat(),
        "rows": [
            {"id": creator.pk, "name": creator.name, "order": order, "url": profile(creator.pk)}
            for order, creator in enumerate(creators.values())
        ],
        "items": [_item(entry, wanted, collaboration, say) for entry in entries],
    }


def _address(name: str, agency: Agency) -> Callable[[int], str]:
    """Addresses of thousands of objects for the price of one."""
    head, _zero, tail = reverse(name, args=[agency.slug, 0]).rpartition("0")
    return lambda pk: f"{head}{pk}{tail}"


def _item(entry: Entry, wanted: Wanted, collaboration: Callable[[int], str], say: Words) -> dict[str, Any]:
    end = min(entry.last, date.max - timedelta(days=1)) if entry.last else max(wanted.last, entry.first)
    item: dict[str, Any] = {
        "id": entry.key,
        "row": entry.creator.pk,
        "kind": entry.kind,
        "start": entry.first.isoformat(),
        "end": (end + timedelta(days=1)).isoformat(),
        "about": about(entry, say),
    }
    if entry.last is None:
        item["open"] = True
    if entry.state:
        item["state"] = entry.state
    if entry.hour and entry.first == entry.last:
        item["start"] = datetime.combine(entry.first, entry.hour).isoformat(timespec="minutes")
    if entry.collaboration_id is not None:
        item["url"] = collaboration(entry.collaboration_id)
    return item


def about(entry: Entry, say: Words) -> list[str]:
    """What an entry says, line by line; the first line is the one on its bar."""
    if entry.kind == Kind.HIDDEN:
        return [say.hidden]
    if entry.kind == Kind.ABSENCE:
        return [say.away, entry.what] if entry.what else [say.away]
    if entry.kind == Kind.EXCLUSIVITY:
        return [entry.brand, entry.what, entry.exclusive]
    if entry.kind == Kind.GO_LIVE:
        return [entry.brand, entry.what, say.goes_live]
    return [entry.brand, entry.what, say.states[entry.state]]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a row of the table, and why a cell is empty."""

    entry: Entry
    what: str
    state: str
    no_brand: str
    no_state: str
    no_exclusive: str


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """The rows of the table."""
    say = words()
    return [_line(entry, say) for entry in entries]


def _line(entry: Entry, say: Words) -> Line:
    hidden = entry.kind == Kind.HIDDEN
    return Line(
        entry=entry,
        what=_line_text(entry, say),
        state=say.states.get(entry.state, ""),
        no_brand=say.hidden if hidden else _("an absence has no brand"),
        no_state=say.hidden if hidden else _("only collaborations have a state"),
        no_exclusive=say.hidden if hidden else _("this line shuts nobody out"),
    )


def _line_text(entry: Entry, say: Words) -> str:
    if entry.kind in {Kind.HIDDEN, Kind.ABSENCE}:
        return ": ".join(about(entry, say))
    if entry.kind == Kind.GO_LIVE:
        return _("%(what)s goes live") % {"what": entry.what}
    if entry.kind == Kind.EXCLUSIVITY:
        return _("Exclusivity of %(campaign)s") % {"campaign": entry.what}
    return entry.what
