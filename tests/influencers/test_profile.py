"""The profile: every figure explains itself, curves, posts, and what each member sees."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django.asserts import assertNumQueries

from agency import panels
from agency.models import Agency, Membership
from influencers.models import EngagementFigures, Influencer, Shortlist
from influencers.selectors.explained import ExplainedFigure, explain
from influencers.services import seed_tier_schemes
from tests.factories import AccountFactory, FollowerCountFactory, InfluencerFactory, PostFactory
from tests.influencers.test_roster import figures

Login = Callable[[Membership], Client]


def explained(platform: str, **known: Any) -> dict[str, ExplainedFigure]:
    """Every figure of a row in which only what is said is known, by label."""
    row: dict[str, Any] = {"headline_reason": "no_posts", "window_posts": 0, "saturation_known": 0}
    row |= {f"er_{kind}_n": 0 for kind in ("followers", "views", "reach")}
    return {str(figure.label): figure for figure in explain(EngagementFigures(**{**row, **known}), platform)}


LABELS = [
    *("Engagement rate", "Rate by followers", "Rate by views", "Rate by reach", "Posts a week", "Saturation"),
    *("Growth in 30 days", "Sponsored to organic", "Comments per like", "Reply rate", "View rate", "Reach rate"),
]


def test_explain_gives_each_empty_figure_its_reason() -> None:
    found = explained("instagram")
    assert list(found) == LABELS
    nothing = "no posts between 3 and 90 days old"
    assert {label: figure.reason for label, figure in found.items()} == {
        **dict.fromkeys(LABELS, nothing),
        "Posts a week": "no posts in the last 28 days",
        "Saturation": "fewer than 5 posts of the last 90 days say whether they are sponsored (0 do)",
        "Growth in 30 days": "no two follower counts at least 7 days apart, the later one from the last 7 days",
    }
    assert all(figure.value is None and figure.formula for figure in found.values())


def test_explain_gives_reasons_where_there_are_posts() -> None:
    found = explained("instagram", headline_reason="likes_hidden", window_posts=7, saturation_known=1)
    assert {label: found[label].reason for label in LABELS if label != "Growth in 30 days"} == {
        "Engagement rate": "likes or comments are hidden or missing",
        "Rate by followers": "none of the 7 posts has known likes, comments and followers",
        "Rate by views": "none of the 7 posts has known likes, comments and views",
        "Rate by reach": "none of the 7 posts has known likes, comments and reach",
        "Posts a week": "no posts in the last 28 days",
        "Saturation": "fewer than 5 posts of the last 90 days say whether they are sponsored (1 does)",
        "Sponsored to organic": "fewer than 3 rated posts of each kind, or the organic ones have a rate of 0",
        "Comments per like": "no post with known comments and likes, or no likes at all",
        "Reply rate": "replies by the creator are unknown, or there are no comments",
        "View rate": "no post with known views and followers",
        "Reach rate": "no post with known reach and followers",
    }


def test_explain_says_where_a_platform_has_no_rates() -> None:
    found = explained("blog", headline_reason="not_applicable", window_posts=3)
    for label in LABELS[:4]:
        assert found[label].reason == "this platform has no engagement rate"


def test_explain_known_figures_carry_n_and_no_reason() -> None:
    found = explained(
        "tiktok",
        headline_rate=0.05,
        headline_reason="",
        window_posts=12,
        er_views_n=11,
        er_views_median=0.05,
        er_views_mean=0.06,
        er_views_p25=0.04,
        er_views_p75=0.08,
        er_followers_n=1,
        er_followers_median=0.2,
        posts_per_week=1.75,
        saturation=0.25,
        saturation_known=8,
        growth_30d=0.02,
        growth_from=date(2026, 4, 1),
        growth_to=date(2026, 5, 1),
        comment_like_ratio=0.1,
    )
    assert (found["Engagement rate"].value, found["Engagement rate"].n) == (0.05, "11 posts")
    assert "by views" in str(found["Engagement rate"].formula)
    assert found["Rate by views"].spread == (0.06, 0.04, 0.08)
    assert (found["Rate by followers"].value, found["Rate by followers"].n) == (0.2, "1 post")
    assert (found["Posts a week"].value, found["Posts a week"].n) == (1.75, "7 posts")
    assert (found["Saturation"].value, found["Saturation"].n) == (0.25, "8 posts")
    assert found["Growth in 30 days"].n == "1 April – 1 May 2026"
    assert found["Comments per like"].n == "of the last 12 posts those where it is known"
    assert found["Sponsored to organic"].n == "at least 3 rated posts of each kind"
    assert [label for label, figure in found.items() if figure.reason] == [
        *("Rate by reach", "Sponsored to organic", "Reply rate", "View rate", "Reach rate")
    ]


@pytest.fixture
def emma(agency: Agency) -> Influencer:
    seed_tier_schemes(agency)
    influencer: Influencer = InfluencerFactory(
        agency=agency,
        name="Emma <van> Dijk",
        country="DK",
        city="Aarhus",
        languages=["da", "xx"],
        email="emma@example.com",
    )
    return influencer


def detail(client: Client, influencer: Influencer, query: str = "") -> str:
    response = client.get(f"{influencer.get_absolute_url()}?{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_influencer_detail_shows_head_accounts_and_figures(
    agency: Agency, emma: Influencer, marketer: Membership, login: Login
) -> None:
    account = AccountFactory(
        agency=agency,
        influencer=emma,
        handle="emma.cooks",
        url="https://www.instagram.com/emma.cooks/",
        typed_followers=10_000,
        typed_followers_step=1_000,
        typed_followers_on=date(2026, 5, 1),
    )
    figures(
        account,
        headline_rate=0.0314,
        er_followers_n=9,
        window_posts=9,
        posts_per_week=1.5,
        growth_30d=-0.01,
        as_of=datetime(2026, 5, 1, 22, 30, tzinfo=UTC),
    )
    html = detail(login(marketer), emma)
    for text in (
        "Emma &lt;van&gt; Dijk",
        "Aarhus, Denmark",
        "Danish, xx",
        'href="https://www.instagram.com/emma.cooks/" rel="noopener noreferrer"',
        "Rounded to 1,000 when it was typed or imported",
        "1 May 2026",
        "3.14 %",
        "1.50",
        "−1.00 %",
        "as of 2 May 2026, 00:30 CEST · formulas version 1",
        "none of the 9 posts has known likes, comments and views",
        "fewer than 5 posts of the last 90 days say whether they are sponsored (0 do)",
        "Sponsored posts / posts of the last 90 days of which it is known.",
        "emma@example.com",
    ):
        assert text in html
    assert "<script>" not in re.sub(r'<script id="[a-z-]+" type="application/json">', "", html)


def test_influencer_detail_of_a_creator_without_anything(emma: Influencer, marketer: Membership, login: Login) -> None:
    html = detail(login(marketer), emma)
    assert "No account" in html
    assert "No posts" in html
    assert 'data-chart="followers"' not in html
    assert reverse("influencers:account_create", args=[emma.agency.slug, emma.pk]) in html


def test_influencer_detail_for_viewers_offers_no_work_and_no_contact(
    agency: Agency, emma: Influencer, viewer: Membership, login: Login
) -> None:
    account = AccountFactory(agency=agency, influencer=emma)
    html = detail(login(viewer), emma)
    assert "No figures have been computed for this account yet." in html
    assert "emma@example.com" not in html
    for name, pk in (
        ("influencer_update", emma.pk),
        ("account_create", emma.pk),
        ("fit_note_create", emma.pk),
        ("follower_count_create", account.pk),
    ):
        assert reverse(f"influencers:{name}", args=[agency.slug, pk]) not in html
    assert reverse("influencers:post_import", args=[agency.slug]) not in html


def test_influencer_detail_draws_the_follower_curve(
    agency: Agency, emma: Influencer, viewer: Membership, login: Login
) -> None:
    account = AccountFactory(agency=agency, influencer=emma, handle="</script>curve", platform="other")
    once = AccountFactory(agency=agency, influencer=emma, handle="counted.once")
    today = agency.today()
    for days, followers in ((0, 1_100), (10, 1_000), (800, 5)):
        FollowerCountFactory(agency=agency, account=account, day=today - timedelta(days=days), followers=followers)
    FollowerCountFactory(agency=agency, account=once, day=today)
    html = detail(login(viewer), emma)
    found = re.search(r'<script id="follower-points" type="application/json">(.*?)</script>', html)
    assert found is not None
    assert json.loads(found[1]) == [
        {
            "label": "@</script>curve · other",
            "points": [[str(today - timedelta(days=10)), 1_000], [str(today), 1_100]],
        }
    ]
    assert '<td class="text-end">1,100</td>' in html


def test_influencer_detail_lists_posts_by_pages(
    agency: Agency, emma: Influencer, viewer: Membership, login: Login
) -> None:
    account = AccountFactory(agency=agency, influencer=emma)
    for place in range(31):
        PostFactory(
            agency=agency,
            account=account,
            caption=f"Post {place:02d}",
            posted_at=datetime(2026, 5, 1, place % 24, tzinfo=UTC) + timedelta(days=place),
        )
    PostFactory(agency=agency, account=account, caption="DELETED", is_deleted=True)
    PostFactory(
        agency=agency, account=account, caption="Undated", posted_at=None, likes=None, is_sponsored="yes",
        sponsored_source="words", is_excluded=True, counted_at=datetime(2026, 5, 1, tzinfo=UTC),
    )  # fmt: skip
    client = login(viewer)
    html = detail(client, emma)
    assert re.findall(r"Post \d\d", html)[0] == "Post 30"
    assert "32 posts" in html
    assert "DELETED" not in html
    assert "Undated" not in html
    points = re.search(r'<script id="post-points" type="application/json">(.*?)</script>', html)
    assert points is not None
    assert [len(json.loads(points[1])), json.loads(points[1])[-1]["likes"]] == [30, 100]
    last = detail(client, emma, "page=2")
    assert "Undated" in last
    assert "left out of the figures: no reason given" in last
    assert "known by: disclosure words" in last
    assert 'title="likes are hidden or missing"' in last
    headers = {"HX-Request": "true", "HX-Target": "influencer-detail-posts"}
    part = client.get(f"{emma.get_absolute_url()}?page=2", headers=headers).content.decode()
    assert part.strip().startswith('<div class="card" id="influencer-detail-posts">')
    assert "Undated" in part


def test_influencer_detail_has_its_slots(
    emma: Influencer, viewer: Membership, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "_slots", {})
    for slot in ("influencer", "influencer-head"):
        panels.register(
            slot, panels.Panel("x", 1, lambda _request, shown, slot=slot: f"{slot} of {escape(shown.name)}")
        )
    html = detail(login(viewer), emma)
    assert "influencer-head of Emma &lt;van&gt; Dijk" in html
    assert "influencer of Emma" not in html
    path = reverse("influencers:influencer_collaborations", args=[emma.agency.slug, emma.pk])
    html = login(viewer).get(path).content.decode()
    assert "influencer of Emma &lt;van&gt; Dijk" in html
    assert "influencer-head of Emma &lt;van&gt; Dijk" in html


def tabs(client: Client, influencer: Influencer) -> list[tuple[str, str]]:
    """Each tab's label, and "here" on the one that is open."""
    found = re.findall(
        r'<a class="nav-link (?:active)?" href="[^"]*" (aria-current="page")?>([^<]*)</a>', detail(client, influencer)
    )
    return [(label, "here" if here else "") for here, label in found]


