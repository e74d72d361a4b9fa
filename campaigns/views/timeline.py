"""All creators across all clients in time: the drawing, what it loads, and the same as a table."""

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agency.access import AgencyRequest, agency_member
from agency.paging import pager_links
from campaigns.filters import ENDED, TimelineFilter
from campaigns.models import Collaboration
from campaigns.timeline.items import drawing, lines_of
from campaigns.timeline.window import read_window

ROWS_OF_A_PAGE = 200


@require_safe
@agency_member
def timeline(request: AgencyRequest) -> HttpResponse:
    """The drawing; it loads the days in view by itself."""
    form = TimelineFilter(request.GET, reader=request.membership)
    first, last = form.days()
    context = {
        "form": form,
        "first": first,
        "last": last,
        "today": request.agency.today(),
        "states": [choice for choice in Collaboration.State.choices if choice[0] not in ENDED],
    }
    return render(request, "campaigns/timeline.html", context)


@require_safe
@agency_member
def timeline_items(request: AgencyRequest) -> HttpResponse:
    """Rows and items of a window, two years at most; 400 with the reason for one that cannot be shown."""
    form = TimelineFilter(request.GET, reader=request.membership)
    if not form.is_valid():
        reasons = [str(reason) for reasons in form.errors.values() for reason in reasons]
        return JsonResponse({"error": " ".join(reasons)}, status=400)
    wanted = form.wanted()
    response = JsonResponse(drawing(read_window(wanted, request.membership), wanted, request.agency))
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@agency_member
def timeline_table(request: AgencyRequest) -> HttpResponse:
    """The same as a table, for keyboard and screen reader."""
    form = TimelineFilter(request.GET, reader=request.membership)
    entries = read_window(form.wanted(), request.membership) if form.is_valid() else []
    page = Paginator(entries, ROWS_OF_A_PAGE).get_page(request.GET.get("page"))
    first, last = form.days()
    context = {
        "form": form,
        "first": first,
        "last": last,
        "page": page,
        "lines": lines_of(page.object_list),
        "pager": pager_links(request, page),
    }
    return render(request, "campaigns/timeline_table.html", context)
