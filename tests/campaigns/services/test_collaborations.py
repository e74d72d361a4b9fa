"""States, line-up, what a booking fixes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from agency.errors import Refused
from agency.models import Membership
from campaigns.claims.refusals import ClashRefused
from campaigns.models import Claim, Collaboration
from campaigns.services import (
    add_to_line_up,
    create_campaign,
    move_collaboration,
    shift_collaboration,
    update_collaboration,
)
from campaigns.services.collaborations import TRANSITIONS
from influencers.models import Influencer
from tests.campaigns.booking import World, june, may
from tests.factories import AccountFactory, InfluencerFactory, TierBandFactory, TierSchemeFactory

State = Collaboration.State

# Written from what agencies do, not from the code.
WAYS = {
    ("proposed", "approved"),
    ("proposed", "contacted"),
    ("proposed", "negotiating"),
    ("proposed", "option"),
    ("proposed", "booked"),
    ("proposed", "declined"),
    ("proposed", "cancelled"),
    ("approved", "contacted"),
    ("approved", "negotiating"),
    ("approved", "option"),
    ("approved", "booked"),
    ("approved", "declined"),
    ("approved", "cancelled"),
    ("contacted", "negotiating"),
    ("contacted", "option"),
    ("contacted", "booked"),
    ("contacted", "declined"),
    ("contacted", "cancelled"),
    ("negotiating", "option"),
    ("negotiating", "booked"),
    ("negotiating", "declined"),
    ("negotiating", "cancelled"),
    ("option", "negotiating"),
    ("option", "booked"),
    ("option", "declined"),
    ("option", "cancelled"),
    ("booked", "live"),
    ("booked", "cancelled"),
    ("live", "completed"),
    ("live", "cancelled"),
    ("declined", "proposed"),
    ("cancelled", "proposed"),
}


def put(collaboration: Collaboration, state: str) -> Collaboration:
    """Into a state past the services, as if it had come there."""
    Collaboration.objects.filter(pk=collaboration.pk).update(state=state, booked_at=timezone.now())
    collaboration.refresh_from_db()
    return collaboration


@pytest.mark.parametrize(("before", "after"), list(product(State.values, State.values)))
def test_every_pair_of_states(world: World, emma: Influencer, before: str, after: str) -> None:
    collaboration = put(world.proposal(emma, world.brand("N", world.coffee)), before)
    if (before, after) in WAYS:
        moved = move_collaboration(collaboration=collaboration, state=after, by=world.by)
        assert moved.state == after
        assert Claim.objects.exists() is (after in {"option", "booked", "live", "completed"})
    else:
        with pytest.raises(Refused, match="cannot become"):
            move_collaboration(collaboration=collaboration, state=after, by=world.by)


def test_the_table_has_every_state() -> None:
    assert set(TRANSITIONS) == set(State.values)


def test_booking_notes_who_when_and_the_tier(world: World, emma: Influencer) -> None:
    scheme = TierSchemeFactory(agency=world.agency, is_default=True)
    for name, rank, floor in (("micro", 2, 5_000), ("meso", 3, 50_000), ("macro", 4, 100_000)):
        TierBandFactory(scheme=scheme, name=name, rank=rank, floor=floor)
    AccountFactory(agency=world.agency, influencer=emma, typed_followers=6_000)
    AccountFactory(agency=world.agency, influencer=emma, typed_followers=60_000, platform="tiktok")
    began = timezone.now()
    booked = world.booked(emma, world.brand("N", world.coffee))
    assert booked.tier_at_booking == "meso"  # of the largest account while none is primary
    assert booked.booked_by == world.by
    assert booked.booked_at is not None
    assert began <= booked.booked_at <= timezone.now()
    emma.accounts.filter(platform="instagram").update(is_primary=True)
    again = world.booked(emma, world.brand("K", world.coffee))
    assert again.tier_at_booking == "micro"
    stored = Collaboration.objects.get(pk=booked.pk)
    assert (stored.tier_at_booking, stored.state) == ("meso", "booked")


def test_an_option_freezes_nothing(world: World, emma: Influencer) -> None:
    option = world.booked(emma, world.brand("N", world.coffee), state="option")
    assert (option.tier_at_booking, option.booked_at, option.booked_by) == ("", None, None)


def test_without_accounts_the_tier_is_empty(world: World, emma: Influencer) -> None:
    assert world.booked(emma, world.brand("N", world.coffee)).tier_at_booking == ""


def test_asking_again_forgets_the_booking(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee))
    cancelled = move_collaboration(collaboration=booked, state="cancelled", by=world.by)
    assert cancelled.booked_at is not None
    again = move_collaboration(collaboration=cancelled, state="proposed", by=world.by)
    assert (again.booked_at, again.booked_by, again.tier_at_booking) == (None, None, "")


def test_what_went_live_stays_on_record(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(5), may(5))], clauses=[{"scope": "full"}])
    booked.deliverables.update(state="live")
    cancelled = move_collaboration(collaboration=booked, state="cancelled", by=world.by)
    assert Claim.objects.filter(collaboration=cancelled).count() == 2
    with pytest.raises(Refused, match="went live: it stays on record"):
        move_collaboration(collaboration=cancelled, state="proposed", by=world.by)


def test_a_booking_without_a_category_is_refused(world: World, emma: Influencer) -> None:
    collaboration = world.proposal(emma, world.brand("N"))
    with pytest.raises(Refused, match="has no product category"):
        move_collaboration(collaboration=collaboration, state="booked", by=world.by)


def test_booking_writes_the_brands_categories_down(world: World, emma: Influencer) -> None:
    brand = world.brand("N")
    collaboration = world.proposal(emma, brand)
    brand.categories.add(world.coffee)
    move_collaboration(collaboration=collaboration, state="booked", by=world.by)
    assert list(collaboration.campaign.categories.all()) == [world.coffee]


def test_rights_that_a_clause_counts_from_need_an_end(world: World, emma: Influencer) -> None:
    clause = {"scope": "full", "anchor": "usage"}
    collaboration = world.proposal(emma, world.brand("N", world.coffee), clauses=[clause])
    with pytest.raises(Refused, match="say until when they run"):
        move_collaboration(collaboration=collaboration, state="option", by=world.by)
    update_collaboration(collaboration=collaboration, usage_rights_until=june(1), by=world.by)
    assert move_collaboration(collaboration=collaboration, state="option", by=world.by).state == "option"
    open_ended = world.proposal(
        emma, world.brand("K", world.fashion), clauses=[{**clause, "is_open_ended": True}], flight=(june(10), june(11))
    )
    assert not Claim.objects.filter(collaboration=open_ended).exists()


def test_creators_not_to_work_with(world: World, emma: Influencer) -> None:
    collaboration = world.proposal(emma, world.brand("N", world.coffee))
    emma.status = "blocked"
    emma.save()
    with pytest.raises(Refused, match="Emma is marked “do not work with”"):
        move_collaboration(collaboration=collaboration, state="booked", by=world.by)
    with pytest.raises(Refused, match="Emma is marked “do not work with”"):
        world.proposal(emma, world.brand("K", world.coffee))
    assert move_collaboration(collaboration=collaboration, state="declined", by=world.by).state == "declined"


# --- line-up and facts ---------------------------------------------------------------------------------


def test_line_up(world: World, emma: Influencer, outsider: Membership) -> None:
    campaign = create_campaign(
        brand=world.brand("N", world.coffee), name="May", starts_on=may(1), ends_on=may(2), currency="DKK", by=world.by
    )
    collaboration = add_to_line_up(campaign=campaign, influencer=emma, fee=Decimal("1200.50"), by=world.by)
    assert (collaboration.state, collaboration.currency, collaboration.fee) == ("proposed", "DKK", Decimal("1200.50"))
    with pytest.raises(Refused, match="Emma is in the line-up already"):
        add_to_line_up(campaign=campaign, influencer=emma, by=world.by)
    foreign = InfluencerFactory(agency=outsider.agency)
    with pytest.raises(Refused, match="not in this agency"):
        add_to_line_up(campaign=campaign, influencer=foreign, by=world.by)
    with pytest.raises(Refused, match="not in this agency"):
        add_to_line_up(campaign=campaign, influencer=InfluencerFactory(agency=world.agency), by=outsider)
    with pytest.raises(ValidationError):
        add_to_line_up(campaign=campaign, influencer=InfluencerFactory(agency=world.agency), fee=Decimal(-1), by=None)
    with pytest.raises(ValidationError):
        add_to_line_up(campaign=campaign, influencer=InfluencerFactory(agency=world.agency), starts_on=may(1), by=None)


def test_other_integrity_errors_pass(world: World, emma: Influencer, monkeypatch: pytest.MonkeyPatch) -> None:

    def fail(self: Collaboration, *args: object, **options: object) -> None:
        raise IntegrityError("something else")

    campaign = create_campaign(brand=world.brand("N"), name="May", starts_on=may(1), ends_on=may(2), by=world.by)
    monkeypatch.setattr(Collaboration, "save", fail)
    with pytest.raises(IntegrityError, match="something else"):
        add_to_line_up(campaign=campaign, influencer=emma, by=world.by)


def test_facts_of_a_collaboration(world: World, emma: Influencer) -> None:
    collaboration = world.proposal(emma, world.brand("N", world.coffee))
    option_until = datetime(2026, 5, 2, 12, tzinfo=UTC)
    changed = update_collaboration(
        collaboration=collaboration,
        fee=Decimal(100),
        client_price=Decimal(150),
        contract_sent_on=may(1),
        contract_signed_on=may(2),
        option_until=option_until,
        code="EMMA10",
        link="https://example.com/emma",
        by=world.by,
    )
    stored = Collaboration.objects.get(pk=changed.pk)
    assert (stored.fee, stored.client_price, stored.code, stored.option_until) == (100, 150, "EMMA10", option_until)
    assert (stored.contract_sent_on, stored.contract_signed_on) == (may(1), may(2))
    assert stored.link == "https://example.com/emma"


def test_moving_the_flight_of_a_booking_moves_its_claims(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), clauses=[{"scope": "full"}])
    update_collaboration(collaboration=booked, starts_on=may(5), ends_on=may(6), by=world.by)
    (other,) = [world.booked(emma, world.brand("K", world.tea), [(may(7), may(7))])]
    assert other.state == "booked"
    with pytest.raises(ClashRefused):
        update_collaboration(collaboration=booked, starts_on=may(5), ends_on=may(7), by=world.by)


# --- moving days -----------------------------------------------------------------------------------------


def test_shifting_moves_what_is_planned(world: World, emma: Influencer) -> None:
    booked = world.booked(
        emma, world.brand("N", world.coffee), [(may(5), may(6)), (may(10), may(10)), (may(12), may(12))]
    )
    first, second, third = booked.deliverables.order_by("live_from")
    booked.deliverables.filter(pk=first.pk).update(state="live")
    booked.deliverables.filter(pk=third.pk).update(state="dropped")
    booked.deliverables.filter(pk=second.pk).update(draft_due_on=may(3), must_stay_until=june(1))
    shift_collaboration(collaboration=booked, days=7, by=world.by)
    for row in (first, second, third):
        row.refresh_from_db()
    assert (first.live_from, first.live_to) == (may(5), may(6))
    assert (second.live_from, second.live_to) == (may(17), may(17))
    assert (second.draft_due_on, second.must_stay_until, second.feedback_due_on) == (may(10), june(8), None)
    assert third.live_from == may(12)
    booked.refresh_from_db()
    assert (booked.starts_on, booked.ends_on) == (None, None)  # the campaign's flight is not what was planned
    (claim,) = Claim.objects.all()
    assert [(part.lower, part.upper) for part in claim.during] == [(may(5), may(7)), (may(17), may(18))]


def test_shifting_a_flight_makes_it_an_own_one(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), flight=(may(1), may(3)))
    shifted = shift_collaboration(collaboration=booked, days=-1, by=world.by)
    assert (shifted.starts_on, shifted.ends_on) == (may(1) - timedelta(days=1), may(2))
    again = shift_collaboration(collaboration=shifted, days=2, by=world.by)
    assert (again.starts_on, again.ends_on) == (may(2), may(4))


def test_booking_into_the_next_free_window(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(3), may(5))], clauses=[{"scope": "full"}])
    asked = world.proposal(emma, world.brand("K", world.tea), [(may(4), may(5))])
    with pytest.raises(ClashRefused) as caught:
        move_collaboration(collaboration=asked, state="booked", by=world.by)
    (window,) = caught.value.windows
    booked = move_collaboration(collaboration=asked, state="booked", shift_days=window.shift, by=world.by)
    assert booked.state == "booked"
    assert [(row.live_from, row.live_to) for row in booked.deliverables.all()] == [(may(6), may(7))]


def test_a_refused_shift_moves_nothing(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(3), may(5))], clauses=[{"scope": "full"}])
    asked = world.proposal(emma, world.brand("K", world.tea), [(may(1), may(1))])
    with pytest.raises(ClashRefused):
        move_collaboration(collaboration=asked, state="booked", shift_days=2, by=world.by)
    assert asked.deliverables.get().live_from == may(1)
