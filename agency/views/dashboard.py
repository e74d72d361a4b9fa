"""What needs me today."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agency.access import AgencyRequest, agency_member
from agency.panels import rendered


@require_safe
@agency_member
def dashboard(request: AgencyRequest) -> HttpResponse:
    """The panels of the apps above, and, until they are done, the first steps."""
    context = {
        "panels": rendered("dashboard", request),
        "steps": rendered("first-steps", request),
        "today": request.agency.today(),
    }
    return render(request, "agency/dashboard.html", context)
