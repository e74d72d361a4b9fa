"""The start of the site: which agency?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from agency.models import Agency


@require_safe
def agency_select(request: HttpRequest) -> HttpResponse:
    """One agency: its dashboard. Several: a list. None: whom to ask."""
    agencies = list(Agency.objects.of_user(request.user).order_by("name"))  # type: ignore[arg-type]
    if len(agencies) == 1:
        return redirect(agencies[0])
    return render(request, "agency/agency_select.html", {"agencies": agencies})
