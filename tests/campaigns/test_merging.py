"""Bookings of two records that turn out to be one person."""

import pytest

from agency.models import Client, Membership
from campaigns.claims.check import check_agency
from campaigns.models import Claim, Clash, Collaboration
from campaigns.services import record_unavailability, remove_unavailability
from influencers.merging.refusals import MergeRefused
from influencers.models import Influencer
from influencers.services.merging import merge_influencers, undo_merge
from tests.campaigns.booking import World, june, may
from tests.dumping import dump
from tests.factories import InfluencerFactory

LOG = ("influencers.Merge",)


@pytest.fixture
def twin(world: World) -> Influencer:
    return InfluencerFactory(agency=world.agency, name="Emma K.")


def assert_sound(world: World) -> None:
    """Stored and derived claims agree; days that were given up to an absence are no fault."""
    problems = [problem["message"] for problem in check_agency(world.agency)[1]]
    assert [message for message in problems if not message.startswith("Not enforced")] == []


def assert_nothing_changes(emma: Influencer, twin: Influencer, by: Membership) -> MergeRefused:
    before = dump()
    with pytest.raises(MergeRefused) as refused:
        merge_influencers(kept=emma, merged=twin, by=by)
    assert dump() == before
    return refused.value


def test_bookings_and_claims_follow(world: World, emma: Influencer, twin: Influencer, manager: Membership) -> None:
    clause = {"scope": "categories", "categories": [world.hot]}
    mine = world.booked(emma, world.brand("N", world.coffee), [(may(3), may(5))], clauses=[clause], platform="tiktok")
    theirs = world.booked(twin, world.brand("S", world.tea), [(may(10), may(12))], platform="instagram")
    record_unavailability(influencer=twin, starts_on=june(1), ends_on=june(9), by=manager)
    before = dump(without=LOG)
    merge = merge_influencers(kept=emma, merged=twin, by=manager)
    assert set(Collaboration.objects.values_list("pk", "influencer")) == {(mine.pk, emma.pk), (theirs.pk, emma.pk)}
    assert set(Claim.objects.values_list("influencer", flat=True)) == {emma.pk}
    assert Claim.objects.count() == 4
    assert_sound(world)
    undo_merge(merge=merge, by=manager)
    assert dump(without=LOG) == before
    assert_sound(world)


def test_bookings_that_would_clash_are_refused(
    world: World, emma: Influencer, twin: Influencer, manager: Membership
) -> None:
    clause = {"scope": "categories", "categories": [world.hot], "days_after": 3}
    world.booked(emma, world.brand("Nordkaffe", world.coffee), [(may(3), may(5))], clauses=[clause])
    world.booked(twin, world.brand("Teehaus", world.tea), [(may(7), may(12))])
    refusal = assert_nothing_changes(emma, twin, manager)
    assert str(refusal) == "As one person they would be booked twice."
    assert refusal.reasons == ("7–8 May 2026: Emma K. is booked for Teehaus, Emma is exclusive for Nordkaffe.",)


def test_a_refusal_names_no_brand_that_the_reader_may_not_see(
    world: World, emma: Influencer, twin: Influencer, marketer: Membership
) -> None:
    hidden = world.brand("Nordkaffe", world.coffee)
    Client.objects.filter(pk=hidden.client_id).update(is_confidential=True)
    world.booked(emma, hidden, [(may(3), may(5))], clauses=[{"scope": "full"}])
    world.booked(twin, world.brand("Teehaus", world.tea), [(may(4), may(12))])
    refusal = assert_nothing_changes(emma, twin, marketer)
    assert refusal.reasons == ("4–5 May 2026: Emma K. is booked for Teehaus, Emma is not available.",)


def test_a_booking_in_an_absence_of_the_other_is_refused(
    world: World, emma: Influencer, twin: Influencer, manager: Membership
) -> None:
    world.booked(emma, world.brand("Nordkaffe", world.coffee), [(may(3), may(5))])
    record_unavailability(influencer=twin, starts_on=may(5), ends_on=may(9), by=manager)
    refusal = assert_nothing_changes(emma, twin, manager)
    assert refusal.reasons == ("5 May 2026: Emma K. is away, Emma is booked for Nordkaffe.",)


def test_one_line_up_holds_a_creator_once(
    world: World, emma: Influencer, twin: Influencer, manager: Membership, marketer: Membership
) -> None:
    brand = world.brand("Nordkaffe", world.coffee)
    campaign = world.proposal(emma, brand).campaign
    Collaboration.objects.create(agency=world.agency, campaign=campaign, influencer=twin)
    assert assert_nothing_changes(emma, twin, manager).reasons == ("Both are in the line-up of “Nordkaffe in May”.",)
    Client.objects.filter(pk=brand.client_id).update(is_confidential=True)
    refusal = assert_nothing_changes(emma, twin, marketer)
    assert refusal.reasons == ("Both are in the line-up of a campaign that you may not see.",)


