"""Forms of data protection."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.models import Agency
from influencers.models import Influencer
from influencers.protection.informing import waiting
from influencers.services.protection import BY_HAND, REASONS

WAYS = (_("by e-mail"), _("in a message on the platform"), _("in the first conversation"), _("by their management"))


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class ProtectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Source, lawful basis, informed on and how."""

    class Meta:
        model = Influencer
        fields = ("source", "lawful_basis", "informed_on", "informed_how")
        labels = {"lawful_basis": _("Lawful basis"), "informed_how": _("How")}
        widgets = {"informed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class InformForm(forms.Form):
    """Who was informed, when and how; `everybody` stands for all who wait, on every page of the list."""

    who = forms.ModelMultipleChoiceField(Influencer.objects.none(), required=False)
    everybody = forms.BooleanField(label=_("Everybody on this list"), required=False)
    informed_on = day_field(_("Informed on"))
    informed_how = forms.ChoiceField(label=_("How"), choices=[(way, way) for way in WAYS])

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = waiting(agency)
        self.fields["who"].queryset = self.waiting  # type: ignore[attr-defined]
        self.fields["informed_on"].initial = agency.today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("everybody") and not cleaned.get("who"):
            raise forms.ValidationError(_("Choose whom you informed."))
        return cleaned


class EraseForm(forms.Form):
    """The second step of an erasure: why, and that it was meant."""

    reason = forms.ChoiceField(label=_("Why"), choices=[(key, REASONS[key]) for key in BY_HAND])
    is_meant = forms.BooleanField(label=_("Erase them. I know that nobody can bring this back."))
