"""Duplicates: which records look like one person, merging two, telling them apart, parting them again."""

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.access import AgencyRequest, agency_roster_manager, agency_writer
from agency.errors import Refused
from agency.htmx import render_partial
from agency.paging import pager_links
from influencers.forms.merging import MergeForm, PairForm
from influencers.merging.belongings import belongings
from influencers.merging.duplicates import like, likely_pairs, still_open, suspicions
from influencers.merging.fields import united
from influencers.models import Influencer, Merge
from influencers.services.merging import merge_influencers, say_two_people, undo_merge

PAIRS_ON_A_PAGE = 20
REMEMBERED = 600  # seconds; comparing a hundred thousand names takes a few


class Looked(NamedTuple):
    """When the roster was looked through, and what was found."""

    at: datetime
    pairs: list[tuple[int, int]]


def looked_through(request: AgencyRequest) -> Looked:
    """The likely pairs as found in the last ten minutes, looked for anew when there are none or `?again` asks for it."""
    key = f"duplicates:{request.agency.pk}"
    found: Looked | None = None if "again" in request.GET else cache.get(key)
    if found is None:
        found = Looked(timezone.now(), likely_pairs(request.agency))
        cache.set(key, found, REMEMBERED)
    return found


@require_safe
@agency_writer
def duplicate_list(request: AgencyRequest) -> HttpResponse:
    """Pairs of creators that look like one person, the likeliest first."""
    looked = looked_through(request)
    pairs = still_open(request.agency, looked.pairs)
    page = Paginator(pairs, PAIRS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "suspicions": suspicions(request.agency, list(page.object_list)),
        "page": page,
        "pager": pager_links(request, page),
        "looked_at": looked.at,
        "may_merge": request.membership.keeps_roster,
    }
    return render_partial(request, "influencers/duplicate_list.html", context, partial="duplicate-list-table")


@require_POST
@agency_writer
def duplicate_dismiss(request: AgencyRequest) -> HttpResponse:
    """Remember that two records are two people."""
    form = PairForm(request.POST, agency=request.agency)
    if form.is_valid():
        first, second = form.cleaned_data["first"], form.cleaned_data["second"]
        try:
            say_two_people(first=first, second=second, by=request.membership)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            said = {"first": first.name, "second": second.name}
            messages.success(request, _("Noted: %(first)s and %(second)s are two people.") % said)
    else:
        messages.error(request, _("One of the two is not on the roster any more."))
    return redirect("influencers:duplicate_list", request.agency.slug)


@require_safe
@agency_roster_manager
def merge_choose(request: AgencyRequest, pk: int) -> HttpResponse:
    """Find the other record of the same person."""
    kept = get_object_or_404(Influencer, agency=request.agency, is_erased=False, pk=pk)
    text = request.GET.get("q", "").replace("\0", "")[:200]
    found = like(kept, text).select_related("line").prefetch_related("accounts")
    return render(request, "influencers/merge_choose.html", {"influencer": kept, "found": found, "text": text})


def the_other(request: AgencyRequest, kept: Influencer) -> Influencer | None:
    """The record named by `?with=`; none when nothing is named; Http404 when it is not there."""
    asked = request.GET.get("with", "")
    if not asked:
        return None
    if not asked.isascii() or not asked.isdigit() or len(asked) > 18:
        raise Http404
    return get_object_or_404(Influencer, agency=request.agency, is_erased=False, pk=int(asked))


@require_http_methods(["GET", "POST"])
@agency_roster_manager
def influencer_merge(request: AgencyRequest, pk: int) -> HttpResponse:
    """Two records side by side, a choice per field, and one record afterwards."""
    kept = get_object_or_404(Influencer, agency=request.agency, is_erased=False, pk=pk)
    other = the_other(request, kept)
    if other is None or other.pk == kept.pk:
        return redirect("influencers:merge_choose", request.agency.slug, kept.pk)
    form = MergeForm(request.POST or None, kept=kept, other=other)
    context: dict[str, Any] = {"form": form, "kept": kept, "other": other, "refusal": None}
    status = 200
    if request.method == "POST" and form.is_valid():
        chosen = form.choices()
        try:
            merge = merge_influencers(
                kept=kept, merged=other, choices=chosen, primary=form.cleaned_data["primary"], by=request.membership
            )
        except Refused as refusal:
            context["refusal"], status = refusal, 409
        else:
            said = {"merged": merge.merged_name, "kept": merge.kept.name}
            messages.success(request, _("%(merged)s is now part of %(kept)s.") % said)
            return redirect(merge.kept)
    context |= {
        "united": united(kept, other),
        "sides": [(each, belongings(each, request.membership)) for each in (kept, other)],
    }
    return render(request, "influencers/influencer_merge.html", context, status=status)


@require_POST
@agency_roster_manager
def merge_undo(request: AgencyRequest, pk: int) -> HttpResponse:
    """Part two records that were merged within the last day."""
    merge = get_object_or_404(Merge.objects.select_related("kept"), agency=request.agency, pk=pk)
    try:
        parted = undo_merge(merge=merge, by=request.membership)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(merge.kept)
    messages.success(request, _("%(name)s is a record of its own again.") % {"name": parted.restored.name})
    for sentence in parted.left:
        messages.warning(request, sentence)
    return redirect(parted.restored)
