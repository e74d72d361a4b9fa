"""What each filter asks of the roster's lines, all in the database, and how its chip says it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, Func, Max, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.models import Membership
from influencers.models import AudienceShare, BrandFit, BrandFitNote, Price, RosterLine, ShortlistEntry
from influencers.selectors.tiers import Bands, in_tier

Lines = QuerySet[RosterLine, RosterLine]
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers that were valid, by field, who asks, and the bands that name sizes."""

    answers: Mapping[str, Any]
    membership: Membership
    bands: Bands
    shown: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.answers.get(name)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One filter: its fields in the address, what it asks of the lines, its words. Without its `lead` it does nothing."""

    label: str | Promise
    fields: tuple[str, ...]
    apply: Callable[[Lines, Asked], Lines]
    told: Callable[[Asked], str]
    lead: str = ""

    def is_on(self, asked: Asked) -> bool:
        leads = (self.lead,) if self.lead else self.fields
        return any(asked[name] not in {None, ""} for name in leads)


def fold(text: str) -> Func:
    """The text without accents and case, as search columns keep it."""
    return Func(Value(text), function="meso_fold", output_field=TextField())


def words_of(text: str) -> list[str]:
    """The words of a search; a leading @ is how people write handles."""
    return [word for word in (part.lstrip("@") for part in text.split()) if word]


def search(lines: Lines, asked: Asked) -> Lines:
    for word in words_of(asked["q"]):
        lines = lines.filter(search_text__contains=fold(word))
    return lines


def search_notes(lines: Lines, asked: Asked) -> Lines:
    folded = Func(F("text"), function="meso_fold", output_field=TextField())
    notes = BrandFitNote.objects.visible_to(asked.membership).annotate(folded=folded)
    for word in asked["notes"].split():
        notes = notes.filter(folded__contains=fold(word))
    return lines.filter(influencer__in=notes.values("influencer"))


def by_rate_known(lines: Lines, asked: Asked) -> Lines:
    return lines.filter(headline_rate__isnull=asked["rate"] == "unknown")


def of_tier(lines: Lines, asked: Asked) -> Lines:
    return lines.filter(in_tier(asked.bands, asked["tier"]))


def equal(label: Any, name: str, lookup: str) -> Criterion:
    """A filter whose answer stands in a column as it is."""
    return Criterion(
        label, (name,), lambda lines, asked: lines.filter(**{lookup: asked[name]}), lambda asked: asked.shown[name]
    )


def among(label: Any, name: str, column: str) -> Criterion:
    """A filter whose answer is one of several values of a column."""
    return Criterion(
        label,
        (name,),
        lambda lines, asked: lines.filter(**{f"{column}__contains": [asked[name]]}),
        lambda asked: asked.shown[name],
    )


def folded(label: Any, name: str) -> Criterion:
    return Criterion(
        label,
        (name,),
        lambda lines, asked: lines.filter(**{f"{name}__contains": fold(asked[name])}),
        lambda asked: asked.shown[name],
    )


def between(label: Any, low: str, high: str, column: str, *, is_percent: bool) -> Criterion:
    """A filter from–to on a number; unknown values are in no range. Percentages are stored as fractions."""

    def apply(lines: Lines, asked: Asked) -> Lines:
        for name, comparison in ((low, "gte"), (high, "lte")):
            if (bound := asked[name]) is not None:
                bound = float(bound / HUNDRED) if is_percent else bound
                lines = lines.filter(**{f"{column}__{comparison}": bound})
        return lines

    unit = " %" if is_percent else ""
    fields = tuple(name for name in (low, high) if name)
    return Criterion(label, fields, apply, lambda asked: span(asked[low], asked[high], unit))


def span(low: Any, high: Any, unit: str) -> str:
    """“10,000–50,000”, “from 3 %”, “to 20 %”."""
    if low is None:
        return _("to %(high)s") % {"high": f"{plain(high)}{unit}"}
    if high is None:
        return _("from %(low)s") % {"low": f"{plain(low)}{unit}"}
    return f"{plain(low)}–{plain(high)}{unit}"


def plain(number: Decimal | int) -> str:
    """The number as typed, with thousands separated."""
    if isinstance(number, int):
        return number_format(number, 0, force_grouping=True)
    places = max(0, -int(number.normalize().as_tuple().exponent))
    return number_format(number, places, force_grouping=True)


def audience(label: Any, dimension: AudienceShare.Dimension) -> Criterion:
    """At least a share of the audience of the account that speaks; of each dimension only the latest day counts."""
    key, least = f"audience_{dimension}", f"audience_{dimension}_share"

    def apply(lines: Lines, asked: Asked) -> Lines:
        same = AudienceShare.objects.filter(account=OuterRef("account"), dimension=dimension)
        latest = same.order_by().values("account").annotate(day=Max("as_of")).values("day")
        shares = AudienceShare.objects.filter(
            agency=asked.membership.agency_id, dimension=dimension, key=asked[key], as_of=Subquery(latest)
        )
        bound = asked[least]
        shares = shares.filter(share__gte=bound / HUNDRED) if bound else shares.filter(share__gt=0)
        return lines.filter(account__in=shares.values("account"))

    def told(asked: Asked) -> str:
        bound = asked[least]
        return f"{asked.shown[key]} ≥ {plain(bound)} %" if bound else asked.shown[key]

    return Criterion(label, (key, least), apply, told, lead=key)


def by_brand_fit(lines: Lines, asked: Asked) -> Lines:
    """By the verdict of the current scorecard that has not expired; without one, or expired, is not assessed."""
    membership, verdict = asked.membership, asked["verdict"]
    fits = BrandFit.objects.visible_to(membership).current().filter(expires_on__gte=membership.agency.today())
    if asked["brand"]:
        fits = fits.filter(brand=asked["brand"])
    if verdict == BrandFit.Verdict.NOT_ASSESSED:
        assessed = fits.exclude(verdict=verdict).filter(influencer=OuterRef("pk"))
        return lines.filter(~Exists(assessed))
    if verdict:
        fits = fits.filter(verdict=verdict)
    else:
        fits = fits.exclude(verdict=BrandFit.Verdict.NOT_ASSESSED)
    return lines.filter(influencer__in=fits.values("influencer"))


def told_brand_fit(asked: Asked) -> str:
    verdict = asked.shown["verdict"] if asked["verdict"] else _("assessed")
    return f"{verdict} · {asked['brand']}" if asked["brand"] else verdict


def currency_of(asked: Asked) -> str:
    """Amounts are compared in one currency only: the one asked for, else the agency's."""
    return asked["price_currency"] or asked.membership.agency.currency


