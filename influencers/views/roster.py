"""The roster: search, filters, sort, pages; adding a creator and changing what is known of one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import push_url

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.errors import Refused
from agency.htmx import render_partial
from influencers.filters import RosterFilter
from influencers.filters.conditions import words_of
from influencers.forms import InfluencerForm, NewInfluencerForm
from influencers.models import Influencer
from influencers.selectors.cursor import counted_page
from influencers.selectors.finding import chosen_by, closest
from influencers.selectors.roster import prices_of, roster_rows
from influencers.services import AlreadyOnRosterError, create_influencer, update_influencer
from influencers.sorting import address, columns, columns_allowed, sorting_asked
from influencers.views.finding import to_view

PAGE_SIZE = 50
FIRST_LINE = ("q", "platform", "tier", "status")


@require_safe
@agency_member
def influencer_list(request: AgencyRequest) -> HttpResponse:
    """Every creator of the agency that the filters leave, 50 at a time."""
    chosen = chosen_by(request.membership, request.GET.get("view", ""))
    found = RosterFilter(request.GET, membership=request.membership)
    if chosen.here is not None and set(request.GET) == {"view"}:
        opened = to_view(request, chosen.here)
        if opened.url != request.get_full_path():
            return opened
    keys = columns_allowed(chosen.columns, can_write=request.membership.can_write)
    context = listing(request, found, keys) | {
        "filter": found,
        "chips": list(found.chips(request.path)),
        "sort": request.GET.get("sort", ""),
        "query": found.kept().urlencode(),
        "hidden": found.beside(FIRST_LINE) + ([("view", str(chosen.here.pk))] if chosen.here else []),
        "views": chosen.views,
        "view": chosen.here,
        "is_changed": chosen.here is not None and found.kept().urlencode() != chosen.here.query,
    }
    answer = render_partial(request, "influencers/influencer_list.html", context, partial="influencer-list-results")
    return push_url(answer, address(request.path, request.GET)) if request.htmx else answer


def listing(request: AgencyRequest, found: RosterFilter, keys: list[str]) -> dict[str, Any]:
    """The page of the table that the address asks for; where a search finds nothing, the creators nearest to it."""
    name, sorting, descending = sorting_asked(request.GET)
    page, total = counted_page(
        found.lines(), sorting.order, request.GET, descending=descending, size=PAGE_SIZE, is_narrowed=found.is_narrowed
    )
    ids = [row.pk for row in page.rows]
    words = words_of(found.asked["q"] or "")
    nearest = closest(found.lines(without="q"), words) if words and not total else []
    prices = prices_of(ids or nearest, request.agency) if "price" in keys else {}
    return {
        "columns": columns(request.path, request.GET, keys, name, descending=descending),
        "column_keys": keys,
        "rows": roster_rows(ids or nearest, found.bands, prices=prices),
        "is_nearest": bool(nearest),
        "can_pick": not nearest,
        "pager": page.links(request.path, request.GET),
        "total": total,
        "is_empty": not total and not found.is_narrowed,
    }


@require_http_methods(["GET", "POST"])
@agency_writer
def influencer_create(request: AgencyRequest) -> HttpResponse:
    """Add a creator by name, by profile links, or both."""
    form = NewInfluencerForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        name, profiles = form.cleaned_data["name"], form.cleaned_data["profiles"]
        try:
            influencer = create_influencer(
                agency=request.agency, name=name, profiles=profiles, details=form.details(), by=request.membership
            )
        except Refused as refusal:
            context["known"] = refusal.influencer if isinstance(refusal, AlreadyOnRosterError) else None
            form.add_error("profiles", str(refusal))
            status = 409 if context["known"] else 200
        else:
            messages.success(request, _("Added %(name)s.") % {"name": influencer})
            return redirect(influencer)
    return render(request, "influencers/influencer_create.html", context, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def influencer_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Change what is known of a creator."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    name = influencer.name
    form = InfluencerForm(request.POST or None, instance=influencer)
    if request.method == "POST" and form.is_valid():
        update_influencer(
            influencer=influencer, name=form.cleaned_data["name"], details=form.details(), by=request.membership
        )
        messages.success(request, _("Saved."))
        return redirect(influencer)
    return render(request, "influencers/influencer_update.html", {"form": form, "influencer": influencer, "name": name})
