"""The one way by which views answer htmx: a partial of the page's own template."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_partial(
    request: HttpRequest, template: str, context: dict[str, Any], *, partial: str, status: int = 200
) -> HttpResponse:
    """The whole page; for an htmx request that swaps an element (`hx-target` with an id), only that partial of the page.

    HX-Location, the answer to a form that was sent by htmx, targets the body and so gets the whole page.
    """
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target and not htmx.boosted and not htmx.history_restore_request:
        template = f"{template}#{partial}"
    return render(request, template, context, status=status)
