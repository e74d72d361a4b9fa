"""What PostgreSQL refuses, what it lets pass, and what a refusal leaves behind."""

from types import SimpleNamespace

import pytest
from django.db import OperationalError, transaction
from psycopg import errors

from agency.errors import Refused
from campaigns.claims import store
from campaigns.claims.refusals import ClashRefused
from campaigns.fields import id_set
from campaigns.models import Claim, Collaboration
from campaigns.services import move_collaboration, update_collaboration
from influencers.models import Influencer
from tests.campaigns.booking import World, may
from tests.factories import InfluencerFactory


def exclusive(world: World, **fields: object) -> dict[str, object]:
    return {"scope": "categories", "categories": [world.hot], **fields}


def test_an_activity_inside_a_clause_is_refused_and_nothing_is_left(world: World, emma: Influencer) -> None:
    world.booked(
        emma, world.brand("Northwind", world.coffee), [(may(1), may(3))], clauses=[exclusive(world, days_after=14)]
    )
    rival = world.proposal(emma, world.brand("Kaffa", world.tea), [(may(17), may(17))])
    with pytest.raises(ClashRefused) as caught:
        move_collaboration(collaboration=rival, state="booked", by=world.by)
    rival.refresh_from_db()
    assert rival.state == "proposed"
    assert rival.booked_at is None
    assert not Claim.objects.filter(collaboration=rival).exists()
    (side,) = caught.value.sides
    assert side.collaboration == Collaboration.objects.get(campaign__brand__name="Northwind")
    assert side.days_text == "17 May 2026"


def test_the_day_after_a_clause_is_free(world: World, emma: Influencer) -> None:
    world.booked(
        emma, world.brand("Northwind", world.coffee), [(may(1), may(3))], clauses=[exclusive(world, days_after=14)]
    )
    assert world.booked(emma, world.brand("Kaffa", world.tea), [(may(18), may(18))]).state == "booked"


def test_a_clause_over_a_booked_activity_is_refused(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("Kaffa", world.tea), [(may(5), may(6))])
    with pytest.raises(ClashRefused):
        world.booked(
            emma,
            world.brand("Northwind", world.coffee),
            [(may(10), may(10))],
            clauses=[exclusive(world, days_before=4)],
        )


@pytest.mark.parametrize("state", ["option", "booked"])
def test_an_option_in_first_place_holds_like_a_booking(world: World, emma: Influencer, state: str) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(5), may(6))], clauses=[exclusive(world)], state=state)
    with pytest.raises(ClashRefused):
        world.booked(emma, world.brand("K", world.tea), [(may(6), may(6))], state="option")


@pytest.mark.parametrize("what", ["creator", "days", "category", "client", "platform", "market"])
def test_one_difference_is_enough_to_pass(world: World, emma: Influencer, what: str) -> None:
    own = world.brand("Northwind", world.coffee)
    other = world.brand("Kaffa", world.tea, **({"client": own.client} if what == "client" else {}))
    clause = exclusive(world, platforms=["instagram"], markets=["DK"])
    world.booked(emma, own, [(may(5), may(6))], clauses=[clause], markets=["DK"], platform="instagram")
    creator = InfluencerFactory(agency=world.agency) if what == "creator" else emma
    booked = world.booked(
        creator,
        other,
        [(may(7), may(7)) if what == "days" else (may(6), may(6))],
        categories=[world.cold if what == "category" else world.tea],
        platform="tiktok" if what == "platform" else "youtube" if what == "creator" else "",
        markets=["NL"] if what == "market" else ["DK", "NL"],
    )
    assert booked.state == "booked"


def test_two_activities_and_two_clauses_never_refuse_each_other(world: World, emma: Influencer) -> None:
    first = world.brand("One", world.coffee)
    second = world.brand("Two", world.fashion)
    clauses = [{"scope": "categories", "categories": [world.cold]}]
    for brand in (first, second):
        assert world.booked(emma, brand, [(may(5), may(6))], clauses=clauses).state == "booked"
    assert Claim.objects.filter(influencer=emma).count() == 4


def test_a_booking_never_clashes_with_itself(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("One", world.coffee), [(may(5), may(6))], clauses=[{"scope": "full"}])
    booked = update_collaboration(collaboration=booked, fee="100.00", by=world.by)
    assert Claim.objects.filter(collaboration=booked).count() == 2


