"""The SQL statement against the independent computation, and the lines that it must draw, worked out by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given

from agency.models import Agency
from influencers.metrics.statement import FORMULA_VERSION, STATEMENT
from influencers.models import EngagementFigures
from influencers.services.figures import recompute
from tests.factories import AgencyFactory
from tests.influencers.metrics.generated import TICK, disagreements, rosters, stored
from tests.reference.compare import FIGURE_COLUMNS
from tests.reference.figures import RefAccount, RefPost

T = datetime(2025, 4, 30, tzinfo=UTC)
HOURS_72 = timedelta(hours=72)
DAYS_90 = timedelta(days=90)

pytestmark = pytest.mark.django_db


def post(name: str, age: timedelta, likes: int | None = 10, comments: int | None = 0, **known: Any) -> RefPost:
    return RefPost(name, T - age, likes=likes, comments=comments, **known)


def series(count: int, likes: int | None = 10, comments: int | None = 0, **known: Any) -> list[RefPost]:
    return [post(f"p{number:02}", timedelta(days=5 + number), likes, comments, **known) for number in range(count)]


def figures(
    posts: Sequence[RefPost] = (),
    *,
    platform: str = "instagram",
    typed: int | None = 100,
    counts: Sequence[tuple[date, int]] = (),
    zone: str = "UTC",
) -> EngagementFigures:
    agency = AgencyFactory(timezone=zone)
    stored(agency, [RefAccount("someone", platform, typed, counts, posts)])
    recompute(agency=agency, as_of=T, by=None)
    return EngagementFigures.objects.get(agency=agency)


@given(rosters())
def test_figures_equal_the_independent_computation(roster: tuple[datetime, ZoneInfo, list[RefAccount]]) -> None:
    cutoff, zone, accounts = roster
    with transaction.atomic():
        agency = AgencyFactory(timezone=str(zone))
        stored(agency, accounts)
        recompute(agency=agency, as_of=cutoff, by=None)
        found = disagreements(agency, accounts, cutoff)
        transaction.set_rollback(True)
    assert found == []


def test_figures_writes_every_column_of_the_table() -> None:
    columns = [field.column for field in EngagementFigures._meta.concrete_fields if not field.primary_key]
    inserted = STATEMENT.partition("stored (")[2].partition(")")[0].replace("\n", "").replace(" ", "").split(",")
    assert sorted(inserted) == sorted(columns)
    updated = STATEMENT.partition("UPDATE SET (")[2].partition(")")[0].replace("\n", "").replace(" ", "").split(",")
    assert sorted(updated) == sorted(set(columns) - {"agency_id", "account_id", "as_of", "formula_version"})
    assert set(FIGURE_COLUMNS) < set(columns)


def test_figures_of_an_account_without_posts() -> None:
    found = figures(typed=None)
    assert (found.headline_rate, found.headline_reason, found.window_posts) == (None, "no_posts", 0)
    assert (found.er_followers_n, found.er_followers_median, found.posts_per_week, found.growth_30d) == (
        0,
        None,
        None,
        None,
    )
    assert (found.followers, found.formula_version, found.saturation_known) == (None, FORMULA_VERSION, 0)
    assert found.computed_at > T


def test_figures_window_is_open_at_90_days_and_closed_at_72_hours() -> None:
    found = figures(
        [
            post("too young", HOURS_72 - TICK),
            post("just ripe", HOURS_72, likes=20),
            post("just in", DAYS_90 - TICK, likes=30),
            post("too old", DAYS_90),
        ]
    )
    assert found.window_posts == 2
    assert found.er_followers_mean == pytest.approx(0.25, abs=1e-12)


def test_figures_window_takes_twelve_in_byte_order_of_the_id() -> None:
    same_moment = [post(name, timedelta(days=10), likes=likes) for name, likes in (("Z", 1000), ("a", 20), ("é", 30))]
    found = figures(
        [*series(5), *[post(f"q{number}", timedelta(days=9, hours=number + 1)) for number in range(5)], *same_moment]
    )
    # Descending bytes: é, a, Z. Ten posts and the first two of the three fill the window.
    assert found.window_posts == 12
    assert found.er_followers_mean == pytest.approx((10 * 10 + 20 + 30) / 12 / 100, abs=1e-12)


def test_figures_count_posts_up_to_the_cutoff_and_from_28_days_before() -> None:
    month = timedelta(days=28)
    found = figures([post("future", -TICK), post("now", timedelta(0)), post("in", month - TICK), post("out", month)])
    assert found.posts_per_week == 0.5


@pytest.mark.parametrize("flag", [{"is_excluded": True}, {"is_deleted": True}, {"kind": "story"}])
def test_figures_count_no_story_no_excluded_and_no_deleted_post(flag: dict[str, Any]) -> None:
    found = figures(series(6, **flag))
    assert (found.headline_reason, found.posts_per_week) == ("no_posts", None)


def test_figures_hidden_likes_are_unknown_and_never_zero() -> None:
    found = figures([*series(5, likes=None), post("known", timedelta(days=4))])
    assert (found.headline_reason, found.er_followers_n, found.er_followers_median) == ("likes_hidden", 1, 0.1)


def test_figures_zero_followers_are_unknown() -> None:
    found = figures(series(6), typed=0)
    assert (found.headline_reason, found.er_followers_n, found.followers) == ("followers_unknown", 0, 0)


def test_figures_of_video_platforms_rest_on_views() -> None:
    found = figures(series(5, shares=5, views=300), platform="tiktok", typed=None)
    assert (found.headline_rate, found.er_views_n, found.er_followers_n) == (0.05, 5, 0)
    assert figures(series(5, shares=5, views=200), platform="youtube").headline_rate == 0.05  # shares do not count
    assert figures(series(6, views=0), platform="youtube").headline_reason == "views_unknown"


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        *((platform, 0.12) for platform in ("instagram", "youtube")),
        *((platform, 0.15) for platform in ("tiktok", "facebook", "x", "linkedin")),
        *((platform, None) for platform in ("twitch", "podcast", "blog", "newsletter", "other")),
    ],
)
def test_figures_count_as_interactions_what_the_platform_says(platform: str, expected: float | None) -> None:
    assert figures([post("a", timedelta(days=5), 10, 2, shares=3)], platform=platform).er_followers_median == expected


def test_figures_need_five_rated_posts_for_a_headline() -> None:
    assert figures(series(5)).headline_rate == pytest.approx(0.1)
    four = figures(series(4))
    assert (four.headline_rate, four.headline_reason, four.er_followers_median) == (None, "too_few_posts", 0.1)
    assert figures(series(6), platform="podcast").headline_reason == "not_applicable"


def test_figures_quartiles_are_interpolated() -> None:
    found = figures(
        [post(f"p{likes}", timedelta(days=4, hours=likes), likes=likes) for likes in (10, 20, 30, 40, 50, 60)]
    )
    spread = (found.er_followers_p25, found.er_followers_median, found.er_followers_p75, found.er_followers_mean)
    assert spread == pytest.approx((0.225, 0.35, 0.475, 0.35), abs=1e-12)


def test_figures_use_the_followers_of_the_posts_own_day() -> None:
    # 11:30 UTC on the 10th is 23:30 of that day in Auckland; an hour later it is the 11th there.
    counts = [(date(2025, 4, 10), 100), (date(2025, 4, 11), 200)]
    posts = [RefPost("a", datetime(2025, 4, 10, 11, 30, tzinfo=UTC), likes=10, comments=0)]
    assert figures(posts, counts=counts, zone="Pacific/Auckland").er_followers_median == 0.1
    later = [RefPost("a", datetime(2025, 4, 10, 12, 30, tzinfo=UTC), likes=10, comments=0)]
    assert figures(later, counts=counts, zone="Pacific/Auckland").er_followers_median == 0.05
    assert figures(later, counts=counts).er_followers_median == 0.1


def test_figures_fall_back_to_a_later_count_but_never_to_one_after_the_cutoff() -> None:
    posts = [post("a", timedelta(days=20))]
    assert figures(posts, counts=[(date(2025, 4, 20), 50)]).er_followers_median == 0.2
    after = figures(posts, counts=[(date(2025, 5, 1), 50)])
    assert (after.er_followers_median, after.followers) == (0.1, 100)


def test_figures_sponsored_share_needs_five_known_posts() -> None:
    known = series(3, is_sponsored="no") + [post(f"s{n}", timedelta(days=n), is_sponsored="yes") for n in (1, 2)]
    found = figures(known)
    assert (found.saturation, found.saturation_known) == (0.4, 5)
    assert figures(known[:4]).saturation is None


def test_figures_compare_sponsored_with_organic_beyond_the_twelve() -> None:
    organic = series(20, likes=20, is_sponsored="no")
    sponsored = [post(f"s{n}", timedelta(days=60 + n), likes=5, is_sponsored="yes") for n in range(3)]
    assert figures([*organic, *sponsored]).sponsored_to_organic == 0.25
    assert figures([*organic, *sponsored[:2]]).sponsored_to_organic is None
    assert figures([*organic[:3], *sponsored]).sponsored_to_organic == 0.25
    assert figures([*organic[:2], *sponsored]).sponsored_to_organic is None
    assert figures([*series(3, likes=0, is_sponsored="no"), *sponsored]).sponsored_to_organic is None


def test_figures_ratios_rest_on_posts_where_both_sides_are_known() -> None:
    complete = series(2, likes=10, comments=4, replies=1, views=50, reach=20)
    found = figures(
        [*complete, post("a", timedelta(days=4), None, 8), post("b", timedelta(days=4), 70, None, replies=3)]
    )
    ratios = (found.comment_like_ratio, found.reply_rate, found.view_rate, found.reach_rate)
    assert ratios == pytest.approx((0.4, 0.25, 0.5, 0.2), abs=1e-12)


def test_figures_growth_is_scaled_to_thirty_days() -> None:
    found = figures(counts=[(date(2025, 2, 28), 100), (date(2025, 4, 29), 400)])
    assert found.growth_30d == pytest.approx(1.0, abs=1e-12)  # four times in 60 days, twice in 30
    assert (found.growth_from, found.growth_to, found.followers) == (date(2025, 2, 28), date(2025, 4, 29), 400)


@pytest.mark.parametrize(
    "counts",
    [
        [(date(2025, 2, 28), 0), (date(2025, 4, 29), 400)],  # grown from nothing
        [(date(2025, 2, 28), 100), (date(2025, 4, 22), 400)],  # nothing in the last week
        [(date(2025, 4, 23), 100), (date(2025, 4, 29), 400)],  # six days apart
    ],
)
def test_figures_growth_is_empty_without_a_pair(counts: list[tuple[date, int]]) -> None:
    found = figures(counts=counts)
    assert (found.growth_30d, found.growth_from, found.growth_to) == (None, None, None)


@pytest.mark.parametrize(
    ("days_before", "expected"),
    [
        ([30, 59], 30),  # the latest that is 30 days older or more
        ([29, 60], 60),
        ([10, 120, 200], 120),  # 120 days older at most
        ([10, 121, 200], 200),  # else the earliest, however old
        ([7], 7),  # but a week older at least
        ([6, 7, 9], 9),
    ],
)
def test_growth_starts_at_the_right_day(days_before: list[int], expected: int) -> None:
    day1 = date(2025, 4, 23)  # a week before the cut-off, just young enough
    found = figures(counts=[(day1, 200), *((day1 - timedelta(days=days), 100) for days in days_before)])
    assert (found.growth_from, found.growth_to) == (day1 - timedelta(days=expected), day1)
    assert found.growth_30d == pytest.approx(2 ** (30 / expected) - 1, abs=1e-12)


def test_figures_reason_is_that_of_more_posts_than_have_the_rate() -> None:
    rated = series(2, views=100)
    for lacking, reason in (({"likes": None}, "likes_hidden"), ({"views": 0}, "views_unknown")):
        others = [post(f"x{n}", timedelta(days=20 + n), **{"views": 100, **lacking}) for n in range(3)]
        assert figures([*rated, *others], platform="tiktok").headline_reason == reason
        assert figures([*rated, *others[:2]], platform="tiktok").headline_reason == "too_few_posts"


def test_figures_reason_of_unknown_followers_is_that_of_more_posts_than_have_the_rate() -> None:
    counts = [(date(2025, 4, 1), 0), (date(2025, 4, 20), 100)]  # 0 is unknown
    rated = [post(f"a{n}", timedelta(days=4 + n)) for n in range(2)]
    others = [post(f"b{n}", timedelta(days=15 + n)) for n in range(3)]
    assert figures([*rated, *others], counts=counts).headline_reason == "followers_unknown"
    assert figures([*rated, *others[:2]], counts=counts).headline_reason == "too_few_posts"


def test_figures_survive_a_nonsense_count() -> None:
    assert figures(series(5, likes=9 * 10**18, comments=9 * 10**18)).er_followers_n == 5


def test_figures_of_another_agency_are_not_touched(agency: Agency) -> None:
    stored(agency, [RefAccount("ours", "instagram", 100, (), ())])
    figures()
    assert not EngagementFigures.objects.filter(agency=agency).exists()