def test_influencer_detail_has_tabs_that_are_addresses(
    emma: Influencer, viewer: Membership, marketer: Membership, login: Login
) -> None:
    seen = tabs(login(marketer), emma)
    assert seen[0] == ("Overview", "here")
    assert [label for label, here in seen if here] == ["Overview"]
    assert ("Collaborations", "") in seen
    assert {label for label, _here in tabs(login(viewer), emma)} <= {label for label, _here in seen} - {"Prices"}


def test_influencer_detail_names_duos_and_their_members(
    agency: Agency, emma: Influencer, viewer: Membership, login: Login
) -> None:
    duo = InfluencerFactory(agency=agency, name="The Two")
    duo.members.add(emma)
    assert f'<a href="{duo.get_absolute_url()}">The Two</a>' in detail(login(viewer), emma)
    assert f'<a href="{emma.get_absolute_url()}">Emma &lt;van&gt; Dijk</a>' in detail(login(viewer), duo)


def test_influencer_detail_names_lists_that_the_member_may_open(
    agency: Agency, emma: Influencer, viewer: Membership, marketer: Membership, login: Login
) -> None:
    for name, is_shared in (("SHARED", True), ("MINE", False)):
        shortlist = Shortlist.objects.create(agency=agency, name=name, is_shared=is_shared, owner=marketer)
        shortlist.entries.create(influencer=emma)
    html = detail(login(marketer), emma)
    assert "SHARED" in html
    assert "MINE" in html
    html = detail(login(viewer), emma)
    assert "SHARED" in html
    assert "MINE" not in html


