"""What a person fills in to import a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from influencers.models import Platform


class RosterImportForm(forms.Form):
    """A roster file, and the platform of handles that no column places."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx), up to 50 MB. Encoding, delimiter and heading row are found out."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    platform = forms.ChoiceField(
        label=_("Platform"),
        required=False,
        choices=[("", _("The file says it")), *Platform.choices],
        help_text=_("Needed when the handles of the file are all of one platform and no heading says which."),
    )


class PostImportForm(RosterImportForm):
    """A file of posts."""

    field_order = ("file", "platform", "handle", "create_accounts")

    handle = forms.CharField(
        label=_("Handle"),
        required=False,
        max_length=200,
        help_text=_("Whose posts these are, when the file has no column for it."),
    )
    create_accounts = forms.BooleanField(
        label=_("Add accounts that the roster lacks"),
        required=False,
        help_text=_("Without it, posts of unknown accounts are refused by name."),
    )

    def clean_handle(self) -> str | None:
        handle: Any = self.cleaned_data["handle"].strip()
        return handle or None
