"""The answer before the click."""

from datetime import date

import pytest

from agency.errors import Refused
from agency.models import Membership
from campaigns.claims.answers import check_booking, check_collaboration
from campaigns.models import Claim
from campaigns.services import create_campaign
from influencers.models import Influencer
from tests.campaigns.booking import World, june, may
from tests.factories import ClientFactory


def test_free_and_taken_over_the_whole_flight(world: World, emma: Influencer) -> None:
    kaffa = world.brand("Kaffa", world.tea)
    campaign = create_campaign(brand=kaffa, name="May", starts_on=may(1), ends_on=may(31), by=world.by)
    answer = check_booking(campaign=campaign, influencer=emma, reader=world.by)
    assert answer.is_free
    assert answer.windows == []
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[{"scope": "full"}])
    answer = check_booking(campaign=campaign, influencer=emma, reader=world.by)
    assert not answer.is_free
    assert [(window.shift, window.first, window.last) for window in answer.windows] == [(12, may(13), june(12))]
    assert check_booking(
        campaign=campaign, influencer=emma, starts_on=may(13), ends_on=may(14), reader=world.by
    ).is_free
    assert not Claim.objects.filter(collaboration__campaign=campaign).exists()


def test_a_campaign_without_a_category_gets_the_reason(world: World, emma: Influencer) -> None:
    campaign = create_campaign(brand=world.brand("K"), name="May", starts_on=may(1), ends_on=may(31), by=world.by)
    with pytest.raises(Refused, match="“May” has no product category"):
        check_booking(campaign=campaign, influencer=emma, reader=world.by)


def test_a_booking_is_not_in_its_own_way(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[{"scope": "full"}])
    assert check_booking(campaign=booked.campaign, influencer=emma, reader=world.by).is_free
    assert check_collaboration(booked, reader=world.by).is_free


def test_a_collaboration_asks_with_its_own_deliverables_and_clauses(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))])
    asked = world.proposal(
        emma, world.brand("K", world.tea), [(may(5), may(5))], clauses=[{"scope": "full", "days_after": 5}]
    )
    answer = check_collaboration(asked, reader=world.by)
    # 5 May + 5 days reaches 10 May; from 13 May on it is free, eight days later.
    assert [(window.shift, window.first) for window in answer.windows] == [(8, may(13))]


@pytest.mark.parametrize(("second", "first_window"), [(may(8), may(5)), (may(7), may(9))])
def test_windows_between_two_bookings_and_after_them(
    world: World, emma: Influencer, second: date, first_window: date
) -> None:
    """Three days fit from the 5th to the 7th when the next booking begins on the 8th, and not when it begins on the 7th."""
    clause = {"scope": "full"}
    world.booked(emma, world.brand("One", world.coffee), [(may(3), may(4))], clauses=[clause])
    world.booked(emma, world.brand("Two", world.fashion), [(second, may(8))], clauses=[clause])
    asked = world.proposal(emma, world.brand("K", world.tea), [(may(3), may(5))])
    answer = check_collaboration(asked, reader=world.by)
    assert answer.windows[0].first == first_window
    assert [window.first for window in answer.windows][-1] == may(9)


def test_rights_that_end_the_day_before_their_work_do_not_meet_it(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("One", world.coffee), [(may(5), may(5))], clauses=[{"scope": "full"}])
    world.booked(emma, world.brand("Two", world.fashion), [(may(10), may(10))])
    usage = {"scope": "full", "anchor": "usage"}

    def windows(rights_until: date) -> list[date]:
        asked = world.proposal(
            emma,
            world.brand(f"K {rights_until}", world.tea),
            [(may(5), may(5))],
            clauses=[usage],
            usage_rights_until=rights_until,
        )
        return [window.first for window in check_collaboration(asked, reader=world.by).windows]

    assert windows(may(9)) == [may(6), may(11)]
    assert windows(may(10)) == [may(11)]


def test_a_broader_category_is_a_possible_clash_both_ways(world: World, emma: Influencer, marketer: Membership) -> None:
    clause = {"scope": "categories", "categories": [world.hot]}
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[clause])
    broad = world.booked(emma, world.brand("Drinks Ltd", world.drinks), [(may(11), may(11))])
    answer = check_collaboration(broad, reader=world.by)
    assert answer.is_free
    assert [found.sentence for found in answer.possible] == [
        "Possible clash with N of Emma, 10–12 May 2026: the categories are near. Set the campaign's category more precisely."
    ]
    other_way = world.proposal(emma, world.brand("K", world.tea), [(may(11), may(11))], clauses=[clause])
    sentences = [found.sentence for found in check_collaboration(other_way, reader=world.by).possible]
    assert [sentence.partition(":")[0] for sentence in sentences] == [
        "Possible clash with Drinks Ltd of Emma, 11 May 2026"
    ]


@pytest.mark.parametrize("category", ["cold", "fashion", "coffee"])
def test_beside_below_or_elsewhere_is_no_possible_clash(world: World, emma: Influencer, category: str) -> None:
    clause = {"scope": "categories", "categories": [world.hot]}
    own = world.brand("N", world.coffee)
    world.booked(emma, own, [(may(10), may(12))], clauses=[clause])
    sister = world.brand("Sister", getattr(world, category), client=own.client)
    other_days = world.proposal(emma, sister, [(may(20), may(21))])
    assert check_collaboration(other_days, reader=world.by).possible == []
    same_days = world.proposal(emma, world.brand("K", getattr(world, category)), [(may(10), may(10))])
    assert check_collaboration(same_days, reader=world.by).possible == []


def test_a_full_clause_is_certain_never_possible(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[{"scope": "full"}])
    asked = world.proposal(
        emma, world.brand("K", world.drinks), [(may(20), may(20))], clauses=[{"scope": "full", "days_before": 30}]
    )
    answer = check_collaboration(asked, reader=world.by)
    assert not answer.is_free
    assert answer.possible == []


def test_a_possible_clash_with_a_confidential_client_names_nobody(
    world: World, emma: Influencer, marketer: Membership
) -> None:
    secret = world.brand("CANARY", world.coffee, client=ClientFactory(agency=world.agency, is_confidential=True))
    world.booked(emma, secret, [(may(10), may(12))], clauses=[{"scope": "categories", "categories": [world.hot]}])
    asked = world.proposal(emma, world.brand("K", world.drinks), [(may(11), may(11))])
    (found,) = check_collaboration(asked, reader=marketer).possible
    assert found.sentence == (
        "Possible clash with another client of Emma, 10–12 May 2026: the categories are near. "
        "Set the campaign's category more precisely."
    )
