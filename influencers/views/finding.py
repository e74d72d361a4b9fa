"""What helps to find on the roster: all filters with their counts, saved views, chosen columns."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.access import AgencyRequest, agency_member
from agency.errors import Refused
from agency.htmx import render_partial
from agency.views.errors import conflict
from influencers.filters import RosterFilter
from influencers.filters.counts import answers_of
from influencers.filters.panel import sections
from influencers.forms.finding import RosterColumnsForm, SavedViewForm
from influencers.models import SavedView
from influencers.selectors.finding import chosen_by, views_of
from influencers.services.finding import choose_columns, create_saved_view, delete_saved_view, update_saved_view
from influencers.sorting import USUAL, address, columns_allowed


@require_safe
@agency_member
def roster_filters(request: AgencyRequest) -> HttpResponse:
    """Every filter, and how many creators each answer would leave, given all the others."""
    found = RosterFilter(request.GET, membership=request.membership)
    context = {
        "sections": sections(found, answers_of(found)),
        "sort": request.GET.get("sort", ""),
        "query": found.kept().urlencode(),
    }
    return render_partial(request, "influencers/roster_filters.html", context, partial="roster-filters-form")


@require_http_methods(["GET", "POST"])
@agency_member
def saved_view_create(request: AgencyRequest) -> HttpResponse:
    """Keep the filters, the sort and the columns of the address under a name."""
    form = SavedViewForm(request.POST or None, by=request.membership, initial={"query": request.GET.urlencode()})
    found = RosterFilter(_query(form, request), membership=request.membership)
    if request.method == "POST" and form.is_valid():
        columns = _columns(request, form.cleaned_data["query"])
        try:
            view = create_saved_view(
                name=form.cleaned_data["name"],
                is_shared=form.shares,
                query=found.kept().urlencode(),
                columns=columns,
                by=request.membership,
            )
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved as “%(view)s”.") % {"view": view})
            return to_view(request, view)
    context = {"form": form, "chips": list(found.chips(request.path))}
    return render(request, "influencers/saved_view_create.html", context)


@require_http_methods(["GET", "POST"])
@agency_member
def saved_view_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Rename or share one's own view; with a `query` it keeps these filters and columns from now on."""
    view = get_object_or_404(views_of(request.membership), agency=request.agency, pk=pk)
    initial = {"name": view.name, "is_shared": view.is_shared}
    form = SavedViewForm(request.POST or None, by=request.membership, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data["query"]
        kept = RosterFilter(QueryDict(asked), membership=request.membership).kept().urlencode() if asked else None
        try:
            update_saved_view(
                view=view,
                name=form.cleaned_data["name"],
                is_shared=form.shares,
                by=request.membership,
                query=kept,
                columns=_columns(request, asked),
            )
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved as “%(view)s”.") % {"view": view})
            return to_view(request, view)
    back = f"{reverse('influencers:influencer_list', args=[request.agency.slug])}?view={view.pk}"
    return render(request, "influencers/saved_view_update.html", {"form": form, "view": view, "back": back})


@require_POST
@agency_member
def saved_view_delete(request: AgencyRequest, pk: int) -> HttpResponse:
    """Delete one's own view; the creators stay. 409 for a view of somebody else's."""
    view = get_object_or_404(views_of(request.membership), agency=request.agency, pk=pk)
    try:
        delete_saved_view(view=view, by=request.membership)
    except Refused as refusal:
        return conflict(request, str(refusal))
    messages.success(request, _("Deleted the view “%(view)s”.") % {"view": view})
    return redirect("influencers:influencer_list", request.agency.slug)


@require_http_methods(["GET", "POST"])
@agency_member
def roster_columns(request: AgencyRequest) -> HttpResponse:
    """Choose and order the columns of the roster; remembered for this member."""
    query = QueryDict(request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode())
    back = RosterFilter(query, membership=request.membership).kept()
    chosen = columns_allowed(chosen_by(request.membership, "").columns, can_write=request.membership.can_write)
    form = RosterColumnsForm(request.POST if request.method == "POST" else None, by=request.membership, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        columns = form.columns()
        choose_columns(columns=[] if columns == list(USUAL) else columns, by=request.membership)
        return redirect(address(reverse("influencers:influencer_list", args=[request.agency.slug]), back))
    context = {"form": form, "query": back.urlencode()}
    return render(request, "influencers/roster_columns.html", context)


def to_view(request: AgencyRequest, view: SavedView) -> HttpResponseRedirect:
    """The roster as the view shows it to this reader: what they may not ask for is left out."""
    query = RosterFilter(QueryDict(view.query), membership=request.membership).kept()
    query["view"] = str(view.pk)
    path = reverse("influencers:influencer_list", args=[request.agency.slug])
    return redirect(address(path, query))


def _query(form: SavedViewForm, request: AgencyRequest) -> QueryDict:
    return QueryDict(str(form["query"].value() or "").replace("\x00", ""))


def _columns(request: AgencyRequest, query: str) -> list[str]:
    """The columns that the member looks at: of the view in the address, else their own."""
    chosen = chosen_by(request.membership, QueryDict(query).get("view", ""))
    return columns_allowed(chosen.columns, can_write=request.membership.can_write)
