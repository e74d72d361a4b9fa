"""The main job as a marketer does it: log in, import, figures from a real worker, a note, a booking, the timeline, the brief."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from agency.models import Agency, Membership
from campaigns.models import Campaign, Collaboration
from influencers.models import Account, BrandFitNote, EngagementFigures, MetricsRun
from tests.factories import BrandFactory, CategoryFactory
from tests.influencers.metrics import workers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "quiet-otter-piano-42"


@pytest.fixture(autouse=True)
def own_queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Queues of this test's own; the worker finds uploads where the site puts them."""
    monkeypatch.setenv("MEDIA_ROOT", str(site.MEDIA_ROOT))
    workers.forget_messages()
    yield
    workers.forget_messages()


def log_in(page: Page, member: Membership) -> None:
    member.user.set_password(PASSWORD)
    member.user.save()
    page.goto("/")
    page.locator("input[type=email]").fill(member.user.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What needs you today")


def upload(page: Page, path: str, name: str, text: str, button: str, leads_to: str = "") -> None:
    page.goto(path)
    page.get_by_label("File").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(leads_to or name)


def posts_csv(agency: Agency) -> str:
    start = agency.start_of(agency.today())
    lines = ["platform,handle,external_id,posted_at,likes,comments,sponsored"]
    lines += [
        f"instagram,emma.lund,p{n},{(start - timedelta(days=5 + 6 * n)).isoformat()},{400 + n},{20 + n},no"
        for n in range(8)
    ]
    return "\n".join(lines) + "\n"


def test_the_main_job(agency: Agency, manager: Membership, sit_down: Callable[..., Any], tmp_path: Path) -> None:
    coffee = CategoryFactory(agency=agency, name="Coffee")
    BrandFactory(agency=agency, name="Northwind Coffee", categories=[coffee], client__name="Northwind")
    desk = sit_down()
    page: Page = desk.page
    log_in(page, manager)

    with workers.killed_at_the_end(workers.worker(tmp_path / "importing.log")):
        upload(page, "/northern/roster/import/", "creators.csv",
               "name,instagram,followers,niche\nEmma Lund,@emma.lund,12 431,coffee\n", "Look at this file",
               leads_to="What do the columns mean?")  # fmt: skip
        page.get_by_role("button", name="Check what would change").click()
        page.get_by_role("button", name="Import 1 creator").click()
        expect(page.get_by_role("button", name="Take this import back")).to_be_visible(timeout=60_000)
    upload(page, "/northern/roster/import/posts/", "posts.csv", posts_csv(agency), "Import posts")
    account = Account.objects.get(handle="emma.lund")
    assert (account.followers, account.posts.count()) == (12_431, 8)

    page.goto("/northern/figures/")
    log = tmp_path / "worker.log"
    with workers.killed_at_the_end(workers.worker(log)):
        page.get_by_role("button", name="Recompute now").first.click()
        run = MetricsRun.objects.filter(agency=agency)
        workers.wait_until(lambda: run.filter(state="finished").exists(), "the run ends", seconds=60, log=log)
        expect(page.locator("main")).to_contain_text("finished", timeout=10_000)
    figures = EngagementFigures.objects.get(account=account)
    # eight posts, likes 400..407 plus comments 20..27 over 12,431 followers; the median lies between the 4th and the 5th
    assert figures.headline_rate == pytest.approx((426 + 428) / 2 / 12_431, abs=1e-12)

    page.goto(f"/northern/roster/{account.influencer_id}/")
    expect(page.locator("main")).to_contain_text("3.43 %")
    page.get_by_role("link", name="Brand fit").click()
    notes = page.locator("#notes")
    notes.get_by_label("Brand").select_option(label="Northwind Coffee")
    notes.get_by_label("Note", exact=False).first.fill("Brews at home, answers every question.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("main")).to_contain_text("Brews at home, answers every question.")
    assert BrandFitNote.objects.get().author == manager.user

    first = agency.today() + timedelta(days=7)
    page.goto("/northern/campaigns/add/")
    page.get_by_label("Name", exact=False).first.fill("Morning ritual")
    page.get_by_label("Brand").select_option(label="Northwind Coffee")
    page.get_by_label("First day").fill(first.isoformat())
    page.get_by_label("Last day").fill((first + timedelta(days=20)).isoformat())
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Morning ritual")
    campaign = Campaign.objects.get()

    page.goto(f"/northern/campaigns/{campaign.pk}/line-up/add/?influencer={account.influencer_id}")
    expect(page.locator("main")).to_contain_text(re.compile("free", re.IGNORECASE))
    page.get_by_role("button", name=re.compile("^Add")).first.click()
    expect(page.locator("main")).to_contain_text("Emma Lund")
    page.get_by_role("button", name=re.compile(r"^Book\b")).first.click()
    expect(page.locator("main")).to_contain_text("booked")
    assert Collaboration.objects.get().state == "booked"

    page.goto("/northern/timeline/")
    expect(page.locator(".vis-item.state-booked").first).to_be_visible()
    page.goto("/northern/timeline/table/")
    expect(page.locator("main table")).to_contain_text("Emma Lund")

    page.goto(f"/northern/campaigns/{campaign.pk}/brief/")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("PDF")).first.click()
    pdf = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    text = "".join(sheet.extract_text() for sheet in pdf.pages)
    assert "Morning ritual" in text
    assert "Emma Lund" in text
    assert desk.problems == []
