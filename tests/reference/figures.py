"""Every figure of one account from its raw posts and follower counts, in exact rational arithmetic.

Written from the contract in the design document only, so that an error in the project's SQL cannot repeat here.
What the contract leaves open is settled like this:

1. Platforms without a definition of interactions (twitch, podcast, blog, newsletter, other) have no engagement rate at
   all: n is 0, `sponsored_to_organic` is empty. Their other figures (`posts_per_week`, `saturation`, `view_rate` …) are
   computed as everywhere.
2. Followers at publication are looked up first and judged afterwards: a zero in the chosen count makes the post's
   followers unknown; the search does not go on to another day or to the typed count.
3. "0 or none = unknown" belongs to followers at publication; the column `followers` shows a known 0 as 0.
4. The typed count is used whatever its own day, also when it was typed after T.
5. Counts of day D itself are used, although D ends after T; also for a post published earlier on that day.
6. `view_rate` and `reach_rate` ask for known views and reach, so a known 0 is a rate of 0; only `er_views` and
   `er_reach` ask for more than 0.
7. `growth_30d`: the second choice of day0 ("the earliest ≤ day1 − 7") has no lower limit, so it may lie more than 120
   days back. A zero F0 makes the figure empty; no other day is tried. A zero F1 gives −1.
8. `headline_reason` describes the headline only; the `no_posts` of `posts_per_week` has no column of its own.
9. A post lacks "likes or comments" when at least one of the two is unknown; it is counted once.
10. `saturation` and `posts_per_week` reach up to T itself, so posts younger than 72 h count in them.
11. Byte order of external ids is the order of their UTF-8 bytes.
12. Two counts of one day, or two posts with one external id, are no valid input and raise ValueError.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

Cell = float | int | str | None

INTERACTIONS_WITHOUT_SHARES = frozenset({"instagram", "youtube"})
INTERACTIONS_WITH_SHARES = frozenset({"tiktok", "facebook", "x", "linkedin"})
HEADLINE_BY_VIEWS = frozenset({"tiktok", "youtube"})
HEADLINE_NOT_APPLICABLE = frozenset({"blog", "podcast", "newsletter", "twitch", "other"})
PLATFORMS = INTERACTIONS_WITHOUT_SHARES | INTERACTIONS_WITH_SHARES | HEADLINE_NOT_APPLICABLE

WINDOW_POSTS = 12
HEADLINE_MIN_POSTS = 5
SATURATION_MIN_POSTS = 5
SPLIT_MIN_POSTS = 3


@dataclass(frozen=True, slots=True)
class RefPost:
    """One post as stored; None is unknown."""

    external_id: str
    posted_at: datetime | None
    kind: str = "post"
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    views: int | None = None
    reach: int | None = None
    impressions: int | None = None
    replies: int | None = None
    is_sponsored: str = "unknown"
    is_excluded: bool = False
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class RefAccount:
    """One account with everything its figures depend on, in any order."""

    key: Hashable
    platform: str
    typed_followers: int | None
    counts: Sequence[tuple[date, int]]
    posts: Sequence[RefPost]


Rate = Callable[[RefPost], Fraction | None]


def percentile(values: Iterable[Fraction], share: Fraction) -> Fraction | None:
    """The value `share` of the way from the smallest to the largest, between neighbours linearly; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    position = share * (len(ordered) - 1)
    below = position.numerator // position.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def median(values: Iterable[Fraction]) -> Fraction | None:
    return percentile(values, Fraction(1, 2))


def compute(account: RefAccount, *, cutoff: datetime, zone: ZoneInfo) -> dict[str, Cell]:
    """All figures of the account as of `cutoff` (aware), by export column; rates are fractions, unknown is None."""
    return _Computation(account, cutoff, zone).row()


