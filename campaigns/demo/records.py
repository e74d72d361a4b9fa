"""What the demo's agency knows beyond accounts and posts: audiences, prices, contacts, scorecards, lists, a saved view."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from agency.models import Agency, Brand, Membership
from campaigns.demo.cast import AUDIENCE_PLACES, AUDIENCE_SOURCE, SCORECARDS, ScorecardCast
from influencers.models import (
    Account,
    AudienceShare,
    BrandFit,
    BrandFitScore,
    Influencer,
    Price,
    SavedView,
    Shortlist,
    ShortlistEntry,
)

AUDIENCE_KNOWN, PRICES_KNOWN = 0.6, 0.7
AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
# How much of an audience is of each age, around where it is densest.
AROUND = {0: 40, 1: 22, 2: 8, 3: 3}
PRICE_KINDS = {
    "instagram": (Price.Kind.POST, Price.Kind.STORY),
    "tiktok": (Price.Kind.SHORT,),
    "youtube": (Price.Kind.VIDEO, Price.Kind.SHORT),
}
KIND_FACTOR = {Price.Kind.POST: 1.0, Price.Kind.STORY: 0.4, Price.Kind.SHORT: 0.9, Price.Kind.VIDEO: 2.2}


def make_records(
    agency: Agency,
    people: Sequence[Influencer],
    members: Mapping[str, Membership],
    brands: Mapping[str, Brand],
    rng: random.Random,
) -> None:
    """Write everything in a handful of bulk inserts; the same seed makes the same records."""
    today = agency.today()
    accounts = Account.objects.filter(agency=agency, is_primary=True).select_related("influencer").order_by("pk")
    known = [account for account in accounts if rng.random() < AUDIENCE_KNOWN]
    AudienceShare.objects.bulk_create(share for account in known for share in _audience(account, today, rng))
    priced = [account for account in accounts if account.platform in PRICE_KINDS and rng.random() < PRICES_KNOWN]
    Price.objects.bulk_create(price for account in priced for price in _prices(account, today, rng))
    _make_scorecards(agency, [account.influencer for account in known], members["marketer"], brands, today)
    _make_lists(agency, people, members)


def _audience(account: Account, today: date, rng: random.Random) -> Iterator[AudienceShare]:
    as_of = today - timedelta(days=rng.randrange(10, 200))
    home = account.influencer.country
    women = rng.randrange(25, 85)
    centre = rng.choices(range(len(AGES)), [5, 34, 40, 14, 5, 1, 1])[0]
    ages = {age: AROUND.get(abs(place - centre), 0) for place, age in enumerate(AGES)}
    abroad = rng.sample([place for place in AUDIENCE_PLACES if place != home], k=3)
    at_home = rng.randrange(38, 80)
    rest = (100 - at_home - 6) // 3
    parts: dict[str, dict[str, int]] = {
        "country": {home: at_home, **dict.fromkeys(abroad, rest)},
        "age": ages,
        "gender": {"women": women, "men": 98 - women, "other": 2},
        "language": {account.influencer.languages[0]: at_home, "en": 92 - at_home},
    }
    for dimension, shares in parts.items():
        whole = max(100, sum(shares.values()))
        for key, percent in shares.items():
            if percent > 0:
                yield AudienceShare(
                    agency_id=account.agency_id, account=account, dimension=dimension, key=key, as_of=as_of,
                    share=(Decimal(percent) / whole).quantize(Decimal("0.000001")), source=AUDIENCE_SOURCE,
                )  # fmt: skip


def _prices(account: Account, today: date, rng: random.Random) -> Iterator[Price]:
    followers = account.followers or 1_000
    base = 12 * (followers / 1_000) ** 0.86 * rng.uniform(0.7, 1.5)
    for kind in PRICE_KINDS[account.platform]:
        amount = Decimal(max(40, round(base * KIND_FACTOR[kind], -1)))
        yield Price(
            agency_id=account.agency_id, influencer_id=account.influencer_id, kind=kind, platform=account.platform,
            amount=amount, currency="EUR", valid_from=today.replace(month=1, day=1), valid_to=None,
        )  # fmt: skip


def _make_scorecards(
    agency: Agency, people: Sequence[Influencer], author: Membership, brands: Mapping[str, Brand], today: date
) -> None:
    for place, cast in enumerate(SCORECARDS):
        _scorecard(agency, people[place * 7 % len(people)], author, brands[cast.brand], cast, today)


def _scorecard(
    agency: Agency, person: Influencer, author: Membership, brand: Brand, cast: ScorecardCast, today: date
) -> None:
    written_on = today - timedelta(days=cast.days_ago)
    fit = BrandFit.objects.create(
        agency=agency, influencer=person, brand=brand, version=1, verdict=cast.verdict, conditions=cast.conditions,
        author=author.user, written_on=written_on, expires_on=written_on + timedelta(days=365),
    )  # fmt: skip
    BrandFitScore.objects.bulk_create(
        BrandFitScore(fit=fit, criterion=criterion, score=score, reason=reason)
        for criterion, (score, reason) in cast.scores.items()
    )


def _make_lists(agency: Agency, people: Sequence[Influencer], members: Mapping[str, Membership]) -> None:
    for name, picked in (("Autumn shortlist", people[30:44]), ("Night-train stories", people[60:66])):
        shortlist = Shortlist.objects.create(agency=agency, name=name, owner=members["marketer"], is_shared=True)
        ShortlistEntry.objects.bulk_create(ShortlistEntry(shortlist=shortlist, influencer=person) for person in picked)
    SavedView.objects.create(
        agency=agency, name="Danish, active, by rate", query="country=DK&status=active&sort=-rate",
        is_shared=True, owner=members["marketer"],
    )  # fmt: skip
