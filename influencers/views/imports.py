"""Bringing in files: what was imported, posts in one step, and the first step of a roster."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.errors import Refused
from agency.htmx import render_partial
from agency.paging import page_of, pager_links
from agency.views.errors import conflict
from influencers.import_forms import PostImportForm, RosterImportForm
from influencers.models import ImportBatch
from influencers.services.import_results import created_rows, left_rows
from influencers.services.import_steps import give_up_import, request_undo, start_import
from influencers.services.imports import import_posts

SHOWN_ERRORS = 500
State = ImportBatch.State


@require_http_methods(["GET", "HEAD", "POST"])
@agency_writer
def roster_import(request: AgencyRequest) -> HttpResponse:
    """Take a spreadsheet of creators; what it says is looked at before anything is changed."""
    form = RosterImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload: Any = form.cleaned_data["file"]
        try:
            batch = start_import(
                agency=request.agency,
                file=upload.file,
                filename=upload.name,
                platform=form.cleaned_data["platform"] or None,
                by=request.membership,
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("influencers:import_columns", request.agency.slug, batch.pk)
    return render(request, "influencers/roster_import.html", {"form": form, "step": 1})


@require_http_methods(["GET", "HEAD", "POST"])
@agency_writer
def post_import(request: AgencyRequest) -> HttpResponse:
    """Take posts from a spreadsheet or an export."""
    form = PostImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload: Any = form.cleaned_data["file"]
        try:
            outcome = import_posts(
                agency=request.agency,
                file=upload.file,
                filename=upload.name,
                platform=form.cleaned_data["platform"] or None,
                handle=form.cleaned_data["handle"],
                create_accounts=form.cleaned_data["create_accounts"],
                by=request.membership,
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("influencers:import_detail", request.agency.slug, outcome.batch)
    return render(request, "influencers/post_import.html", {"form": form})


@require_safe
@agency_member
def import_list(request: AgencyRequest) -> HttpResponse:
    """The files that were imported, newest first."""
    page = page_of(
        request, ImportBatch.objects.filter(agency=request.agency).select_related("imported_by").order_by("-pk")
    )
    return render(request, "influencers/import_list.html", {"page": page, "pager": pager_links(request, page)})


@require_safe
@agency_member
def import_detail(request: AgencyRequest, pk: int) -> HttpResponse:
    """One import: how far it is, what it did, which rows were refused and why, and how to take it back."""
    rows = ImportBatch.objects.filter(agency=request.agency).select_related("imported_by", "undone_by")
    batch = get_object_or_404(rows, pk=pk)
    context = {
        "batch": batch,
        "step": 4,
        "is_running": batch.state in {State.APPLYING, State.UNDOING, State.CHECKING},
        "refused": len({(error.get("sheet", ""), error["row"]) for error in batch.errors}),
        "errors": batch.errors[:SHOWN_ERRORS],
        "hidden_errors": max(0, len(batch.errors) - SHOWN_ERRORS),
        "undo": created_rows(batch) if batch.state == State.APPLIED and request.membership.can_write else None,
        "left": left_rows(batch),
    }
    return render_partial(request, "influencers/import_detail.html", context, partial="import-result")


@require_POST
@agency_writer
def import_undo(request: AgencyRequest, pk: int) -> HttpResponse:
    """Take an import back; a worker does it."""
    batch = get_object_or_404(ImportBatch.objects.filter(agency=request.agency), pk=pk)
    try:
        request_undo(batch=batch, by=request.membership)
    except Refused as refusal:
        return conflict(request, str(refusal))
    return redirect("influencers:import_detail", request.agency.slug, pk)


@require_POST
@agency_writer
def import_give_up(request: AgencyRequest, pk: int) -> HttpResponse:
    """Delete the file that waits to be imported."""
    batch = get_object_or_404(ImportBatch.objects.filter(agency=request.agency), pk=pk)
    try:
        give_up_import(batch=batch, by=request.membership)
    except Refused as refusal:
        return conflict(request, str(refusal))
    return redirect("influencers:import_list", request.agency.slug)
