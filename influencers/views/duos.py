"""The people of a duo: search the roster, pick, take away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agency.access import AgencyRequest, agency_writer
from agency.errors import Refused
from agency.htmx import render_partial
from influencers.forms.duos import DuoSearchForm, MemberForm
from influencers.models import Influencer
from influencers.services.duos import add_member, remove_member

MOST_FOUND = 12


@require_http_methods(["GET", "POST"])
@agency_writer
def duo_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Add creators of the roster to the duo, or take them out of it."""
    duo = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    context: dict[str, Any] = {"influencer": duo}
    status = 200
    if request.method == "POST":
        form = MemberForm(request.POST, agency=request.agency)
        if form.is_valid():
            member = form.cleaned_data["member"]
            change = remove_member if form.cleaned_data["is_leaving"] else add_member
            try:
                change(duo=duo, member=member, by=request.membership)
            except Refused as refusal:
                context["refusal"], status = str(refusal), 409
            else:
                said = _("%(name)s left the duo.") if form.cleaned_data["is_leaving"] else _("%(name)s is in the duo.")
                messages.success(request, said % {"name": member.name})
                return redirect("influencers:duo_update", request.agency.slug, duo.pk)
    search = DuoSearchForm(request.GET)
    found = search.found(duo, MOST_FOUND) if search.is_valid() else []
    context |= {"search": search, "found": found, "members": duo.members.order_by("sort_name", "pk")}
    return render_partial(request, "influencers/duo_update.html", context, partial="duo-update-found", status=status)
