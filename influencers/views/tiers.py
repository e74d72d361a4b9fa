"""Which tier scheme counts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.access import AgencyRequest, agency_manager, agency_member
from agency.errors import Refused
from agency.views.errors import conflict
from influencers.models import TierScheme
from influencers.services import choose_tier_scheme


@require_safe
@agency_member
def tier_scheme_list(request: AgencyRequest) -> HttpResponse:
    """The schemes of the agency, the chosen one first."""
    schemes = TierScheme.objects.filter(agency=request.agency).prefetch_related("bands").order_by("-is_default", "name")
    return render(request, "influencers/tier_scheme_list.html", {"schemes": schemes})


@require_POST
@agency_manager
def tier_scheme_choose(request: AgencyRequest, pk: int) -> HttpResponse:
    """Make a scheme the one that counts."""
    scheme = get_object_or_404(TierScheme, agency=request.agency, pk=pk)
    try:
        choose_tier_scheme(scheme=scheme, by=request.membership)
    except Refused as refusal:
        return conflict(request, str(refusal))
    messages.success(request, _("Sizes are now named by %(scheme)s.") % {"scheme": scheme})
    return redirect("influencers:tier_scheme_list", request.agency.slug)
