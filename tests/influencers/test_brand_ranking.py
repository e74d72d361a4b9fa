"""Who fits a brand: work for rivals, and the page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agency.models import Agency, Brand, Category, Membership
from influencers.fit.ranking import rank
from influencers.models import Influencer
from influencers.selectors.tiers import Bands, default_bands
from tests.agency.test_members import queries_of_frame
from tests.factories import (
    BrandFactory,
    CampaignFactory,
    CategoryFactory,
    CollaborationFactory,
    TierBandFactory,
    TierSchemeFactory,
)
from tests.influencers.ranked import asked, creator, order, parts, price, texts

Login = Callable[[Membership], Client]


@pytest.fixture
def brand(agency: Agency) -> Brand:
    facts = {
        "target_ages": ["18-24", "25-34"],
        "target_women_percent": 60,
        "languages": ["da"],
        "niches": ["food", "home"],
    }
    return BrandFactory(agency=agency, name="Northwind Coffee", markets=["DK", "SE"], **facts)


@pytest.fixture
def bands(agency: Agency) -> Bands:
    scheme = TierSchemeFactory(agency=agency, is_default=True)
    TierBandFactory(scheme=scheme, name="nano", rank=1, floor=0)
    TierBandFactory(scheme=scheme, name="mid", rank=3, floor=10_000)
    return default_bands(agency)


# --- rival work ---------------------------------------------------------------------------------------
def work(
    influencer: Influencer, brand: Brand, days_ago: int, categories: list[Category] | None = None, **facts: Any
) -> None:
    day = influencer.agency.today() - timedelta(days=days_ago)
    campaign = CampaignFactory(
        agency=influencer.agency, brand=brand, starts_on=day - timedelta(days=9), ends_on=day, categories=categories or [],
        name=f"Work of {brand.name}",
    )  # fmt: skip
    given_state = {"state": "completed", "booked_at": timezone.now()}
    CollaborationFactory(agency=influencer.agency, campaign=campaign, influencer=influencer, **given_state | facts)


def test_rank_rival_work_of_twelve_months(agency: Agency, brand: Brand, marketer: Membership) -> None:
    drinks = CategoryFactory(agency=agency, name="Drinks")
    coffee = CategoryFactory(agency=agency, name="Coffee", parent=drinks)
    beans = CategoryFactory(agency=agency, name="Beans", parent=coffee)
    tea = CategoryFactory(agency=agency, name="Tea", parent=drinks)
    brand.categories.set([coffee])
    rival, other = BrandFactory(agency=agency, name="Rival"), BrandFactory(agency=agency, name="Other")
    sister = BrandFactory(agency=agency, name="Sister", client=brand.client)
    brand.rivals.add(rival)
    for name, whose, days_ago, categories, facts in [
        ("listed rival", rival, 365, [], {}),
        ("too long ago", rival, 366, [], {}),
        ("category below", other, 30, [beans], {}),
        ("category above", other, 30, [drinks], {}),
        ("category beside", other, 30, [tea], {}),
        ("of the same client", sister, 30, [coffee], {}),
        ("for the brand itself", brand, 30, [coffee], {}),
        ("only proposed", rival, 30, [], {"state": "proposed", "booked_at": None}),
    ]:
        work(creator(agency, name, account=False), whose, days_ago, categories, **facts)
    found = rank(asked(brand, marketer, weights={"rivals": 2}), limit=20).rows
    worked = {name for name, row in zip(order(found), found, strict=True) if parts(row)["rivals"] == 0}
    assert worked == {"listed rival", "category below", "category above"}
    last = next(row for row, name in zip(found, order(found), strict=True) if name == "listed rival")
    assert texts(last)["rivals"].startswith("work for a rival: Rival (")
    assert texts(found[0])["rivals"] == "no work for a rival is booked here in 12 months"


def test_rank_rival_work_of_a_hidden_brand_leaves_no_trace(
    agency: Agency, brand: Brand, marketer: Membership, manager: Membership
) -> None:
    secret = BrandFactory(agency=agency, name="CANARY", client__is_confidential=True)
    brand.rivals.add(secret)
    work(creator(agency, "Held", account=False), secret, 5)
    creator(agency, "Free", account=False)
    weights = {"rivals": 2}
    hidden = rank(asked(brand, marketer, weights=weights), limit=9).rows
    assert [(name, parts(row)["rivals"]) for name, row in zip(order(hidden), hidden, strict=True)] == [
        ("Free", 1.0),
        ("Held", 1.0),
    ]
    assert {texts(row)["rivals"] for row in hidden} == {"no work for a rival is booked here in 12 months"}
    seen = rank(asked(brand, manager, weights=weights), limit=9).rows
    assert [(name, parts(row)["rivals"]) for name, row in zip(order(seen), seen, strict=True)] == [
        ("Free", 1.0),
        ("Held", 0.0),
    ]


def test_rank_rival_work_of_a_duo_is_its_members(agency: Agency, brand: Brand, marketer: Membership) -> None:
    rival = BrandFactory(agency=agency)
    brand.rivals.add(rival)
    duo, one = creator(agency, "Duo", account=False), creator(agency, "One", account=False)
    duo.members.add(one)
    creator(agency, "Two", account=False)
    work(duo, rival, 5)
    found = rank(asked(brand, marketer, weights={"rivals": 2}), limit=9).rows
    assert [(name, parts(row)["rivals"]) for name, row in zip(order(found), found, strict=True)] == [
        ("Two", 1.0),
        ("Duo", 0.0),
        ("One", 0.0),
    ]


# --- the page -----------------------------------------------------------------------------------------
def page_of(browser: Client, brand: Brand, query: str = "") -> Any:
    return browser.get(reverse("influencers:brand_ranking", args=["northern", brand.pk]) + query)


def named(page: Any) -> list[str]:
    return [influencer.name for _row, influencer in page.context["rows"]]


def test_brand_ranking_reads_criteria_weights_and_filters_from_the_address(
    agency: Agency, brand: Brand, marketer: Membership, login: Login
) -> None:
    creator(agency, "Place", country="DK", niches=["cars"])
    creator(agency, "Topic", country="DE", niches=["food"], status="paused")
    creator(agency, "Unknown", account=False)
    creator(agency, "Never", country="DK", niches=["food"], status="blocked")
    browser = login(marketer)
    two = "?by=niches&by=country"
    assert named(page_of(browser, brand, f"{two}&w_niches=3&w_country=1")) == ["Topic", "Place", "Unknown"]
    assert named(page_of(browser, brand, f"{two}&w_niches=1&w_country=3")) == ["Place", "Topic", "Unknown"]
    assert named(page_of(browser, brand, f"{two}&status=paused")) == ["Topic"]
    assert named(page_of(browser, brand, f"{two}&status=blocked")) == ["Never"]
    assert named(page_of(browser, brand, f"{two}&q=plac")) == ["Place"]
    assert named(page_of(browser, brand, f"{two}&platform=tiktok")) == []
    assert named(page_of(browser, brand, f"{two}&known=half")) == ["Place", "Topic"]
    assert named(page_of(browser, brand, "?by=niches&by=price&known=all")) == []
    page = page_of(browser, brand, f"{two}&w_niches=3")
    assert page.context["form"].weights() == {"niches": 3, "country": 2}
    html = page.content.decode()
    assert "niches: food" in html
    assert "2 of 2 known" in html
    assert "0 of 2 known" in html
    # What the address says wrongly counts as not said.
    page = page_of(browser, brand, "?by=nonsense&w_niches=9&known=x&status=x&page=99999999999&q=%00")
    assert (page.status_code, len(page.context["form"].weights())) == (200, 13)


def test_brand_ranking_pages(agency: Agency, brand: Brand, marketer: Membership, login: Login) -> None:
    for number in range(22):
        creator(agency, f"c{number:02}", account=False)
    browser = login(marketer)
    first, second = page_of(browser, brand), page_of(browser, brand, "?page=2")
    assert [len(first.context["rows"]), len(second.context["rows"])] == [20, 2]
    assert [first.context["found"], first.context["pager"]["next_url"][-6:]] == [22, "page=2"]
    assert [row.place for row, _creator in second.context["rows"]] == [21, 22]
    assert named(page_of(browser, brand, "?page=9")) == named(first)


def test_brand_ranking_of_what_one_may_not_know_is_404(
    agency: Agency, brand: Brand, marketer: Membership, viewer: Membership, outsider: Membership, login: Login
) -> None:
    secret = BrandFactory(agency=agency, client__is_confidential=True)
    assert [page_of(login(marketer), each).status_code for each in (brand, secret)] == [200, 404]
    assert page_of(login(outsider), brand).status_code == 404
    assert page_of(login(viewer), brand).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_brand_ranking_query_count(
    agency: Agency, brand: Brand, marketer: Membership, login: Login, bands: Bands, rows: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for number in range(rows):
        price(creator(agency, f"c{number}"), 100)
    browser = login(marketer)
    with django_assert_num_queries(queries_of_frame() + 20):
        page_of(browser, brand)
