"""What a creator's profile shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from agency.models import Membership
from influencers.models import (
    Account,
    EngagementFigures,
    FollowerCount,
    Influencer,
    Post,
    Shortlist,
)
from influencers.selectors.explained import ExplainedFigure, explain
from influencers.selectors.roster import SPEAKS_FIRST, figures_of
from influencers.selectors.tiers import Bands, TierReading, read_tier

CURVE_DAYS = 731
COUNTS_IN_TABLE = 12


@dataclass(frozen=True, slots=True)
class ProfileAccount:
    """An account with its tier and its latest figures, each explained."""

    account: Account
    tier: TierReading
    figures: EngagementFigures | None
    explained: list[ExplainedFigure]


@dataclass(frozen=True, slots=True)
class HeadAccount:
    """An account with its tier, as the head of every tab shows it."""

    account: Account
    tier: TierReading


@dataclass(frozen=True, slots=True)
class Duo:
    """Who is in this duo, and which duos this person is in; one of the two is always empty."""

    members: list[Influencer]
    part_of: list[Influencer]


class CountOfDay(NamedTuple):
    """A follower count without the weight of a model: a curve has hundreds of them."""

    account_id: int
    pk: int
    day: date
    followers: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Follower counts of an account by day, oldest first."""

    account: Account
    counts: list[CountOfDay]

    @property
    def newest(self) -> list[CountOfDay]:
        """What the table beside the curve shows, newest first: thousands of rows would take longer than all the rest."""
        return self.counts[: -COUNTS_IN_TABLE - 1 : -1]


def profile_accounts(influencer: Influencer, bands: Bands) -> list[ProfileAccount]:
    """All accounts, the one that speaks for the creator first. Two queries."""
    accounts = list(influencer.accounts.order_by(*SPEAKS_FIRST))
    figures = figures_of(account.pk for account in accounts)
    found = []
    for account in accounts:
        latest = figures.get(account.pk)
        explained = explain(latest, account.platform) if latest else []
        found.append(ProfileAccount(account, read_tier(bands, account), latest, explained))
    return found


def head_accounts(influencer: Influencer, bands: Bands) -> list[HeadAccount]:
    """All accounts with their tiers, the one that speaks for the creator first. One query."""
    accounts = influencer.accounts.order_by(*SPEAKS_FIRST)
    return [HeadAccount(account, read_tier(bands, account)) for account in accounts]


def duo_of(influencer: Influencer) -> Duo:
    """The people of the duo, or the duos of the person, by name. One query."""
    through: Any = Influencer.members.through
    links = through.objects.filter(Q(from_influencer=influencer) | Q(to_influencer=influencer))
    duo = Duo([], [])
    for link in links.select_related("from_influencer", "to_influencer"):
        is_duo = link.from_influencer_id == influencer.pk
        (duo.members if is_duo else duo.part_of).append(link.to_influencer if is_duo else link.from_influencer)
    for people in (duo.members, duo.part_of):
        people.sort(key=lambda person: (person.sort_name, person.pk))
    return duo


def lists_of(influencer: Influencer, membership: Membership) -> list[Shortlist]:
    """The lists with this creator that the member may open. One query."""
    return list(
        Shortlist.objects.visible_to(membership).filter(entries__influencer=influencer).select_related("agency")
    )


def follower_curves(accounts: Sequence[Account], *, today: date) -> list[Curve]:
    """The counts of the last two years, of the accounts that have at least two. One query."""
    since = today - timedelta(days=CURVE_DAYS)
    rows = FollowerCount.objects.filter(account__in=accounts, day__gte=since).order_by("account", "day")
    counts = (CountOfDay(*row) for row in rows.values_list("account_id", "pk", "day", "followers"))
    by_account = {pk: list(own) for pk, own in groupby(counts, key=lambda count: count.account_id)}
    return [Curve(account, by_account[account.pk]) for account in accounts if len(by_account.get(account.pk, ())) > 1]


def curves_as_json(curves: Sequence[Curve]) -> list[dict[str, Any]]:
    """The curves as `static/chart.js` reads them: a label and [day, followers] pairs."""
    return [
        {
            "label": f"{curve.account} · {curve.account.get_platform_display()}",
            "points": [[count.day.isoformat(), count.followers] for count in curve.counts],
        }
        for curve in curves
    ]


def posts_of(influencer: Influencer) -> QuerySet[Post]:
    """The creator's posts on all accounts, newest first, those of unknown time last; deleted ones left out."""
    posts = Post.objects.filter(account__influencer=influencer, is_deleted=False).select_related("account")
    return posts.order_by(F("posted_at").desc(nulls_last=True), "-pk")


def posts_as_json(posts: Sequence[Post]) -> list[dict[str, Any]]:
    """The posts as `static/chart.js` reads them, oldest first: when, on what, seen and liked how often, sponsored or not."""
    return [
        {
            "at": post.posted_at.isoformat(),
            "account": f"{post.account} · {post.account.get_platform_display()}",
            "views": post.views,
            "likes": post.likes,
            "sponsored": post.is_sponsored,
        }
        for post in reversed(posts)
        if post.posted_at is not None
    ]
