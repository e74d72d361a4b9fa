"""Error pages in the look of the site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the sentence of the refusal."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; says nothing about what might be there for somebody else."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; needs neither the database nor a context processor."""
    return render(None, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or too old."""
    sentence = _("The form was open too long, or cookies are switched off. Go back, reload the page and send it again.")
    return render(request, "403.html", {"reason": sentence}, status=403)


def conflict(request: HttpRequest, reason: str) -> HttpResponse:
    """409 with the reason: a page, or for htmx an alert to swap in."""
    template = "409.html#conflict-reason" if getattr(request, "htmx", None) else "409.html"
    return render(request, template, {"reason": reason}, status=409)
