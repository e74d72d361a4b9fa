"""What campaigns show on the dashboard, a profile, a brand, and beside the navigation."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agency.models import Agency, Membership
from campaigns.claims.presence import presence_of
from campaigns.models import Campaign, Deliverable
from campaigns.selectors.work import due_this_week
from campaigns.services import record_unavailability, update_campaign
from influencers.models import Influencer
from tests.campaigns.booking import World, june, may
from tests.factories import ClientFactory, InfluencerFactory

Login = Callable[[Any], Client]
TODAY = date(2026, 5, 11)  # a Monday


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Agency, "today", lambda self: TODAY)


def page(world: World, client: Client, name: str, *arguments: object) -> str:
    response = client.get(reverse(name, args=[world.agency.slug, *arguments]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# --- dashboard ---------------------------------------------------------------------------------------------


def test_an_empty_agency_is_told_to_start_a_campaign(world: World, login: Login, viewer: Membership) -> None:
    assert "Start a campaign" in page(world, login(world.by), "agency:dashboard")
    assert "Start a campaign" not in page(world, login(viewer), "agency:dashboard")
    world.proposal(InfluencerFactory(agency=world.agency), world.brand("N", world.coffee))
    assert "Start a campaign" not in page(world, login(world.by), "agency:dashboard")


def test_my_clashes_and_the_count(world: World, emma: Influencer, login: Login, marketer: Membership) -> None:
    booked = world.booked(emma, world.brand("Northwind", world.coffee), [(may(12), may(12))])
    assert "Clashes in my campaigns" not in page(world, login(world.by), "agency:dashboard")
    record_unavailability(influencer=emma, starts_on=may(12), ends_on=may(13), by=None)
    mine = page(world, login(world.by), "agency:dashboard")
    assert "Clashes in my campaigns" in mine
    assert "Emma is away 12 May 2026, but booked for Northwind." in mine
    assert 'title="open clashes">1</span>' in mine
    others = page(world, login(marketer), "agency:dashboard")
    assert "Clashes in my campaigns" not in others
    assert 'title="open clashes">1</span>' in others
    booked.campaign.brand.client.is_confidential = True
    booked.campaign.brand.client.save()
    assert "open clashes" not in page(world, login(marketer), "agency:dashboard")


def test_due_this_week_by_day(world: World, emma: Influencer, login: Login, marketer: Membership) -> None:
    booked = world.booked(
        emma,
        world.brand("Northwind", world.coffee),
        [
            (may(9), may(10)),  # over
            (may(10), may(12)),  # has begun
            (may(17), may(20)),  # begins on the last day of the week
            (may(18), may(18)),  # next week
        ],
    )
    over, begun, begins, later = booked.deliverables.order_by("live_from")
    Deliverable.objects.filter(pk=begins.pk).update(draft_due_on=may(13))
    Deliverable.objects.filter(pk=later.pk).update(draft_due_on=may(8))
    found = [(due.day, due.is_draft, due.is_late, due.deliverable.pk) for due in due_this_week(world.owner, TODAY)]
    assert found == [
        (may(11), True, True, later.pk),
        (may(11), False, False, begun.pk),
        (may(13), True, False, begins.pk),
        (may(17), False, False, begins.pk),
    ]
    assert over.live_to == may(10)
    mine = page(world, login(world.by), "agency:dashboard")
    assert "Monday, 11 May" in mine
    assert "draft late since 8 May" in mine
    assert "goes live 10–12 May 2026" in mine
    assert "Due this week" not in page(world, login(marketer), "agency:dashboard")
    update_campaign(campaign=booked.campaign, owner=marketer, by=world.by)
    assert "Due this week" in page(world, login(marketer), "agency:dashboard")


@pytest.mark.parametrize("state", ["drafted", "approved", "live", "dropped"])
def test_a_draft_that_is_in_is_not_due(world: World, emma: Influencer, state: str) -> None:
    booked = world.booked(emma, world.brand("Northwind", world.coffee), [(may(30), may(30))])
    booked.deliverables.update(draft_due_on=may(12), state=state)
    assert due_this_week(world.owner, TODAY) == []
    booked.deliverables.update(state="feedback")
    assert [due.day for due in due_this_week(world.owner, TODAY)] == [may(12)]


def test_what_nobody_is_held_for_is_not_due(world: World, emma: Influencer) -> None:
    world.proposal(emma, world.brand("Northwind", world.coffee), [(may(12), may(12))])
    assert due_this_week(world.owner, TODAY) == []


# --- profile -------------------------------------------------------------------------------------------------


def test_presence(world: World, emma: Influencer) -> None:
    assert presence_of(emma, TODAY, world.owner).is_free
    assert presence_of(emma, TODAY, world.owner).changes_on is None
    clause = {"scope": "categories", "categories": [world.hot], "days_after": 5}
    world.booked(emma, world.brand("Northwind", world.coffee), [(may(12), may(13))], clauses=[clause])
    free = presence_of(emma, TODAY, world.owner)
    assert (free.is_free, free.changes_on) == (True, may(12))
    record_unavailability(influencer=emma, starts_on=may(19), ends_on=may(19), by=None)
    record_unavailability(influencer=emma, starts_on=may(22), ends_on=may(22), by=None)
    taken = presence_of(emma, may(13), world.owner)
    assert taken.lines == [
        "Works for Northwind until 13 May 2026.",
        "Northwind: Exclusive in Hot drinks, 5 days after, until 18 May 2026.",
    ]
    assert taken.changes_on == may(20)
    assert presence_of(emma, may(19), world.owner).lines == ["Away until 19 May 2026."]


def test_presence_without_end(world: World, emma: Influencer, marketer: Membership) -> None:
    secret = world.brand("CANARY", world.coffee, client=ClientFactory(agency=world.agency, is_confidential=True))
    clause = {"scope": "full", "is_open_ended": True}
    world.booked(emma, secret, [(may(11), may(11))], clauses=[clause])
    taken = presence_of(emma, TODAY, marketer)
    assert taken.lines == ["Not available until 11 May 2026: exclusivity.", "Not available: exclusivity."]
    assert taken.changes_on is None
    assert presence_of(emma, may(12), world.owner).lines == ["CANARY: Fully exclusive, without end."]


def test_profile(world: World, emma: Influencer, login: Login, viewer: Membership) -> None:
    profile = page(world, login(world.by), "influencers:influencer_collaborations", emma.pk)
    assert "Free today." in profile
    assert "No collaboration yet." in profile
    duo = InfluencerFactory(agency=world.agency, name="The Two")
    duo.members.add(emma)
    world.booked(emma, world.brand("Northwind", world.coffee), [(may(11), may(12))])
    world.proposal(duo, world.brand("Kaffa", world.tea), flight=(june(1), june(2)))
    record_unavailability(influencer=emma, starts_on=may(20), ends_on=may(21), reason="SURGERY", by=None)
    record_unavailability(influencer=emma, starts_on=may(1), ends_on=may(2), by=None)
    profile = page(world, login(world.by), "influencers:influencer_collaborations", emma.pk)
    for text in (
        "Taken today.",
        "Next free: 13 May 2026.",
        "Northwind in May",
        "Kaffa in May",
        "The Two",
        "20–21 May 2026",
    ):
        assert text in profile
    assert "SURGERY" in profile
    assert "1–2 May 2026" not in profile
    seen = page(world, login(viewer), "influencers:influencer_collaborations", emma.pk)
    for text in ("Northwind", "Kaffa", "SURGERY"):
        assert text not in seen
    assert "Not available until 12 May 2026: exclusivity." in seen
    of_duo = page(world, login(world.by), "influencers:influencer_collaborations", duo.pk)
    assert "20–21 May 2026" in of_duo


# --- brand -----------------------------------------------------------------------------------------------------


def test_brand(world: World, emma: Influencer, login: Login) -> None:
    brand = world.brand("Northwind", world.coffee)
    empty = page(world, login(world.by), "agency:brand_detail", brand.pk)
    assert "No campaign yet." in empty
    assert "No booking of this brand shuts anybody out." in empty
    clause = {"scope": "categories", "categories": [world.hot], "days_after": 14}
    world.booked(emma, brand, [(may(5), may(6))], clauses=[clause])
    over = InfluencerFactory(agency=world.agency, name="Over")
    world.booked(over, world.brand("Other", world.coffee, client=brand.client), [(may(5), may(6))], clauses=[clause])
    Campaign.objects.filter(brand=brand).update(starts_on=TODAY - timedelta(days=30))
    full = page(world, login(world.by), "agency:brand_detail", brand.pk)
    for text in ("Northwind in May", "Emma", "Exclusive in Hot drinks, 14 days after", "5–20 May 2026"):
        assert text in full
    assert "Over" not in full
