"""Clashes: the list, and accepting one with a reason."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_manager, agency_member
from agency.errors import Refused
from agency.models import Membership
from agency.paging import page_of, pager_links
from campaigns.claims.words import clash_text, multirange_text, visible_brand_ids
from campaigns.forms import AcceptClashForm
from campaigns.models import Clash
from campaigns.selectors.work import clashes_for
from campaigns.services import accept_clash
from campaigns.views.refusing import tell


@dataclass(frozen=True, slots=True)
class ClashRow:
    """A clash in words; why it was accepted, and by whom, is for colleagues and empty for a viewer."""

    clash: Clash
    sentence: str
    days: str
    reason: str
    decided_by: Membership | None


def clash_row(clash: Clash, visible: frozenset[int], reader: Membership) -> ClashRow:
    reason, decided_by = (clash.reason, clash.decided_by) if reader.can_write else ("", None)
    return ClashRow(clash, clash_text(clash, visible), multirange_text(clash.during), reason, decided_by)


@require_safe
@agency_member
def clash_list(request: AgencyRequest) -> HttpResponse:
    """Clashes of bookings that the member may know of: open ones, or `?state=accepted`, `resolved`."""
    asked = request.GET.get("state", "")
    state = asked if asked in Clash.State.values else Clash.State.OPEN
    page = page_of(request, clashes_for(request.membership).filter(state=state))
    visible = visible_brand_ids(request.membership)
    context = {
        "page": page,
        "rows": [clash_row(clash, visible, request.membership) for clash in page],
        "pager": pager_links(request, page),
        "state": state,
        "states": Clash.State.choices,
    }
    return render(request, "campaigns/clash_list.html", context)


@require_http_methods(["GET", "POST"])
@agency_manager
def clash_accept(request: AgencyRequest, pk: int) -> HttpResponse:
    """A manager accepts what cannot be mended, with a reason that stays."""
    clash = get_object_or_404(clashes_for(request.membership), pk=pk)
    form = AcceptClashForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            accept_clash(clash=clash, reason=form.cleaned_data["reason"], by=request.membership)
        except Refused as refusal:
            status = tell(form, refusal)
        else:
            messages.success(request, _("Accepted."))
            return redirect("campaigns:clash_list", request.agency.slug)
    context = {"form": form, "clash": clash, "sentence": clash_text(clash, visible_brand_ids(request.membership))}
    return render(request, "campaigns/clash_accept.html", context, status=status)
