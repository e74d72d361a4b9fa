"""Finding on the roster in a browser: the panel of filters, saved views, columns; wide and narrow, light and dark."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("MESO_SCREENSHOTS")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"find-{name}.png"))


@pytest.mark.parametrize(
    ("width", "dark"),
    [
        pytest.param(1440, False, id="wide"),
        pytest.param(390, True, id="phone-dark"),
        pytest.param(1440, True, id="wide-dark", marks=pytest.mark.long),
        pytest.param(390, False, id="phone", marks=pytest.mark.long),
    ],
)
def test_finding_saving_and_choosing_columns(
    demo: dict[str, Any], sit_down: Callable[..., Any], violations: Callable[[Page], list[str]], width: int, dark: bool
) -> None:
    desk = sit_down(demo["manager"], width=width, height=844 if width < 500 else 900, dark=dark)
    look = f"{width}{'-dark' if dark else ''}"
    page = desk.open("/demo/roster/")
    picture(page, f"roster-{look}")
    found = {"roster": violations(page)}
    # By keyboard: the button, then the panel has the focus and its first field is one step away.
    page.locator("#more-filters").focus()
    page.keyboard.press("Enter")
    panel = page.locator("#roster-more")
    expect(panel.get_by_label("Platform", exact=True)).to_be_visible()
    picture(page, f"panel-{look}")
    found["panel"] = violations(page)
    panel.get_by_label("Platform", exact=True).select_option("instagram")
    panel.get_by_label("Followers from", exact=True).fill("10000")
    panel.get_by_role("button", name="Show creators").click()
    page.wait_for_url("**/roster/?**followers_from=10000**")
    expect(page.locator(".chip")).to_have_count(2)
    picture(page, f"chips-{look}")
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name").fill("Instagram, not tiny")
    picture(page, f"save-{look}")
    found["save"] = violations(page)
    page.get_by_role("button", name="Save the view").click()
    expect(page.locator(".saved-view.active")).to_have_text("Instagram, not tiny")
    page.locator("#influencer-list-status").select_option("active")
    page.wait_for_url("**status=active**")
    assert "followers_from=10000" in page.url, "the filters of the panel stay when the first line changes"
    page.reload()
    page.get_by_role("button", name="Update this view").click()
    expect(page.locator(".chip")).to_have_count(3)
    page.get_by_role("link", name="Columns").click()
    page.get_by_label("Price", exact=True).check()
    picture(page, f"columns-{look}")
    found["columns"] = violations(page)
    page.get_by_role("button", name="Show these columns").click()
    expect(page.locator("th", has_text="Price")).to_be_attached()
    page.locator("#influencer-list-q").fill("zzemna")
    page.wait_for_url("**q=zzemna**")
    picture(page, f"nothing-{look}")
    page.goto("/demo/roster/filters/?platform=tiktok")
    picture(page, f"page-{look}")
    found["page"] = violations(page)
    assert {name: each for name, each in found.items() if each} == {}
    assert desk.problems == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
