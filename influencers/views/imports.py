"""Uploading files, and what came of them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.errors import Refused
from agency.paging import page_of, pager_links
from influencers.import_forms import PostImportForm, RosterImportForm
from influencers.models import ImportBatch
from influencers.services.imports import import_posts, import_roster

SHOWN_ERRORS = 500


@require_http_methods(["GET", "HEAD", "POST"])
@agency_writer
def roster_import(request: AgencyRequest) -> HttpResponse:
    """Take creators from a spreadsheet."""
    form = RosterImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload: Any = form.cleaned_data["file"]
        try:
            outcome = import_roster(
                agency=request.agency,
                file=upload.file,
                filename=upload.name,
                platform=form.cleaned_data["platform"] or None,
                by=request.membership,
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("influencers:import_detail", request.agency.slug, outcome.batch)
    return render(request, "influencers/roster_import.html", {"form": form})


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
    """One import: what it did, how the file was read, which rows were refused and why."""
    batch = get_object_or_404(ImportBatch.objects.filter(agency=request.agency).select_related("imported_by"), pk=pk)
    context = {
        "batch": batch,
        "refused": len({error["row"] for error in batch.errors}),
        "errors": batch.errors[:SHOWN_ERRORS],
        "hidden_errors": max(0, len(batch.errors) - SHOWN_ERRORS),
    }
    return render(request, "influencers/import_detail.html", context)
