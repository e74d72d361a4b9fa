"""Data protection as a manager does it: inform, hand out the copy, erase; the pages wide and narrow, light and dark."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page

from campaigns.models import Collaboration
from influencers.models import Erasure, Influencer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("MESO_SCREENSHOTS")


@pytest.fixture
def free_creator(demo: dict[str, Any]) -> Influencer:
    """Somebody of the demo agency for whom nothing runs, with a finished booking."""
    running = Collaboration.objects.filter(state__in=["option", "booked", "live"]).values("influencer")
    creator = Influencer.objects.filter(agency__slug="demo", accounts__isnull=False).exclude(pk__in=running).first()
    assert creator is not None
    Collaboration.objects.filter(influencer=creator).update(state="completed", booked_at=now())
    return creator


def test_a_manager_informs_copies_and_erases(
    demo: dict[str, Any], sit_down: Callable[..., Any], free_creator: Influencer
) -> None:
    desk = sit_down(demo["manager"])
    page: Page = desk.open("/demo/roster/to-inform/") if desk else None
    if page.get_by_text("Everybody is informed").count():
        Influencer.objects.filter(pk=free_creator.pk).update(informed_on=None)
        page = desk.open("/demo/roster/to-inform/")
    page.locator("input[name=who]").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Mark as informed").focus()
    page.keyboard.press("Enter")
    page.get_by_text("1 creator is marked as informed.").wait_for()

    page = desk.open(f"/demo/roster/{free_creator.pk}/protection/")
    with page.expect_download() as data:
        page.get_by_role("button", name="Copy as data (JSON)").click()
    copy = json.loads(Path(data.value.path()).read_text())
    assert (copy["subject"], len(copy["notes"])) == (free_creator.name, free_creator.fit_notes.count())
    with page.expect_download() as paper:
        page.get_by_role("button", name="Copy to read (PDF)").click()
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")
    if PICTURES:
        Path(PICTURES, "copy.pdf").write_bytes(Path(paper.value.path()).read_bytes())

    page.get_by_role("link", name="Erase or record an objection").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=f"What erasing {free_creator.name} does").wait_for()
    page.get_by_label("Why").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_label("Erase them. I know that nobody can bring this back.").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=f"Erase {free_creator.name}").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Erased. What stays calls them erased-1.").wait_for()
    page.get_by_role("cell", name="Objects to being on the roster").wait_for()
    page.get_by_text("influencers_legalretention").wait_for()

    assert Erasure.objects.get().reason == "objected"
    assert (
        free_creator.name
        not in desk.open("/demo/roster/?q=" + free_creator.name).locator("#main table").all_inner_texts()
    )
    assert desk.problems == []


@pytest.mark.parametrize(
    ("width", "dark"),
    [
        pytest.param(1440, False, id="wide"),
        pytest.param(1440, True, id="wide-dark", marks=pytest.mark.long),
        pytest.param(390, False, id="phone"),
        pytest.param(390, True, id="phone-dark", marks=pytest.mark.long),
    ],
)
def test_pages_of_data_protection_have_no_serious_violation(
    demo: dict[str, Any],
    sit_down: Callable[..., Any],
    violations: Callable[[Page], list[str]],
    free_creator: Influencer,
    width: int,
    dark: bool,
) -> None:
    agency = free_creator.agency
    Influencer.objects.filter(agency=agency).update(informed_on=None)
    Erasure.objects.create(
        agency=agency, number=1, reason="asked", counts={"deleted": {"a": 1234}, "redacted": {"b": 3}}
    )
    busy = Collaboration.objects.filter(state="live", agency=agency).first()
    found: dict[str, list[str]] = {}
    desk = sit_down(demo["manager"], width=width, height=844 if width < 500 else 900, dark=dark)
    for name, path in {
        "inform": "/demo/roster/to-inform/",
        "protection": f"/demo/roster/{free_creator.pk}/protection/",
        "erase": f"/demo/roster/{free_creator.pk}/protection/erase/",
        "erase-busy": f"/demo/roster/{busy.influencer_id if busy else 0}/protection/erase/",
        "erasures": "/demo/settings/erasures/",
    }.items():
        page = desk.open(path)
        page.wait_for_load_state("networkidle")
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}{'-dark' if dark else ''}.png"), full_page=True)
        overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if problems := violations(page) + ([f"{overflow} px wider than the window"] if overflow > 1 else []):
            found[name] = problems
    assert found == {}, json.dumps(found, indent=1)
    assert desk.problems == []
