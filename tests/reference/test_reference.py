"""The independent computation against figures worked out by hand: what rests on posts (working beside each)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.reference.cases import TICK, D, T, ago, figures, post, series, spread
from tests.reference.compare import FIGURE_COLUMNS
from tests.reference.figures import RefPost


def test_an_account_without_anything_has_every_column_and_says_why() -> None:
    row = figures()

    assert tuple(row) == FIGURE_COLUMNS
    said = {column: value for column, value in row.items() if value is not None}
    assert said == {"headline_reason": "no_posts", "er_followers_n": 0, "er_views_n": 0, "er_reach_n": 0}


# --- which posts count ---------------------------------------------------------------------------------------------


def test_posts_that_do_not_count_leave_no_trace() -> None:
    known = {"likes": 10, "views": 100, "reach": 100, "replies": 1, "is_sponsored": "yes"}
    posts = [
        *(post(f"x{n}", ago(days=9), is_excluded=True, **known) for n in range(5)),
        *(post(f"d{n}", ago(days=9), is_deleted=True, **known) for n in range(5)),
        *(post(f"s{n}", ago(days=9), kind="story", **known) for n in range(5)),
        *(post(f"u{n}", None, **known) for n in range(5)),
        *(post(f"f{n}", T + TICK, **known) for n in range(5)),
    ]

    assert figures(posts, typed=1000) == figures(typed=1000)


def test_window_takes_the_latest_twelve_and_breaks_ties_by_the_bytes_of_the_id() -> None:
    # Ten posts at 10 / 1,000 = 0.010. Of the four at one instant the two with the greatest ids in bytes come in:
    # "ä" (C3 A4) and "a" (61), not "Z" (5A) and "B" (42), which a dictionary would put first.
    # mean = (10 · 0.010 + 0.020 + 0.030) / 12 = 0.150 / 12 = 0.0125.
    tied = ago(days=20)
    four = [
        post("B", tied, likes=700),
        post("a", tied, likes=30),
        post("Z", tied, likes=500),
        post("ä", tied, likes=20),
    ]

    row = figures([*four, *series("n", 10, likes=10)], typed=1000)

    assert spread(row, "er_followers") == [12, 0.01, 0.0125, 0.01, 0.01]


def test_window_is_chosen_before_any_rate_is_formed() -> None:
    # The twelve latest hide their likes; the five older ones, well rated, are not in the window.
    posts = [*series("hidden", 12), *series("open", 5, first_day=30, likes=10)]

    row = figures(posts, typed=1000)

    assert (row["er_followers_n"], row["headline_reason"]) == (0, "likes_hidden")


def test_window_ends_at_72_hours_inclusive_and_begins_after_90_days() -> None:
    # In: 1 and 1,000 likes. mean = (0.0001 + 0.1) / 2 = 0.05005; p25 = 0.0001 + 0.0999 / 4 = 0.025075.
    posts = [
        post("72h", ago(hours=72), likes=1),
        post("younger", ago(hours=72) + TICK, likes=10),
        post("90d", ago(days=90), likes=100),
        post("within", ago(days=90) + TICK, likes=1000),
    ]

    row = figures(posts, typed=10_000)

    assert spread(row, "er_followers") == [2, 0.05005, 0.05005, 0.025075, 0.075025]


def test_posts_per_week_counts_28_days_up_to_the_cutoff_itself() -> None:
    # In: the post at T and the one a tick less than 28 days old. 2 / 4 = 0.5.
    posts = [
        post("future", T + TICK),
        post("at-t", T),
        post("inside", ago(days=28) + TICK),
        post("28d", ago(days=28)),
    ]

    assert figures(posts)["posts_per_week"] == 0.5
    assert figures(posts[-1:])["posts_per_week"] is None


# --- spread and interactions -----------------------------------------------------------------------------------------


def test_spread_of_five_falls_on_the_values_themselves() -> None:
    # 0.01 0.02 0.03 0.04 0.10: positions 1, 2, 3 of 0…4; mean 0.20 / 5.
    posts = [post(str(likes), ago(days=10), likes=likes) for likes in (10, 1, 4, 2, 3)]

    row = figures(posts, typed=100)

    assert spread(row, "er_followers") == [5, 0.03, 0.04, 0.02, 0.04]
    assert (row["headline_rate"], row["headline_reason"]) == (0.03, "")


def test_spread_of_four_lies_between_neighbours_and_makes_no_headline() -> None:
    # 0.010 0.020 0.030 0.050: p25 at position 0.75 = 0.0175, median at 1.5 = 0.025,
    # p75 at 2.25 = 0.030 + 0.25 · 0.020 = 0.035; mean 0.110 / 4 = 0.0275.
    posts = [post(str(likes), ago(days=10), likes=likes) for likes in (50, 10, 30, 20)]

    row = figures(posts, typed=1000)

    assert spread(row, "er_followers") == [4, 0.025, 0.0275, 0.0175, 0.035]
    assert (row["headline_rate"], row["headline_reason"]) == (None, "too_few_posts")


def test_spread_of_one_is_that_one() -> None:
    assert spread(figures([post("1", ago(days=4), likes=7)], typed=100), "er_followers") == [1, 0.07, 0.07, 0.07, 0.07]


@pytest.mark.parametrize(
    ("platform", "shares", "rates"),
    [
        ("instagram", 10, (0.045, 0.09, 0.18)),  # 70 + 20 = 90 of 2,000 followers, 1,000 views, 500 reached
        ("youtube", 10, (0.045, 0.09, 0.18)),
        ("tiktok", 10, (0.05, 0.1, 0.2)),  # 70 + 20 + 10 = 100
        ("facebook", 10, (0.05, 0.1, 0.2)),
        ("x", 10, (0.05, 0.1, 0.2)),
        ("linkedin", 10, (0.05, 0.1, 0.2)),
        ("tiktok", None, (0.045, 0.09, 0.18)),  # unknown shares count 0
        *((platform, 10, (None, None, None)) for platform in ("twitch", "podcast", "blog", "newsletter", "other")),
    ],
)
def test_interactions_by_platform(platform: str, shares: int | None, rates: tuple[float | None, ...]) -> None:
    one = post("1", ago(days=4), likes=70, comments=20, shares=shares, saves=999, views=1000, reach=500)

    row = figures([one], platform=platform, typed=2000)

    assert tuple(row[f"{rate}_median"] for rate in ("er_followers", "er_views", "er_reach")) == rates


def test_unknown_likes_or_comments_leave_the_post_without_a_rate_and_a_known_zero_does_not() -> None:
    posts = [
        post("likes-hidden", ago(days=4), likes=None, comments=50),
        post("comments-unknown", ago(days=5), likes=50, comments=None),
        post("nobody-cared", ago(days=6), likes=0, comments=0),
    ]

    assert spread(figures(posts, typed=100), "er_followers") == [1, 0.0, 0.0, 0.0, 0.0]


def test_views_and_reach_of_zero_form_no_engagement_rate_but_are_a_view_and_reach_rate_of_zero() -> None:
    # er_views: 10 / 100. er_reach: 10 / 50. Medians of two: view_rate of 0 and 100 / 1,000, reach_rate of 0 and 0.05.
    posts = [
        post("zero", ago(days=4), likes=10, views=0, reach=0),
        post("unknown", ago(days=5), likes=10),
        post("known", ago(days=6), likes=10, views=100, reach=50),
    ]

    row = figures(posts, typed=1000)

    assert spread(row, "er_views") == [1, 0.1, 0.1, 0.1, 0.1]
    assert spread(row, "er_reach") == [1, 0.2, 0.2, 0.2, 0.2]
    assert (row["view_rate"], row["reach_rate"]) == (0.05, 0.025)


def test_view_rate_needs_followers_but_no_likes() -> None:
    posts = [post("1", ago(days=4), views=30), post("2", ago(days=5), views=10), post("fresh", ago(days=1), views=90)]

    assert figures(posts, typed=100)["view_rate"] == 0.2  # median of 0.3 and 0.1
    assert figures(posts, typed=None)["view_rate"] is None
    assert figures(posts, typed=100, platform="twitch")["view_rate"] == 0.2


# --- headline --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "headline"),
    [("tiktok", 0.1), ("youtube", 0.1), ("instagram", 0.01), ("facebook", 0.01), ("x", 0.01), ("linkedin", 0.01)],
)
def test_headline_is_by_views_on_tiktok_and_youtube_and_by_followers_elsewhere(platform: str, headline: float) -> None:
    row = figures(series("p", 5, likes=10, views=100), platform=platform, typed=1000)

    assert (row["headline_rate"], row["headline_reason"]) == (headline, "")


RATED = {"likes": 10, "views": 100}


@pytest.mark.parametrize("platform", ["blog", "podcast", "newsletter", "twitch", "other"])
@pytest.mark.parametrize("count", [0, 6])
def test_reason_not_applicable_comes_before_all_others(platform: str, count: int) -> None:
    row = figures(series("p", count, **RATED), platform=platform, typed=1000)

    assert (row["headline_rate"], row["headline_reason"]) == (None, "not_applicable")


def test_reason_no_posts_is_about_the_window_not_about_the_last_days() -> None:
    row = figures([post("fresh", ago(hours=1), **RATED)], typed=1000)

    assert (row["headline_reason"], row["posts_per_week"]) == ("no_posts", 0.25)


@pytest.mark.parametrize(
    ("platform", "typed", "groups", "reason"),
    [
        # (how many posts, what is known of each); r is the number of rated ones.
        ("instagram", 1000, [(4, RATED), (5, {})], "likes_hidden"),  # 5 > r = 4
        ("instagram", 1000, [(4, RATED), (4, {})], "too_few_posts"),  # 4 > 4 fails, nobody lacks followers
        ("instagram", 1000, [(2, RATED), (2, {"comments": None})], "too_few_posts"),  # both unknown: still one post
        ("instagram", 1000, [(1, RATED), (1, {}), (1, {"likes": 5, "comments": None})], "likes_hidden"),  # 2 > 1
        ("instagram", None, [(5, RATED), (1, {})], "likes_hidden"),  # r = 0: 1 > 0 comes before 6 > 0
        ("instagram", 0, [(6, RATED)], "followers_unknown"),  # zero followers are unknown
        ("tiktok", 1000, [(3, RATED), (3, {"likes": 10})], "too_few_posts"),  # 3 > 3 fails
        ("tiktok", 1000, [(3, RATED), (4, {"likes": 10})], "views_unknown"),  # 4 > 3
        ("youtube", None, [(3, RATED), (4, {"likes": 10, "views": 0})], "views_unknown"),  # 0 views are not > 0
        ("youtube", None, [(2, RATED), (3, {"views": 100}), (3, {"likes": 1})], "likes_hidden"),  # both 3 > 2
        ("youtube", None, [(5, RATED), (7, {})], ""),  # five rated make a headline, followers or not
        ("instagram", 1000, [(5, RATED), (7, {})], ""),
    ],
)
def test_headline_reason_is_the_first_that_holds(
    platform: str, typed: int | None, groups: list[tuple[int, dict[str, Any]]], reason: str
) -> None:
    posts = [
        post(f"{group}-{n}", ago(days=4 + n), **known)
        for group, (count, known) in enumerate(groups)
        for n in range(count)
    ]

    assert figures(posts, platform=platform, typed=typed)["headline_reason"] == reason


@pytest.mark.parametrize(("unrated", "reason"), [(3, "followers_unknown"), (2, "too_few_posts")])
def test_followers_unknown_counts_the_posts_whose_own_day_has_none(unrated: int, reason: str) -> None:
    # Until 9 April the count is 0: three posts unrated against two rated, 3 > 2; two against two are not more.
    counts = [(date(2025, 2, 1), 0), (date(2025, 4, 10), 1000)]
    early = [post(f"e{n}", datetime(2025, 4, 1 + n, tzinfo=UTC), likes=10) for n in range(unrated)]
    late = [post(f"l{n}", datetime(2025, 4, 15 + n, tzinfo=UTC), likes=10) for n in range(2)]

    row = figures([*early, *late], counts=counts, typed=500)

    assert (row["er_followers_n"], row["headline_reason"], row["followers"]) == (2, reason, 1000)


# --- sponsored posts -------------------------------------------------------------------------------------------------


def test_saturation_needs_five_posts_whose_sponsoring_is_known() -> None:
    # The post at T − 90 d is out, the one at T is in, unknown ones are in neither side.
    unknown = series("u", 9, first_day=30)
    out = [post("90d", ago(days=90), is_sponsored="yes")]
    four = [
        post("at-t", T, is_sponsored="yes"),
        post("inside", ago(days=90) + TICK, is_sponsored="yes"),
        *series("n", 2, is_sponsored="no"),
    ]
    fifth = [post("fifth", ago(days=50), is_sponsored="no")]

    assert figures([*unknown, *out, *four])["saturation"] is None
    assert figures([*unknown, *out, *four, *fifth])["saturation"] == 0.4  # 2 of 5
    assert figures(series("n", 5, is_sponsored="no"))["saturation"] == 0.0


def sponsored(*likes: int, first_day: int = 70) -> list[RefPost]:
    return [
        post(f"paid{n}", ago(days=first_day + n), likes=given, views=100, is_sponsored="yes")
        for n, given in enumerate(likes)
    ]


ORGANIC = series("own", 13, likes=10, views=200, is_sponsored="no")


def test_sponsored_to_organic_looks_past_the_twelve_of_the_window() -> None:
    # Twelve of unknown sponsoring fill the window and belong to neither side.
    # By followers: median of 0.005 0.015 0.040 over 0.010 = 1.5. By views: 0.15 / (10 / 200) = 3.
    unknown = series("unknown", 12, first_day=5, likes=900, views=100)
    organic = series("own", 3, first_day=40, likes=10, views=200, is_sponsored="no")
    posts = [*unknown, *organic, *sponsored(40, 5, 15)]

    assert figures(posts, typed=1000)["sponsored_to_organic"] == 1.5
    assert figures(posts, platform="tiktok", typed=1000)["sponsored_to_organic"] == 3.0
    assert figures(posts, platform="twitch", typed=1000)["sponsored_to_organic"] is None


def test_sponsored_to_organic_needs_three_rated_posts_of_each() -> None:
    hidden = [post("hidden", ago(days=60), is_sponsored="yes")]
    fresh = [post("fresh", ago(hours=71), likes=9, is_sponsored="yes")]
    old = [post("old", ago(days=90), likes=9, is_sponsored="yes")]

    assert figures([*ORGANIC, *sponsored(5, 15), *hidden, *fresh, *old], typed=1000)["sponsored_to_organic"] is None
    assert figures([*ORGANIC[:2], *sponsored(5, 15, 40)], typed=1000)["sponsored_to_organic"] is None
    assert figures([*ORGANIC[:3], *sponsored(5, 15, 40)], typed=1000)["sponsored_to_organic"] == 1.5


def test_sponsored_to_organic_is_empty_where_the_organic_median_is_zero() -> None:
    ignored = series("own", 3, likes=0, is_sponsored="no")

    assert figures([*ignored, *sponsored(5, 15, 40)], typed=1000)["sponsored_to_organic"] is None
    assert figures([*ORGANIC, *sponsored(0, 0, 40)], typed=1000)["sponsored_to_organic"] == 0.0


# --- ratios of sums --------------------------------------------------------------------------------------------------


def test_ratios_of_sums_take_only_posts_that_know_both_sides() -> None:
    # comments to likes: (10 + 30) / (100 + 300) = 0.1. replies to comments: (5 + 10) / (10 + 50) = 0.25.
    posts = [
        post("1", ago(days=4), likes=100, comments=10, replies=5),
        post("2", ago(days=5), likes=300, comments=30),
        post("3", ago(days=6), likes=None, comments=50, replies=10),
        post("4", ago(days=7), likes=200, comments=None, replies=40),
    ]

    row = figures(posts)

    assert (row["comment_like_ratio"], row["reply_rate"]) == (0.1, 0.25)


def test_ratios_of_sums_are_empty_over_zero_and_see_the_window_only() -> None:
    posts = [
        post("zero", ago(days=4), likes=0, comments=0, replies=0),
        post("fresh", ago(hours=71), likes=10, comments=10, replies=10),
    ]

    row = figures(posts)

    assert (row["comment_like_ratio"], row["reply_rate"]) == (None, None)


# --- input that is none ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        {"cutoff": T.replace(tzinfo=None)},
        {"platform": "myspace"},
        {"counts": [(D, 1), (D, 2)]},
        {"posts": [post("1", T), post("1", T)]},
        {"posts": [post("1", T.replace(tzinfo=None))]},
    ],
)
def test_what_the_contract_does_not_know_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"time zone|platform|Two"):
        figures(**arguments)
