"""Every tab of a profile and every form of the record, wide and narrow, light and dark; and by the keyboard alone."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from influencers.models import Account, AudienceShare, FollowerCount, Influencer, Price

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where to leave pictures of the pages; nowhere unless asked.
PICTURES = os.environ.get("MESO_SCREENSHOTS")
TABS = ("", "fit/", "collaborations/", "audience/", "prices/", "protection/", "history/")


def known_best() -> Influencer:
    """A creator of the demo with an audience, prices and an account."""
    return Influencer.objects.filter(
        agency__slug="demo", prices__isnull=False, accounts__audience__isnull=False
    ).order_by("pk")[0]


def pages_of_the_record() -> Iterator[tuple[str, str]]:
    creator = known_best()
    Influencer.objects.filter(pk=creator.pk).update(city="Odense", phone="+45 12 34 56 78")
    share = AudienceShare.objects.filter(account__influencer=creator).order_by("pk")[0]
    count = FollowerCount.objects.filter(account__influencer=creator).order_by("pk")[0]
    price = Price.objects.filter(influencer=creator).order_by("pk")[0]
    alone = Influencer.objects.create(agency=creator.agency, name="Dr. Ada Expert", kind="expert")
    account = Account.objects.get(pk=share.account_id)
    for tab in TABS:
        yield f"tab-{tab.strip('/') or 'overview'}", f"/demo/roster/{creator.pk}/{tab}"
    yield "tab-overview-expert", f"/demo/roster/{alone.pk}/"
    yield "tab-audience-expert", f"/demo/roster/{alone.pk}/audience/"
    yield "record-edit", f"/demo/roster/{creator.pk}/edit/"
    yield "record-members", f"/demo/roster/{creator.pk}/members/?q=a"
    yield "record-price", f"/demo/roster/prices/{price.pk}/edit/"
    yield "record-price-delete", f"/demo/roster/prices/{price.pk}/delete/"
    yield "record-audience", f"/demo/roster/accounts/{account.pk}/audience/{share.dimension}/?as_of={share.as_of}"
    yield "record-audience-delete", f"/demo/roster/accounts/{account.pk}/audience/{share.dimension}/delete/"
    yield "record-account", f"/demo/roster/accounts/{account.pk}/edit/"
    yield "record-account-delete", f"/demo/roster/accounts/{account.pk}/delete/"
    yield "record-count", f"/demo/roster/counts/{count.pk}/edit/"


@pytest.mark.parametrize(
    ("width", "dark"),
    [
        pytest.param(1440, False, id="wide"),
        pytest.param(1440, True, id="wide-dark", marks=pytest.mark.long),
        pytest.param(390, False, id="phone", marks=pytest.mark.long),
        pytest.param(390, True, id="phone-dark", marks=pytest.mark.long),
    ],
)
def test_record_pages_have_no_serious_violation_and_a_silent_console(
    demo: dict[str, Any], sit_down: Callable[..., Any], violations: Callable[[Page], list[str]], width: int, dark: bool
) -> None:
    found: dict[str, list[str]] = {}
    desk = sit_down(demo["manager"], width=width, height=844 if width < 500 else 900, dark=dark)
    for name, path in pages_of_the_record():
        page = desk.open(path)
        page.wait_for_load_state("networkidle")
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}{'-dark' if dark else ''}.png"), full_page=True)
        overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        problems = violations(page) + ([f"{overflow} px wider than the window"] if overflow > 1 else [])
        if problems:
            found[name] = problems
    assert found == {}, json.dumps(found, indent=1)
    assert desk.problems == []


def test_a_price_is_added_by_the_keyboard_alone(demo: dict[str, Any], sit_down: Callable[..., Any]) -> None:
    creator = known_best()
    before = creator.prices.count()
    page = sit_down(demo["manager"]).open(f"/demo/roster/{creator.pk}/prices/")

    def reach(label: str) -> None:
        """Tab until the focus stands on what is called so."""
        for _step in range(120):
            page.keyboard.press("Tab")
            said = page.evaluate(
                "() => { const e = document.activeElement; return (e.labels?.[0] || e).textContent.trim() }"
            )
            if said.startswith(label):
                return
        raise AssertionError(f"{label} is not reached by Tab")

    reach("Add a price")
    page.keyboard.press("Enter")
    page.wait_for_url("**/prices/add/")
    reach("Deliverable")
    page.keyboard.type("usage")
    reach("Amount")
    page.keyboard.type("420")
    reach("Add the price")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/roster/{creator.pk}/prices/")
    assert "The price is kept." in page.inner_text("main")
    assert creator.prices.count() == before + 1
