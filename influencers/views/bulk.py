"""One change to many creators: what was ticked comes in, a page says how many and what, the second click does it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agency.access import AgencyRequest, agency_writer
from agency.errors import Refused
from influencers.forms.bulk import BulkForm, BulkInformForm, BulkShortlistForm, BulkStatusForm, BulkTagForm
from influencers.models import Influencer, Shortlist
from influencers.picking import Picking
from influencers.services.bulk import mark_informed, set_status_of, tag_creators, untag_creators
from influencers.services.shortlists import add_to_shortlist, create_shortlist

Deed = Callable[[Picking, dict[str, Any]], str]


@require_POST
@agency_writer
def bulk_tag(request: AgencyRequest) -> HttpResponse:
    """Add tags to them, or take tags away."""

    def tag(picking: Picking, asked: dict[str, Any]) -> str:
        change = tag_creators if asked["deed"] == "add" else untag_creators
        changed = change(
            agency=request.agency, creators=picking.lines, tags=asked["tags"], by=request.membership
        )  # fmt: skip
        words = {"tags": ", ".join(asked["tags"]), "number": thousands(changed)}
        if asked["deed"] == "add":
            return ngettext(
                "%(number)s creator now carries: %(tags)s.", "%(number)s creators now carry: %(tags)s.", changed
            ) % words  # fmt: skip
        return ngettext(
            "%(number)s creator no longer carries: %(tags)s.", "%(number)s creators no longer carry: %(tags)s.", changed
        ) % words  # fmt: skip

    return bulk_page(request, "bulk_tag", BulkTagForm, tag)


@require_POST
@agency_writer
def bulk_shortlist(request: AgencyRequest) -> HttpResponse:
    """Put them on a list, if need be on a new one."""

    def put(picking: Picking, asked: dict[str, Any]) -> str:
        shortlist: Shortlist = asked["shortlist"] or create_shortlist(
            agency=request.agency, name=asked["name"], is_shared=asked["is_shared"], by=request.membership
        )
        added = add_to_shortlist(shortlist=shortlist, creators=picking.lines, by=request.membership)
        words = {"number": thousands(added), "name": shortlist}
        message = ngettext(
            "%(number)s creator was added to “%(name)s”.", "%(number)s creators were added to “%(name)s”.", added
        )
        return message % words

    return bulk_page(request, "bulk_shortlist", BulkShortlistForm, put)


@require_POST
@agency_writer
def bulk_status(request: AgencyRequest) -> HttpResponse:
    """Give all of them one status."""

    def change(picking: Picking, asked: dict[str, Any]) -> str:
        status = Influencer.Status(asked["status"])
        changed = set_status_of(agency=request.agency, creators=picking.lines, status=status, by=request.membership)
        words = {"number": thousands(changed), "status": status.label}
        message = ngettext(
            "%(number)s creator is now: %(status)s.", "%(number)s creators are now: %(status)s.", changed
        )
        return message % words

    return bulk_page(request, "bulk_status", BulkStatusForm, change)


@require_POST
@agency_writer
def bulk_inform(request: AgencyRequest) -> HttpResponse:
    """Record when and how they were told that their data are kept."""

    def mark(picking: Picking, asked: dict[str, Any]) -> str:
        done = mark_informed(agency=request.agency, creators=picking.lines, by=request.membership, **asked)
        said = ngettext(
            "%(number)s creator is marked as informed.", "%(number)s creators are marked as informed.", done.marked
        ) % {"number": thousands(done.marked)}  # fmt: skip
        if done.earlier:
            said += " " + ngettext(
                "%(number)s had been informed before and keeps that day.",
                "%(number)s had been informed before and keep their day.",
                done.earlier,
            ) % {"number": thousands(done.earlier)}  # fmt: skip
        return said

    return bulk_page(request, "bulk_inform", BulkInformForm, mark)


def bulk_page(
    request: AgencyRequest, name: str, form_class: type[BulkForm], deed: Deed, **more: Any
) -> HttpResponse:  # fmt: skip
    """First the question, with how many it is about; then the deed, if that number still holds. 409 where it does not."""
    picking = Picking.of(request)
    if not picking.count:
        return nobody(request, picking)
    is_answer = "confirmed" in request.POST
    form = form_class(request.POST if is_answer else None, by=request.membership)
    status = 409 if is_answer and picking.has_changed else 200
    if is_answer and status == 200 and form.is_valid():
        try:
            message = deed(picking, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, message + ignored_text(picking))
            return redirect(picking.back)
    return render(request, f"influencers/{name}.html", {"form": form, "picking": picking, **more}, status=status)


def nobody(request: AgencyRequest, picking: Picking) -> HttpResponse:
    """Back to the list with the reason."""
    if picking.is_misread:
        messages.error(request, _("A filter of that list is not known any more. Nothing was changed."))
        return redirect("influencers:influencer_list", request.agency.slug)
    messages.warning(request, _("Nobody was picked.") + ignored_text(picking))
    return redirect(picking.back)


def ignored_text(picking: Picking) -> str:
    """A sentence on those that were ticked but are not on this roster."""
    if not picking.ignored:
        return ""
    message = ngettext(
        "%(number)s that was picked is not on the roster any more.",
        "%(number)s that were picked are not on the roster any more.",
        picking.ignored,
    )
    return " " + message % {"number": thousands(picking.ignored)}


def thousands(number: int) -> str:
    return number_format(number, 0, force_grouping=True)
