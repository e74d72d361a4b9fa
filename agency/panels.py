"""Named slots by which a lower app's page shows a higher app's content.

A page names a slot (`{% slot "dashboard" %}`, `{% slot "influencer" influencer %}`); a higher app registers a panel for it in
`AppConfig.ready`. The lower app never learns who that was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Render = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of a page: `render(request, *objects)` gives its safe HTML, empty if there is nothing to show to this member."""

    key: str
    order: int
    render: Render


_slots: dict[str, dict[str, Panel]] = {}


def register(slot: str, panel: Panel) -> None:
    """Add a panel to a slot; the same key again replaces it."""
    _slots.setdefault(slot, {})[panel.key] = panel


def rendered(slot: str, request: HttpRequest, *objects: Any) -> list[str]:
    """The HTML of every panel of the slot, in order."""
    panels = sorted(_slots.get(slot, {}).values(), key=lambda panel: panel.order)
    return [html for panel in panels if (html := panel.render(request, *objects))]
