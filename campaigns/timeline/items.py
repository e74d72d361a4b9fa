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

STATES = dict(Collaboration.State.choices)


def drawing(entries: Iterable[Entry], wanted: Wanted, agency: Agency) -> dict[str, Any]:
    """`from` and `to` (inclusive), `rows` in the order of names, and `items`; an item without end reaches to the window's."""
    entries = list(entries)
    creators = {entry.creator.pk: entry.creator for entry in entries}
    profile = _address("influencers:influencer_detail", agency)
    collaboration = _address("campaigns:collaboration_detail", agency)
    return {
        "from": wanted.first,
        "to": wanted.last,
        "rows": [
            {"id": creator.pk, "name": creator.name, "order": order, "url": profile(creator.pk)}
            for order, creator in enumerate(creators.values())
        ],
        "items": [_item(entry, wanted, collaboration) for entry in entries],
    }


def _address(name: str, agency: Agency) -> Callable[[int], str]:
    """Addresses of thousands of objects for the price of one."""
    head, _zero, tail = reverse(name, args=[agency.slug, 0]).rpartition("0")
    return lambda pk: f"{head}{pk}{tail}"


def _item(entry: Entry, wanted: Wanted, collaboration: Callable[[int], str]) -> dict[str, Any]:
    end = min(entry.last, date.max - timedelta(days=1)) if entry.last else max(wanted.last, entry.first)
    item: dict[str, Any] = {
        "id": entry.key,
        "row": entry.creator.pk,
        "kind": entry.kind,
        "start": entry.first,
        "end": end + timedelta(days=1),
        "label": label_of(entry),
        "about": about(entry),
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


def label_of(entry: Entry) -> str:
    """The one line on a bar."""
    if entry.kind == Kind.HIDDEN:
        return _("Not available")
    if entry.kind == Kind.ABSENCE:
        return _("Away")
    return entry.brand


def about(entry: Entry) -> list[str]:
    """What the tooltip says, line by line; the days follow."""
    if entry.kind == Kind.HIDDEN:
        return [_("Not available")]
    if entry.kind == Kind.ABSENCE:
        return [_("Away: %(reason)s") % {"reason": entry.what} if entry.what else _("Away")]
    lines = [entry.brand, entry.what]
    if entry.kind == Kind.EXCLUSIVITY:
        return [*lines, entry.exclusive]
    if entry.kind == Kind.GO_LIVE:
        return [*lines, _("goes live")]
    return [*lines, str(STATES[entry.state])]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a row of the table, and why a cell is empty."""

    entry: Entry
    what: str
    state: str
    no_brand: str
    no_state: str
    no_exclusive: str


def line_of(entry: Entry) -> Line:
    """The row of the table."""
    hidden = entry.kind == Kind.HIDDEN
    return Line(
        entry=entry,
        what=_line_text(entry),
        state=str(STATES.get(entry.state, "")),
        no_brand=_("not available") if hidden else _("no brand: an absence"),
        no_state=_("not available") if hidden else _("only collaborations have a state"),
        no_exclusive=_("not available") if hidden else _("this line shuts nobody out"),
    )


def _line_text(entry: Entry) -> str:
    if entry.kind in {Kind.HIDDEN, Kind.ABSENCE}:
        return about(entry)[0]
    if entry.kind == Kind.GO_LIVE:
        return _("%(what)s goes live") % {"what": entry.what}
    if entry.kind == Kind.EXCLUSIVITY:
        return _("Exclusivity of %(campaign)s") % {"campaign": entry.what}
    return entry.what
