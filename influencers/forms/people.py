"""Forms of creators, their accounts and follower counts."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.countries import COUNTRIES
from influencers.imports.errors import CellError
from influencers.imports.handles import ProfileLink, parse_profile
from influencers.imports.numbers import ColumnNumbers, Count
from influencers.imports.places import language_code
from influencers.models import Influencer, Platform
from influencers.services.people import DETAILS

MANY_WORDS, LONG_WORD = 40, 60
MANY_LINKS = 20
# Followers are whole people, so 12,431 and 12.431 can only be twelve thousand; with a unit (1,234M) two readings remain.
GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+)")


class WordsField(forms.CharField):
    """Words separated by commas, each once."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = (" ".join(word.split()) for word in re.split(r"[,;\n]", super().to_python(value) or ""))
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MANY_WORDS:
            raise forms.ValidationError(_("These are more than %(most)d words.") % {"most": MANY_WORDS})
        for word in value:
            if len(word) > LONG_WORD:
                raise forms.ValidationError(_("“%(word)s” is longer than 60 characters.") % {"word": word})

    def run_validators(self, value: Any) -> None:
        """The validators of text do not know lists; `validate` said it all."""


class LanguagesField(WordsField):
    """Languages by name or ISO code; kept as codes."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        for word in value:
            if language_code(word) is None:
                message = _("“%(word)s” is no language that is known here. Use its code, e.g. da.")
                raise forms.ValidationError(message % {"word": word})

    def clean(self, value: Any) -> Any:
        codes = (language_code(word) for word in super().clean(value))
        return list(dict.fromkeys(code for code in codes if code))


def country_choices() -> list[tuple[str, str]]:
    names = sorted((country.name, code) for code, country in COUNTRIES.items())
    return [("", _("unknown")), *((code, name) for name, code in names)]


class InfluencerForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is known of a creator, without the accounts."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices, required=False)
    languages = LanguagesField(
        label=gettext_lazy("Languages"),
        required=False,
        help_text=gettext_lazy("Separated by commas, e.g. Danish, English."),
    )
    niches = WordsField(label=gettext_lazy("Niches"), required=False, help_text=gettext_lazy("Separated by commas."))
    tags = WordsField(
        label=gettext_lazy("Tags"), required=False, help_text=gettext_lazy("Your own words, separated by commas.")
    )

    class Meta:
        model = Influencer
        fields: tuple[str, ...] = (
            *(
                "name",
                "status",
                "kind",
                "role_type",
                "niches",
                "tags",
                "country",
                "region",
                "city",
                "languages",
                "email",
                "phone",
            ),
            *("management_contact", "management_email", "source", "lawful_basis", "informed_on", "informed_how"),
        )
        labels = {
            "lawful_basis": gettext_lazy("Lawful basis"),
            "informed_on": gettext_lazy("Person was informed on"),
            "informed_how": gettext_lazy("How they were informed"),
        }
        widgets = {"informed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def details(self) -> dict[str, Any]:
        """What the services take beside the name."""
        return {name: value for name, value in self.cleaned_data.items() if name in DETAILS}


class NewInfluencerForm(InfluencerForm):
    """A creator by name, by profile links, or both."""

    profiles = forms.CharField(
        label=gettext_lazy("Profile links"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "https://www.instagram.com/…", "spellcheck": "false"}),
        help_text=gettext_lazy("One address per line, as copied from the browser."),
    )

    class Meta(InfluencerForm.Meta):
        fields = (
            *(
                "name",
                "status",
                "kind",
                "role_type",
                "niches",
                "tags",
                "country",
                "city",
                "languages",
                "email",
                "source",
            ),
        )

    field_order = ("profiles", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["name"].help_text = _("Empty: the first handle stands for it.")

    def clean_profiles(self) -> list[str]:
        lines = [line for line in self.cleaned_data["profiles"].splitlines() if line.strip()]
        if len(lines) > MANY_LINKS:
            raise forms.ValidationError(_("These are more than %(most)d links.") % {"most": MANY_LINKS})
        return lines

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("name") and not cleaned.get("profiles") and not self.errors:
            self.add_error("profiles", _("Paste at least one profile link, or give a name."))
        return cleaned


def read_count(text: str) -> Count | None:
    """The count as a person types it (12431, 12,431, 12.4K); None for an empty text, ValidationError with the reason."""
    plain = text.strip()
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "").replace(".", "")
    try:
        return ColumnNumbers(_("followers")).read(plain)
    except CellError as error:
        raise forms.ValidationError(error.message) from error


class FollowersField(forms.CharField):
    """A follower count as a person types it; `Count` or None."""

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "placeholder": "12,431"})

    def clean(self, value: Any) -> Any:
        return read_count(super().clean(value))


class FollowerCountForm(forms.Form):
    """Today's followers of an account."""

    followers = FollowersField(label=gettext_lazy("Followers today"), max_length=60)

    def clean_followers(self) -> Count:
        count: Count | None = self.cleaned_data["followers"]
        if count is None:
            raise forms.ValidationError(_("Type the number of followers, e.g. 12,431 or 12.4K."))
        return count


class AccountForm(forms.Form):
    """A profile by its address, or by platform and handle."""

    profile = forms.CharField(
        label=gettext_lazy("Profile link or handle"),
        max_length=500,
        help_text=gettext_lazy("The address as copied from the browser, or a handle and its platform."),
    )
    platform = forms.ChoiceField(
        label=gettext_lazy("Platform"),
        required=False,
        choices=lambda: [("", _("as the address says")), *Platform.choices],
    )
    followers = FollowersField(
        label=gettext_lazy("Followers today"), required=False, max_length=60, help_text=gettext_lazy("May stay empty.")
    )
    is_primary = forms.BooleanField(
        label=gettext_lazy("This is the primary account"),
        required=False,
        help_text=gettext_lazy(
            "Tier and rate of the roster are taken from it. Without one the largest account counts."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("profile"):
            try:
                cleaned["link"] = parse_profile(cleaned["profile"], platform=cleaned.get("platform") or None)
            except CellError as error:
                self.add_error("profile", error.message)
        return cleaned

    def link(self) -> ProfileLink:
        link: ProfileLink = self.cleaned_data["link"]
        return link
