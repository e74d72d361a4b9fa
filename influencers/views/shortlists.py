"""Lists of picked creators."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.errors import Refused
from agency.forms import SearchForm
from agency.htmx import render_partial
from agency.paging import page_of, pager_links
from agency.views.errors import conflict
from influencers.filters import RosterFilter
from influencers.forms.bulk import BulkPlainForm, ShortlistForm
from influencers.models import Shortlist
from influencers.picking import Picking
from influencers.selectors.finding import chosen_by
from influencers.selectors.shortlists import shortlist_rows
from influencers.services.shortlists import (
    create_shortlist,
    delete_shortlist,
    remove_from_shortlist,
    update_shortlist,
)
from influencers.sorting import columns_allowed
from influencers.views.bulk import bulk_page, thousands
from influencers.views.roster import listing


@require_safe
@agency_member
def shortlist_list(request: AgencyRequest) -> HttpResponse:
    """Lists shared in the agency, and one's own; `?q=` searches their names."""
    wanted = SearchForm(request.GET).wanted()
    lists = shortlist_rows(request.membership)
    if wanted:
        lists = lists.filter(name__icontains=wanted)
    page = page_of(request, lists)
    context = {"page": page, "pager": pager_links(request, page), "q": wanted}
    return render(request, "influencers/shortlist_list.html", context)


@require_safe
@agency_member
def shortlist_detail(request: AgencyRequest, pk: int) -> HttpResponse:
    """Who is on it, with the columns of the roster; `?sort=` as there."""
    shortlist = seen(request, pk)
    found = RosterFilter(QueryDict(f"list={pk}"), membership=request.membership)
    chosen = chosen_by(request.membership, "").columns
    order = {"sort": request.GET["sort"]} if "sort" in request.GET else {}
    context = listing(request, found, columns_allowed(chosen, can_write=request.membership.can_write)) | {
        "shortlist": shortlist,
        "may_change": shortlist.can_be_changed_by(request.membership),
        "query": urlencode({"list": pk, **order}),
    }
    return render_partial(request, "influencers/shortlist_detail.html", context, partial="shortlist-detail-results")


@require_http_methods(["GET", "POST"])
@agency_writer
def shortlist_create(request: AgencyRequest) -> HttpResponse:
    """An empty list; creators are put on it from the roster."""
    form = ShortlistForm(request.POST or None, by=request.membership)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            shortlist = create_shortlist(agency=request.agency, **form.cleaned_data, by=request.membership)
        except Refused as refusal:
            form.add_error("name", str(refusal))
            status = 409
        else:
            return redirect(shortlist)
    return render(request, "influencers/shortlist_create.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def shortlist_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Another name, shared or not; for its owner and managers."""
    shortlist = seen(request, pk)
    if not shortlist.can_be_changed_by(request.membership):
        return told(request, shortlist)
    initial = {"name": shortlist.name, "is_shared": shortlist.is_shared}
    form = ShortlistForm(request.POST or None, initial=initial, by=request.membership)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            update_shortlist(shortlist=shortlist, **form.cleaned_data, by=request.membership)
        except Refused as refusal:
            form.add_error("name", str(refusal))
            status = 409
        else:
            messages.success(request, _("Saved."))
            # A manager may make a colleague's list that person's own again: then there is nothing left to see.
            is_visible = Shortlist.objects.visible_to(request.membership).filter(pk=pk).exists()
            return redirect(shortlist) if is_visible else redirect("influencers:shortlist_list", request.agency.slug)
    context = {"form": form, "shortlist": shortlist}
    return render(request, "influencers/shortlist_update.html", context, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def shortlist_delete(request: AgencyRequest, pk: int) -> HttpResponse:
    """Ask, then delete the list; for its owner and managers."""
    shortlist = seen(request, pk)
    if not shortlist.can_be_changed_by(request.membership):
        return told(request, shortlist)
    if request.method == "POST":
        delete_shortlist(shortlist=shortlist, by=request.membership)
        messages.success(request, _("The list “%(name)s” is deleted.") % {"name": shortlist})
        return redirect("influencers:shortlist_list", request.agency.slug)
    return render(request, "influencers/shortlist_delete.html", {"shortlist": shortlist})


@require_POST
@agency_writer
def shortlist_remove(request: AgencyRequest, pk: int) -> HttpResponse:
    """Take the picked ones off the list; for its owner and managers."""
    shortlist = seen(request, pk)
    if not shortlist.can_be_changed_by(request.membership):
        return told(request, shortlist)

    def remove(picking: Picking, _asked: dict[str, Any]) -> str:
        removed = remove_from_shortlist(shortlist=shortlist, creators=picking.lines, by=request.membership)
        message = ngettext(
            "%(number)s creator was taken off “%(name)s”.", "%(number)s creators were taken off “%(name)s”.", removed
        )
        return message % {"number": thousands(removed), "name": shortlist}

    return bulk_page(request, "shortlist_remove", BulkPlainForm, remove, shortlist=shortlist)


def seen(request: AgencyRequest, pk: int) -> Shortlist:
    """The list, if the member may see it; 404 otherwise."""
    visible = Shortlist.objects.visible_to(request.membership).select_related("agency", "owner__user")
    return get_object_or_404(visible, pk=pk)


def told(request: AgencyRequest, shortlist: Shortlist) -> HttpResponse:
    """The answer to who may read a colleague's list, but not change it: 409 with the reason."""
    message = _("Only %(owner)s or a manager may change this list.")
    return conflict(request, message % {"owner": shortlist.owner})
