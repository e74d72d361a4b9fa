"""Collaborations: into the line-up, their page, their states, and the answer before the click."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.errors import Refused
from agency.forms import SearchForm
from agency.htmx import render_partial
from campaigns.claims.answers import Answer, check_booking
from campaigns.claims.pages import collaboration_page
from campaigns.forms import CheckForm, CollaborationForm, LineUpForm, MoveForm
from campaigns.models import Campaign, Collaboration
from campaigns.selectors.creators import creators_to_add
from campaigns.services import add_to_line_up, move_collaboration, moves_from, update_collaboration
from campaigns.views.refusing import tell
from influencers.models import Influencer


@require_http_methods(["GET", "POST"])
@agency_writer
def collaboration_create(request: AgencyRequest, pk: int) -> HttpResponse:
    """Find a creator (`?q=`), see whether they are free (`?influencer=`), add them to the line-up."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.membership).select_related("brand"), pk=pk)
    initial = {"currency": campaign.currency, **request.GET.dict()}
    form = LineUpForm(request.POST or None, initial=initial, by=request.membership)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            collaboration = add_to_line_up(campaign=campaign, **form.facts(), by=request.membership)
        except Refused as refusal:
            status = tell(form, refusal)
        else:
            return redirect("campaigns:collaboration_detail", request.agency.slug, collaboration.pk)
    context = {"form": form, "campaign": campaign, **chosen(request, campaign)}
    return render_partial(
        request, "campaigns/collaboration_create.html", context, partial="creator-list", status=status
    )


def chosen(request: AgencyRequest, campaign: Campaign) -> dict[str, Any]:
    """The creator that was chosen, with the answer, or those to choose from."""
    asked = request.POST or request.GET
    influencer_id = asked.get("influencer", "")
    influencer = (
        Influencer.objects.filter(agency=request.agency, pk=influencer_id).first()
        if influencer_id.isdecimal()
        else None
    )
    q = SearchForm(request.GET).wanted()
    if influencer is None:
        return {"q": q, "creators": creators_to_add(campaign, q)}
    return {"influencer": influencer, **answer_to(request, campaign, asked)}


def answer_to(request: AgencyRequest, campaign: Campaign, asked: Any) -> dict[str, Any]:
    """The live answer, or the reason why there is none."""
    form = CheckForm(asked, reader=request.membership)
    if not form.is_valid():
        return {"question": " ".join(str(error) for errors in form.errors.values() for error in errors)}
    try:
        answer: Answer = check_booking(campaign=campaign, **form.cleaned_data, reader=request.membership)
    except Refused as refusal:
        return {"question": str(refusal)}
    return {"answer": answer, "influencer": form.cleaned_data["influencer"], "asked": form.cleaned_data}


@require_safe
@agency_writer
def collaboration_check(request: AgencyRequest, pk: int) -> HttpResponse:
    """Would this creator be free for the campaign: `?influencer=`, and the days if not those of the campaign."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.membership).select_related("brand"), pk=pk)
    context = {"campaign": campaign, **answer_to(request, campaign, request.GET)}
    return render_partial(request, "campaigns/collaboration_check.html", context, partial="collaboration-check")


@require_safe
@agency_member
def collaboration_detail(request: AgencyRequest, pk: int) -> HttpResponse:
    """State, deliverables, exclusivities, absences, and whether it would fit."""
    collaboration = get_object_or_404(Collaboration.objects.visible_to(request.membership), pk=pk)
    context = {**collaboration_page(collaboration, request.membership), "moves": moves_from(collaboration)}
    return render(request, "campaigns/collaboration_detail.html", context)


@require_http_methods(["GET", "POST"])
@agency_writer
def collaboration_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Days, fee, contract, rights, code and link."""
    collaboration = get_object_or_404(
        Collaboration.objects.visible_to(request.membership).select_related("campaign", "influencer"), pk=pk
    )
    form = CollaborationForm(request.POST or None, instance=collaboration, by=request.membership)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            update_collaboration(collaboration=collaboration, **form.facts(), by=request.membership)
        except Refused as refusal:
            status = tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:collaboration_detail", request.agency.slug, pk)
    context = {"form": form, "collaboration": collaboration}
    return render(request, "campaigns/collaboration_update.html", context, status=status)


@require_POST
@agency_writer
def collaboration_move(request: AgencyRequest, pk: int) -> HttpResponse:
    """Move to another state; a clash answers 409 with the sentence, both sides, and the next free days."""
    collaboration = get_object_or_404(
        Collaboration.objects.visible_to(request.membership).select_related("campaign__brand", "influencer"), pk=pk
    )
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the states."))
        return redirect("campaigns:collaboration_detail", request.agency.slug, pk)
    state, shift = form.cleaned_data["state"], form.cleaned_data["shift"] or 0
    try:
        moved = move_collaboration(collaboration=collaboration, state=state, shift_days=shift, by=request.membership)
    except Refused as refusal:
        context = {"collaboration": collaboration, "refusal": refusal, "state": state}
        return render(request, "campaigns/collaboration_move.html", context, status=409)
    words = {"creator": moved.influencer, "state": moved.get_state_display()}
    messages.success(request, _("%(creator)s: %(state)s.") % words)
    return redirect("campaigns:collaboration_detail", request.agency.slug, pk)
