"""The runs that compute the figures: what happened, what happens now, and a new one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from agency.access import AgencyRequest, agency_manager, agency_member
from agency.errors import Refused
from agency.htmx import render_partial
from agency.paging import page_of, pager_links
from agency.views.errors import conflict
from influencers.metrics.progress import outcome_of, progress_of
from influencers.metrics.runs import OPEN_RUNS
from influencers.models import MetricsRun
from influencers.services.figures import request_run


@require_safe
@agency_member
def run_list(request: AgencyRequest) -> HttpResponse:
    """The last runs, newest first."""
    runs = MetricsRun.objects.filter(agency=request.agency).select_related("requested_by", "agency").order_by("-pk")
    page = page_of(request, runs)
    context = {
        "page": page,
        "pager": pager_links(request, page),
        "running": runs.filter(state__in=OPEN_RUNS).first(),
    }
    return render(request, "influencers/run_list.html", context)


@require_safe
@agency_member
def run_detail(request: AgencyRequest, pk: int) -> HttpResponse:
    """One run: how far it is, and what came of it."""
    runs = MetricsRun.objects.filter(agency=request.agency).select_related("requested_by", "agency")
    run = get_object_or_404(runs, pk=pk)
    progress = progress_of(run)
    context = {
        "run": run,
        "progress": progress,
        "outcome": None if progress.is_open else outcome_of(run),
        "is_of_the_past": run.day < run.created_at.astimezone(request.agency.zone).date(),
    }
    return render_partial(request, "influencers/run_detail.html", context, partial="run-progress")


@require_POST
@agency_manager
def run_create(request: AgencyRequest) -> HttpResponse:
    """Starts a run as of now, unless one is in progress."""
    try:
        run = request_run(agency=request.agency, by=request.membership)
    except Refused as refusal:
        return conflict(request, str(refusal))
    return redirect(run)
