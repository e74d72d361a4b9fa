"""Brand-fit notes: written, corrected by their author for a day, added to afterwards."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agency.access import AgencyRequest, agency_writer
from agency.errors import Refused
from influencers.fit.notes import why_not_editable
from influencers.forms.notes import BrandFitNoteForm, NoteTextForm
from influencers.models import BrandFitNote, Influencer
from influencers.services.notes import add_to_fit_note, edit_fit_note, write_fit_note


def notes_address(influencer: Influencer) -> str:
    """Where the notes of the creator stand."""
    return reverse("influencers:influencer_fit", args=[influencer.agency.slug, influencer.pk]) + "#notes"


@require_http_methods(["GET", "POST"])
@agency_writer
def fit_note_create(request: AgencyRequest, pk: int) -> HttpResponse:
    """Write a note on how the creator fits a brand."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    form = BrandFitNoteForm(request.POST or None, by=request.membership, influencer=influencer)
    if request.method == "POST" and form.may_be_kept():
        try:
            note = write_fit_note(influencer=influencer, **form.cleaned_data, by=request.membership)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The note on %(brand)s is kept.") % {"brand": note.brand})
            return redirect(notes_address(influencer))
    return render(request, "influencers/fit_note_create.html", {"form": form, "influencer": influencer})


@require_http_methods(["GET", "POST"])
@agency_writer
def fit_note_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Correct one's own note within a day; afterwards 409 with the reason."""
    note = _note(request, pk)
    form = NoteTextForm(request.POST or None, note=note, initial={"text": note.text})
    refusal = why_not_editable(note, request.membership)
    if request.method == "POST" and form.may_be_kept() and not refusal:
        try:
            edit_fit_note(note=note, text=form.cleaned_data["text"], by=request.membership)
        except Refused as late:
            refusal = str(late)
        else:
            messages.success(request, _("The note is corrected."))
            return redirect(notes_address(note.influencer))
    context = {"form": form, "note": note, "influencer": note.influencer, "refusal": refusal}
    return render(request, "influencers/fit_note_update.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
@agency_writer
def fit_note_add(request: AgencyRequest, pk: int) -> HttpResponse:
    """Add to a note, one's own or somebody else's."""
    note = _note(request, pk)
    form = NoteTextForm(request.POST or None, note=note)
    if request.method == "POST" and form.may_be_kept():
        add_to_fit_note(note=note, text=form.cleaned_data["text"], by=request.membership)
        messages.success(request, _("Added to the note."))
        return redirect(notes_address(note.influencer))
    context = {"form": form, "note": note, "influencer": note.influencer}
    return render(request, "influencers/fit_note_add.html", context)


def _note(request: AgencyRequest, pk: int) -> BrandFitNote:
    notes = BrandFitNote.objects.visible_to(request.membership).filter(agency=request.agency)
    return get_object_or_404(notes.select_related("influencer__agency", "brand", "author"), pk=pk)
