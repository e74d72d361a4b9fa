"""Made-up accounts, dense where the contract draws a line, and how they get into the database."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from agency.models import Agency
from influencers.models import Account, EngagementFigures, FollowerCount, Influencer, Platform, Post
from tests.reference.compare import FIGURE_COLUMNS, Value, differences, reference_rows
from tests.reference.figures import RefAccount, RefPost

TICK = timedelta(microseconds=1)
EDGES = [timedelta(days=days) for days in (0, 3, 28, 90)]
ZONES = ["UTC", "Europe/Copenhagen", "Pacific/Auckland", "America/New_York", "Asia/Kathmandu"]
# Cut-offs beside changes of the clock, where a day has 23 or 25 hours.
CUTOFFS = [
    datetime.fromisoformat(text)
    for text in (
        "2025-04-30T00:00Z",
        "2025-03-30T01:00Z",
        "2025-10-25T22:00Z",
        "2025-09-27T14:30Z",
        "2026-01-01T11:59:59Z",
    )
]

ages = st.one_of(
    st.sampled_from(EDGES),
    st.sampled_from([edge + step for edge in EDGES for step in (TICK, -TICK)]),
    st.integers(3 * 24 + 1, 40 * 24).map(lambda hours: timedelta(hours=hours)),
    st.integers(-24 * 60, 100 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
)
often_known = st.one_of(st.integers(0, 50), st.integers(0, 10**7), st.integers(0, 50), st.none())
# Ties in time are broken by these: capitals, signs and letters beyond ASCII have their place in byte order only.
external_ids = st.text(st.sampled_from("aZ0_-é😀"), min_size=1, max_size=3)


@st.composite
def posts_before(draw: st.DrawFn, cutoff: datetime) -> RefPost:
    return RefPost(
        external_id=draw(external_ids),
        posted_at=draw(st.one_of(ages.map(lambda age: cutoff - age), ages.map(lambda age: cutoff - age), st.none())),
        kind=draw(st.sampled_from(["post", "video", "short", "text", "live", "story"])),
        likes=draw(often_known),
        comments=draw(often_known),
        shares=draw(often_known),
        views=draw(often_known),
        reach=draw(often_known),
        replies=draw(often_known),
        is_sponsored=draw(st.sampled_from(["yes", "no", "unknown"])),
        is_excluded=draw(st.integers(0, 9)) == 0,
        is_deleted=draw(st.integers(0, 9)) == 0,
    )


def counts_around(day: date) -> st.SearchStrategy[list[tuple[date, int]]]:
    """Follower counts dense at the lines of growth: 7, 30 and 120 days."""
    near = [0, 1, -1, 6, 7, 8, 14, 15, 30, 31, 37, 38, 120, 121, 127, 128, 400]
    days = st.one_of(st.sampled_from(near), st.integers(-2, 130))
    followers = st.one_of(st.just(0), st.integers(1, 10**6))
    return st.dictionaries(days.map(lambda back: day - timedelta(days=back)), followers, max_size=8).map(
        lambda counts: sorted(counts.items())
    )


@st.composite
def accounts_before(draw: st.DrawFn, cutoff: datetime, zone: ZoneInfo, key: str) -> RefAccount:
    platform = draw(
        st.one_of(st.sampled_from(["instagram", "tiktok", "youtube", "x"]), st.sampled_from(Platform.values))
    )
    return RefAccount(
        key=key,
        platform=platform,
        typed_followers=draw(st.one_of(st.none(), st.just(0), st.integers(1, 10**7))),
        counts=draw(counts_around(cutoff.astimezone(zone).date())),
        posts=draw(st.lists(posts_before(cutoff), max_size=20, unique_by=lambda post: post.external_id)),
    )


@st.composite
def rosters(draw: st.DrawFn) -> tuple[datetime, ZoneInfo, list[RefAccount]]:
    cutoff = draw(st.sampled_from(CUTOFFS))
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    return (
        cutoff,
        zone,
        [draw(accounts_before(cutoff, zone, f"creator{number}")) for number in range(draw(st.integers(1, 4)))],
    )


def stored(agency: Agency, accounts: Sequence[RefAccount]) -> list[Account]:
    """The accounts with their posts and counts as rows of the agency."""
    rows = []
    for account in accounts:
        owner = Influencer.objects.create(agency=agency, name=str(account.key))
        row = Account.objects.create(
            agency=agency,
            influencer=owner,
            platform=account.platform,
            handle=account.key,
            typed_followers=account.typed_followers,
        )
        FollowerCount.objects.bulk_create(
            FollowerCount(agency=agency, account=row, day=day, followers=followers, source="import")
            for day, followers in account.counts
        )
        Post.objects.bulk_create(
            Post(
                agency=agency, account=row, counted_at=datetime.fromisoformat("2026-06-01T00:00Z"), **post_fields(post)
            )
            for post in account.posts
        )
        rows.append(row)
    return rows


def post_fields(post: RefPost) -> dict[str, Any]:
    return {name: getattr(post, name) for name in RefPost.__dataclass_fields__}


def figure_rows(agency: Agency, as_of: datetime) -> list[dict[str, Value]]:
    """The stored figures of exactly that cut-off, keyed like the export."""
    found = EngagementFigures.objects.filter(agency=agency, as_of=as_of).select_related("account")
    return [
        {
            "platform": figures.account.platform,
            "handle": figures.account.handle,
            "as_of": figures.as_of,
            **{column: getattr(figures, column) for column in FIGURE_COLUMNS},
        }
        for figures in found
    ]


def disagreements(agency: Agency, accounts: Sequence[RefAccount], as_of: datetime) -> list[str]:
    """Every cell in which the stored figures and the independent computation differ."""
    reference = reference_rows(accounts, cutoff=as_of, zone=agency.zone)
    return [str(difference) for difference in differences(reference, figure_rows(agency, as_of))]
