"""What a client brief says, read from the database in a handful of queries and frozen. Fees and prices are never read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from agency.countries import country_name
from campaigns.briefs.disclosure import DisclosureRule, rules_for
from campaigns.models import Campaign, Collaboration, Deliverable
from influencers.models import Account, EngagementFigures, Platform
from influencers.selectors.tiers import Bands, default_bands, read_tier

# The headline is the median of interactions over views here, and over followers elsewhere.
RATED_BY_VIEWS = frozenset({Platform.TIKTOK, Platform.YOUTUBE})
LEFT_OUT = (Collaboration.State.DECLINED, Collaboration.State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Rate:
    """The headline engagement rate of an account, or why there is none."""

    value: float | None
    reason: str
    by_views: bool
    n: int
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One profile of a creator."""

    platform: str
    handle: str
    followers: int | None
    followers_on: date | None
    is_rounded: bool
    tier: str
    tier_note: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class DeliverableLine:
    """One thing to make."""

    format: str
    account: str
    state: str
    draft_due_on: date | None
    feedback_due_on: date | None
    live_from: date | None
    live_to: date | None
    live_time: time | None
    must_stay_until: date | None


@dataclass(frozen=True, slots=True)
class CreatorLine:
    """One creator of the line-up."""

    name: str
    state: str
    state_label: str
    starts_on: date
    ends_on: date
    accounts: tuple[AccountLine, ...]
    deliverables: tuple[DeliverableLine, ...]


@dataclass(frozen=True, slots=True)
class ClientBrief:
    """Everything that the client brief of a campaign shows."""

    agency: str
    brand: str
    campaign: str
    objective: str
    starts_on: date
    ends_on: date
    markets: tuple[str, ...]
    target_reach: int | None
    embargo_until: datetime | None
    key_messages: tuple[str, ...]
    dos: str
    donts: str
    hashtags: tuple[str, ...]
    tracking: str
    creators: tuple[CreatorLine, ...]
    disclosure: tuple[DisclosureRule, ...]
    markets_without_rule: tuple[str, ...]
    tier_scheme: str
    made_on: date


def read_client_brief(campaign: Campaign) -> ClientBrief:
    """The brief of a campaign as of now. The caller has checked that the reader may know of the campaign."""
    agency = campaign.agency
    bands = default_bands(agency)
    collaborations = list(
        campaign.collaborations.exclude(state__in=LEFT_OUT)
        .select_related("influencer")
        .prefetch_related("influencer__accounts", "deliverables__account")
    )
    rates = _newest_rates(account.pk for one in collaborations for account in one.influencer.accounts.all())
    rules, without_rule = rules_for(campaign.markets)
    return ClientBrief(
        agency=agency.name,
        brand=campaign.brand.name,
        campaign=campaign.name,
        objective=str(campaign.get_objective_display()),
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        markets=tuple(country_name(code) for code in campaign.markets),
        target_reach=campaign.target_reach,
        embargo_until=campaign.embargo_until and campaign.embargo_until.astimezone(agency.zone),
        key_messages=tuple(campaign.key_messages),
        dos=campaign.dos,
        donts=campaign.donts,
        hashtags=tuple(campaign.hashtags),
        tracking=campaign.tracking,
        creators=tuple(_creator_line(one, campaign, bands, rates) for one in collaborations),
        disclosure=tuple(rules),
        markets_without_rule=tuple(without_rule),
        tier_scheme=bands[0].scheme.name if bands else "",
        made_on=agency.today(),
    )


def _newest_rates(account_ids: Iterable[int]) -> dict[int, Rate]:
    """The headline of each account's newest cut-off, in one query."""
    newest = (
        EngagementFigures.objects.filter(account__in=list(account_ids))
        .select_related("account", "agency")
        .order_by("account_id", "-as_of", "-formula_version")
        .distinct("account_id")
    )
    rates = {}
    for row in newest:
        by_views = row.account.platform in RATED_BY_VIEWS
        rates[row.account_id] = Rate(
            value=row.headline_rate,
            reason=str(row.get_headline_reason_display()),
            by_views=by_views,
            n=row.er_views_n if by_views else row.er_followers_n,
            as_of=row.as_of.astimezone(row.agency.zone),
        )
    return rates


def _creator_line(
    collaboration: Collaboration, campaign: Campaign, bands: Bands, rates: dict[int, Rate]
) -> CreatorLine:
    accounts = sorted(
        collaboration.influencer.accounts.all(),
        key=lambda account: (not account.is_primary, -(account.followers or 0), account.pk),
    )
    return CreatorLine(
        name=collaboration.influencer.name,
        state=collaboration.state,
        state_label=str(collaboration.get_state_display()),
        starts_on=collaboration.starts_on or campaign.starts_on,
        ends_on=collaboration.ends_on or campaign.ends_on,
        accounts=tuple(
            _account_line(
                account, bands, rates.get(account.pk), frozen="" if position else collaboration.tier_at_booking
            )
            for position, account in enumerate(accounts)
        ),
        deliverables=tuple(
            _deliverable_line(deliverable)
            for deliverable in collaboration.deliverables.all()
            if deliverable.state != Deliverable.State.DROPPED
        ),
    )


def _account_line(account: Account, bands: Bands, rate: Rate | None, *, frozen: str) -> AccountLine:
    """The tier of the first account is the one frozen at booking, where there is one; every other follows the scheme."""
    tier, note = frozen, _("at booking")
    if not frozen:
        reading = read_tier(bands, account)
        tier, note = reading.name, reading.reason
        if reading.neighbour:
            note = _("or %(tier)s: the count is rounded") % {"tier": reading.neighbour}
    return AccountLine(
        platform=str(account.get_platform_display()),
        handle=account.handle,
        followers=account.followers,
        followers_on=account.followers_on,
        is_rounded=account.is_rounded,
        tier=tier,
        tier_note=note,
        rate=rate or Rate(value=None, reason="", by_views=account.platform in RATED_BY_VIEWS, n=0, as_of=None),
    )


def _deliverable_line(deliverable: Deliverable) -> DeliverableLine:
    account = deliverable.account
    return DeliverableLine(
        format=str(deliverable.get_format_display()),
        account=f"{account.get_platform_display()} @{account.handle}" if account else "",
        state=str(deliverable.get_state_display()),
        draft_due_on=deliverable.draft_due_on,
        feedback_due_on=deliverable.feedback_due_on,
        live_from=deliverable.live_from,
        live_to=deliverable.live_to,
        live_time=deliverable.live_time,
        must_stay_until=deliverable.must_stay_until,
    )
