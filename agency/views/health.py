"""The probe of load balancers and containers."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agency import health


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database and the broker answer (even if something else is late), else 503."""
    report = health.report()
    return JsonResponse(report, status=503 if report["status"] == "down" else 200)