def test_influencer_collaborations_is_for_members(
    agency: Agency, emma: Influencer, viewer: Membership, outsider: Membership, other_agency: Agency, login: Login
) -> None:
    path = reverse("influencers:influencer_collaborations", args=[agency.slug, emma.pk])
    assert login(viewer).get(path).status_code == 200
    assert login(outsider).get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_influencer_detail_is_for_members(
    agency: Agency, emma: Influencer, marketer: Membership, outsider: Membership, other_agency: Agency, login: Login
) -> None:
    assert login(outsider).get(emma.get_absolute_url()).status_code == 404
    assert Client().get(emma.get_absolute_url()).status_code == 302
    foreign = InfluencerFactory(agency=other_agency)
    path = reverse("influencers:influencer_detail", args=[agency.slug, foreign.pk])
    assert login(marketer).get(path).status_code == 404


@pytest.mark.parametrize("how_many", [1, 3])
def test_influencer_detail_queries_do_not_grow(
    agency: Agency, emma: Influencer, viewer: Membership, login: Login, monkeypatch: pytest.MonkeyPatch, how_many: int
) -> None:
    monkeypatch.setattr(panels, "_slots", {})
    for place in range(how_many):
        account = AccountFactory(agency=agency, influencer=emma)
        figures(account, headline_rate=0.03, er_followers_n=9)
        PostFactory(agency=agency, account=account)
        for day in (1, 2):
            FollowerCountFactory(agency=agency, account=account, day=agency.today() - timedelta(days=day))
        assert place < how_many
    client = login(viewer)
    with assertNumQueries(13):
        html = detail(client, emma)
    assert html.count("3.00 %") >= how_many


