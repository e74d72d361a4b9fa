"""What a person fills in to import a file."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from influencers.imports.meaning_choices import ROSTER_MEANINGS
from influencers.imports.preview import Preview
from influencers.imports.reading_options import ALL_SHEETS, DELIMITERS, ENCODINGS, LAST_HEADER_ROW, ReadingOptions
from influencers.models import Platform

FOUND_OUT = _("found out")
SIGNS = {",": _("comma ,"), ";": _("semicolon ;"), "\t": _("tab"), "|": _("vertical bar |")}
COLUMN, SHOWN, ANSWER = "column-", "shown-", "answer-"


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


class ReadingForm(forms.Form):
    """How a file is read; whatever is left open is found out."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_row = forms.IntegerField(
        label=_("Headings in line"), required=False, min_value=0, max_value=LAST_HEADER_ROW, help_text=_("0: none")
    )
    delimiter = forms.ChoiceField(label=_("Delimiter"), required=False)
    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    platform = forms.ChoiceField(
        label=_("Platform"), required=False, choices=[("", _("the file says it")), *Platform.choices]
    )

    def __init__(self, data: Any = None, *, options: ReadingOptions, preview: Preview | None = None) -> None:
        super().__init__(data, initial=options.as_dict())
        facts = preview.facts if preview else None
        names = [sheet.name for sheet in preview.sheets] if preview else []
        names += [options.sheet] if options.sheet and options.sheet not in (*names, ALL_SHEETS) else []
        every = [(ALL_SHEETS, _("all sheets"))] if len(names) > 1 else []
        self._choose("sheet", facts.sheet if facts else "", [*((name, name) for name in names), *every])
        delimiter = str(SIGNS.get(facts.delimiter, "")) if facts else ""
        self._choose("delimiter", delimiter, [(sign, SIGNS[sign]) for sign in DELIMITERS])
        self._choose("encoding", facts.encoding if facts else "", [(name, name) for name in ENCODINGS])
        if facts is not None:
            self.fields["header_row"].widget.attrs["placeholder"] = str(facts.header_row)
            for name in ("delimiter", "encoding") if facts.kind == "xlsx" else ("sheet",):
                del self.fields[name]
        for field in self.fields.values():
            css = "form-control" if isinstance(field, forms.IntegerField) else "form-select"
            field.widget.attrs["class"] = f"{css} form-control-sm"

    def _choose(self, name: str, found: str, choices: Iterable[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", f"{found} ({FOUND_OUT})" if found else FOUND_OUT), *choices]

    def options(self) -> ReadingOptions:
        """What was decided; ImportRefused for what no file could have."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return ReadingOptions.from_dict(given)


class ColumnsForm(forms.Form):
    """What each column means. A meaning that was only proposed stays a proposal while it is left as it was shown."""

    mapping_name = forms.CharField(
        label=_("Save this for files with these headings as"), required=False, max_length=100
    )

    def __init__(self, data: Any = None, *, preview: Preview | None, mapping: dict[str, str]) -> None:
        super().__init__(data)
        self._mapping = mapping
        self.keys = [column.key for column in preview.columns] if preview else []
        for column in preview.columns if preview else ():
            field = forms.ChoiceField(
                label=column.header, required=False, choices=ROSTER_MEANINGS, initial=column.meaning
            )
            field.widget.attrs["class"] = "form-select form-select-sm"
            self.fields[f"{COLUMN}{column.key}"] = field

    def mapping(self) -> dict[str, str]:
        """What a person chose, now or before."""
        chosen = {key: value for key, value in self._mapping.items() if key not in self.keys}
        for key in self.keys:
            meaning = self.cleaned_data[f"{COLUMN}{key}"]
            if key in self._mapping or meaning != self.data.get(f"{SHOWN}{key}", ""):
                chosen[key] = meaning
        return chosen

    def answers(self) -> dict[str, str]:
        """The answers that were clicked: question's key to choice's value."""
        return {name.removeprefix(ANSWER): str(value) for name, value in self.data.items() if name.startswith(ANSWER)}
