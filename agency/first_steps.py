"""The step of the empty dashboard that this app knows: a client to work for."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from agency import panels
from agency.models import Client, Membership


def add_client(request: HttpRequest) -> str:
    """Shown to writers until the agency has a client that they may know of."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    if not membership.can_write or Client.objects.visible_to(membership).exists():
        return ""
    step = {
        "icon": "building",
        "title": _("Add a client"),
        "text": _("The company you work for, its brands and their rivals."),
        "url": reverse("agency:client_create", args=[membership.agency.slug]),
    }
    return render_to_string("components/step.html", step, request)


def register() -> None:
    """Called once, when the app is ready."""
    panels.register("first-steps", panels.Panel("add-client", 20, add_client))
