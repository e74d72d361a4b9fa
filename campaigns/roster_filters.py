"""What bookings narrow the roster by: who is free on given days, who did no work for a brand's rivals of late."""

from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.models import Brand, Membership
from agency.templatetags.meso import days_text
from campaigns.fields import EVERYTHING, day_set, id_set
from campaigns.fit_evidence import for_rivals, holding, lasting
from campaigns.models import Claim
from influencers.filters.slots import Answers, Lines, Slot, register
from influencers.models import Influencer

MOST_MONTHS = 60
SANE_DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]


def day_field(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=False, label=label, widget=widget, validators=SANE_DAYS)


def brand_field(label: Any, reader: Membership) -> forms.Field:
    brands = Brand.objects.visible_to(reader)
    return forms.ModelChoiceField(brands, required=False, label=label, empty_label=gettext_lazy("Any"))


# --- free on these days ---------------------------------------------------------------------------------
def free_fields(reader: Membership) -> dict[str, forms.Field]:
    return {
        "free_from": day_field(gettext_lazy("Free from")),
        "free_to": day_field(gettext_lazy("Free to")),
        "free_for": brand_field(gettext_lazy("Free for"), reader),
    }


def period(answers: Answers) -> tuple[date, date]:
    """First and last day; one of them alone is that day, the two in the wrong order are put right."""
    first = answers["free_from"]
    last = answers.get("free_to") or first
    return min(first, last), max(first, last)


def free(lines: Lines, answers: Answers, reader: Membership) -> Lines:
    """Without those whom a claim holds on these days.

    For a brand: without those whom an exclusivity or absence shuts out from posts for it, as a booking of it would be refused,
    on any platform and in any market. Whose exclusivity that is counts for nothing: it blocks, and is not told.
    """
    claims = Claim.objects.filter(agency=reader.agency_id, during__overlap=day_set([period(answers)]))
    brand: Brand | None = answers.get("free_for")
    if brand is not None:
        sold = list(brand.categories.values_list("pk", flat=True))
        claims = claims.filter(
            enforced=True,
            is_exclusive=True,
            parties__overlap=id_set([brand.pk]),
            categories__overlap=id_set(sold) if sold else EVERYTHING,
        )
    return lines.filter(~Q(influencer__in=claims.values("influencer")))


def told_free(answers: Answers) -> str:
    days = days_text(*period(answers))
    brand = answers.get("free_for")
    return _("%(days)s for %(brand)s") % {"days": days, "brand": brand} if brand else days


# --- no rival work --------------------------------------------------------------------------------------
def rival_fields(reader: Membership) -> dict[str, forms.Field]:
    return {
        "rivals_of": brand_field(gettext_lazy("No work for rivals of"), reader),
        "rival_months": forms.IntegerField(
            required=False, min_value=1, max_value=MOST_MONTHS, label=gettext_lazy("in the last months (12)")
        ),
    }


def months_of(answers: Answers) -> int:
    return int(answers.get("rival_months") or 12)


def without_rival_work(lines: Lines, answers: Answers, reader: Membership) -> Lines:
    """Without those who are held, or were in that time, for rivals of the brand, as far as the reader may know of the work."""
    since = months_before(reader.agency.today(), months_of(answers))
    work = lasting(holding(reader).filter(for_rivals(answers["rivals_of"])), since).order_by()
    members = Influencer.objects.filter(duos__collaborations__in=work.values("pk"))
    return lines.filter(~Q(influencer__in=work.values("influencer")), ~Q(influencer__in=members.values("pk")))


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month; its last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def told_rivals(answers: Answers) -> str:
    return _("%(brand)s, %(months)s months") % {"brand": answers["rivals_of"], "months": months_of(answers)}


def register_roster_filters() -> None:
    """To be called once, when the app is ready."""
    register(Slot("free", gettext_lazy("Free"), "free_from", free_fields, free, told_free))
    register(
        Slot(
            "rivals",
            gettext_lazy("No work for rivals of"),
            "rivals_of",
            rival_fields,
            without_rival_work,
            told_rivals,
        )
    )
