"""Brand-fit notes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agency.access import AgencyRequest, agency_writer
from agency.errors import Refused
from influencers.forms import BrandFitNoteForm
from influencers.models import Influencer
from influencers.services import write_fit_note


@require_http_methods(["GET", "POST"])
@agency_writer
def fit_note_create(request: AgencyRequest, pk: int) -> HttpResponse:
    """Write a note on how the creator fits a brand."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    form = BrandFitNoteForm(request.POST or None, by=request.membership)
    if request.method == "POST" and form.is_valid():
        try:
            note = write_fit_note(influencer=influencer, **form.cleaned_data, by=request.membership)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The note on %(brand)s is kept.") % {"brand": note.brand})
            return redirect(f"{influencer.get_absolute_url()}#brand-fit")
    return render(request, "influencers/fit_note_create.html", {"form": form, "influencer": influencer})
