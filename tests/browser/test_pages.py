"""Every key page, wide and narrow, light and dark: no serious finding of axe, no complaint in the console."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from campaigns.models import Campaign, Collaboration
from influencers.models import Influencer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where to leave pictures of the pages; nowhere unless asked.
PICTURES = os.environ.get("MESO_SCREENSHOTS")


def pages_of_the_demo() -> Iterator[tuple[str, str]]:
    campaign = Campaign.objects.get(agency__slug="demo", name="Morning ritual")
    booking = Collaboration.objects.filter(campaign=campaign, state="live").order_by("pk").first()
    creator = Influencer.objects.get(pk=booking.influencer_id if booking else 0)
    yield "dashboard", "/demo/"
    yield "roster", "/demo/roster/"
    yield "profile", f"/demo/roster/{creator.pk}/"
    yield "campaigns", "/demo/campaigns/"
    yield "campaign", f"/demo/campaigns/{campaign.pk}/"
    yield "booking", booking.get_absolute_url() if booking else ""
    yield "brief", f"/demo/campaigns/{campaign.pk}/brief/"
    yield "timeline", "/demo/timeline/"
    yield "timeline-table", "/demo/timeline/table/"
    yield "clashes", "/demo/clashes/"
    yield "brands", "/demo/brands/"
    yield "brand", f"/demo/brands/{campaign.brand_id}/"
    yield "import", "/demo/roster/import/"
    yield "figures", "/demo/figures/"
    yield "settings", "/demo/settings/"
    yield "add-creator", "/demo/roster/add/"


def pages_of_the_roster() -> Iterator[tuple[str, str]]:
    """What a roster manager works with."""
    booking = Collaboration.objects.filter(campaign__name="Morning ritual", state="live").order_by("pk")[0]
    creator, brand = booking.influencer, booking.campaign.brand_id
    # The same person, imported once more under another platform.
    fields = {"agency": creator.agency, "name": creator.name, "source": "Fair, March"}
    twin, _is_new = Influencer.objects.get_or_create(**fields, defaults={"city": "Aarhus", "email": "twin@example.com"})
    yield "duplicates", "/demo/roster/duplicates/?again=1"
    yield "merge-choose", f"/demo/roster/{creator.pk}/merge/choose/"
    yield "merge", f"/demo/roster/{creator.pk}/merge/?with={twin.pk}"
    yield "filters", "/demo/roster/filters/"
    yield "columns", "/demo/roster/columns/"
    yield "lists", "/demo/roster/lists/"
    yield "export", "/demo/roster/export/"
    yield "exports", "/demo/roster/exports/"
    yield "inform", "/demo/roster/to-inform/"
    yield "erasures", "/demo/settings/erasures/"
    yield "imports", "/demo/roster/imports/"
    for tab in ("fit", "collaborations", "audience", "prices", "protection", "history"):
        yield f"profile-{tab}", f"/demo/roster/{creator.pk}/{tab}/"
    yield "scorecard", f"/demo/roster/{creator.pk}/fit/score/?brand={brand}"
    yield "brand-ranking", f"/demo/brands/{brand}/ranking/"


@pytest.mark.parametrize("pages", [pages_of_the_demo, pages_of_the_roster], ids=["site", "roster"])
@pytest.mark.parametrize(
    ("width", "dark"),
    [
        pytest.param(1440, False, id="wide"),
        pytest.param(1440, True, id="wide-dark", marks=pytest.mark.long),
        pytest.param(390, False, id="phone"),
        pytest.param(390, True, id="phone-dark", marks=pytest.mark.long),
    ],
)
def test_pages_have_no_serious_violation_and_a_silent_console(
    demo: dict[str, Any], sit_down: Callable[..., Any], violations: Callable[[Page], list[str]], width: int, dark: bool,
    pages: Callable[[], Iterator[tuple[str, str]]],
) -> None:  # fmt: skip
    found: dict[str, list[str]] = {}
    visitor = sit_down(width=width, height=844 if width < 500 else 900, dark=dark)
    desk = sit_down(demo["manager"], width=width, height=844 if width < 500 else 900, dark=dark)
    for sitting, (name, path) in [
        (visitor, ("login", "/accounts/login/")),
        *((desk, page) for page in pages()),
    ]:
        page = sitting.open(path)
        page.wait_for_load_state("networkidle")
        if PICTURES:
            file = Path(PICTURES) / f"{name}-{width}{'-dark' if dark else ''}.png"
            page.screenshot(path=str(file), full_page=name not in {"timeline"})
        overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        problems = violations(page) + ([f"{overflow} px wider than the window"] if overflow > 1 else [])
        if problems:
            found[name] = problems
    assert found == {}, json.dumps(found, indent=1)
    assert visitor.problems + desk.problems == []
