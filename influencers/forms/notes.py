"""Forms of brand-fit notes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.models import Brand, Membership
from influencers.forms.fit import WatchesWords
from influencers.models import BrandFitNote, Influencer


class BrandFitNoteForm(WatchesWords, forms.ModelForm):  # type: ignore[type-arg]
    """A note on a brand that the member may see."""

    class Meta:
        model = BrandFitNote
        fields = ("brand", "text", "written_on", "is_internal")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "written_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, by: Membership, influencer: Influencer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = (influencer.name,) if influencer else ()
        brand = self.fields["brand"]
        assert isinstance(brand, forms.ModelChoiceField)  # noqa: S101 - tells mypy what the model says
        brand.queryset = Brand.objects.visible_to(by)
        brand.empty_label = _("Choose a brand")
        self.fields["written_on"].initial = by.agency.today


class NoteTextForm(WatchesWords, forms.Form):
    """The text of a note that is corrected or added to."""

    text = forms.CharField(
        label=gettext_lazy("Note"), max_length=5000, strip=True, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, note: BrandFitNote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = (note.influencer.name, note.brand.name)
