"""A roster manager brings a spreadsheet in, changes a column, sees what would change, imports it, and takes it back."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from playwright.sync_api import Page, expect

from agency.models import Agency, Membership
from influencers.models import Account, ImportBatch, Influencer
from tests.factories import AccountFactory
from tests.influencers.metrics import workers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("MESO_SCREENSHOTS")
ROSTER = (
    "Name,Handle,Fans,Sector,Country,Profile\n"
    "Ada Sørensen,ada.so,12.4K,food,DK,https://www.instagram.com/ada.so/\n"
    "Bo Li,bo_li,900,travel,NL,https://www.instagram.com/bo_li/\n"
    "Cy,cy one!,30K,,DK,https://example.com/nowhere\n"
    "Dee,dee.dee,1.2M,books,SE,https://www.instagram.com/dee.dee/\n"
)


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Messages go out to queues of this test's own; the worker finds the files where the site puts them."""
    monkeypatch.setenv("MEDIA_ROOT", str(site.MEDIA_ROOT))
    workers.forget_messages()
    yield
    workers.forget_messages()


@pytest.mark.parametrize(
    ("width", "dark"),
    [
        pytest.param(1440, False, id="wide"),
        pytest.param(1440, True, id="wide-dark", marks=pytest.mark.long),
        pytest.param(390, False, id="phone", marks=pytest.mark.long),
        pytest.param(390, True, id="phone-dark", marks=pytest.mark.long),
    ],
)
def test_a_roster_comes_in_by_steps_and_goes_again(
    agency: Agency,
    marketer: Membership,
    sit_down: Callable[..., Any],
    violations: Callable[[Page], list[str]],
    tmp_path: Path,
    width: int,
    dark: bool,
) -> None:
    AccountFactory(
        agency=agency, handle="ada.so", typed_followers=9_000, influencer__name="Ada", influencer__country="SE"
    )
    file = tmp_path / "creators.csv"
    file.write_text(ROSTER, encoding="utf-8")
    desk = sit_down(marketer, width=width, dark=dark)
    problems: list[str] = []

    def look(name: str) -> None:
        desk.page.wait_for_load_state("networkidle")
        problems.extend(f"{name}: {problem}" for problem in violations(desk.page))
        wider = desk.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        problems.extend([f"{name}: {wider} px wider than the window"] if wider > 1 else [])
        if PICTURES:
            desk.page.screenshot(path=f"{PICTURES}/import-{name}-{width}{'-dark' if dark else ''}.png", full_page=True)

    page = desk.open("/northern/roster/import/")
    look("upload")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("button", name="Look at this file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What do the columns mean?")
    look("columns")
    page.get_by_label("Sector", exact=True).select_option("niche")
    while page.locator(".import-question").count():
        page.locator(".import-question button").first.click()
        page.wait_for_load_state("networkidle")
    look("columns-answered")
    expect(page.get_by_label("Sector", exact=True)).to_have_value("niche")
    page.get_by_role("button", name="Check what would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What would change?")
    expect(page.locator("#import-changes-table")).to_contain_text("9,000")
    look("check")
    page.get_by_role("link", name="Refused").click()
    look("check-refused")
    page.get_by_role("link", name="New").click()
    expect(page.locator("#import-created-table")).to_contain_text("Dee")
    look("check-new")

    with workers.killed_at_the_end(workers.worker(tmp_path / "worker.log")):
        page.get_by_role("button", name="Import 2 creators").click()
        look("running")
        expect(page.get_by_role("button", name="Take this import back")).to_be_visible(timeout=60_000)
        look("result")
        assert sorted(Influencer.objects.values_list("name", "niches")) == [
            ("Ada Sørensen", ["food"]),
            ("Bo Li", ["travel"]),
            ("Dee", ["books"]),
        ]
        page.get_by_role("button", name="Take this import back").click()
        page.locator("#confirm-dialog").get_by_role("button", name="Take the import back").click()
        expect(page.locator("#import-result")).to_contain_text("as it was before", timeout=60_000)
        look("undone")
    assert ImportBatch.objects.get().state == ImportBatch.State.UNDONE
    assert list(Account.objects.values_list("handle", "typed_followers")) == [("ada.so", 9_000)]
    assert Influencer.objects.get().name == "Ada"
    assert problems == []
    assert desk.problems == []
