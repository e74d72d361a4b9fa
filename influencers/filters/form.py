"""What the address may ask of the roster, field by field. What cannot be read, or is no choice of this reader, is left out."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agency.countries import COUNTRIES
from agency.models import Brand, Membership
from influencers.filters import slots
from influencers.models import AGE_BANDS, GENDERS, BrandFit, Influencer, Platform, Price, Shortlist
from influencers.models.roster import BIGINT
from influencers.selectors.tiers import Bands, tier_names

ANY = [("", _("Any"))]
RATES = [("known", _("with a rate")), ("unknown", _("without a rate"))]
SEARCH_LINE = {"type": "search", "autocomplete": "off", "data-search": True}
WRITERS_ONLY = ("brand", "verdict", "price_kind", "price_currency", "price_from", "price_to")


def text(label: Any, length: int = 100) -> forms.CharField:
    return forms.CharField(required=False, max_length=length, label=label)


def choice(label: Any, choices: Any, blank: Any = None) -> forms.ChoiceField:
    return forms.ChoiceField(required=False, label=label, choices=[("", blank) if blank else ANY[0], *choices])


def count(label: Any, highest: int = BIGINT) -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=0, max_value=highest, label=label)


def percent(label: Any, lowest: int = 0, highest: int = 100) -> forms.DecimalField:
    bounds = [MinValueValidator(Decimal(lowest)), MaxValueValidator(Decimal(highest))]
    return forms.DecimalField(required=False, label=label, validators=bounds, max_digits=9, decimal_places=3)


def country_choice(label: Any) -> forms.ChoiceField:
    return choice(label, [(code, found.name) for code, found in COUNTRIES.items()])


class RosterFilterForm(forms.Form):
    """The filters of the roster as form fields; those that the reader may not use do not exist."""

    q = text(_("Search"), 200)
    platform = choice(_("Platform"), Platform.choices, _("Any platform"))
    tier = choice(_("Tier"), (), _("Any tier"))
    status = choice(_("Status"), Influencer.Status.choices, _("Any status"))
    kind = choice(_("Kind"), Influencer.Kind.choices)
    niche = text(_("Niche"), 60)
    tag = text(_("Tag"), 60)
    country = country_choice(_("Country"))
    region = text(_("Region"))
    city = text(_("City"))
    language = text(_("Language"), 10)
    followers_from = count(_("Followers from"))
    followers_to = count(_("Followers to"))
    rate = choice(_("Engagement rate"), RATES)
    rate_from = percent(_("Rate from (%)"), highest=100_000)
    rate_to = percent(_("Rate to (%)"), highest=100_000)
    percentile_from = percent(_("Rate higher than (% of its peers)"))
    saturation_to = percent(_("Saturation to (%)"))
    growth_from = percent(_("Growth in 30 days from (%)"), lowest=-100, highest=100_000)
    growth_to = percent(_("Growth in 30 days to (%)"), lowest=-100, highest=100_000)
    audience_country = country_choice(_("Audience in"))
    audience_country_share = percent(_("at least (%)"))
    audience_age = choice(_("Audience aged"), AGE_BANDS)
    audience_age_share = percent(_("at least (%)"))
    audience_gender = choice(_("Audience that is"), GENDERS)
    audience_gender_share = percent(_("at least (%)"))
    brand = forms.ModelChoiceField(Brand.objects.none(), required=False, label=_("Brand"), empty_label=_("Any"))
    verdict = choice(_("Brand fit"), BrandFit.Verdict.choices)
    price_kind = choice(_("Price of"), Price.Kind.choices)
    price_currency = forms.CharField(
        required=False, label=_("Currency"), validators=[RegexValidator(r"^[A-Z]{3}\Z")], max_length=3
    )
    price_from = forms.DecimalField(required=False, label=_("Price from"), min_value=0, max_digits=12, decimal_places=2)
    price_to = forms.DecimalField(required=False, label=_("Price to"), min_value=0, max_digits=12, decimal_places=2)
    older = count(_("Figures older than (days)"), highest=3650)
    list = forms.ModelChoiceField(Shortlist.objects.none(), required=False, label=_("On list"), empty_label=_("Any"))
    notes = text(_("Words in notes"), 200)

    def __init__(self, data: QueryDict, *, membership: Membership, bands: Bands) -> None:
        super().__init__(data, auto_id="influencer-list-%s")
        cast("forms.ChoiceField", self.fields["tier"]).choices = [
            ("", _("Any tier")),
            *((name, name) for name in tier_names(bands)),
        ]
        lists = cast("forms.ModelChoiceField[Shortlist]", self.fields["list"])
        lists.queryset = Shortlist.objects.visible_to(membership)
        if membership.can_write:
            brand = cast("forms.ModelChoiceField[Brand]", self.fields["brand"])
            brand.queryset = Brand.objects.visible_to(membership)
        else:
            for name in WRITERS_ONLY:
                del self.fields[name]
        for slot in slots.registered():
            self.fields.update(slot.fields(membership))
        for field in self.fields.values():
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs |= {"class": "form-select" if is_select else "form-control", "aria-label": field.label}
        self.fields["q"].widget.attrs |= SEARCH_LINE | {
            "aria-label": _("Search the roster"),
            "placeholder": _("Name, handle, niche or tag"),
        }
