"""Which of two records stays, and field by field whose value."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.models import Agency
from influencers.merging.fields import KEPT, OTHER, Difference, differences, proposed_primary
from influencers.models import Account, Influencer


class PairForm(forms.Form):
    """Two creators of the agency."""

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        creators = Influencer.objects.filter(agency=agency, is_erased=False)
        for name in ("first", "second"):
            self.fields[name] = forms.ModelChoiceField(creators, widget=forms.HiddenInput)


class MergeForm(forms.Form):
    """A choice for every field in which the records differ, and for the primary account."""

    def __init__(self, *args: Any, kept: Influencer, other: Influencer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences = differences(kept, other)
        for each in self.differences:
            choices = [(KEPT, each.kept), (OTHER, each.other)]
            self.fields[each.name] = forms.ChoiceField(
                label=each.label, choices=choices, initial=each.proposed, required=False, widget=forms.RadioSelect
            )
        accounts = Account.objects.filter(influencer__in=[kept, other]).order_by("-is_primary", "platform", "handle")
        self.fields["primary"] = AccountField(
            accounts,
            label=_("Primary account"),
            required=False,
            initial=proposed_primary(kept, other),
            empty_label=_("none"),
        )

    def rows(self) -> Iterator[tuple[Difference, Any]]:
        """The differences, each with its two buttons."""
        for each in self.differences:
            yield each, list(self[each.name].subwidgets)

    def choices(self) -> dict[str, str]:
        """Field by field whose value stays, as far as somebody chose."""
        return {each.name: value for each in self.differences if (value := self.cleaned_data[each.name])}


class AccountField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Accounts with their platform."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.get_platform_display()}"