def test_an_ancestor_does_not_clash_for_the_database(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(5), may(6))], clauses=[exclusive(world)])
    assert world.booked(emma, world.brand("K", world.drinks), [(may(5), may(6))]).state == "booked"


def test_a_duo_and_its_members_shut_each_other_out(world: World, emma: Influencer) -> None:
    duo = InfluencerFactory(agency=world.agency, name="Emma & Noor")
    noor = InfluencerFactory(agency=world.agency, name="Noor")
    duo.members.set([emma, noor])
    world.booked(emma, world.brand("N", world.coffee), [(may(5), may(6))], clauses=[exclusive(world)])
    with pytest.raises(ClashRefused) as caught:
        world.booked(duo, world.brand("K", world.tea), [(may(6), may(6))])
    assert [side.influencer for side in caught.value.sides] == [emma]
    world.booked(duo, world.brand("L", world.tea), [(may(7), may(8))], clauses=[exclusive(world)])
    with pytest.raises(ClashRefused):
        world.booked(noor, world.brand("M", world.tea), [(may(8), may(8))])


def test_leaving_a_holding_state_takes_the_claims_away(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(5), may(6))], clauses=[exclusive(world)])
    move_collaboration(collaboration=booked, state="cancelled", by=world.by)
    assert not Claim.objects.exists()
    assert world.booked(emma, world.brand("K", world.tea), [(may(6), may(6))]).state == "booked"


def test_a_refused_change_keeps_the_old_claims(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(5), may(6))], clauses=[exclusive(world)])
    other = world.booked(emma, world.brand("K", world.tea), flight=(may(20), may(25)))
    before = list(Claim.objects.filter(collaboration=other).values_list("during", flat=True))
    with pytest.raises(ClashRefused), transaction.atomic():
        update_collaboration(collaboration=other, starts_on=may(6), ends_on=may(25), by=world.by)
    other.refresh_from_db()
    assert other.starts_on is None
    assert list(Claim.objects.filter(collaboration=other).values_list("during", flat=True)) == before


def test_nothing_to_write_is_nothing_to_do(world: World) -> None:
    store.write_claims([], by=None)
    assert not Claim.objects.exists()


def test_other_database_errors_are_not_clashes(world: World, emma: Influencer, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr("campaigns.claims.derive.market_set", lambda codes: id_set([]))
    with pytest.raises(Exception, match="claim_markets_not_empty"):
        world.booked(emma, world.brand("N", world.coffee))


# --- retries ------------------------------------------------------------------------------------------


class Failing:
    """A service that meets a database error so many times before it succeeds."""

    def __init__(self, cause: Exception, times: int) -> None:
        self.cause, self.times, self.calls = cause, times, 0

    def __call__(self, answer: str) -> str:
        self.calls += 1
        if self.calls <= self.times:
            raise OperationalError("gave up") from self.cause
        return answer

    __name__ = "failing"


@pytest.fixture
def outside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(store.time, "sleep", lambda seconds: None)


@pytest.mark.parametrize("cause", [errors.DeadlockDetected(), errors.SerializationFailure()])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_conflicts_are_tried_again_three_times(outside_a_transaction: None, cause: Exception, times: int) -> None:
    service = Failing(cause, times)
    assert store.retry_on_conflict(service)("done") == "done"
    assert service.calls == times + 1


def test_the_fourth_conflict_is_told(outside_a_transaction: None) -> None:
    service = Failing(errors.DeadlockDetected(), 4)
    with pytest.raises(Refused, match="Nothing was changed; try again"):
        store.retry_on_conflict(service)("done")
    assert service.calls == 4


def test_other_operational_errors_are_not_tried_again(outside_a_transaction: None) -> None:
    service = Failing(errors.QueryCanceled(), 1)
    with pytest.raises(OperationalError):
        store.retry_on_conflict(service)("done")
    assert service.calls == 1


@pytest.mark.django_db
def test_inside_the_callers_transaction_nothing_is_tried_again() -> None:
    service = Failing(errors.DeadlockDetected(), 1)
    with pytest.raises(OperationalError):
        store.retry_on_conflict(service)("done")
    assert service.calls == 1


def test_rule_codes() -> None:
    assert store.rule_code(absence_id=1, is_full=None) == "C8"
    assert store.rule_code(absence_id=None, is_full=True) == "C2"
    assert store.rule_code(absence_id=None, is_full=False) == "C1"