def by_price(lines: Lines, asked: Asked) -> Lines:
    today = asked.membership.agency.today()
    still = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    prices = Price.objects.filter(still, agency=asked.membership.agency_id, valid_from__lte=today)
    if asked["price_kind"]:
        prices = prices.filter(kind=asked["price_kind"])
    low, high = asked["price_from"], asked["price_to"]
    if asked["price_currency"] or low is not None or high is not None:
        prices = prices.filter(currency=currency_of(asked))
    if low is not None:
        prices = prices.filter(amount__gte=low)
    if high is not None:
        prices = prices.filter(amount__lte=high)
    return lines.filter(influencer__in=prices.values("influencer"))


def told_price(asked: Asked) -> str:
    parts = [asked.shown["price_kind"]] if asked["price_kind"] else []
    low, high = asked["price_from"], asked["price_to"]
    if low is not None or high is not None:
        parts.append(span(low, high, f" {currency_of(asked)}"))
    elif asked["price_currency"]:
        parts.append(asked["price_currency"])
    return " · ".join(parts)


def by_age_of_figures(lines: Lines, asked: Asked) -> Lines:
    return lines.filter(figures_as_of__lt=now() - timedelta(days=asked["older"]))


def on_list(lines: Lines, asked: Asked) -> Lines:
    entries = ShortlistEntry.objects.filter(shortlist=asked["list"])
    return lines.filter(influencer__in=entries.values("influencer"))


DIMENSION = AudienceShare.Dimension
CRITERIA = (
    Criterion(gettext_lazy("Search"), ("q",), search, lambda asked: asked["q"]),
    equal(gettext_lazy("Status"), "status", "status"),
    equal(gettext_lazy("Kind"), "kind", "kind"),
    equal(gettext_lazy("Country"), "country", "country"),
    among(gettext_lazy("Platform"), "platform", "platforms"),
    Criterion(gettext_lazy("Tier"), ("tier",), of_tier, lambda asked: asked["tier"]),
    among(gettext_lazy("Niche"), "niche", "niches"),
    among(gettext_lazy("Tag"), "tag", "tags"),
    among(gettext_lazy("Language"), "language", "languages"),
    folded(gettext_lazy("Region"), "region"),
    folded(gettext_lazy("City"), "city"),
    between(gettext_lazy("Followers"), "followers_from", "followers_to", "followers", is_percent=False),
    Criterion(gettext_lazy("Engagement rate"), ("rate",), by_rate_known, lambda asked: asked.shown["rate"]),
    between(gettext_lazy("Rate"), "rate_from", "rate_to", "headline_rate", is_percent=True),
    between(gettext_lazy("Rate better than"), "percentile_from", "", "rate_percentile", is_percent=True),
    between(gettext_lazy("Saturation"), "", "saturation_to", "saturation", is_percent=True),
    between(gettext_lazy("Growth in 30 days"), "growth_from", "growth_to", "growth_30d", is_percent=True),
    audience(gettext_lazy("Audience in"), DIMENSION.COUNTRY),
    audience(gettext_lazy("Audience aged"), DIMENSION.AGE),
    audience(gettext_lazy("Audience"), DIMENSION.GENDER),
    Criterion(gettext_lazy("Brand fit"), ("brand", "verdict"), by_brand_fit, told_brand_fit),
    Criterion(gettext_lazy("Price"), ("price_kind", "price_currency", "price_from", "price_to"), by_price, told_price),
    Criterion(
        gettext_lazy("Figures older than"),
        ("older",),
        by_age_of_figures,
        lambda asked: _("%(days)s days") % {"days": plain(asked["older"])},
    ),
    Criterion(gettext_lazy("List"), ("list",), on_list, lambda asked: str(asked["list"])),
    Criterion(gettext_lazy("In notes"), ("notes",), search_notes, lambda asked: asked["notes"]),
)
