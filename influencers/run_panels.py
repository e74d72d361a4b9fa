"""What the dashboard and the health page say about the runs."""

from django.template.loader import render_to_string

from agency import health
from agency.access import AgencyRequest
from agency.panels import Panel, register
from influencers.metrics.progress import nightly_is_on_time, progress_of
from influencers.models import Account, MetricsRun


def last_night(request: AgencyRequest) -> str:
    """The last nightly run, else the last of any kind; empty for an agency without accounts."""
    runs = MetricsRun.objects.filter(agency=request.agency).select_related("agency").order_by("-pk")
    run = runs.filter(kind=MetricsRun.Kind.NIGHTLY).first() or runs.first()
    if run is None and not Account.objects.filter(agency=request.agency).exists():
        return ""
    context = {"run": run, "progress": progress_of(run) if run else None}
    return render_to_string("influencers/panels/last_night.html", context, request)


def register_run_panels() -> None:
    """To be called once, when the app is ready."""
    register("dashboard", Panel(key="last-night", order=40, render=last_night))
    health.register("nightly", nightly_is_on_time)
