"""Deliverables of a collaboration."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency.access import AgencyRequest, agency_writer
from agency.errors import Refused
from agency.views.errors import conflict
from campaigns.claims.derive import people_of
from campaigns.forms import DeliverableForm
from campaigns.models import Collaboration, Deliverable
from campaigns.services import add_deliverable, drop_deliverable, update_deliverable
from campaigns.views.refusing import tell

RELATED = ("collaboration__influencer", "collaboration__campaign")


@require_http_methods(["GET", "POST"])
@agency_writer
def deliverable_create(request: AgencyRequest, pk: int) -> HttpResponse:
    """Something to make; days that clash are refused with the sentence."""
    rows = Collaboration.objects.visible_to(request.membership).select_related("influencer", "campaign")
    collaboration = get_object_or_404(rows, pk=pk)
    form = DeliverableForm(request.POST or None, people=people_of(collaboration.influencer))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            add_deliverable(collaboration=collaboration, **form.cleaned_data, by=request.membership)
        except Refused as refusal:
            status = tell(form, refusal)
        else:
            return redirect("campaigns:collaboration_detail", request.agency.slug, pk)
    context = {"form": form, "collaboration": collaboration}
    return render(request, "campaigns/deliverable_create.html", context, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def deliverable_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Other days, account, state; days that clash are refused with the sentence."""
    visible = Collaboration.objects.visible_to(request.membership)
    deliverable = get_object_or_404(
        Deliverable.objects.filter(collaboration__in=visible).select_related(*RELATED), pk=pk
    )
    collaboration = deliverable.collaboration
    form = DeliverableForm(request.POST or None, instance=deliverable, people=people_of(collaboration.influencer))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            update_deliverable(deliverable=deliverable, **form.cleaned_data, by=request.membership)
        except Refused as refusal:
            status = tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:collaboration_detail", request.agency.slug, collaboration.pk)
    context = {"form": form, "collaboration": collaboration, "deliverable": deliverable}
    return render(request, "campaigns/deliverable_update.html", context, status=status)


@require_POST
@agency_writer
def deliverable_delete(request: AgencyRequest, pk: int) -> HttpResponse:
    """It will not be made; it stays in the list as dropped."""
    visible = Collaboration.objects.visible_to(request.membership)
    deliverable = get_object_or_404(Deliverable.objects.filter(collaboration__in=visible), pk=pk)
    try:
        drop_deliverable(deliverable=deliverable, by=request.membership)
    except Refused as refusal:
        return conflict(request, str(refusal))
    messages.success(request, _("Dropped. It claims no days any more."))
    return redirect("campaigns:collaboration_detail", request.agency.slug, deliverable.collaboration_id)
