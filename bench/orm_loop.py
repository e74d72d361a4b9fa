"""The figures as a straightforward Django loop computes them: per account its posts and counts, in Python, one save."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from influencers.models import Account, EngagementFigures, Post

BY_VIEWS = {"tiktok", "youtube"}
WITH_SHARES = {"tiktok", "facebook", "x", "linkedin"}
WITH_RATES = {"instagram", "youtube", *WITH_SHARES}
Rate = Callable[[Post], float | None]


def write_figures_of(account: Account, as_of: datetime, zone: ZoneInfo, version: int) -> None:
    """Reads what belongs to the account, computes every figure and writes the row."""
    day = as_of.astimezone(zone).date()
    posts = list(
        Post.objects.filter(
            account=account,
            posted_at__gt=as_of - timedelta(days=90),
            posted_at__lte=as_of,
            is_excluded=False,
            is_deleted=False,
        ).exclude(kind=Post.Kind.STORY)
    )
    counts = list(account.counts.filter(day__lte=day).order_by("day").values_list("day", "followers"))
    EngagementFigures.objects.update_or_create(
        agency_id=account.agency_id,
        account=account,
        as_of=as_of,
        formula_version=version,
        defaults={"computed_at": now(), **figures_of(account, posts, counts, as_of, zone)},
    )


def figures_of(
    account: Account, posts: list[Post], counts: list[tuple[date, int]], as_of: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    day = as_of.astimezone(zone).date()
    ripe = [post for post in posts if moment(post) <= as_of - timedelta(hours=72)]
    ripe.sort(key=lambda post: (moment(post), post.external_id.encode()), reverse=True)
    window = ripe[:12]

    def followers(post: Post) -> int | None:
        found = account.typed_followers
        if counts:
            posted_on = moment(post).astimezone(zone).date()
            found = next((count for when, count in reversed(counts) if when <= posted_on), counts[0][1])
        return found or None

    def interactions(post: Post) -> int | None:
        if account.platform not in WITH_RATES or post.likes is None or post.comments is None:
            return None
        return post.likes + post.comments + ((post.shares or 0) if account.platform in WITH_SHARES else 0)

    rates: dict[str, Rate] = {
        "er_followers": lambda post: over(interactions(post), followers(post)),
        "er_views": lambda post: over(interactions(post), post.views),
        "er_reach": lambda post: over(interactions(post), post.reach),
    }
    headline = rates["er_views" if account.platform in BY_VIEWS else "er_followers"]
    rated = known(window, headline)
    row: dict[str, Any] = {
        "followers": counts[-1][1] if counts else account.typed_followers,
        "window_posts": len(window),
        "headline_rate": median(rated) if len(rated) >= 5 else None,
        "headline_reason": reason(account.platform, window, len(rated), followers),
    }
    for name, rate in rates.items():
        row |= spread(name, known(window, rate))
    disclosed = [post for post in posts if post.is_sponsored != Post.Sponsored.UNKNOWN]
    sponsored = sum(post.is_sponsored == Post.Sponsored.YES for post in disclosed)
    month = sum(moment(post) > as_of - timedelta(days=28) for post in posts)
    row["posts_per_week"] = month / 4 if month else None
    row["saturation_known"] = len(disclosed)
    row["saturation"] = sponsored / len(disclosed) if len(disclosed) >= 5 else None
    row["sponsored_to_organic"] = split(ripe, headline)
    row["comment_like_ratio"] = ratio([(post.comments, post.likes) for post in window])
    row["reply_rate"] = ratio([(post.replies, post.comments) for post in window])
    row["view_rate"] = middle(known(window, lambda post: over(post.views, followers(post))))
    row["reach_rate"] = middle(known(window, lambda post: over(post.reach, followers(post))))
    row["growth_30d"] = growth(counts, day)
    return row


def moment(post: Post) -> datetime:
    assert post.posted_at  # the query asked for posts of the last 90 days
    return post.posted_at


def over(above: int | None, below: int | None) -> float | None:
    return above / below if above is not None and below else None


def known(posts: list[Post], rate: Rate) -> list[float]:
    return sorted(value for post in posts if (value := rate(post)) is not None)


def middle(values: list[float]) -> float | None:
    return median(values) if values else None


def spread(name: str, values: list[float]) -> dict[str, Any]:
    return {
        f"{name}_n": len(values),
        f"{name}_median": middle(values),
        f"{name}_mean": mean(values) if values else None,
        f"{name}_p25": between(values, 0.25),
        f"{name}_p75": between(values, 0.75),
    }


def between(values: list[float], share: float) -> float | None:
    """The value that far from the smallest to the largest, neighbours joined linearly."""
    if not values:
        return None
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


def reason(platform: str, window: list[Post], rated: int, followers: Callable[[Post], int | None]) -> str:
    if platform not in WITH_RATES:
        return "not_applicable"
    if not window:
        return "no_posts"
    if rated >= 5:
        return ""
    if sum(post.likes is None or post.comments is None for post in window) > rated:
        return "likes_hidden"
    if platform in BY_VIEWS:
        return "views_unknown" if sum(not post.views for post in window) > rated else "too_few_posts"
    return "followers_unknown" if sum(followers(post) is None for post in window) > rated else "too_few_posts"


def split(ripe: list[Post], headline: Rate) -> float | None:
    sponsored = known([post for post in ripe if post.is_sponsored == Post.Sponsored.YES], headline)
    organic = known([post for post in ripe if post.is_sponsored == Post.Sponsored.NO], headline)
    if min(len(sponsored), len(organic)) < 3:
        return None
    return median(sponsored) / median(organic) if median(organic) else None


def ratio(pairs: list[tuple[int | None, int | None]]) -> float | None:
    complete = [(above, below) for above, below in pairs if above is not None and below is not None]
    return over(sum(above for above, _ in complete), sum(below for _, below in complete))


def growth(counts: list[tuple[date, int]], day: date) -> float | None:
    if not counts or counts[-1][0] < day - timedelta(days=7):
        return None
    day1, last = counts[-1]
    month = [row for row in counts if day1 - timedelta(days=120) <= row[0] <= day1 - timedelta(days=30)]
    week = [row for row in counts if row[0] <= day1 - timedelta(days=7)]
    start = month[-1] if month else week[0] if week else None
    if start is None or not start[1]:
        return None
    return float((last / start[1]) ** (30 / (day1 - start[0]).days)) - 1
