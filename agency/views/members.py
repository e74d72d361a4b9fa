"""Who works here, and the agency's own settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_manager
from agency.errors import Refused
from agency.forms import AgencyForm, MemberForm
from agency.models import Invitation, Membership
from agency.services import update_agency, update_member


@require_safe
@agency_manager
def member_list(request: AgencyRequest) -> HttpResponse:
    """Members and open invitations."""
    members = Membership.objects.filter(agency=request.agency).select_related("user")
    invitations = Invitation.objects.filter(agency=request.agency, accepted_at=None).select_related("invited_by")
    context = {
        "members": members.order_by("-is_active", "user__name", "user__email"),
        "invitations": invitations.order_by("email"),
    }
    return render(request, "agency/member_list.html", context)


@require_http_methods(["GET", "POST"])
@agency_manager
def member_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Role, roster-manager flag, active or not."""
    member = get_object_or_404(Membership.objects.select_related("user"), agency=request.agency, pk=pk)
    form = MemberForm(request.POST or None, instance=member)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            update_member(member=member, **form.cleaned_data, by=request.membership)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("Changed %(name)s.") % {"name": member})
            return redirect("agency:member_list", request.agency.slug)
    return render(request, "agency/member_update.html", {"form": form, "member": member}, status=status)


@require_http_methods(["GET", "POST"])
@agency_manager
def agency_update(request: AgencyRequest) -> HttpResponse:
    """Name, time zone and currency."""
    form = AgencyForm(request.POST or None, instance=request.agency)
    if request.method == "POST" and form.is_valid():
        update_agency(agency=request.agency, **form.cleaned_data, by=request.membership)
        messages.success(request, _("Saved."))
        return redirect("agency:agency_update", request.agency.slug)
    return render(request, "agency/agency_update.html", {"form": form})
