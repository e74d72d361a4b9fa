"""What happens to claims when something below them changes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from agency.brand_services import BrandFacts, create_brand, create_category, move_category, update_brand
from agency.errors import Refused
from agency.models import Brand, Category, Client, Membership
from campaigns.claims.check import check_agency
from campaigns.claims.refusals import ClashRefused
from campaigns.models import Campaign, Claim
from campaigns.services import record_unavailability
from influencers.models import Account, Influencer
from tests.campaigns.booking import World, june, may
from tests.factories import ClientFactory, InfluencerFactory, MembershipFactory


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


def test_the_creator_of_an_account_with_deliverables_stays(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], platform="tiktok")
    account = Account.objects.get()
    account.influencer = InfluencerFactory(agency=world.agency, name="Other")
    for fields in (None, ["influencer"], ["influencer_id"]):
        with pytest.raises(Refused, match="has deliverables: it stays with its creator"):
            account.save(update_fields=fields)
    account.save(update_fields=["handle"])
    assert Account.objects.get().influencer == emma
    unused = world.account(emma)
    unused.influencer = account.influencer
    unused.save()
    assert Account.objects.get(pk=unused.pk).influencer.name == "Other"


def test_no_claim_speaks_of_a_category_that_is_gone(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[hot_clause(world)])
    world.tea.delete()
    assert_sound(world)
    (clause,) = Claim.objects.filter(is_exclusive=True)
    covered = {pk for part in clause.categories for pk in range(part.lower, part.upper)}
    assert covered == {world.hot.pk, world.coffee.pk}


def test_no_claim_spares_a_brand_that_is_gone(world: World, emma: Influencer) -> None:
    own = world.brand("N", world.coffee)
    sister = world.brand("S", world.tea, client=own.client)
    world.booked(emma, own, [(may(10), may(12))], clauses=[hot_clause(world)])
    Brand.objects.filter(pk=sister.pk).delete()
    assert_sound(world)
    (clause,) = Claim.objects.filter(is_exclusive=True)
    assert [(part.lower, part.upper) for part in clause.parties] == [(None, own.pk), (own.pk + 1, None)]


def test_leaving_all_duos_frees_the_member(world: World, emma: Influencer) -> None:
    duo = InfluencerFactory(agency=world.agency, name="The Two")
    duo.members.add(emma)
    world.booked(duo, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[hot_clause(world)])
    record_unavailability(influencer=duo, starts_on=june(1), ends_on=june(2), by=None)
    assert Claim.objects.filter(influencer=emma).count() == 3
    emma.duos.clear()
    assert_sound(world)
    assert not Claim.objects.filter(influencer=emma).exists()
    assert Claim.objects.filter(influencer=duo).count() == 3


@pytest.fixture
def duo(world: World, emma: Influencer) -> Influencer:
    made: Influencer = InfluencerFactory(agency=world.agency, name="The Two")
    made.members.add(emma)
    return made


def test_a_duo_is_no_member_of_a_duo(world: World, emma: Influencer, duo: Influencer) -> None:
    house = InfluencerFactory(agency=world.agency, name="House")
    is_duo, is_member = "^The Two is a duo: add its people", "^Emma is a member of a duo: it cannot have members"
    with pytest.raises(Refused, match=is_duo), transaction.atomic():
        house.members.add(duo)
    with pytest.raises(Refused, match=is_duo), transaction.atomic():
        duo.duos.add(house)
    with pytest.raises(Refused, match=is_member), transaction.atomic():
        emma.members.add(house)
    with pytest.raises(Refused, match=is_member), transaction.atomic():
        house.duos.add(emma)
    for change in (house.members, house.duos):
        with pytest.raises(Refused, match=r"^House cannot be a member of itself"), transaction.atomic():
            change.add(house)
    duo.members.add(emma)  # again: changes nothing
    house.members.add(emma)  # a person may be in two duos
    assert set(Influencer.members.through._default_manager.values_list("from_influencer", "to_influencer")) == {
        (duo.pk, emma.pk),
        (house.pk, emma.pk),
    }


@pytest.mark.parametrize("pair", ["house-duo", "emma-house", "house-house"])
def test_the_database_refuses_a_duo_in_a_duo(world: World, emma: Influencer, duo: Influencer, pair: str) -> None:
    ids = {"house": InfluencerFactory(agency=world.agency, name="House").pk, "duo": duo.pk, "emma": emma.pk}
    owner, member = (ids[name] for name in pair.split("-"))
    insert = "INSERT INTO influencers_influencer_members (from_influencer_id, to_influencer_id) VALUES (%s, %s)"
    with (
        pytest.raises(IntegrityError, match="cannot have a duo"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(insert, [owner, member])
    assert list(Influencer.members.through._default_manager.values_list("to_influencer", flat=True)) == [emma.pk]


def test_admin_says_that_a_duo_is_no_member(
    world: World, duo: Influencer, login: Callable[[Membership], Browser]
) -> None:
    house = InfluencerFactory(agency=world.agency, name="House")
    keeper = MembershipFactory(agency=world.agency, is_roster_manager=True)
    fields = {"name": "House", "status": "active", "kind": "creator", "lawful_basis": "contract", "members": [duo.pk]}
    inline = {f"{name}-{kind}_FORMS": 0 for name in ("accounts", "prices") for kind in ("TOTAL", "INITIAL")}
    url = reverse("admin:influencers_influencer_change", args=[house.pk])
    page = login(keeper).post(url, fields | inline, follow=True).content.decode()
    assert "The Two is a duo: add its people instead." in page
    assert not house.members.exists()
