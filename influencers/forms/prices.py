"""The form of one price."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.models import Agency
from influencers.models import Platform, Price
from influencers.services.prices import PriceFacts


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PriceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a creator asks for a deliverable, and when that holds."""

    platform = forms.ChoiceField(
        label=gettext_lazy("Platform"), required=False, choices=lambda: [("", _("any")), *Platform.choices]
    )

    class Meta:
        model = Price
        fields = ("kind", "platform", "amount", "currency", "valid_from", "valid_to", "note")
        widgets = {"valid_from": day_input(), "valid_to": day_input()}
        help_texts = {"currency": gettext_lazy("Three letters, e.g. EUR."), "note": gettext_lazy("What is included.")}

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].widget.attrs["min"] = "0"
        self.fields["valid_from"].initial = agency.today
        self.fields["currency"].initial = agency.currency

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount < 0:
            raise forms.ValidationError(_("An amount cannot be less than 0."))
        return amount

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if not re.fullmatch(r"[A-Z]{3}", code):
            raise forms.ValidationError(_("Type the three letters of the currency, e.g. EUR."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("A price cannot end before it begins."))
        return cleaned

    def facts(self) -> PriceFacts:
        return PriceFacts(**self.cleaned_data)