def test_days_given_up_stay_given_up(world: World, emma: Influencer, twin: Influencer, manager: Membership) -> None:
    booking = world.booked(twin, world.brand("N", world.coffee), [(may(3), may(9))])
    record_unavailability(influencer=twin, starts_on=may(5), ends_on=may(6), by=manager)
    assert Clash.objects.filter(state="open").count() == 1
    before = dump(without=LOG)
    merge = merge_influencers(kept=emma, merged=twin, by=manager)
    clash = Clash.objects.get()
    assert (clash.influencer, clash.collaboration, clash.state) == (emma, booking, "open")
    assert_sound(world)
    undo_merge(merge=merge, by=manager)
    assert dump(without=LOG) == before


def test_absences_of_both_on_one_day(world: World, emma: Influencer, twin: Influencer, manager: Membership) -> None:
    """A booking gave a day up to one absence; as one person the other absence stands against it too."""
    world.booked(emma, world.brand("N", world.coffee), [(may(3), may(9))])
    for creator in (emma, twin):
        record_unavailability(influencer=creator, starts_on=may(5), ends_on=may(5), by=manager)
    before = dump(without=LOG)
    merge = merge_influencers(kept=emma, merged=twin, by=manager)
    assert Clash.objects.filter(state="open").count() == 2
    assert_sound(world)
    undo_merge(merge=merge, by=manager)
    assert dump(without=LOG) == before


def test_duos_hold_the_one_that_was_kept(world: World, emma: Influencer, twin: Influencer, manager: Membership) -> None:
    duo, both = InfluencerFactory(agency=world.agency), InfluencerFactory(agency=world.agency)
    duo.members.add(twin)
    both.members.add(emma, twin)
    world.booked(duo, world.brand("N", world.coffee), [(may(3), may(9))])
    world.booked(both, world.brand("S", world.tea), [(may(20), may(22))])
    for pair, day in ((duo, may(4)), (both, may(21))):
        record_unavailability(influencer=pair, starts_on=day, ends_on=day, by=manager)
    before = dump(without=LOG)
    merge = merge_influencers(kept=emma, merged=twin, by=manager)
    assert set(Claim.objects.values_list("influencer", flat=True)) == {duo.pk, both.pk, emma.pk}
    assert_sound(world)
    undo_merge(merge=merge, by=manager)
    assert dump(without=LOG) == before
    assert_sound(world)


def test_an_absence_of_one_duo_in_the_booking_of_another(
    world: World, emma: Influencer, twin: Influencer, manager: Membership
) -> None:
    """The other record gave the day up already: that is no new clash."""
    duo, both = InfluencerFactory(agency=world.agency), InfluencerFactory(agency=world.agency)
    duo.members.add(twin)
    both.members.add(emma, twin)
    world.booked(both, world.brand("S", world.tea), [(may(3), may(9))])
    record_unavailability(influencer=duo, starts_on=may(4), ends_on=may(4), by=manager)
    merge = merge_influencers(kept=emma, merged=twin, by=manager)
    assert_sound(world)
    undo_merge(merge=merge, by=manager)
    assert_sound(world)
    assert Clash.objects.get(state="open").unavailability.influencer == duo


def test_members_of_both_duos_are_booked_once(
    world: World, emma: Influencer, twin: Influencer, manager: Membership
) -> None:
    """The members of one record become those of the other: its bookings hold them too."""
    member = InfluencerFactory(agency=world.agency, name="Mia")
    twin.members.add(member)
    world.booked(member, world.brand("S", world.tea), [(may(7), may(9))])
    clause = {"scope": "categories", "categories": [world.hot]}
    world.booked(emma, world.brand("N", world.coffee), [(may(3), may(9))], clauses=[clause])
    refusal = assert_nothing_changes(emma, twin, manager)
    assert str(refusal) == "With all members together a booking would clash."
    assert len(refusal.reasons) == 1


def test_a_member_who_is_booked_is_not_away_with_the_other_record(
    world: World, emma: Influencer, twin: Influencer, manager: Membership
) -> None:
    member = InfluencerFactory(agency=world.agency, name="Mia")
    emma.members.add(member)
    world.booked(member, world.brand("S", world.tea), [(may(7), may(9))])
    record_unavailability(influencer=twin, starts_on=may(8), ends_on=may(8), by=manager)
    refusal = assert_nothing_changes(emma, twin, manager)
    assert str(refusal).startswith("A member of the duo is booked")


def test_undo_after_new_work(world: World, emma: Influencer, twin: Influencer, manager: Membership) -> None:
    """What was booked and removed in between stays so; claims are sound."""
    theirs = world.booked(twin, world.brand("S", world.tea), [(may(3), may(9))])
    away = record_unavailability(influencer=twin, starts_on=may(5), ends_on=may(6), by=manager)
    merge = merge_influencers(kept=emma, merged=twin, by=manager)
    away.refresh_from_db()
    remove_unavailability(unavailability=away, by=manager)
    later = world.booked(emma, world.brand("N", world.coffee), [(may(20), may(21))])
    parted = undo_merge(merge=merge, by=manager)
    assert parted.left == ["Emma K. keeps 1 collaboration that came since."]
    assert set(Claim.objects.values_list("collaboration", "influencer")) == {(theirs.pk, twin.pk), (later.pk, emma.pk)}
    assert_sound(world)
