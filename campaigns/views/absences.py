"""Days on which a creator takes no work."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency.access import AgencyRequest, agency_writer
from campaigns.forms import UnavailabilityForm
from campaigns.models import Unavailability
from campaigns.services import record_unavailability, remove_unavailability
from influencers.models import Influencer


@require_http_methods(["GET", "POST"])
@agency_writer
def unavailability_create(request: AgencyRequest, pk: int) -> HttpResponse:
    """Record an absence. It is never refused; bookings that stand in it show as clashes."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    form = UnavailabilityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        absence = record_unavailability(influencer=influencer, **form.cleaned_data, by=request.membership)
        if absence.clashes.exists():
            messages.warning(request, _("Recorded. Bookings stand in these days: see the clashes."))
        else:
            messages.success(request, _("Recorded."))
        return redirect("influencers:influencer_detail", request.agency.slug, pk)
    return render(request, "campaigns/unavailability_create.html", {"form": form, "influencer": influencer})


@require_POST
@agency_writer
def unavailability_delete(request: AgencyRequest, pk: int) -> HttpResponse:
    """The creator is there after all."""
    absence = get_object_or_404(Unavailability.objects.select_related("influencer"), agency=request.agency, pk=pk)
    remove_unavailability(unavailability=absence, by=request.membership)
    messages.success(request, _("%(creator)s is back on these days.") % {"creator": absence.influencer})
    return redirect("influencers:influencer_detail", request.agency.slug, absence.influencer_id)
