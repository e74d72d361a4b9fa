"""What a client brief says, worked out by hand from the rows."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.briefs.snapshot import AccountLine, DeliverableLine, Rate, read_client_brief
from campaigns.models import Campaign
from tests.campaigns.briefs.conftest import ARABIC, NASTY, add
from tests.factories import AccountFactory, InfluencerFactory

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MIDNIGHT = datetime(2026, 5, 1, tzinfo=COPENHAGEN)


def test_brief_holds_the_campaign(campaign: Campaign) -> None:
    brief = read_client_brief(campaign)

    assert (brief.agency, brief.brand, brief.campaign) == ("Northern Lights", campaign.brand.name, campaign.name)
    assert (brief.objective, brief.starts_on, brief.ends_on) == ("launch", date(2026, 5, 3), date(2026, 5, 17))
    assert brief.markets == ("Denmark", "Netherlands", "Brazil")
    assert brief.embargo_until == datetime(2026, 5, 2, 9, 0, tzinfo=COPENHAGEN)
    assert brief.key_messages == ("Cold brew tastes like summer.", NASTY, ARABIC)
    assert [rule.market for rule in brief.disclosure] == ["Denmark", "Netherlands", "European Union"]
    assert brief.markets_without_rule == ("Brazil",)
    assert brief.tier_scheme == "HIB"


def test_line_up_leaves_out_who_declined_or_was_cancelled(campaign: Campaign) -> None:
    names = {creator.name for creator in read_client_brief(campaign).creators}

    assert names == {"Emma Hansen", "A" * 200, ARABIC, NASTY}


def test_accounts_have_followers_tier_and_the_newest_rate(campaign: Campaign) -> None:
    emma = next(creator for creator in read_client_brief(campaign).creators if creator.name == "Emma Hansen")

    assert (emma.state, emma.state_label, emma.starts_on, emma.ends_on) == (
        "option",
        "option",
        date(2026, 5, 3),
        date(2026, 5, 17),
    )
    assert emma.accounts == (
        AccountLine(
            platform="Instagram",
            handle="emma_makes",
            followers=54_321,
            followers_on=date(2026, 4, 20),
            is_rounded=False,
            tier="macro",
            tier_note="at booking",
            rate=Rate(value=0.03125, reason="", by_views=False, n=9, as_of=MIDNIGHT),
        ),
        AccountLine(
            platform="TikTok",
            handle="emma.tok",
            followers=1_200_000,
            followers_on=None,
            is_rounded=True,
            tier="mega",
            tier_note="",
            rate=Rate(value=None, reason="views are unknown", by_views=True, n=0, as_of=MIDNIGHT),
        ),
    )


def test_dropped_deliverables_are_left_out(campaign: Campaign) -> None:
    emma = next(creator for creator in read_client_brief(campaign).creators if creator.name == "Emma Hansen")

    assert emma.deliverables == (
        DeliverableLine(
            format="reel",
            account="Instagram @emma_makes",
            state="planned",
            draft_due_on=date(2026, 4, 27),
            feedback_due_on=date(2026, 4, 29),
            live_from=date(2026, 5, 4),
            live_to=date(2026, 5, 6),
            live_time=time(18, 30),
            must_stay_until=date(2026, 8, 1),
        ),
    )


def test_own_days_win_over_the_flight_and_no_account_is_no_line(campaign: Campaign) -> None:
    creator = next(creator for creator in read_client_brief(campaign).creators if creator.name == ARABIC)

    assert (creator.starts_on, creator.ends_on, creator.accounts) == (date(2026, 5, 5), date(2026, 5, 5), ())


def test_a_rounded_count_near_a_boundary_says_so(campaign: Campaign) -> None:
    creator = InfluencerFactory(agency=campaign.agency, name="Rounded")
    AccountFactory(agency=campaign.agency, influencer=creator, typed_followers=50_000, typed_followers_step=1_000)
    add(campaign, creator)

    rounded = next(creator for creator in read_client_brief(campaign).creators if creator.name == "Rounded")

    assert (rounded.accounts[0].tier, rounded.accounts[0].tier_note) == ("meso", "or micro: the count is rounded")
    assert rounded.accounts[0].rate == Rate(value=None, reason="", by_views=False, n=0, as_of=None)


def test_without_a_scheme_there_is_no_tier(campaign: Campaign) -> None:
    campaign.agency.tierscheme_set.update(is_default=False)

    brief = read_client_brief(campaign)

    assert brief.tier_scheme == ""
    assert {account.tier for creator in brief.creators for account in creator.accounts} == {"macro", ""}


@pytest.mark.parametrize("more", [1, 3])
def test_queries_do_not_grow_with_the_line_up(campaign: Campaign, more: int) -> None:
    for _ in range(more):
        creator = InfluencerFactory(agency=campaign.agency)
        AccountFactory(agency=campaign.agency, influencer=creator)
        add(campaign, creator)
    campaign = Campaign.objects.select_related("agency", "brand").get(pk=campaign.pk)

    with CaptureQueriesContext(connection) as queries:
        read_client_brief(campaign)

    assert len(queries) == 6


def test_as_of_is_a_day_of_the_agency() -> None:
    assert datetime(2026, 4, 30, 22, tzinfo=UTC).astimezone(COPENHAGEN) == MIDNIGHT
