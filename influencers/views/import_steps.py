"""The steps between the upload of a roster and its import: what the columns mean, what would change, and go."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.access import AgencyRequest, agency_writer
from agency.errors import Refused
from agency.htmx import render_partial
from agency.views.errors import conflict
from influencers.import_forms import ColumnsForm, ReadingForm
from influencers.imports.preview import Preview
from influencers.imports.reading_options import ReadingOptions
from influencers.models import ImportBatch
from influencers.services.import_results import change_rows, check_page, refused_file
from influencers.services.import_steps import (
    decide_columns,
    is_checked,
    preview_of,
    request_apply,
    request_check,
    save_mapping,
)

State = ImportBatch.State


@require_http_methods(["GET", "HEAD", "POST"])
@agency_writer
def import_columns(request: AgencyRequest, pk: int) -> HttpResponse:
    """What the file seems to say, column by column, and what must be answered first."""
    batch = get_object_or_404(ImportBatch.objects.filter(agency=request.agency), pk=pk)
    if batch.state != State.UPLOADED:
        return redirect(batch)
    preview: Preview | None = None
    options = ReadingOptions.from_dict(batch.options)
    try:
        preview = preview_of(batch)
        if request.method == "POST":
            return _decided(request, batch, preview, options)
    except Refused as refusal:
        messages.error(request, str(refusal))
        if request.method == "POST":
            return redirect("influencers:import_columns", request.agency.slug, pk)
    columns = ColumnsForm(preview=preview, mapping=batch.mapping)
    context = {
        "batch": batch,
        "step": 2,
        "preview": preview,
        "preview_rows": preview.good + preview.refused if preview else 0,
        "reading": ReadingForm(options=options, preview=preview),
        "columns": [(column, columns[f"column-{column.key}"]) for column in preview.columns] if preview else [],
        "form": columns,
    }
    return render(request, "influencers/import_columns.html", context)


def _decided(request: AgencyRequest, batch: ImportBatch, preview: Preview, options: ReadingOptions) -> HttpResponse:
    """Take what was chosen; go on to the check if that was asked for and nothing is left to answer."""
    reading = ReadingForm(request.POST, options=options, preview=preview)
    columns = ColumnsForm(request.POST, preview=preview, mapping=batch.mapping)
    if not (reading.is_valid() and columns.is_valid()):
        raise Refused(_("One of the choices does not exist. Choose again."))
    read = reading.options()
    is_other_table = any(
        getattr(read, name) != getattr(options, name) for name in ("sheet", "header_row", "delimiter", "encoding")
    )
    told, answers = ({}, {}) if is_other_table else (columns.mapping(), columns.answers())
    decided = decide_columns(batch=batch, options=read, mapping=told, answers=answers, by=request.membership)
    if "check" not in request.POST:
        return redirect("influencers:import_columns", request.agency.slug, batch.pk)
    request_check(batch=batch, preview=decided, by=request.membership)
    if columns.cleaned_data["mapping_name"]:
        batch.refresh_from_db()
        save_mapping(batch=batch, name=columns.cleaned_data["mapping_name"], by=request.membership)
    return redirect("influencers:import_check", request.agency.slug, batch.pk)


@require_safe
@agency_writer
def import_check(request: AgencyRequest, pk: int) -> HttpResponse:
    """What importing would do: every change before and after, every new creator, every refused row."""
    batch = get_object_or_404(ImportBatch.objects.filter(agency=request.agency), pk=pk)
    if batch.state not in {State.UPLOADED, State.CHECKING}:
        return redirect(batch)
    context: dict[str, Any] = {"batch": batch, "step": 3, "is_running": batch.state == State.CHECKING}
    if is_checked(batch):
        page = check_page(batch, show=request.GET.get("show", ""), number=request.GET.get("page", ""))
        context |= {"page": page, "rows": change_rows(page)}
    elif not context["is_running"]:
        if batch.error:
            messages.error(request, batch.error)
        return redirect("influencers:import_columns", request.agency.slug, pk)
    return render_partial(request, "influencers/import_check.html", context, partial="import-check")


@require_POST
@agency_writer
def import_apply(request: AgencyRequest, pk: int) -> HttpResponse:
    """Import the file; a worker does it."""
    batch = get_object_or_404(ImportBatch.objects.filter(agency=request.agency), pk=pk)
    try:
        request_apply(batch=batch, by=request.membership)
    except Refused as refusal:
        return conflict(request, str(refusal))
    return redirect("influencers:import_detail", request.agency.slug, pk)


@require_safe
@agency_writer
def import_refused(request: AgencyRequest, pk: int) -> HttpResponseBase:
    """The refused rows with their reasons, to be mended and imported again."""
    batch = get_object_or_404(ImportBatch.objects.filter(agency=request.agency), pk=pk)
    path = refused_file(batch)
    if path is None:
        return conflict(request, _("No refused rows of this import are kept; they go after a week."))
    name = slugify(batch.file_name.rpartition(".")[0]) or "roster"
    file = path.open("rb")
    return FileResponse(
        file, as_attachment=True, filename=f"{name}-refused.csv", content_type="text/csv; charset=utf-8"
    )
