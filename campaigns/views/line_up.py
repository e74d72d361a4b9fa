"""Creators that were picked on the roster or on a list go into a line-up together."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agency.access import AgencyRequest, agency_writer
from campaigns.forms import BulkLineUpForm
from campaigns.services import add_many_to_line_up
from influencers.picking import Picking


@require_POST
@agency_writer
def bulk_line_up(request: AgencyRequest) -> HttpResponse:
    """Which campaign; then everybody is proposed who is not in its line-up yet, and the others are named with the reason."""
    picking = Picking.of(request)
    if not picking.count:
        messages.warning(request, _("Nobody was picked."))
        return redirect(picking.back)
    is_answer = "confirmed" in request.POST
    form = BulkLineUpForm(request.POST if is_answer else None, by=request.membership)
    context = {"form": form, "picking": picking}
    status = 409 if is_answer and picking.has_changed else 200
    if is_answer and status == 200 and form.is_valid():
        campaign = form.cleaned_data["campaign"]
        answer = add_many_to_line_up(campaign=campaign, creators=picking.lines, by=request.membership)
        words = {"number": number_format(answer.added, 0, force_grouping=True), "campaign": campaign}
        message = ngettext(
            "%(number)s creator was proposed for %(campaign)s.",
            "%(number)s creators were proposed for %(campaign)s.",
            answer.added,
        )
        messages.success(request, message % words)
        if not answer.left_out:
            return redirect(campaign)
        context |= {"answer": answer, "campaign": campaign}
    return render(request, "campaigns/bulk_line_up.html", context, status=status)
