"""Who changed what on a creator's record."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from agency.access import AgencyRequest, agency_member
from agency.htmx import render_partial
from agency.paging import page_of, pager_links
from influencers.models import Influencer
from influencers.selectors.history import RecordHistory
from influencers.views.profile_frame import profile_frame

MOMENTS_ON_A_PAGE = 20


@require_safe
@agency_member
def influencer_history(request: AgencyRequest, pk: int) -> HttpResponse:
    """Every change of the record that the member may see, newest first."""
    influencer = get_object_or_404(Influencer.objects.select_related("created_by"), agency=request.agency, pk=pk)
    history = RecordHistory(influencer, request.membership)
    page = page_of(request, history.moments(), MOMENTS_ON_A_PAGE)
    context = {
        **profile_frame(request, influencer),
        "moments": history.at(list(page)),
        "pager": pager_links(request, page),
        "page": page,
    }
    return render_partial(request, "influencers/influencer_history.html", context, partial="influencer-history-moments")
