"""Pictures that browsers ask for by an address of their own."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Where the mark is. Pages name it themselves; a PDF or JSON opened in a browser cannot."""
    return redirect(static("mark.svg"))
