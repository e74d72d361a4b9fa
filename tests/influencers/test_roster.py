"""The roster page: what it shows, how it is narrowed, sorted and paged."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from agency import panels
from agency.models import Agency, Membership
from influencers.models import Account, EngagementFigures, Influencer
from influencers.services import seed_tier_schemes
from tests.factories import AccountFactory, InfluencerFactory

Login = Callable[[Membership], Client]
AS_OF = datetime(2026, 5, 1, tzinfo=UTC)


def figures(account: Account, *, as_of: datetime = AS_OF, **known: Any) -> EngagementFigures:
    """A row of figures in which only what is said is known."""
    rate = known.get("headline_rate")
    row = {
        "headline_reason": "" if rate is not None else "no_posts",
        "er_followers_n": 0,
        "er_views_n": 0,
        "er_reach_n": 0,
        "window_posts": 0,
        "saturation_known": 0,
        "formula_version": 1,
        "computed_at": AS_OF,
    }
    return EngagementFigures.objects.create(agency=account.agency, account=account, as_of=as_of, **{**row, **known})


def creator(
    agency: Agency, name: str, followers: int | None = None, rate: float | None = None, **more: Any
) -> Influencer:
    """A creator with one account and, where a rate is given, figures."""
    platform = more.pop("platform", "instagram")
    growth = more.pop("growth", None)
    influencer = InfluencerFactory(agency=agency, name=name, **more)
    account = AccountFactory(agency=agency, influencer=influencer, typed_followers=followers, platform=platform)
    if rate is not None or growth is not None:
        figures(account, headline_rate=rate, growth_30d=growth, er_followers_n=12, er_views_n=12)
    return influencer


def page(client: Client, agency: Agency, query: str = "", **headers: str) -> str:
    response = client.get(
        f"{reverse('influencers:influencer_list', args=[agency.slug])}?{query}", headers=headers or None
    )
    assert response.status_code == 200
    return response.content.decode()


def names(html: str) -> list[str]:
    """The creators of the table, in order."""
    return re.findall(r'<a class="d-block fw-medium[^>]*>([^<]*)</a>', html)


def summary(html: str) -> str:
    found = re.search(r'<span class="text-secondary">([\d,]+ creators?)</span>', html)
    return found[1] if found else ""


@pytest.fixture
def seeded(agency: Agency) -> Agency:
    seed_tier_schemes(agency)
    return agency


def test_influencer_list_shows_a_line_per_creator(seeded: Agency, viewer: Membership, login: Login) -> None:
    emma = creator(seeded, "Emma van Dijk", 12_431, 0.0314, niches=["food", "travel"], country="DK", growth=0.025)
    AccountFactory(agency=seeded, influencer=emma, platform="tiktok", handle="emma.cooks", typed_followers=900)
    html = page(login(viewer), seeded)
    assert names(html) == ["Emma van Dijk"]
    assert summary(html) == "1 creator"
    assert '<span title="12,431">12.4K</span>' in html
    assert '<span title="900">900</span>' in html
    assert "@emma.cooks" in html
    assert '<span class="tier tier-2">micro</span>' in html
    assert 'title="by followers · 12 posts · as of 1 May 2026">3.14 %</span>' in html
    assert "+2.50 %" in html
    assert '<span title="Denmark">DK</span>' in html
    assert "fewer than 5 posts of the last 90 days say whether they are sponsored (0 do)" in html
    assert reverse("influencers:influencer_create", args=[seeded.slug]) not in html


def test_influencer_list_says_why_something_is_unknown(agency: Agency, viewer: Membership, login: Login) -> None:
    InfluencerFactory(agency=agency, name="Expert without account")
    creator(agency, "New one", None)
    html = page(login(viewer), agency)
    for reason in ("no account", "followers are unknown", "no figures have been computed yet", "no niche is set"):
        assert f'title="{reason}"' in html
    creator(agency, "Sized", 700)
    assert 'title="no tier scheme is chosen"' in page(login(viewer), agency)


def test_influencer_list_marks_a_tier_that_rounding_leaves_open(
    seeded: Agency, viewer: Membership, login: Login
) -> None:
    account = creator(seeded, "Emma", 5_000).accounts.get()
    assert "may also be" not in page(login(viewer), seeded)
    account.typed_followers_step = 1_000
    account.save()
    html = page(login(viewer), seeded)
    assert 'title="The count is rounded; it may also be nano."' in html


def test_influencer_list_empty_says_what_to_do_first(
    agency: Agency, marketer: Membership, viewer: Membership, login: Login
) -> None:
    html = page(login(marketer), agency)
    assert "No creators yet" in html
    assert reverse("influencers:roster_import", args=[agency.slug]) in html
    assert reverse("influencers:influencer_create", args=[agency.slug]) in html
    html = page(login(viewer), agency)
    assert "No creators yet" in html
    assert reverse("influencers:roster_import", args=[agency.slug]) not in html


def test_influencer_list_no_match_is_not_an_empty_roster(agency: Agency, viewer: Membership, login: Login) -> None:
    creator(agency, "Emma")
    html = page(login(viewer), agency, "q=nobody&status=active")
    assert "No creator fits these filters" in html
    assert "Clear all filters" in html
    assert names(html) == []


def test_influencer_list_shows_no_other_agency(
    agency: Agency, other_agency: Agency, viewer: Membership, outsider: Membership, login: Login
) -> None:
    creator(other_agency, "CANARY", niches=["canary-niche"])
    html = page(login(viewer), agency)
    assert "CANARY" not in html
    assert "canary-niche" not in html
    assert login(outsider).get(reverse("influencers:influencer_list", args=[agency.slug])).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=emma", ["Emma Ångström"]),
        ("q=angstrom", ["Emma Ångström"]),
        ("q=emma+food", ["Emma Ångström"]),
        ("q=emma+travel", []),
        ("q=100%25", ["Deal 100% real"]),
        ("q=%25", ["Deal 100% real"]),
        ("q=a_b", ["under a_b score"]),
        ("q=_", ["under a_b score"]),
        ("q=%5C", ["back\\slash"]),
        ("q=instagram_is_no_word", []),
    ],
)
def test_influencer_list_search(agency: Agency, viewer: Membership, login: Login, query: str, found: list[str]) -> None:
    InfluencerFactory(agency=agency, name="Emma Ångström", niches=["food"])
    InfluencerFactory(agency=agency, name="Deal 100% real")
    InfluencerFactory(agency=agency, name="under a_b score")
    InfluencerFactory(agency=agency, name="back\\slash")
    InfluencerFactory(agency=agency, name="axb")
    assert names(page(login(viewer), agency, query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("platform=tiktok", ["Both", "Tik"]),
        ("platform=instagram", ["Both", "Insta"]),
        ("tier=micro", ["Both", "Insta"]),
        ("tier=mega", ["Tik"]),
        ("tier=nano", []),
        ("niche=food", ["Both"]),
        ("status=paused", ["Insta"]),
        ("rate=known", ["Tik"]),
        ("rate=unknown", ["Both", "Expert", "Insta"]),
        ("platform=tiktok&tier=micro", ["Both"]),
        ("tier=micro&rate=known&sort=-followers", []),
    ],
)
def test_influencer_list_filters(
    seeded: Agency, viewer: Membership, login: Login, query: str, found: list[str]
) -> None:
    both = creator(seeded, "Both", 5_000, niches=["food", "travel"])
    AccountFactory(agency=seeded, influencer=both, platform="tiktok", typed_followers=600)
    creator(seeded, "Insta", 49_999, status="paused", niches=["seafood"])
    creator(seeded, "Tik", 1_000_000, 0.05, platform="tiktok")
    InfluencerFactory(agency=seeded, name="Expert")
    html = page(login(viewer), seeded, query)
    assert names(html) == found
    if found:
        assert summary(html) == f"{len(found)} creator{'s' if len(found) > 1 else ''}"


def test_influencer_list_tier_is_that_of_the_primary_account(seeded: Agency, viewer: Membership, login: Login) -> None:
    influencer = creator(seeded, "Emma", 2_000_000)
    AccountFactory(agency=seeded, influencer=influencer, platform="tiktok", typed_followers=700, is_primary=True)
    assert names(page(login(viewer), seeded, "tier=nano")) == ["Emma"]
    assert names(page(login(viewer), seeded, "tier=mega")) == []
    assert names(page(login(viewer), seeded, "sort=-followers")) == ["Emma"]


def test_influencer_list_chips_take_one_filter_away(seeded: Agency, viewer: Membership, login: Login) -> None:
    creator(seeded, "Emma", 6_000)
    html = page(login(viewer), seeded, "q=emma&tier=micro&sort=-followers&after=1~2&niche=")
    path = reverse("influencers:influencer_list", args=[seeded.slug])
    chips = re.findall(r'<a class="chip" href="([^"]*)"[^>]*><span[^>]*>([^<]*)</span> ([^<]*)<', html)
    assert chips == [
        (f"{path}?tier=micro&amp;sort=-followers", "Search", "emma"),
        (f"{path}?q=emma&amp;sort=-followers", "Tier", "micro"),
    ]


def test_influencer_list_names_a_filter_that_is_not_known(seeded: Agency, viewer: Membership, login: Login) -> None:
    creator(seeded, "Emma", 6_000)
    html = page(login(viewer), seeded, "tier=gigantic")
    assert "The filter “gigantic” is not known here and was left out." in html
    assert names(html) == ["Emma"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("", ["a", "b", "c", "d"]),
        ("name", ["a", "b", "c", "d"]),
        ("-name", ["d", "c", "b", "a"]),
        ("followers", ["c", "a", "b", "d"]),
        ("-followers", ["b", "a", "c", "d"]),
        ("rate", ["b", "a", "c", "d"]),
        ("-rate", ["a", "b", "d", "c"]),
        ("growth", ["a", "b", "c", "d"]),
        ("-growth", ["b", "a", "d", "c"]),
        ("nonsense", ["a", "b", "c", "d"]),
        ("--name", ["a", "b", "c", "d"]),
    ],
)
def test_influencer_list_sorts_with_unknown_last(
    agency: Agency, viewer: Membership, login: Login, sort: str, found: list[str]
) -> None:
    creator(agency, "a", 200, 0.05, growth=-0.5)
    creator(agency, "b", 300, 0.01, growth=0.0)
    creator(agency, "c", 0)
    creator(agency, "d", None)
    assert names(page(login(viewer), agency, f"sort={sort}")) == found


def test_influencer_list_latest_figures_count(agency: Agency, viewer: Membership, login: Login) -> None:
    account = creator(agency, "Emma", 10_000, 0.01).accounts.get()
    figures(account, as_of=datetime(2026, 5, 3, tzinfo=UTC), headline_rate=0.02, er_followers_n=7)
    figures(account, as_of=datetime(2026, 4, 3, tzinfo=UTC), headline_rate=0.09, er_followers_n=7)
    html = page(login(viewer), agency)
    assert 'title="by followers · 7 posts · as of 3 May 2026">2.00 %</span>' in html


def follow(client: Client, agency: Agency, query: str, label: str) -> tuple[list[str], list[list[str]]]:
    """All pages from one on, by the link of that name; the names in order, and by page."""
    seen: list[list[str]] = []
    html = page(client, agency, query)
    while True:
        seen.append(names(html))
        link = re.search(rf'<a class="btn btn-sm" href="([^"]*)"[^>]*>(?:<svg.*?</svg>)?{label}', html, re.DOTALL)
        if link is None:
            return [name for each in seen for name in each], seen
        html = client.get(link[1].replace("&amp;", "&")).content.decode()


@pytest.mark.parametrize("sort", ["name", "-name", "followers", "-followers", "rate", "-rate", "growth", "-growth"])
def test_influencer_list_pages_show_everyone_once(
    agency: Agency, viewer: Membership, login: Login, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr("influencers.views.roster.PAGE_SIZE", 3)
    for place in range(11):
        # Ties everywhere, and unknown values.
        followers = None if place % 4 == 3 else place % 2
        rate = None if place % 3 == 2 else (place % 2) / 7
        creator(agency, "Same" if place < 4 else f"Name {place}", followers, rate, growth=rate)
    client = login(viewer)
    whole = whole_order(sort)
    forwards, pages = follow(client, agency, f"sort={sort}", "Next")
    assert forwards == whole
    assert [len(each) for each in pages] == [3, 3, 3, 2]
    _all, backwards = follow(client, agency, f"sort={sort}&at=last", "Previous")
    assert [name for each in reversed(backwards) for name in each] == whole
    assert "First" in page(client, agency, f"sort={sort}&at=last")
    first = page(client, agency, f"sort={sort}")
    assert 'aria-disabled="true">' in first
    assert summary(first) == "11 creators"


def whole_order(sort: str) -> list[str]:
    """The order worked out in Python from the rows themselves."""
    descending, key = sort.startswith("-"), sort.removeprefix("-")

    def value(influencer: Influencer) -> Any:
        account = influencer.accounts.get()
        known = account.figures.first()
        return {
            "name": influencer.sort_name,
            "followers": account.followers,
            "rate": known.headline_rate if known else None,
            "growth": known.growth_30d if known else None,
        }[key]

    rows = [(value(influencer), influencer.pk, influencer.name) for influencer in Influencer.objects.all()]
    known = sorted((row for row in rows if row[0] is not None), reverse=descending)
    unknown = sorted((row for row in rows if row[0] is None), key=lambda row: row[1], reverse=descending)
    return [row[2] for row in known + unknown]


@pytest.mark.parametrize(
    "place",
    [
        "after=x",
        "after=x~y",
        "after=~",
        "after=%00~1",
        "after=nan~1",
        "after=inf~1",
        "after=1~99999999999999999999",
        "before=",
        "after=99999999999999999999~1",
        "at=nowhere",
        "after=",
        "after=1e400~1",
    ],
)
@pytest.mark.parametrize("sort", ["name", "followers", "rate"])
def test_influencer_list_survives_a_broken_place(
    agency: Agency, viewer: Membership, login: Login, place: str, sort: str
) -> None:
    creator(agency, "Emma", 10, 0.1)
    html = page(login(viewer), agency, f"sort={sort}&{place}")
    assert "Roster" in html


def test_influencer_list_past_the_end_offers_the_way_back(agency: Agency, viewer: Membership, login: Login) -> None:
    creator(agency, "Emma", 10)
    html = page(login(viewer), agency, "after=zzz~1")
    assert names(html) == ["Emma"]


def test_influencer_list_htmx_answers_the_results_and_a_clean_address(
    agency: Agency, viewer: Membership, login: Login
) -> None:
    creator(agency, "Emma", 10)
    path = reverse("influencers:influencer_list", args=[agency.slug])
    headers = {"HX-Request": "true", "HX-Target": "influencer-list-results"}
    response = login(viewer).get(f"{path}?q=em&platform=&tier=&sort=-followers", headers=headers)
    html = response.content.decode()
    assert html.strip().startswith('<div id="influencer-list-results">')
    assert names(html) == ["Emma"]
    assert '<input type="hidden" name="sort" value="-followers" form="influencer-list-filter">' in html
    assert response["HX-Push-Url"] == f"{path}?q=em&sort=-followers"
    assert "HX-Request" in response["Vary"]


def test_influencer_list_headings_say_how_it_is_sorted(agency: Agency, viewer: Membership, login: Login) -> None:
    creator(agency, "Emma", 10)
    path = reverse("influencers:influencer_list", args=[agency.slug])
    html = page(login(viewer), agency, "q=emma&sort=-rate&after=1~2")
    assert html.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in html
    assert f'href="{path}?q=emma&amp;sort=rate"' in html
    assert f'href="{path}?q=emma&amp;sort=-followers"' in html
    assert f'href="{path}?q=emma&amp;sort=name"' in html


@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize("query", ["", "q=c&tier=micro&rate=known&sort=-rate"])
def test_influencer_list_queries_do_not_grow(
    seeded: Agency, viewer: Membership, login: Login, monkeypatch: pytest.MonkeyPatch, how_many: int, query: str
) -> None:
    for place in range(how_many):
        influencer = creator(seeded, f"creator {place}", 6_000, 0.03, niches=["food"])
        AccountFactory(agency=seeded, influencer=influencer, platform="tiktok", typed_followers=10)
    client = login(viewer)
    with CaptureQueriesContext(connection) as whole_page:
        assert len(names(page(client, seeded, query))) == how_many
    assert len(whole_page) <= 12, "with what other apps add to the frame"
    monkeypatch.setattr(panels, "_slots", {})
    with assertNumQueries(9):
        page(client, seeded, query)
