"""A campaign whose every text is written in what a typesetter could take for its own language."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from agency.models import Agency, Membership
from campaigns.models import Campaign, Collaboration
from influencers.models import EngagementFigures, Influencer
from tests.factories import (
    AccountFactory,
    BrandFactory,
    CampaignFactory,
    ClientFactory,
    CollaborationFactory,
    DeliverableFactory,
    InfluencerFactory,
    TierBandFactory,
    TierSchemeFactory,
)

NASTY = (
    r"#let x = 1 *bold* _it_ $x^2$ @ref \n `code` <b>&amp; #emoji.face [link](x) // c /* c */ = head ~ -- --- æøå ÆØÅ"
)
ARABIC = "مرحبا بالعالم"
FEE = Decimal("98765.43")
PRICE = Decimal("87654.32")


def figures_of(account: object, as_of: datetime, **values: object) -> EngagementFigures:
    """A row of figures with everything unknown but what is given."""
    given = {
        "window_posts": 12, "er_followers_n": 0, "er_views_n": 0, "er_reach_n": 0, "saturation_known": 0,
        "headline_rate": None, "headline_reason": "", "formula_version": 1, "computed_at": as_of,
        **values,
    }  # fmt: skip
    return EngagementFigures.objects.create(agency=account.agency, account=account, as_of=as_of, **given)


@pytest.fixture
def campaign(agency: Agency) -> Campaign:
    """Five creators: two accounts and figures, a 200-character name, Arabic, markup as a name, and one who declined."""
    scheme = TierSchemeFactory(agency=agency, name="HIB", is_default=True)
    for rank, name, floor in ((2, "micro", 5_000), (3, "meso", 50_000), (5, "mega", 1_000_000)):
        TierBandFactory(scheme=scheme, name=name, rank=rank, floor=floor)
    campaign = CampaignFactory(
        agency=agency,
        brand=BrandFactory(agency=agency, name="Fjord Coffee $50 *off*"),
        name="Spring #launch of *cold* brew @home",
        objective=Campaign.Objective.LAUNCH,
        starts_on=date(2026, 5, 3),
        ends_on=date(2026, 5, 17),
        markets=["DK", "NL", "BR"],
        target_reach=500_000,
        embargo_until=datetime(2026, 5, 2, 7, 0, tzinfo=UTC),
        key_messages=["Cold brew tastes like summer.", NASTY, ARABIC],
        dos="Show the bottle\nSay where to buy it",
        donts="No alcohol 漢字 😀",
        hashtags=["ad", "#FjordCoffee"],
        tracking="https://fjord.example/?utm_campaign=" + "spring" * 30,
    )
    emma = InfluencerFactory(agency=agency, name="Emma Hansen")
    add(campaign, emma, state="option", tier_at_booking="macro", fee=FEE, client_price=PRICE)
    instagram = AccountFactory(
        agency=agency,
        influencer=emma,
        handle="emma_makes",
        typed_followers=54_321,
        typed_followers_on=date(2026, 4, 20),
        is_primary=True,
    )
    tiktok = AccountFactory(
        agency=agency,
        influencer=emma,
        platform="tiktok",
        handle="emma.tok",
        typed_followers=1_200_000,
        typed_followers_step=100_000,
    )
    figures_of(instagram, datetime(2026, 4, 1, tzinfo=UTC), headline_rate=0.9, er_followers_n=12)
    figures_of(instagram, datetime(2026, 4, 30, 22, tzinfo=UTC), headline_rate=0.03125, er_followers_n=9, er_views_n=7)
    figures_of(tiktok, datetime(2026, 4, 30, 22, tzinfo=UTC), headline_reason="views_unknown")
    collaboration = campaign.collaborations.get(influencer=emma)
    DeliverableFactory(
        agency=agency, collaboration=collaboration, account=instagram, format="reel", draft_due_on=date(2026, 4, 27),
        feedback_due_on=date(2026, 4, 29), live_from=date(2026, 5, 4), live_to=date(2026, 5, 6), live_time=time(18, 30),
        must_stay_until=date(2026, 8, 1),
    )  # fmt: skip
    DeliverableFactory(agency=agency, collaboration=collaboration, format="article", state="dropped")
    add(campaign, InfluencerFactory(agency=agency, name="A" * 200))
    add(campaign, InfluencerFactory(agency=agency, name=ARABIC), starts_on=date(2026, 5, 5), ends_on=date(2026, 5, 5))
    add(campaign, InfluencerFactory(agency=agency, name=NASTY), state="contacted")
    add(campaign, InfluencerFactory(agency=agency, name="Declined Canary"), state="declined")
    add(campaign, InfluencerFactory(agency=agency, name="Cancelled Canary"), state="cancelled")
    return campaign


def add(campaign: Campaign, influencer: Influencer, **values: object) -> Collaboration:
    return CollaborationFactory(agency=campaign.agency, campaign=campaign, influencer=influencer, **values)


@pytest.fixture
def confidential(agency: Agency) -> Campaign:
    """A campaign of a confidential client in whose team nobody is."""
    client = ClientFactory(agency=agency, name="Canary Client", is_confidential=True)
    return CampaignFactory(
        agency=agency, brand=BrandFactory(agency=agency, client=client, name="Canary Brand"), name="Canary Campaign"
    )


@pytest.fixture
def guest(viewer: Membership, campaign: Campaign) -> Membership:
    """A viewer in the team of the campaign's client."""
    campaign.brand.client.team.add(viewer)
    return viewer
