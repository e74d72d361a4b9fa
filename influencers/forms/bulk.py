"""What is asked before many creators are changed at once, or leave as a file."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.models import Membership
from influencers.exports.columns import choices_for, usual_keys
from influencers.exports.records import FileKind
from influencers.forms.people import WordsField
from influencers.models import Influencer, Shortlist


class BulkForm(forms.Form):
    """Base of the forms of a bulk page; `by` is who fills it in, `initial` may come from the address."""

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by


class BulkTagForm(BulkForm):
    """Tags to add or to take away."""

    deed = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[("add", gettext_lazy("Add the tags")), ("remove", gettext_lazy("Take the tags away"))],
        widget=forms.RadioSelect,
        initial="add",
    )
    tags = WordsField(
        label=gettext_lazy("Tags"), max_length=1_000, help_text=gettext_lazy("Several with commas between them.")
    )


class BulkShortlistForm(BulkForm):
    """A list that the member sees, or the name of a new one."""

    shortlist = forms.ModelChoiceField(
        Shortlist.objects.none(),
        required=False,
        label=gettext_lazy("List"),
        empty_label=gettext_lazy("A new list"),
    )
    name = forms.CharField(required=False, max_length=100, label=gettext_lazy("Name of the new list"))
    is_shared = forms.BooleanField(
        required=False, initial=True, label=gettext_lazy("Everybody in the agency sees the new list")
    )

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        lists = cast("forms.ModelChoiceField[Shortlist]", self.fields["shortlist"])
        lists.queryset = Shortlist.objects.visible_to(by)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["name"] = " ".join(cleaned.get("name", "").split())
        if not self.errors and not cleaned["name"] and cleaned.get("shortlist") is None:
            self.add_error("name", _("Choose a list, or name a new one."))
        return cleaned


class BulkStatusForm(BulkForm):
    """The status that they get."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=Influencer.Status.choices)


class BulkInformForm(BulkForm):
    """When and how they were told that their data are kept."""

    on = forms.DateField(
        label=gettext_lazy("Informed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    how = forms.CharField(label=gettext_lazy("How"), max_length=200, help_text=gettext_lazy("E.g. by e-mail."))

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["on"].initial = by.agency.today


class BulkPlainForm(BulkForm):
    """Nothing is asked but to go on."""


class ExportForm(BulkForm):
    """The kind of file, and its columns as far as the member may have them."""

    kind = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=[
            (FileKind.XLSX.value, gettext_lazy("Excel (.xlsx)")),
            (FileKind.CSV.value, gettext_lazy("CSV (.csv), for other programs")),
        ],
        widget=forms.RadioSelect,
        initial=FileKind.XLSX.value,
    )
    columns = forms.MultipleChoiceField(label=gettext_lazy("Columns"), initial=usual_keys)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.offered = choices_for(by)
        columns = cast("forms.MultipleChoiceField", self.fields["columns"])
        columns.choices = [(choice.key, choice.label) for choice in self.offered]

    def groups(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """For each group its check boxes: key, label, ticked."""
        value = self["columns"].value()
        ticked = set(value if isinstance(value, list) else ())
        found: dict[str, list[tuple[str, str, bool]]] = {}
        for choice in self.offered:
            found.setdefault(str(choice.group), []).append((choice.key, str(choice.label), choice.key in ticked))
        return list(found.items())


class ShortlistForm(BulkForm):
    """Name of a list, and who sees it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    is_shared = forms.BooleanField(required=False, initial=True, label=gettext_lazy("Everybody in the agency sees it"))

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
