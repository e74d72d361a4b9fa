"""Picking creators on the roster, changing all of them at once, taking them along as a file."""

import csv
import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from influencers.models import DataExport, Influencer, Shortlist

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("MESO_SCREENSHOTS")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def test_pick_tag_and_export(
    demo: dict[str, Any], sit_down: Callable[..., Any], violations: Callable[[Page], list[str]]
) -> None:
    desk = sit_down(demo["marketer"])
    page = desk.open("/demo/roster/?status=active")
    bar, filters = page.locator("#bulk-form"), page.locator("#influencer-list-filter")
    expect(filters).to_be_visible()
    expect(bar).to_be_hidden()
    boxes = page.locator("input[name=pick]")
    boxes.nth(0).focus()
    page.keyboard.press("Space")  # by keyboard alone
    expect(bar).to_be_visible()
    expect(filters).to_be_hidden()
    expect(bar.locator(".bulk-count")).to_have_text("1 picked")
    boxes.nth(1).check()
    expect(bar.locator(".bulk-count")).to_have_text("2 picked")
    assert violations(page) == []
    bar.get_by_role("button", name="Pick nobody").click()
    expect(bar).to_be_hidden()
    expect(filters).to_be_visible()
    page.get_by_role("checkbox", name="Pick all on this page").check()
    on_page = boxes.count()
    expect(bar.locator(".bulk-count")).to_have_text(f"{on_page} picked")
    total = Influencer.objects.filter(agency__slug="demo", status="active").count()
    bar.get_by_role("checkbox", name=f"All {total} that match").check()
    expect(bar.locator(".bulk-count")).to_have_text(f"{total} picked")
    bar.get_by_role("button", name="Tag", exact=True).click()
    expect(page.get_by_role("button", name=f"Change the tags of {total} creators")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Tags*").fill("spring")
    page.get_by_role("button", name=f"Change the tags of {total} creators").click()
    expect(page.locator("#main")).to_contain_text(f"{total} creators now carry: spring.")
    assert page.url.endswith("/demo/roster/?status=active")
    assert Influencer.objects.filter(agency__slug="demo", tags__contains=["spring"]).count() == total

    page.locator("#main").get_by_role("link", name="Export").click()
    assert violations(page) == []
    page.get_by_label("CSV (.csv), for other programs").check()
    page.get_by_role("checkbox", name="Instagram").check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Export {total} creators").click()
    content = Path(str(waiting.value.path())).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == total == len(DataExport.objects.get().influencer_ids)
    assert {row["Tags"].split(", ")[-1] for row in rows} == {"spring"}
    assert "Instagram handle" in rows[0]
    assert desk.problems == []


def test_pick_for_a_list_after_filtering_without_a_reload(
    demo: dict[str, Any], sit_down: Callable[..., Any], violations: Callable[[Page], list[str]]
) -> None:
    desk = sit_down(demo["marketer"])
    page = desk.open("/demo/roster/")
    page.get_by_label("Platform").first.select_option("tiktok")
    expect(page.locator(".chips")).to_contain_text("TikTok")
    export = page.locator("#main").get_by_role("link", name="Export")
    expect(export).to_have_attribute("href", re.compile(r"/demo/roster/export/\?platform=tiktok$"))
    cell = page.locator("td:has(input[name=pick])").first
    cell.click(position={"x": 2, "y": 2})  # beside the box: the box is meant, not the profile
    expect(page.locator("#bulk-form .bulk-count")).to_have_text("1 picked")
    page.locator("#bulk-form").get_by_role("button", name="Add to a list").click()
    page.get_by_label("Name of the new list").fill("Spring looks")
    page.get_by_role("button", name="Add 1 creator").click()
    expect(page.locator("#main")).to_contain_text("1 creator was added to “Spring looks”.")
    shortlist = Shortlist.objects.get(name="Spring looks")
    page.goto(shortlist.get_absolute_url())
    expect(page.locator("input[name=pick]")).to_have_count(1)
    assert violations(page) == []
    page.locator("input[name=pick]").check()
    page.locator("#bulk-form").get_by_role("button", name="Take off this list").click()
    page.get_by_role("button", name="Take 1 creator off the list").click()
    expect(page.locator("#main")).to_contain_text("Nobody is on this list yet")
    assert desk.problems == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_of_lists_exports_and_bulk_look_right(
    demo: dict[str, Any], sit_down: Callable[..., Any], violations: Callable[[Page], list[str]], width: int, dark: bool
) -> None:
    desk = sit_down(demo["manager"], width=width, height=844 if width < 500 else 900, dark=dark)
    some = Shortlist.objects.filter(agency__slug="demo", is_shared=True).order_by("pk").first()
    tail = f"{width}{'-dark' if dark else ''}"
    found = {}
    for name, path in (
        ("lists", "/demo/roster/lists/"),
        ("list", some.get_absolute_url() if some else "/demo/roster/lists/add/"),
        ("new-list", "/demo/roster/lists/add/"),
        ("export", "/demo/roster/export/"),
        ("exports", "/demo/roster/exports/"),
        ("picking", "/demo/roster/"),
        ("bulk-tag", ""),
    ):
        page = desk.open(path) if path else desk.page
        if name == "picking":
            for box in page.locator("input[name=pick]").all()[:3]:
                box.check()
        if name == "bulk-tag":
            page.locator("#bulk-form").get_by_role("button", name="Tag", exact=True).click()
        page.wait_for_load_state("networkidle")
        picture(page, f"{name}-{tail}")
        overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        problems = violations(page) + ([f"{overflow} px wider than the window"] if overflow > 1 else [])
        if problems:
            found[name] = problems
    assert found == {}
    assert desk.problems == []
