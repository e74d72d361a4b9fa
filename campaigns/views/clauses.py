"""Exclusivities of a collaboration."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency.access import AgencyRequest, agency_writer
from agency.errors import Refused
from campaigns.forms import ClauseForm
from campaigns.models import Collaboration, Exclusivity
from campaigns.services import add_clause, remove_clause, update_clause
from campaigns.views.refusing import tell


@require_http_methods(["GET", "POST"])
@agency_writer
def clause_create(request: AgencyRequest, pk: int) -> HttpResponse:
    """A new exclusivity; refused when it would shut out what is booked already."""
    rows = Collaboration.objects.visible_to(request.membership).select_related("influencer", "campaign__brand")
    collaboration = get_object_or_404(rows, pk=pk)
    form = ClauseForm(request.POST or None, by=request.membership, own=collaboration.campaign.brand)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            add_clause(collaboration=collaboration, **form.facts(), by=request.membership)
        except Refused as refusal:
            status = tell(form, refusal)
        else:
            return redirect("campaigns:collaboration_detail", request.agency.slug, pk)
    context = {"form": form, "collaboration": collaboration}
    return render(request, "campaigns/clause_create.html", context, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def clause_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Change an exclusivity; refused when it would shut out what is booked already."""
    visible = Collaboration.objects.visible_to(request.membership)
    rows = Exclusivity.objects.filter(collaboration__in=visible)
    clause = get_object_or_404(
        rows.select_related("collaboration__influencer", "collaboration__campaign__brand"), pk=pk
    )
    collaboration = clause.collaboration
    form = ClauseForm(
        request.POST or None, instance=clause, by=request.membership, own=collaboration.campaign.brand
    )  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            update_clause(clause=clause, **form.facts(), by=request.membership)
        except Refused as refusal:
            status = tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:collaboration_detail", request.agency.slug, collaboration.pk)
    context = {"form": form, "collaboration": collaboration, "clause": clause}
    return render(request, "campaigns/clause_update.html", context, status=status)


@require_POST
@agency_writer
def clause_delete(request: AgencyRequest, pk: int) -> HttpResponse:
    """The exclusivity shuts nobody out any more."""
    visible = Collaboration.objects.visible_to(request.membership)
    clause = get_object_or_404(Exclusivity.objects.filter(collaboration__in=visible), pk=pk)
    remove_clause(clause=clause, by=request.membership)
    messages.success(request, _("The exclusivity is gone."))
    return redirect("campaigns:collaboration_detail", request.agency.slug, clause.collaboration_id)