class _Computation:
    def __init__(self, account: RefAccount, cutoff: datetime, zone: ZoneInfo) -> None:
        if cutoff.tzinfo is None:
            raise ValueError("The cut-off needs a time zone.")
        if account.platform not in PLATFORMS:
            raise ValueError(f"The contract does not know the platform {account.platform!r}.")
        self.platform = account.platform
        self.typed = account.typed_followers
        self.zone = zone
        # Subtracting days from a local time would follow the clock over a DST change; in UTC a day is 24 h.
        self.cutoff = cutoff.astimezone(UTC)
        self.day = self._day_of(cutoff)
        self.counts = self._counts_until_day(account.counts)
        self.counted = self._counted_posts(account.posts)
        self.settled = [post for post in self._since(days=90) if _instant(post) <= self.cutoff - timedelta(hours=72)]
        by_recency = sorted(self.settled, key=lambda p: (_instant(p), p.external_id.encode("utf-8")), reverse=True)
        self.window = by_recency[:WINDOW_POSTS]

    def row(self) -> dict[str, Cell]:
        headline, reason = self._headline()
        row: dict[str, Cell] = {
            "followers": self._followers(),
            "headline_rate": _number(headline),
            "headline_reason": reason,
        }
        row |= self._spread("er_followers", self.er_followers)
        row |= self._spread("er_views", self.er_views)
        row |= self._spread("er_reach", self.er_reach)
        row["posts_per_week"] = _number(self._posts_per_week())
        row["saturation"] = _number(self._saturation())
        row["sponsored_to_organic"] = _number(self._sponsored_to_organic())
        row["comment_like_ratio"] = _number(self._ratio_of_sums(lambda p: p.comments, lambda p: p.likes))
        row["reply_rate"] = _number(self._ratio_of_sums(lambda p: p.replies, lambda p: p.comments))
        row["view_rate"] = _number(median(_rates(self.window, self.view_rate)))
        row["reach_rate"] = _number(median(_rates(self.window, self.reach_rate)))
        row["growth_30d"] = self._growth_30d()
        return row

    # --- what counts -------------------------------------------------------------------------------------------------

    def _day_of(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def _counts_until_day(self, counts: Sequence[tuple[date, int]]) -> dict[date, int]:
        if len({day for day, _ in counts}) != len(counts):
            raise ValueError("Two follower counts of one day.")
        return {day: followers for day, followers in sorted(counts) if day <= self.day}

    def _counted_posts(self, posts: Sequence[RefPost]) -> list[RefPost]:
        if len({post.external_id for post in posts}) != len(posts):
            raise ValueError("Two posts with one external id.")
        return [
            post
            for post in posts
            if post.posted_at is not None
            and _instant(post) <= self.cutoff
            and not (post.is_excluded or post.is_deleted or post.kind == "story")
        ]

    def _since(self, *, days: int) -> list[RefPost]:
        return [post for post in self.counted if _instant(post) > self.cutoff - timedelta(days=days)]

    # --- followers ---------------------------------------------------------------------------------------------------

    def _followers(self) -> int | None:
        return self.counts[max(self.counts)] if self.counts else self.typed

    def followers_at(self, post: RefPost) -> int | None:
        """The followers on the post's day by the contract's order of sources; None where unknown or zero."""
        post_day = self._day_of(_instant(post))
        upto = [day for day in self.counts if day <= post_day]
        if upto:
            found: int | None = self.counts[max(upto)]
        elif self.counts:
            found = self.counts[min(self.counts)]
        else:
            found = self.typed
        return found or None

    # --- one post ----------------------------------------------------------------------------------------------------

    def interactions(self, post: RefPost) -> int | None:
        if post.likes is None or post.comments is None:
            return None
        if self.platform in INTERACTIONS_WITHOUT_SHARES:
            return post.likes + post.comments
        if self.platform in INTERACTIONS_WITH_SHARES:
            return post.likes + post.comments + (post.shares or 0)
        return None

    def er_followers(self, post: RefPost) -> Fraction | None:
        return _over(self.interactions(post), self.followers_at(post))

    def er_views(self, post: RefPost) -> Fraction | None:
        return _over(self.interactions(post), post.views)

    def er_reach(self, post: RefPost) -> Fraction | None:
        return _over(self.interactions(post), post.reach)

    def view_rate(self, post: RefPost) -> Fraction | None:
        return _over(post.views, self.followers_at(post))

    def reach_rate(self, post: RefPost) -> Fraction | None:
        return _over(post.reach, self.followers_at(post))

    # --- the account -------------------------------------------------------------------------------------------------

    @property
    def headline_rate(self) -> Rate:
        return self.er_views if self.platform in HEADLINE_BY_VIEWS else self.er_followers

    def _headline(self) -> tuple[Fraction | None, str]:
        if self.platform in HEADLINE_NOT_APPLICABLE:
            return None, "not_applicable"
        if not self.window:
            return None, "no_posts"
        rates = _rates(self.window, self.headline_rate)
        if len(rates) >= HEADLINE_MIN_POSTS:
            return median(rates), ""
        return None, self._reason_for_too_few(len(rates))

    def _reason_for_too_few(self, rated: int) -> str:
        if sum(post.likes is None or post.comments is None for post in self.window) > rated:
            return "likes_hidden"
        if self.platform in HEADLINE_BY_VIEWS:
            if sum(post.views is None or post.views <= 0 for post in self.window) > rated:
                return "views_unknown"
        elif sum(self.followers_at(post) is None for post in self.window) > rated:
            return "followers_unknown"
        return "too_few_posts"

    def _spread(self, name: str, rate: Rate) -> dict[str, Cell]:
        rates = _rates(self.window, rate)
        return {
            f"{name}_n": len(rates),
            f"{name}_median": _number(median(rates)),
            f"{name}_mean": _number(sum(rates, Fraction(0)) / len(rates) if rates else None),
            f"{name}_p25": _number(percentile(rates, Fraction(1, 4))),
            f"{name}_p75": _number(percentile(rates, Fraction(3, 4))),
        }

    def _posts_per_week(self) -> Fraction | None:
        count = len(self._since(days=28))
        return Fraction(count, 4) if count else None

    def _saturation(self) -> Fraction | None:
        known = [post.is_sponsored for post in self._since(days=90) if post.is_sponsored in {"yes", "no"}]
        return Fraction(known.count("yes"), len(known)) if len(known) >= SATURATION_MIN_POSTS else None

    def _sponsored_to_organic(self) -> Fraction | None:
        sponsored = _rates([post for post in self.settled if post.is_sponsored == "yes"], self.headline_rate)
        organic = _rates([post for post in self.settled if post.is_sponsored == "no"], self.headline_rate)
        if min(len(sponsored), len(organic)) < SPLIT_MIN_POSTS:
            return None
        above, below = median(sponsored), median(organic)
        return above / below if above is not None and below else None

    def _ratio_of_sums(
        self, above: Callable[[RefPost], int | None], below: Callable[[RefPost], int | None]
    ) -> Fraction | None:
        pairs = [(above(post), below(post)) for post in self.window]
        known = [(a, b) for a, b in pairs if a is not None and b is not None]
        return _over(sum(a for a, _ in known), sum(b for _, b in known))

    def _growth_30d(self) -> float | None:
        recent = [day for day in self.counts if day >= self.day - timedelta(days=7)]
        if not recent:
            return None
        day1 = max(recent)
        month_back = [day for day in self.counts if day1 - timedelta(days=120) <= day <= day1 - timedelta(days=30)]
        week_back = [day for day in self.counts if day <= day1 - timedelta(days=7)]
        if not week_back:
            return None
        day0 = max(month_back) if month_back else min(week_back)
        if self.counts[day0] == 0:
            return None
        factor = float(Fraction(self.counts[day1], self.counts[day0]))
        return float(factor ** (30 / (day1 - day0).days)) - 1


def _instant(post: RefPost) -> datetime:
    if post.posted_at is None:
        raise ValueError(f"Post {post.external_id} has no time.")
    if post.posted_at.tzinfo is None:
        raise ValueError(f"The time of post {post.external_id} needs a time zone.")
    return post.posted_at.astimezone(UTC)


def _over(above: int | None, below: int | None) -> Fraction | None:
    """The quotient, or None where either side is unknown or the divisor is not above zero."""
    return Fraction(above, below) if above is not None and below is not None and below > 0 else None


def _rates(posts: Iterable[RefPost], rate: Rate) -> list[Fraction]:
    return [value for post in posts if (value := rate(post)) is not None]


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