# --- panels ------------------------------------------------------------------------------------------------------
def dashboard(client: Client, agency: Agency) -> str:
    return client.get(reverse("agency:dashboard", args=[agency.slug])).content.decode()


def test_dashboard_counts_creators_without_figures(agency: Agency, viewer: Membership, login: Login) -> None:
    client = login(viewer)
    assert "Creators without figures" not in dashboard(client, agency)
    with_rate = AccountFactory(agency=agency)
    figures(with_rate, headline_rate=0.03, er_followers_n=9)
    assert "Creators without figures" not in dashboard(client, agency)
    figures(AccountFactory(agency=agency), window_posts=1)
    InfluencerFactory(agency=agency)
    html = dashboard(client, agency)
    assert "Creators without figures" in html
    assert "of 3" in html
    link = f"{reverse('influencers:influencer_list', args=[agency.slug])}?rate=unknown"
    assert f'href="{link}"' in html
    assert "2 creators" in client.get(link).content.decode()


def test_dashboard_offers_to_fill_an_empty_roster(
    agency: Agency, marketer: Membership, viewer: Membership, login: Login
) -> None:
    assert "Fill the roster" in dashboard(login(marketer), agency)
    assert "Fill the roster" not in dashboard(login(viewer), agency)
    InfluencerFactory(agency=agency)
    assert "Fill the roster" not in dashboard(login(marketer), agency)
