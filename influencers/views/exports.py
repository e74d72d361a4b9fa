"""The roster as a file, and the record of what left the site."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_manager, agency_member
from agency.errors import Refused
from agency.paging import page_of, pager_links
from influencers.exports.columns import layout
from influencers.exports.records import FileKind, RosterFile, check_fits, record_export, roster_file
from influencers.forms.bulk import ExportForm
from influencers.models import DataExport
from influencers.picking import Picking
from influencers.selectors.exports import export_rows


@require_http_methods(["GET", "POST"])
@agency_member
def influencer_export(request: AgencyRequest) -> HttpResponseBase:
    """Which columns, in what kind of file; then the file, recorded before its first byte. 409 when the number changed."""
    picking = Picking.of(request)
    if picking.is_misread:
        messages.error(request, _("A filter of that list is not known any more. Nothing was exported."))
        return redirect("influencers:influencer_list", request.agency.slug)
    is_answer = "confirmed" in request.POST
    form = ExportForm(request.POST if is_answer else None, by=request.membership)
    status = 409 if is_answer and picking.has_changed else 200
    if is_answer and status == 200 and form.is_valid():
        try:
            return download(recorded_file(picking, form, request))
        except Refused as refusal:
            form.add_error("kind", str(refusal))
            status = 409
    context = {"form": form, "picking": picking}
    return render(request, "influencers/influencer_export.html", context, status=status)


def recorded_file(picking: Picking, form: ExportForm, request: AgencyRequest) -> RosterFile:
    """The file, and the record of who took it, when, with whom in it."""
    kind = FileKind(form.cleaned_data["kind"])
    check_fits(kind, picking.count)
    export = record_export(
        agency=request.agency,
        kind=DataExport.Kind.ROSTER,
        subject=picking.in_words,
        creators=picking.lines,
        by=request.user,
    )
    return roster_file(export, layout(form.cleaned_data["columns"], request.membership), kind)


def download(file: RosterFile) -> StreamingHttpResponse:
    """The file as it is made; kept by no cache."""
    response = StreamingHttpResponse(file.pieces, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@agency_manager
def export_list(request: AgencyRequest) -> HttpResponse:
    """Whose data left the site: who took what, when, and for whom."""
    page = page_of(request, export_rows(request.agency))
    return render(request, "influencers/export_list.html", {"page": page, "pager": pager_links(request, page)})
