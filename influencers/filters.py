"""What the roster can be narrowed to. The address keeps it, so a filtered roster can be linked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.models import Agency
from influencers.models import Account, Influencer, InfluencerQuerySet, Platform
from influencers.selectors.cursor import WORDS
from influencers.selectors.roster import niches_of, with_primary_account, with_rate
from influencers.selectors.tiers import Bands, in_tier, tier_names
from influencers.sorting import address

RATES = (("known", gettext_lazy("with a rate")), ("unknown", gettext_lazy("without a rate")))


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter and the address of the list without it."""

    label: str
    value: str
    url: str


class InfluencerFilter(django_filters.FilterSet):
    """Search text, platform, tier of the account that speaks for the creator, niche, status, rate known or not."""

    q = django_filters.CharFilter(method="matching", label=gettext_lazy("Search"))
    platform = django_filters.ChoiceFilter(
        method="on_platform",
        label=gettext_lazy("Platform"),
        choices=Platform.choices,
        empty_label=gettext_lazy("Any platform"),
    )
    tier = django_filters.ChoiceFilter(
        method="of_tier", label=gettext_lazy("Tier"), choices=(), empty_label=gettext_lazy("Any tier")
    )
    niche = django_filters.ChoiceFilter(
        method="in_niche", label=gettext_lazy("Niche"), choices=(), empty_label=gettext_lazy("Any niche")
    )
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"), choices=Influencer.Status.choices, empty_label=gettext_lazy("Any status")
    )
    rate = django_filters.ChoiceFilter(
        method="by_rate", label=gettext_lazy("Engagement rate"), choices=RATES, empty_label=gettext_lazy("Any rate")
    )

    class Meta:
        model = Influencer
        fields = ("q", "platform", "tier", "niche", "status", "rate")

    def __init__(self, data: QueryDict, *, agency: Agency, bands: Bands) -> None:
        self.bands = bands
        super().__init__(data, queryset=Influencer.objects.filter(agency=agency))
        fields: dict[str, Any] = self.form.fields
        fields["tier"].choices = [("", _("Any tier")), *((name, name) for name in tier_names(bands))]
        fields["niche"].choices = [("", _("Any niche")), *((niche, niche) for niche in niches_of(agency))]
        for name, field in fields.items():
            field.widget.attrs |= {"class": "form-select", "aria-label": field.label, "id": f"influencer-list-{name}"}
        fields["q"].widget = forms.TextInput(
            attrs={
                "class": "form-control",
                "aria-label": _("Search the roster"),
                "id": "influencer-list-q",
                "type": "search",
                "placeholder": _("Name, handle, niche or tag"),
                "autocomplete": "off",
                "data-search": True,
            }
        )

    def matching(self, rows: InfluencerQuerySet, _name: str, text: str) -> InfluencerQuerySet:
        return rows.matching(text)

    def on_platform(self, rows: InfluencerQuerySet, _name: str, platform: str) -> InfluencerQuerySet:
        return rows.filter(Exists(Account.objects.filter(influencer=OuterRef("pk"), platform=platform)))

    def of_tier(self, rows: InfluencerQuerySet, _name: str, tier: str) -> InfluencerQuerySet:
        speaking = Account.objects.filter(in_tier(self.bands, tier), pk=OuterRef("primary_id"))
        return with_primary_account(rows).filter(Exists(speaking))

    def in_niche(self, rows: InfluencerQuerySet, _name: str, niche: str) -> InfluencerQuerySet:
        return rows.filter(niches__contains=[niche])

    def by_rate(self, rows: InfluencerQuerySet, _name: str, answer: str) -> InfluencerQuerySet:
        return with_rate(rows).filter(Q(rate__isnull=answer == "unknown"))

    def chips(self, path: str) -> Iterator[Chip]:
        """The filters that are at work, each with the address that takes it away."""
        for name, value in self.form.cleaned_data.items():
            if value:
                field = self.form.fields[name]
                shown = dict(getattr(field, "choices", ())).get(value, value)
                yield Chip(str(field.label), str(shown), address(path, self.data, without=(name, *WORDS)))

    def unknown_values(self) -> list[str]:
        """What the address asks for that is no choice here; such a filter is left out."""
        return [self.data.get(name, "") for name in self.form.errors]
