"""The sentence of a refusal, and what it must not say."""

import pytest

from agency.models import Membership
from campaigns.claims.refusals import ClashRefused
from campaigns.claims.words import listed
from campaigns.models import Collaboration
from campaigns.services import move_collaboration, record_unavailability
from influencers.models import Influencer
from tests.campaigns.booking import World, june, may
from tests.factories import ClientFactory, InfluencerFactory


def refusal_of(collaboration: Collaboration, by: Membership | None) -> ClashRefused:
    with pytest.raises(ClashRefused) as caught:
        move_collaboration(collaboration=collaboration, state="booked", by=by)
    return caught.value


def test_who_which_days_why_and_when_free(world: World, emma: Influencer) -> None:
    clause = {"scope": "categories", "categories": [world.hot], "days_after": 14}
    world.booked(emma, world.brand("Northwind Coffee", world.coffee), [(may(3), may(17))], clauses=[clause])
    rival = world.proposal(emma, world.brand("Kaffa", world.tea), [(may(20), may(20))])
    refusal = refusal_of(rival, world.by)
    assert str(refusal) == (
        "Emma is booked for Northwind Coffee until 17 May 2026. Exclusive in Hot drinks, 14 days after. Next free: 1 June 2026."
    )
    assert [(window.shift, window.first, window.last) for window in refusal.windows] == [(12, june(1), june(1))]


@pytest.mark.parametrize("who", ["marketer", "nobody"])
def test_a_confidential_client_is_never_named(world: World, emma: Influencer, marketer: Membership, who: str) -> None:
    secret = world.brand(
        "CANARY", world.coffee, client=ClientFactory(agency=world.agency, name="CANARY plc", is_confidential=True)
    )
    world.booked(emma, secret, [(may(3), may(17))], clauses=[{"scope": "categories", "categories": [world.hot]}])
    rival = world.proposal(emma, world.brand("Kaffa", world.tea), [(may(1), may(31))])
    refusal = refusal_of(rival, marketer if who == "marketer" else None)
    # Waiting until 18 May is free; before 3 May a month does not fit.
    assert str(refusal) == "Emma is not available 3–17 May 2026: exclusivity. Next free: 18 May 2026."
    (side,) = refusal.sides
    assert side.collaboration is None
    assert "CANARY" not in str(side)
    assert "Hot drinks" not in side.sentence


def test_the_team_of_a_confidential_client_reads_its_name(world: World, emma: Influencer, marketer: Membership) -> None:
    client = ClientFactory(agency=world.agency, is_confidential=True)
    client.team.add(marketer)
    brand = world.brand("Secret", world.coffee, client=client)
    world.booked(emma, brand, [(may(3), may(17))], clauses=[{"scope": "full"}])
    rival = world.proposal(emma, world.brand("Kaffa", world.tea), [(may(17), may(17))])
    assert str(refusal_of(rival, marketer)) == (
        "Emma is booked for Secret until 17 May 2026. Fully exclusive. Next free: 18 May 2026."
    )


def test_our_clause_against_their_work(world: World, emma: Influencer, marketer: Membership) -> None:
    world.booked(emma, world.brand("Kaffa", world.tea), [(may(5), may(6))])
    own = world.proposal(
        emma, world.brand("Northwind", world.coffee), [(may(4), may(4))], clauses=[{"scope": "full", "days_after": 2}]
    )
    # 4–6 May would shut out 5 and 6 May; three days later the clause is 7–9 May.
    assert str(refusal_of(own, world.by)) == (
        "Emma works for Kaffa 5–6 May 2026, which the exclusivity asked for shuts out. Next free: 7 May 2026."
    )


def test_an_absence_gives_days_and_not_the_reason(world: World, emma: Influencer) -> None:
    record_unavailability(influencer=emma, starts_on=may(3), ends_on=may(17), reason="surgery", by=world.by)
    asked = world.proposal(emma, world.brand("Kaffa", world.tea), [(may(10), may(20))])
    assert str(refusal_of(asked, world.by)) == "Emma is away 10–17 May 2026. Next free: 18 May 2026."


def test_several_obstacles_are_counted_and_each_is_a_side(world: World, emma: Influencer) -> None:
    clause = {"scope": "categories", "categories": [world.hot]}
    world.booked(emma, world.brand("One", world.coffee), [(may(12), may(13))], clauses=[clause, {"scope": "full"}])
    world.booked(emma, world.brand("Two", world.fashion), [(may(3), may(4))], clauses=[clause])
    asked = world.proposal(emma, world.brand("Kaffa", world.tea), [(may(1), may(14))])
    refusal = refusal_of(asked, world.by)
    assert str(refusal) == (
        "Emma is booked for Two until 4 May 2026. Exclusive in Hot drinks. 1 more clash. Next free: 14 May 2026."
    )
    assert [side.days_text for side in refusal.sides] == ["3–4 May 2026", "12–13 May 2026"]


def test_no_window_after_an_exclusivity_without_end(world: World, emma: Influencer) -> None:
    world.booked(
        emma, world.brand("One", world.coffee), [(may(12), may(13))], clauses=[{"scope": "full", "is_open_ended": True}]
    )
    asked = world.proposal(emma, world.brand("Kaffa", world.tea), [(june(1), june(2))])
    assert str(refusal_of(asked, world.by)) == "Emma is booked for One until 13 May 2026. Fully exclusive, without end."


def test_named_brands_that_the_reader_may_not_know_are_counted(
    world: World, emma: Influencer, marketer: Membership
) -> None:
    secret = world.brand("CANARY", world.coffee, client=ClientFactory(agency=world.agency, is_confidential=True))
    kaffa, mokka = world.brand("Kaffa", world.tea), world.brand("Mokka", world.tea)
    clause = {"scope": "brands", "brands": [secret, kaffa, mokka], "days_before": 1}
    world.booked(emma, world.brand("One", world.coffee), [(may(12), may(13))], clauses=[clause])
    asked = world.proposal(emma, kaffa, [(may(11), may(11))])
    assert str(refusal_of(asked, marketer)) == (
        "Emma is booked for One until 13 May 2026. Exclusive against Kaffa, Mokka and 1 other brand, 1 day before. "
        "Next free: 14 May 2026."
    )


def test_the_member_of_a_duo_is_named(world: World, emma: Influencer) -> None:
    duo = InfluencerFactory(agency=world.agency, name="The Two")
    duo.members.set([emma])
    world.booked(emma, world.brand("One", world.coffee), [(may(12), may(13))], clauses=[{"scope": "full"}])
    asked = world.proposal(duo, world.brand("Kaffa", world.tea), [(may(13), may(13))])
    assert str(refusal_of(asked, world.by)).startswith("Emma is booked for One until 13 May 2026.")


def test_a_refusal_without_known_obstacles_still_says_something() -> None:
    assert str(ClashRefused([], reader=None)) == "This clashes with another booking."


def test_lists_in_words() -> None:
    assert listed(["tea"]) == "tea"
    assert listed(["tea", "coffee"]) == "tea and coffee"
    assert listed(["tea", "coffee", "cocoa"]) == "tea, coffee and cocoa"
