"""Deliverables, clauses and absences."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agency.errors import Refused
from agency.models import Membership
from campaigns.claims.check import check_agency
from campaigns.claims.refusals import ClashRefused
from campaigns.fields import day_set
from campaigns.models import Claim, Clash, Deliverable, Exclusivity, Unavailability
from campaigns.services import (
    add_clause,
    add_deliverable,
    drop_deliverable,
    move_collaboration,
    record_unavailability,
    remove_clause,
    remove_unavailability,
    update_clause,
    update_deliverable,
)
from influencers.models import Influencer
from tests.campaigns.booking import World, june, may
from tests.factories import AccountFactory, BrandFactory, InfluencerFactory, PostFactory


def during(**conditions: Any) -> list[tuple[Any, Any]]:
    (claim,) = Claim.objects.filter(**conditions)
    return [(part.lower, part.upper) for part in claim.during]


# --- deliverables -----------------------------------------------------------------------------------------


def test_deliverables_are_what_a_booking_claims(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), flight=(may(1), may(31)))
    deliverable = add_deliverable(collaboration=booked, live_from=may(5), live_to=may(6), by=world.by)
    assert during() == [(may(5), may(7))]
    update_deliverable(deliverable=deliverable, live_from=may(8), live_to=may(8), note="moved", by=world.by)
    assert during() == [(may(8), may(9))]
    dropped = drop_deliverable(deliverable=deliverable, by=world.by)
    assert (dropped.state, dropped.note) == ("dropped", "moved")
    assert during() == [(may(1), june(1))]


def test_a_deliverable_that_clashes_is_not_there(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("K", world.tea), [(may(5), may(5))], clauses=[{"scope": "full"}])
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(10), may(10))])
    with pytest.raises(ClashRefused):
        add_deliverable(collaboration=booked, live_from=may(5), live_to=may(5), by=world.by)
    with pytest.raises(ClashRefused):
        update_deliverable(deliverable=booked.deliverables.get(), live_from=may(4), live_to=may(10), by=world.by)
    assert booked.deliverables.get().live_from == may(10)
    assert check_agency(world.agency)[1] == []


def test_accounts_and_posts_are_the_creators_own(world: World, emma: Influencer, outsider: Membership) -> None:
    proposal = world.proposal(emma, world.brand("N", world.coffee))
    own, other = world.account(emma), world.account(InfluencerFactory(agency=world.agency))
    post, other_post = PostFactory(agency=world.agency, account=own), PostFactory(agency=world.agency, account=other)
    deliverable = add_deliverable(collaboration=proposal, account=own, post=post, by=world.by)
    assert (deliverable.account, deliverable.post) == (own, post)
    with pytest.raises(Refused, match="is not an account of this creator"):
        add_deliverable(collaboration=proposal, account=other, by=world.by)
    with pytest.raises(Refused, match="not on the account of this deliverable"):
        update_deliverable(deliverable=deliverable, post=other_post, by=world.by)
    with pytest.raises(Refused, match="not in this agency"):
        add_deliverable(collaboration=proposal, account=AccountFactory(agency=outsider.agency), by=world.by)


def test_a_duo_delivers_on_its_members_accounts(world: World, emma: Influencer) -> None:
    duo = InfluencerFactory(agency=world.agency)
    duo.members.add(emma)
    account = world.account(emma)
    proposal = world.proposal(duo, world.brand("N", world.coffee))
    assert add_deliverable(collaboration=proposal, account=account, by=world.by).account == account


def test_what_is_live_has_a_day_and_stays(world: World, emma: Influencer) -> None:
    proposal = world.proposal(emma, world.brand("N", world.coffee))
    with pytest.raises(Refused, match="on which day it went live"):
        add_deliverable(collaboration=proposal, state="live", by=world.by)
    deliverable = add_deliverable(collaboration=proposal, state="live", live_from=may(5), live_to=may(5), by=world.by)
    with pytest.raises(Refused, match="live already: it cannot be dropped"):
        drop_deliverable(deliverable=deliverable, by=world.by)
    for state in ("planned", "approved"):
        with pytest.raises(Refused, match="live already: it stays live"):
            update_deliverable(deliverable=deliverable, state=state, by=world.by)
    with pytest.raises(ValidationError):
        update_deliverable(deliverable=deliverable, live_to=may(4), by=world.by)
    assert Deliverable.objects.get().state == "live"


# --- clauses ----------------------------------------------------------------------------------------------


def test_clauses_come_change_and_go(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(5), may(5))])
    clause = add_clause(
        collaboration=booked, scope="categories", categories=[world.hot], days_after=2, markets=["DK"], by=world.by
    )
    assert during(is_exclusive=True) == [(may(5), may(8))]
    clause = update_clause(clause=clause, days_after=4, by=world.by)
    assert during(is_exclusive=True) == [(may(5), may(10))]
    assert list(clause.categories.all()) == [world.hot]
    other = world.brand("K", world.tea)
    update_clause(clause=clause, scope="brands", categories=[], brands=[other], by=world.by)
    (claim,) = Claim.objects.filter(is_exclusive=True)
    assert [(part.lower, part.upper) for part in claim.parties] == [(other.pk, other.pk + 1)]
    remove_clause(clause=clause, by=world.by)
    assert not Claim.objects.filter(is_exclusive=True).exists()
    assert not Exclusivity.objects.exists()
    assert check_agency(world.agency)[1] == []


def test_a_clause_over_what_is_booked_is_refused(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("K", world.tea), [(may(7), may(7))])
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(5), may(5))])
    clause = add_clause(collaboration=booked, scope="full", days_after=1, by=world.by)
    with pytest.raises(ClashRefused):
        update_clause(clause=clause, days_after=2, by=world.by)
    with pytest.raises(ClashRefused):
        add_clause(collaboration=booked, scope="full", days_after=2, by=world.by)
    assert Exclusivity.objects.get().days_after == 1


@pytest.mark.parametrize(
    ("scope", "categories", "brands", "sentence"),
    [
        ("categories", False, "", "Choose the categories"),
        ("brands", False, "", "Choose the brands"),
        ("full", True, "", "has no categories"),
        ("brands", False, "own", "own brand cannot be shut out"),
        ("full", False, "own", "own brand cannot be shut out"),
    ],
)
def test_a_clause_says_what_it_shuts_out(
    world: World, emma: Influencer, scope: str, categories: bool, brands: str, sentence: str
) -> None:
    own = world.brand("N", world.coffee)
    proposal = world.proposal(emma, own)
    with pytest.raises(Refused, match=sentence):
        add_clause(
            collaboration=proposal,
            scope=scope,
            categories=[world.hot] if categories else [],
            brands=[own] if brands else [],
            by=world.by,
        )
    assert not Exclusivity.objects.exists()


def test_a_clause_needs_real_dates_and_own_rows(world: World, emma: Influencer, outsider: Membership) -> None:
    proposal = world.proposal(emma, world.brand("N", world.coffee))
    with pytest.raises(ValidationError):
        add_clause(collaboration=proposal, scope="full", anchor="fixed", by=world.by)
    with pytest.raises(Refused, match="not in this agency"):
        add_clause(collaboration=proposal, scope="brands", brands=[BrandFactory(agency=outsider.agency)], by=world.by)


def test_rights_without_an_end_are_asked_for_once_somebody_is_held(world: World, emma: Influencer) -> None:
    proposal = world.proposal(emma, world.brand("N", world.coffee))
    clause = add_clause(collaboration=proposal, scope="full", anchor="usage", by=world.by)
    remove_clause(clause=clause, by=world.by)
    booked = move_collaboration(collaboration=proposal, state="booked", by=world.by)
    with pytest.raises(Refused, match="Say until when the usage rights run"):
        add_clause(collaboration=booked, scope="full", anchor="usage", by=world.by)
    assert add_clause(collaboration=booked, scope="full", anchor="usage", is_open_ended=True, by=world.by).pk


# --- absences ------------------------------------------------------------------------------------------------


def test_an_absence_shuts_out_and_leaves_again(world: World, emma: Influencer, outsider: Membership) -> None:
    absence = record_unavailability(influencer=emma, starts_on=may(3), ends_on=may(4), reason="move", by=world.by)
    assert (absence.reason, absence.agency) == ("move", world.agency)
    asked = world.proposal(emma, world.brand("N", world.coffee), [(may(4), may(4))])
    with pytest.raises(ClashRefused):
        move_collaboration(collaboration=asked, state="option", by=world.by)
    record_unavailability(influencer=emma, starts_on=may(4), ends_on=may(5), by=world.by)  # two may overlap
    remove_unavailability(unavailability=absence, by=world.by)
    with pytest.raises(ClashRefused):
        move_collaboration(collaboration=asked, state="option", by=world.by)
    remove_unavailability(unavailability=Unavailability.objects.get(), by=world.by)
    assert move_collaboration(collaboration=asked, state="option", by=world.by).state == "option"
    with pytest.raises(Refused, match="not in this agency"):
        record_unavailability(influencer=emma, starts_on=may(3), ends_on=may(4), by=outsider)
    with pytest.raises(ValidationError):
        record_unavailability(influencer=emma, starts_on=may(4), ends_on=may(3), by=world.by)


def test_an_absence_is_never_refused(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(1), may(10))], clauses=[{"scope": "full"}])
    absence = record_unavailability(influencer=emma, starts_on=may(4), ends_on=may(6), by=world.by)
    activity = Claim.objects.filter(collaboration=booked, is_exclusive=False)
    assert during(pk__in=activity.filter(enforced=True)) == [(may(1), may(4)), (may(7), may(11))]
    assert during(pk__in=activity.filter(enforced=False)) == [(may(4), may(7))]
    (clash,) = Clash.objects.all()
    assert (clash.collaboration, clash.unavailability, clash.against) == (booked, absence, None)
    assert (clash.state, clash.rule, clash.influencer) == ("open", "C8", emma)
    assert clash.during == day_set([(may(4), may(6))])


def test_removing_it_gives_the_days_back_and_keeps_the_record(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(1), may(10))])
    absence = record_unavailability(influencer=emma, starts_on=may(4), ends_on=may(30), by=world.by)
    remove_unavailability(unavailability=absence, by=world.by)
    (claim,) = Claim.objects.filter(collaboration=booked)
    assert claim.enforced
    assert claim.during == day_set([(may(1), may(10))])
    (clash,) = Clash.objects.all()
    assert (clash.state, clash.unavailability) == ("resolved", None)
    assert clash.decided_at is not None
    assert check_agency(world.agency) == (1, [])


def test_a_booking_that_gave_up_days_can_still_be_changed(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(1), may(10))])
    record_unavailability(influencer=emma, starts_on=may(9), ends_on=may(12), by=world.by)
    add_clause(collaboration=booked, scope="full", days_after=1, by=world.by)
    deliverable = booked.deliverables.get()
    with pytest.raises(ClashRefused):  # 11 May was never the booking's: not given up, but asked for
        update_deliverable(deliverable=deliverable, live_to=may(11), by=world.by)
    update_deliverable(deliverable=deliverable, live_to=may(9), by=world.by)
    assert Clash.objects.get().during == day_set([(may(9), may(9))])
    update_deliverable(deliverable=deliverable, live_to=may(8), by=world.by)
    assert Clash.objects.get().state == "resolved"
    assert not Claim.objects.filter(enforced=False).exists()


def test_a_booking_wholly_inside_an_absence_keeps_no_enforced_activity(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(5), may(5))])
    record_unavailability(influencer=emma, starts_on=may(1), ends_on=may(31), by=world.by)
    (claim,) = Claim.objects.filter(collaboration=booked)
    assert not claim.enforced
    move_collaboration(collaboration=booked, state="live", by=world.by)
    (claim,) = Claim.objects.filter(collaboration=booked)
    assert not claim.enforced
    cancelled = move_collaboration(collaboration=booked, state="cancelled", by=world.by)
    assert not Claim.objects.filter(collaboration=cancelled).exists()
    assert Clash.objects.get().state == "resolved"


def test_a_member_who_is_away_takes_days_from_the_duo(world: World, emma: Influencer) -> None:
    duo = InfluencerFactory(agency=world.agency)
    duo.members.add(emma)
    booked = world.booked(duo, world.brand("N", world.coffee), [(may(5), may(6))])
    absence = record_unavailability(influencer=emma, starts_on=may(6), ends_on=may(6), by=world.by)
    assert during(influencer=emma, collaboration=booked, enforced=False) == [(may(6), may(7))]
    assert during(influencer=duo, collaboration=booked) == [(may(5), may(7))]
    assert Clash.objects.get().influencer == duo
    remove_unavailability(unavailability=absence, by=world.by)
    assert during(influencer=emma, collaboration=booked) == [(may(5), may(7))]
