"""Work on the price card. Two prices for the same thing are never valid on the same day."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Membership
from influencers.models import Influencer, Price

DAY = timedelta(days=1)
# Several of these may be offered side by side; their notes tell them apart.
TOLD_APART_BY_NOTE = frozenset({Price.Kind.PACKAGE, Price.Kind.USAGE, Price.Kind.OTHER})


@dataclass(frozen=True, kw_only=True)
class PriceFacts:
    """What somebody asks for a deliverable, from a day, to a day inclusive or until further notice."""

    kind: str
    platform: str
    amount: Decimal
    currency: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeptPrice:
    """A price as it was kept: `ended` is the older one that ends the day before, `until` the day before the next one begins."""

    price: Price
    ended: Price | None = None
    until: date | None = None


@transaction.atomic
def add_price(*, influencer: Influencer, facts: PriceFacts, by: Membership) -> KeptPrice:
    """One more price. The one that it follows ends the day before; without an end of its own it lasts until the next begins.

    Refused when a price for the same thing begins on the same day, or begins before the given end.
    """
    return _keep(Price(agency=influencer.agency, influencer=influencer), facts, by)


@transaction.atomic
def change_price(*, price: Price, facts: PriceFacts, by: Membership) -> KeptPrice:
    """The price with other facts, under the rules of `add_price`; the old row stays in the history."""
    return _keep(price, facts, by)


@transaction.atomic
def delete_price(*, price: Price, by: Membership) -> None:
    """Takes the price off the card; the history keeps it. The price before it stays ended."""
    _check(by)
    price.delete()


def _keep(price: Price, facts: PriceFacts, by: Membership) -> KeptPrice:
    _check(by)
    # Of two prices kept at the same moment the second sees the first.
    Influencer.objects.select_for_update(no_key=True).get(pk=price.influencer_id)
    for name, value in asdict(facts).items():
        setattr(price, name, value)
    if price.valid_to is not None and price.valid_to < price.valid_from:
        raise Refused(_("A price cannot end before it begins."))
    others = _same_thing(price)
    if others.filter(valid_from=price.valid_from).exists():
        raise Refused(_("A price for this begins on the same day already. Change that one instead."))
    until = _end_before_next(price, others)
    before = others.filter(valid_from__lt=price.valid_from).order_by("-valid_from").first()
    ended = before if before and (before.valid_to is None or before.valid_to >= price.valid_from) else None
    if ended:
        ended.valid_to = price.valid_from - DAY
        ended.save(update_fields=["valid_to"])
    price.save()
    return KeptPrice(price, ended, until)


def _end_before_next(price: Price, others: "QuerySet[Price]") -> date | None:
    """The end that an open price gets because another one begins later; Refused when the given end is too late."""
    after = others.filter(valid_from__gt=price.valid_from).order_by("valid_from").first()
    if after is None or (price.valid_to is not None and price.valid_to < after.valid_from):
        return None
    if price.valid_to is not None:
        day = date_format(after.valid_from, "j F Y")
        raise Refused(_("Another price for this begins on %(day)s. End this one before that day.") % {"day": day})
    price.valid_to = after.valid_from - DAY
    return price.valid_to


def _same_thing(price: Price) -> "QuerySet[Price]":
    """The creator's other prices for the same deliverable on the same platform in the same currency."""
    same = Price.objects.filter(
        influencer_id=price.influencer_id, kind=price.kind, platform=price.platform, currency=price.currency
    ).exclude(pk=price.pk)
    return same.filter(note=price.note) if price.kind in TOLD_APART_BY_NOTE else same


def _check(by: Membership) -> None:
    if not by.can_see_fees:
        raise Refused(_("Your role in this agency does not allow this."))
