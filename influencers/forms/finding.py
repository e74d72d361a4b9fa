"""Names of saved views; which columns of the roster a member sees, in which order."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.models import Membership
from influencers.sorting import HEADINGS, columns_allowed


class SavedViewForm(forms.Form):
    """Name of a view, and who sees it; only writers share."""

    name = forms.CharField(label=_("Name"), max_length=100)
    is_shared = forms.BooleanField(required=False, label=_("Everybody in the agency sees it"))
    query = forms.CharField(required=False, max_length=4_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by.can_write:
            del self.fields["is_shared"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    @property
    def shares(self) -> bool:
        return bool(self.cleaned_data.get("is_shared"))


class RosterColumnsForm(forms.Form):
    """A box and a place for each column that the member may see; equal places keep the usual order."""

    def __init__(self, data: Any = None, *, by: Membership, chosen: list[str]) -> None:
        super().__init__(data)
        self.by = by
        allowed = columns_allowed(list(HEADINGS), can_write=by.can_write)
        self.keys = [*chosen, *(key for key in allowed if key not in chosen)]
        for place, key in enumerate(self.keys, start=1):
            self.fields[f"show_{key}"] = forms.BooleanField(
                required=False, label=str(HEADINGS[key].label), initial=key in chosen
            )
            self.fields[f"place_{key}"] = forms.IntegerField(
                required=False, min_value=1, max_value=99, initial=place, label=_("Place")
            )

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Of each column its box and its place, the chosen ones first."""
        return [(self[f"show_{key}"], self[f"place_{key}"]) for key in self.keys]

    def columns(self) -> list[str]:
        """The chosen columns in the order of their places."""
        answers = self.cleaned_data
        shown = [key for key in self.keys if answers[f"show_{key}"]]
        return sorted(shown, key=lambda key: answers[f"place_{key}"] or len(self.keys) + 1)
