"""Forms of people, clients and brands. Each takes what it needs to offer only what the person may see."""

import re
import zoneinfo
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from agency.audience import AGE_BANDS, validate_language
from agency.brand_services import BrandFacts, Contact
from agency.category_tree import tree
from agency.countries import validate_market
from agency.models import Agency, Brand, Category, Client, Membership, User

EM_SPACE = "\u2003"
LONGEST_NICHE = 60
AUDIENCE_FACTS = ("target_ages", "target_women_percent", "languages", "niches")
CHECK_BOXES = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})  # for components/choice_box.html


def zone_choices() -> list[tuple[str, str]]:
    """Zones named after a place, and UTC."""
    return [(name, name) for name in sorted(zoneinfo.available_timezones()) if "/" in name or name == "UTC"]


class SearchForm(forms.Form):
    """The words of a search; what cannot be read (too long, a NUL) searches nothing."""

    q = forms.CharField(max_length=200, required=False)

    def wanted(self) -> str:
        return str(self.cleaned_data["q"]) if self.is_valid() else ""


class AgencyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, time zone and currency; the address never changes, links depend on it."""

    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, help_text=_("Decides which calendar day a post or a booking is on.")
    )
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, e.g. EUR."))],
        help_text=_("Offered first for fees and prices; amounts are never converted."),
    )

    class Meta:
        model = Agency
        fields = ("name", "timezone", "currency")


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices, initial=Membership.Role.MARKETER)
    is_roster_manager = forms.BooleanField(
        label=_("Roster manager"), required=False, help_text=_("Opens the admin panel.")
    )


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Membership
        fields = ("role", "is_roster_manager", "is_active")
        help_texts = {"is_active": _("A person who left is made inactive; what they wrote stays.")}


class AcceptForm(forms.Form):
    """Name and password of a new login; the password is judged like any other."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least eight characters, not a common one, not like your e-mail address."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                password_validation.validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """A client; who may see it is offered to managers, and the flag also to the marketer who adds the client."""

    class Meta:
        model = Client
        fields = ("name", "is_confidential", "team")
        widgets = {"team": CHECK_BOXES}

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        members = Membership.objects.filter(agency_id=by.agency_id, is_active=True).select_related("user")
        team = self.fields["team"]
        assert isinstance(team, forms.ModelMultipleChoiceField)  # noqa: S101 - tells mypy what the model says
        team.queryset = members.order_by("user__name", "user__email")
        if not by.is_manager:
            del self.fields["team"]
            if self.instance.pk:
                del self.fields["is_confidential"]

    def facts(self) -> dict[str, Any]:
        """What the services take; what was not offered stays as it is."""
        kept = self.initial if self.instance.pk else {}
        return {
            "name": self.cleaned_data["name"],
            "is_confidential": self.cleaned_data.get("is_confidential", kept.get("is_confidential", False)),
            "team": self.cleaned_data.get("team", kept.get("team", [])),
        }


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    role = forms.CharField(label=_("Role"), max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("name") and (cleaned.get("email") or cleaned.get("role")):
            self.add_error("name", _("Whose address is this? Add the name, or clear the row."))
        return cleaned


ContactFormSet = forms.formset_factory(ContactForm, extra=2, max_num=50, absolute_max=60)


def contacts_of(formset: Any) -> list[Contact]:
    """The rows that have a name; clearing a row takes the contact away."""
    return [
        Contact(name=row["name"], email=row["email"], role=row["role"])
        for row in formset.cleaned_data
        if row.get("name")
    ]


class CodesField(forms.CharField):
    """Codes, separated by commas or spaces; each is judged by `validate_code`."""

    validate_code: Callable[[str], None]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return sorted(set(self.spelled(text).replace(",", " ").replace(";", " ").split()))

    def spelled(self, text: str) -> str:
        return text.lower()

    def validate(self, value: Any) -> None:
        super().validate(value)
        for code in value:
            type(self).validate_code(code)

    def run_validators(self, value: Any) -> None:
        """The validators of text do not know lists; `validate` said it all."""


class MarketsField(CodesField):
    """Country codes."""

    validate_code = staticmethod(validate_market)

    def spelled(self, text: str) -> str:
        return text.upper()


class LanguageCodesField(CodesField):
    """Language codes of two letters."""

    validate_code = staticmethod(validate_language)


class NichesField(forms.CharField):
    """Niches, separated by commas, each once."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = (" ".join(word.split()) for word in re.split(r"[,;\n]", super().to_python(value) or ""))
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        super().validate(value)
        for word in value:
            if len(word) > LONGEST_NICHE:
                raise forms.ValidationError(_("“%(word)s” is longer than 60 characters."), params={"word": word})

    def run_validators(self, value: Any) -> None:
        """The validators of text do not know lists; `validate` said it all."""


class CategoryChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """The agency's categories as an indented tree."""

    widget = CHECK_BOXES

    def offer(self, agency: Agency) -> None:
        self.queryset = Category.objects.filter(agency=agency)
        self.choices = [(category.pk, EM_SPACE * depth + category.name) for category, depth in tree(agency)]


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]
    """A brand; offers only clients and rivals that the author may see."""

    categories = CategoryChoice(label=_("Categories"), queryset=Category.objects.none(), required=False)
    markets = MarketsField(label=_("Markets"), required=False, help_text=_("Country codes, e.g. DK, NL. Empty: all."))
    target_ages = forms.MultipleChoiceField(
        label=_("Target ages"),
        choices=AGE_BANDS,
        required=False,
        widget=CHECK_BOXES,
        help_text=_("Audiences are held against them. None: no preference."),
    )
    target_women_percent = forms.IntegerField(
        label=_("Women in the target audience, %"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("Empty: no preference."),
    )
    languages = LanguageCodesField(
        label=_("Languages"), required=False, help_text=_("Language codes, e.g. da, en. Empty: no preference.")
    )
    niches = NichesField(
        label=_("Niches"), required=False, help_text=_("Niches that suit the brand, separated by commas.")
    )

    class Meta:
        model = Brand
        fields = (
            *("name", "client", "markets", "target_audience", "values", "no_go_topics", "categories", "rivals"),
            *AUDIENCE_FACTS,
        )
        widgets = {
            "rivals": CHECK_BOXES,
            "target_audience": forms.Textarea(attrs={"rows": 3}),
            "values": forms.Textarea(attrs={"rows": 3}),
            "no_go_topics": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client, categories, rivals = (self.fields[name] for name in ("client", "categories", "rivals"))
        assert isinstance(client, forms.ModelChoiceField)  # noqa: S101 - tells mypy what the model says
        assert isinstance(categories, CategoryChoice)  # noqa: S101
        assert isinstance(rivals, forms.ModelMultipleChoiceField)  # noqa: S101
        client.queryset = Client.objects.visible_to(by)
        client.empty_label = _("none: a rival, not a client's brand")
        client.help_text = ""
        categories.offer(by.agency)
        rivals.queryset = Brand.objects.visible_to(by).exclude(pk=self.instance.pk)

    def facts(self) -> BrandFacts:
        """What the services take."""
        names = ("categories", "rivals", "markets", "values", "no_go_topics", "target_audience", *AUDIENCE_FACTS)
        return BrandFacts(**{name: self.cleaned_data[name] for name in names})
