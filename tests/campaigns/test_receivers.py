"""What happens to claims when something below them changes."""

from typing import Any

import pytest
from django.db import transaction

from agency.brand_services import BrandFacts, create_brand, create_category, move_category, update_brand
from agency.errors import Refused
from agency.models import Brand, Category, Client
from campaigns.claims.check import check_agency
from campaigns.claims.refusals import ClashRefused
from campaigns.models import Campaign, Claim
from campaigns.services import record_unavailability
from influencers.models import Account, Influencer
from tests.campaigns.booking import World, june, may
from tests.factories import ClientFactory, InfluencerFactory


def hot_clause(world: World) -> dict[str, Any]:
    return {"scope": "categories", "categories": [world.hot]}


def assert_sound(world: World) -> None:
    assert check_agency(world.agency)[1] == []


def move_brand(world: World, brand: Brand, client: Client | None) -> Brand:
    return update_brand(
        brand=brand, client=client, name=brand.name, facts=BrandFacts(categories=brand.categories.all()), by=world.by
    )


def test_a_new_brand_of_the_client_is_spared(world: World, emma: Influencer) -> None:
    own = world.brand("N", world.coffee)
    world.booked(emma, own, [(may(10), may(12))], clauses=[hot_clause(world)])
    sister = create_brand(
        agency=world.agency, client=own.client, name="S", facts=BrandFacts(categories=[world.tea]), by=world.by
    )
    assert world.booked(emma, sister, [(may(10), may(12))]).state == "booked"
    assert_sound(world)


def test_a_brand_that_leaves_the_client_is_shut_out(world: World, emma: Influencer) -> None:
    own = world.brand("N", world.coffee)
    sister = world.brand("S", world.tea, client=own.client)
    world.booked(emma, own, [(may(10), may(12))], clauses=[hot_clause(world)])
    move_brand(world, sister, ClientFactory(agency=world.agency))
    assert_sound(world)
    with pytest.raises(ClashRefused):
        world.booked(emma, sister, [(may(11), may(11))])


def test_a_brand_cannot_leave_while_both_are_booked(world: World, emma: Influencer) -> None:
    own = world.brand("N", world.coffee)
    sister = world.brand("S", world.tea, client=own.client)
    world.booked(emma, own, [(may(10), may(12))], clauses=[hot_clause(world)])
    world.booked(emma, sister, [(may(11), may(11))])
    with pytest.raises(Refused, match=r"^With this client the brand would clash\. Emma"), transaction.atomic():
        move_brand(world, sister, None)
    sister.refresh_from_db()
    assert sister.client == own.client
    assert_sound(world)


def test_a_category_that_moves_below_a_clause_is_covered(world: World, emma: Influencer) -> None:
    mate = world.category("Mate")
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[hot_clause(world)])
    move_category(category=mate, parent=world.tea, by=world.by)
    assert_sound(world)
    with pytest.raises(ClashRefused):
        world.booked(emma, world.brand("K", mate), [(may(11), may(11))])
    move_category(category=mate, parent=world.cold, by=world.by)
    assert_sound(world)
    assert world.booked(emma, world.brand("L", mate), [(may(11), may(11))]).state == "booked"


def test_a_category_cannot_move_into_a_clash(world: World, emma: Influencer) -> None:
    mate = world.category("Mate")
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[hot_clause(world)])
    world.booked(emma, world.brand("K", mate), [(may(11), may(11))])
    with pytest.raises(Refused, match=r"^At this place in the tree bookings would clash\. Emma"), transaction.atomic():
        move_category(category=mate, parent=world.hot, by=world.by)
    assert_sound(world)


def test_a_new_category_below_a_clause_is_covered(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[hot_clause(world)])
    cocoa = create_category(agency=world.agency, name="Cocoa", parent=world.hot, by=world.by)
    assert_sound(world)
    with pytest.raises(ClashRefused):
        world.booked(emma, world.brand("K", cocoa), [(may(11), may(11))])


@pytest.mark.parametrize("kind", ["promoted", "named"])
def test_a_category_in_use_stays(world: World, emma: Influencer, kind: str) -> None:
    if kind == "promoted":
        world.proposal(emma, world.brand("N", world.coffee), categories=[world.fashion])
    else:
        clause = {"scope": "categories", "categories": [world.fashion]}
        world.proposal(emma, world.brand("N", world.coffee), clauses=[clause])
    with (
        pytest.raises(Refused, match="“Fashion” is promoted by a campaign or named in an exclusivity"),
        transaction.atomic(),
    ):
        world.fashion.delete()
    with pytest.raises(Refused), transaction.atomic():
        Category.objects.filter(pk=world.fashion.pk).delete()
    world.cold.delete()
    assert not Category.objects.filter(name="Cold drinks").exists()


def test_a_brand_that_a_clause_names_stays(world: World, emma: Influencer) -> None:
    named, unnamed = world.brand("K", world.tea), world.brand("L", world.tea)
    world.proposal(emma, world.brand("N", world.coffee), clauses=[{"scope": "brands", "brands": [named]}])
    with pytest.raises(Refused, match="“K” is named in an exclusivity"), transaction.atomic():
        named.delete()
    unnamed.delete()
    assert not Brand.objects.filter(name="L").exists()


def test_a_whole_agency_can_go(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), clauses=[hot_clause(world)])
    named = world.brand("K", world.tea)
    world.booked(emma, world.brand("M", world.fashion), clauses=[{"scope": "brands", "brands": [named]}])
    Campaign.objects.all().delete()
    world.agency.delete()
    assert not Claim.objects.exists()


def test_a_new_member_of_a_duo_is_taken(world: World, emma: Influencer) -> None:
    duo = InfluencerFactory(agency=world.agency, name="The Two")
    world.booked(duo, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[hot_clause(world)])
    record_unavailability(influencer=duo, starts_on=june(1), ends_on=june(2), by=None)
    duo.members.add(emma)
    assert_sound(world)
    assert Claim.objects.filter(influencer=emma).count() == 3
    with pytest.raises(ClashRefused):
        world.booked(emma, world.brand("K", world.tea), [(may(11), may(11))])
    duo.members.remove(emma)
    assert_sound(world)
    assert not Claim.objects.filter(influencer=emma).exists()
    emma.duos.add(duo)
    assert_sound(world)
    assert Claim.objects.filter(influencer=emma).count() == 3
    duo.members.clear()
    assert_sound(world)
    assert not Claim.objects.filter(influencer=emma).exists()


def test_a_member_who_would_clash_cannot_join(world: World, emma: Influencer) -> None:
    duo = InfluencerFactory(agency=world.agency, name="The Two")
    world.booked(duo, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[hot_clause(world)])
    world.booked(emma, world.brand("K", world.tea), [(may(11), may(11))])
    with pytest.raises(Refused, match=r"^With these members the duo would clash\."), transaction.atomic():
        duo.members.add(emma)
    assert not duo.members.exists()
    assert_sound(world)


def test_the_platform_of_an_account_with_deliverables_stays(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], platform="tiktok")
    account = Account.objects.get()
    account.handle = "other"
    account.save()
    account.platform = "youtube"
    account.save(update_fields=["handle"])
    with pytest.raises(Refused, match="its platform stays"):
        account.save()
    with pytest.raises(Refused, match="its platform stays"):
        account.save(update_fields=["platform"])
