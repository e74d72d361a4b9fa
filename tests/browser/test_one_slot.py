"""Two marketers, two browsers, one creator, rival brands, one exclusivity: one wins, the other reads the sentence."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from agency.models import Agency, Membership
from campaigns.models import Claim, Collaboration, Exclusivity
from campaigns.services import add_clause, add_deliverable, add_to_line_up, create_campaign, move_collaboration
from influencers.models import Influencer
from tests.factories import AccountFactory, BrandFactory, CategoryFactory, MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def offer(agency: Agency, brand: Any, creator: Influencer, owner: Membership, live_on: date) -> Collaboration:
    """A creator in negotiation for a brand, with one post and a category exclusivity of two weeks after it."""
    campaign = create_campaign(
        brand=brand,
        owner=owner,
        name=f"{brand} campaign",
        starts_on=live_on,
        ends_on=live_on + timedelta(days=20),
        by=owner,
    )
    collaboration = add_to_line_up(campaign=campaign, influencer=creator, by=owner)
    account = creator.accounts.get()
    add_deliverable(collaboration=collaboration, account=account, live_from=live_on, live_to=live_on, by=owner)
    add_clause(
        collaboration=collaboration,
        scope=Exclusivity.Scope.CATEGORIES,
        categories=list(brand.categories.all()),
        days_after=14,
        by=owner,
    )
    move_collaboration(collaboration=collaboration, state="negotiating", by=owner)
    return collaboration


def test_two_browsers_one_slot(agency: Agency, marketer: Membership, sit_down: Callable[..., Any]) -> None:
    colleague = MembershipFactory(agency=agency, user__email="colleague@northern.example")
    coffee = CategoryFactory(agency=agency, name="Coffee")
    ours = BrandFactory(agency=agency, name="Northwind Coffee", categories=[coffee])
    theirs = BrandFactory(agency=agency, name="Southwind Coffee", categories=[coffee], rivals=[ours])
    creator = AccountFactory(agency=agency, influencer__name="Emma Lund").influencer
    day = agency.today() + timedelta(days=10)
    offers = [
        offer(agency, ours, creator, marketer, day),
        offer(agency, theirs, creator, colleague, day + timedelta(days=3)),
    ]

    desks = [sit_down(marketer), sit_down(colleague)]
    buttons = []
    for desk, collaboration in zip(desks, offers, strict=True):
        page = desk.open(collaboration.get_absolute_url())
        page.wait_for_load_state("networkidle")
        buttons.append(page.get_by_role("button", name=re.compile(r"^Book\b")).first)
    # Both pages were opened while the slot was free; nobody waits for the other's answer.
    for button in buttons:
        button.evaluate("button => setTimeout(() => button.click(), 0)")
    for desk in desks:
        desk.page.wait_for_load_state("networkidle")
        expect(desk.page.locator("body")).to_contain_text(re.compile("booked", re.IGNORECASE))

    states = {c.pk: Collaboration.objects.get(pk=c.pk).state for c in offers}
    assert sorted(states.values()) == ["booked", "negotiating"]
    loser = next(place for place, c in enumerate(offers) if states[c.pk] == "negotiating")
    winner_brand = offers[1 - loser].campaign.brand.name
    text = desks[loser].page.locator("main").inner_text()
    assert f"Emma Lund is booked for {winner_brand}" in text or f"Emma Lund works for {winner_brand}" in text
    assert "Next free" in text
    assert Claim.objects.filter(is_exclusive=False).count() == 1
    # A refusal is an answer, not an accident: nothing but the 409 itself in the console.
    complaints = [problem for problem in desks[0].problems + desks[1].problems if "409" not in problem]
    assert complaints == []
