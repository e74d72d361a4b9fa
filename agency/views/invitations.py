"""Inviting people, and joining by the link."""

from smtplib import SMTPException

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agency.access import AgencyRequest, agency_manager
from agency.errors import Refused
from agency.forms import AcceptForm, InvitationForm
from agency.models import Invitation, User
from agency.services import (
    accept_invitation,
    accept_invitation_as_new_user,
    cancel_invitation,
    invitation_by_token,
    invite_member,
)

BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_http_methods(["GET", "POST"])
@agency_manager
def invitation_create(request: AgencyRequest) -> HttpResponse:
    """Mail an invitation."""
    form = InvitationForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        site = request.build_absolute_uri("/").rstrip("/")
        try:
            invitation = invite_member(agency=request.agency, **form.cleaned_data, site=site, by=request.membership)
        except Refused as refusal:
            form.add_error("email", str(refusal))
            status = 409
        except (SMTPException, OSError) as error:
            form.add_error(None, _("The letter could not be sent (%(error)s). Try again later.") % {"error": error})
            status = 502
        else:
            messages.success(request, _("Invited %(email)s.") % {"email": invitation.email})
            return redirect("agency:member_list", request.agency.slug)
    return render(request, "agency/invitation_create.html", {"form": form}, status=status)


@require_POST
@agency_manager
def invitation_cancel(request: AgencyRequest, pk: int) -> HttpResponse:
    """The link stops working."""
    invitation = get_object_or_404(Invitation, agency=request.agency, pk=pk)
    try:
        cancel_invitation(invitation=invitation, by=request.membership)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("agency:member_list", request.agency.slug)


@require_http_methods(["GET", "POST"])
@login_not_required
@never_cache
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Join by the link: 404 for a link that never was, 410 for one that ended."""
    try:
        invitation = invitation_by_token(token)
    except Invitation.DoesNotExist as error:
        raise Http404 from error
    if not invitation.is_open:
        return render(request, "agency/invitation_gone.html", {"invitation": invitation}, status=410)
    if User.objects.filter(email__iexact=invitation.email).exists():
        return join_as_known(request, invitation)
    return join_as_new(request, invitation)


def join_as_known(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The address has a login: whoever is logged in with it may join; others are asked to log in."""
    user = request.user
    is_invited = user.is_authenticated and user.email.lower() == invitation.email.lower()
    if request.method == "POST" and is_invited:
        assert isinstance(user, User)  # noqa: S101 - tells mypy what is_authenticated says
        try:
            accept_invitation(invitation=invitation, user=user)
        except Refused as refusal:
            return render(request, "409.html", {"reason": str(refusal)}, status=409)
        return redirect(invitation.agency)
    context = {"invitation": invitation, "is_invited": is_invited}
    return render(request, "agency/invitation_accept.html", context, status=403 if request.method == "POST" else 200)


def join_as_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The address has no login yet: name and password make one, which is then logged in."""
    form = AcceptForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        try:
            member = accept_invitation_as_new_user(invitation=invitation, **form.cleaned_data)
        except Refused as refusal:
            return render(request, "409.html", {"reason": str(refusal)}, status=409)
        login(request, member.user, backend=BACKEND)
        return redirect(invitation.agency)
    return render(request, "agency/invitation_accept.html", {"invitation": invitation, "form": form})
