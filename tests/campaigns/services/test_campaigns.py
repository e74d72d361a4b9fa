"""Campaigns: what they promote by default, and changes that bookings hang on."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from agency.errors import Refused
from agency.models import Membership
from campaigns.claims.check import check_agency
from campaigns.claims.refusals import ClashRefused
from campaigns.models import Campaign, Claim
from campaigns.services import add_to_line_up, create_campaign, move_collaboration, update_campaign
from influencers.models import Influencer
from tests.campaigns.booking import World, june, may
from tests.factories import BrandFactory, InfluencerFactory, MembershipFactory


def test_defaults(world: World) -> None:
    brand = world.brand("N", world.coffee, world.tea)
    world.agency.currency = "DKK"
    world.agency.save()
    brand.refresh_from_db()
    campaign = create_campaign(brand=brand, name="May", starts_on=may(1), ends_on=may(2), by=world.by)
    assert (campaign.owner, campaign.currency, campaign.status) == (world.by, "DKK", "draft")
    assert set(campaign.categories.all()) == {world.coffee, world.tea}
    assert campaign.agency == world.agency


def test_everything_that_may_be_said(world: World, marketer: Membership) -> None:
    campaign = create_campaign(
        brand=world.brand("N", world.coffee),
        owner=marketer,
        name="May",
        objective="launch",
        status="running",
        starts_on=may(1),
        ends_on=may(2),
        budget=Decimal("10000.00"),
        currency="EUR",
        target_reach=250_000,
        markets=["DK", "NL"],
        key_messages=["One", "Two", "Three"],
        dos="Show the cup",
        donts="No rivals",
        hashtags=["#cup"],
        tracking="utm",
        categories=[world.fashion],
        by=world.by,
    )
    stored = Campaign.objects.get(pk=campaign.pk)
    assert (stored.owner, stored.objective, stored.status) == (marketer, "launch", "running")
    assert (stored.budget, stored.currency, stored.target_reach) == (Decimal("10000.00"), "EUR", 250_000)
    assert (stored.markets, stored.key_messages) == (["DK", "NL"], ["One", "Two", "Three"])
    assert list(stored.categories.all()) == [world.fashion]


@pytest.mark.parametrize(
    "fields",
    [{"ends_on": may(1)}, {"budget": Decimal(-1)}, {"key_messages": list("abcd")}, {"currency": "eur"}, {"name": ""}],
)
def test_values_that_cannot_be_are_named(world: World, fields: dict[str, object]) -> None:
    wanted = {"name": "May", "starts_on": may(2), "ends_on": may(3), **fields}
    with pytest.raises(ValidationError):
        create_campaign(brand=world.brand("N", world.coffee), by=world.by, **wanted)
    assert not Campaign.objects.exists()


def test_nothing_of_another_agency(world: World, outsider: Membership) -> None:
    brand = world.brand("N", world.coffee)
    with pytest.raises(Refused, match="not in this agency"):
        create_campaign(brand=brand, owner=outsider, name="May", starts_on=may(1), ends_on=may(2), by=None)
    campaign = create_campaign(brand=brand, name="May", starts_on=may(1), ends_on=may(2), by=world.by)
    with pytest.raises(Refused, match="not in this agency"):
        update_campaign(campaign=campaign, brand=BrandFactory(agency=outsider.agency), by=world.by)


def test_other_categories_are_refused_with_everything_they_clash_with(world: World, emma: Influencer) -> None:
    noor = InfluencerFactory(agency=world.agency, name="Noor")
    campaign = world.booked(emma, world.brand("K", world.fashion), [(may(5), may(5))]).campaign
    second = add_to_line_up(campaign=campaign, influencer=noor, by=world.by)
    move_collaboration(collaboration=second, state="booked", by=world.by)
    rival = world.brand("N", world.coffee)
    clause = {"scope": "categories", "categories": [world.hot]}
    world.booked(emma, rival, [(may(5), may(6))], clauses=[clause])
    world.booked(noor, rival, [(may(5), may(6))], clauses=[clause])
    with pytest.raises(ClashRefused) as caught:
        update_campaign(campaign=campaign, categories=[world.tea], name="New", by=world.by)
    assert str(caught.value) == "Emma is booked for N until 6 May 2026. Exclusive in Hot drinks. 1 more clash."
    assert [side.influencer.name for side in caught.value.sides] == ["Emma", "Noor"]
    assert caught.value.windows == []
    campaign.refresh_from_db()
    assert campaign.name == "K in May"
    assert list(campaign.categories.all()) == [world.fashion]
    assert check_agency(world.agency)[1] == []


def test_a_change_derives_the_claims_of_bookings_anew(world: World, emma: Influencer) -> None:
    campaign = world.booked(emma, world.brand("K", world.fashion)).campaign
    update_campaign(
        campaign=campaign, categories=[world.cold], markets=["DK"], starts_on=june(1), ends_on=june(2), by=world.by
    )
    (claim,) = Claim.objects.all()
    assert [(part.lower, part.upper) for part in claim.during] == [(june(1), june(3))]
    assert [(part.lower, part.upper) for part in claim.categories] == [(world.cold.pk, world.cold.pk + 1)]
    assert [(part.lower, part.upper) for part in claim.markets] == [(208, 209)]
    brand = world.brand("Other", world.fashion)
    update_campaign(campaign=campaign, brand=brand, by=world.by)
    (claim,) = Claim.objects.all()
    assert [(part.lower, part.upper) for part in claim.parties] == [(brand.pk, brand.pk + 1)]


def test_without_categories_the_brands_are_taken_again(world: World, emma: Influencer) -> None:
    campaign = world.booked(emma, world.brand("K", world.tea), categories=[world.fashion]).campaign
    update_campaign(campaign=campaign, categories=[], owner=MembershipFactory(agency=world.agency), by=world.by)
    assert list(Campaign.objects.get().categories.all()) == [world.tea]
    assert check_agency(world.agency)[1] == []
