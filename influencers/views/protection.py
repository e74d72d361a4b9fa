"""Data protection: the tab of a creator, whom to inform, copies, erasures."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.access import AgencyRequest, agency_manager, agency_writer
from agency.errors import Refused
from agency.paging import page_of, pager_links
from agency.views.errors import conflict
from influencers.forms.protection import EraseForm, InformForm, ProtectionForm
from influencers.models import DataExport, Erasure, Influencer, LegalRetention
from influencers.protection.informing import count_waiting, deadline_of, information_text, waiting
from influencers.services.access import copy_for_creator
from influencers.services.protection import (
    REASONS,
    erase_influencer,
    erasure_outlook,
    inform_influencers,
    record_protection,
)
from influencers.views.profile_frame import profile_frame

RECIPIENTS_SHOWN = 50


@require_http_methods(["GET", "POST"])
@agency_writer
def influencer_protection(request: AgencyRequest, pk: int) -> HttpResponse:
    """Where a record comes from, on what basis it is kept, when the person was told; who received it, for managers."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    form = ProtectionForm(request.POST or None, instance=Influencer.objects.get(pk=influencer.pk))
    if request.method == "POST" and form.is_valid():
        try:
            record_protection(influencer=influencer, **form.cleaned_data, by=request.membership)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The data-protection record is kept."))
            return redirect("influencers:influencer_protection", request.agency.slug, influencer.pk)
    context = {**profile_frame(request, influencer), "form": form, "deadline": deadline_of(influencer, request.agency)}
    if request.membership.is_manager:
        # What was exported may name a confidential client's campaign.
        exports = DataExport.objects.filter(agency=request.agency, influencer_ids__contains=[influencer.pk])
        context["exports"] = exports.select_related("made_by")[:RECIPIENTS_SHOWN]
    return render(request, "influencers/influencer_protection.html", context)


@require_POST
@agency_manager
def influencer_access(request: AgencyRequest, pk: int) -> HttpResponse:
    """The copy of everything for the creator, as `format` says: json or pdf. Recorded."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    try:
        copy = copy_for_creator(
            influencer=influencer, file_format=request.POST.get("format", "json"), by=request.membership
        )
    except Refused as refusal:
        return conflict(request, str(refusal))
    return HttpResponse(
        copy.content,
        content_type=copy.content_type,
        headers={"Content-Disposition": f'attachment; filename="{copy.file_name}"', "Cache-Control": "no-store"},
    )


@require_http_methods(["GET", "POST"])
@agency_manager
def influencer_erase(request: AgencyRequest, pk: int) -> HttpResponse:
    """What erasing the creator would do; then, with a reason, the erasure."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    form = EraseForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            erasure = erase_influencer(influencer=influencer, reason=form.cleaned_data["reason"], by=request.membership)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("Erased. What stays calls them %(number)s.") % {"number": erasure})
            return redirect("influencers:erasure_list", request.agency.slug)
    context = {**profile_frame(request, influencer), "form": form, "outlook": erasure_outlook(influencer)}
    for tab in context["tabs"]:
        tab["is_here"] = request.path.startswith(tab["url"]) and tab["url"].endswith("/protection/")
    return render(request, "influencers/influencer_erase.html", context, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def inform_list(request: AgencyRequest) -> HttpResponse:
    """Whom to tell that they are on the roster, and until when."""
    form = InformForm(request.POST or None, agency=request.agency)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        people = form.waiting if asked["everybody"] else asked["who"]
        facts = {name: asked[name] for name in ("informed_on", "informed_how")}
        try:
            done = inform_influencers(influencers=people, **facts, by=request.membership)
        except Refused as refusal:
            form.add_error("informed_on", str(refusal))
        else:
            said = ngettext("%(n)s creator is marked as informed.", "%(n)s creators are marked as informed.", done)
            messages.success(request, said % {"n": f"{done:,}"})
            return redirect("influencers:inform_list", request.agency.slug)
    page = page_of(request, waiting(request.agency))
    subject, body = information_text(request.agency)
    context = {
        "form": form,
        "rows": [{"influencer": each, "deadline": deadline_of(each, request.agency)} for each in page],
        "page": page,
        "pager": pager_links(request, page),
        "counts": count_waiting(request.agency),
        "chosen": request.POST.getlist("who"),
        "mail": {"subject": subject, "body": body},
    }
    return render(request, "influencers/inform_list.html", context)


@require_safe
@agency_manager
def erasure_list(request: AgencyRequest) -> HttpResponse:
    """Who was erased, by number, and what the law keeps of them."""
    page = page_of(request, Erasure.objects.filter(agency=request.agency).select_related("erased_by"))
    kept = LegalRetention.objects.filter(agency=request.agency)
    context: dict[str, Any] = {
        "rows": [{"erasure": each, "reason": REASONS.get(each.reason, each.reason), **totals(each)} for each in page],
        "page": page,
        "pager": pager_links(request, page),
        "legal": kept.aggregate(rows=Count("pk"), oldest=Min("keep_until")),
        "legal_table": LegalRetention._meta.db_table,
    }
    return render(request, "influencers/erasure_list.html", context)


def totals(erasure: Erasure) -> dict[str, int]:
    """How many rows went, were redacted, and are kept by law."""
    counts = erasure.counts
    elsewhere = dict(counts.get("elsewhere", {}))
    kept_by_law = elsewhere.pop("kept_by_law", 0)
    elsewhere.pop("kept_without_a_name", 0)
    return {
        "deleted": sum(counts.get("deleted", {}).values()) + sum(elsewhere.values()),
        "redacted": sum(counts.get("redacted", {}).values()),
        "kept_by_law": kept_by_law,
    }
