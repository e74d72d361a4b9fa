"""The independent computation against figures worked out by hand: follower counts, calendar days, growth."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.reference.cases import D, ago, figures, post, spread

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


# --- followers -------------------------------------------------------------------------------------------------------


def test_followers_at_publication_are_the_latest_before_else_the_earliest_after() -> None:
    # 8 likes over 100 (31 Jan: earliest after), 100 (1 Feb: that day), 100 (28 Feb), 200 (1 Mar), 400 (20 Apr):
    # 0.08 0.08 0.08 0.04 0.02: median 0.08, mean 0.30 / 5 = 0.06, p25 0.04. The count of May lies after D.
    counts = [
        (date(2025, 5, 1), 9999),
        (date(2025, 3, 1), 200),
        (date(2025, 2, 1), 100),
        (date(2025, 4, 1), 400),
    ]
    days = [(1, 31, 0), (2, 1, 0), (2, 28, 23), (3, 1, 0), (4, 20, 0)]
    posts = [post(str(day), datetime(2025, *day, tzinfo=UTC), likes=8) for day in days]

    row = figures(posts, counts=counts, typed=7)

    assert spread(row, "er_followers") == [5, 0.08, 0.06, 0.04, 0.08]
    assert row["followers"] == 400


@pytest.mark.parametrize(
    ("counts", "typed", "followers", "rate"),
    [
        ([(D + timedelta(days=1), 900)], 50, 50, 0.16),  # a count after D is not used: 8 / 50
        ([(D, 800)], 50, 800, 0.01),  # the day D itself is
        ([], 50, 50, 0.16),
        ([], 0, 0, None),
        ([], None, None, None),
        ([(date(2025, 2, 1), 0)], 50, 0, None),  # the chosen count is zero: unknown, the typed count does not step in
        ([(date(2025, 2, 1), 0), (D, 400)], 50, 400, None),  # nor does a later day
    ],
)
def test_followers_fall_back_to_the_typed_count_and_zero_is_unknown(
    counts: list[tuple[date, int]], typed: int | None, followers: int | None, rate: float | None
) -> None:
    row = figures([post("1", ago(days=10), likes=8)], counts=counts, typed=typed)

    assert (row["followers"], row["er_followers_median"]) == (followers, rate)


# --- time zone -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("posted_at", "rate"),
    [
        (datetime(2025, 2, 14, 22, 59, 59, tzinfo=UTC), 0.1),  # 23:59:59 on the 14th in Copenhagen: 100 / 1,000
        (datetime(2025, 2, 14, 23, 0, tzinfo=UTC), 0.05),  # midnight, so the 15th: 100 / 2,000
        (datetime(2025, 4, 10, 21, 59, 59, tzinfo=UTC), 0.02),  # summer time, 23:59:59 on the 10th: 100 / 5,000
        (datetime(2025, 4, 10, 22, 0, tzinfo=UTC), 0.01),  # the 11th: 100 / 10,000
    ],
)
def test_day_of_a_post_is_that_of_the_agency(posted_at: datetime, rate: float) -> None:
    counts = [
        (date(2025, 2, 14), 1000),
        (date(2025, 2, 15), 2000),
        (date(2025, 4, 10), 5000),
        (date(2025, 4, 11), 10_000),
    ]

    row = figures([post("1", posted_at, likes=100)], counts=counts, zone=COPENHAGEN)

    assert row["er_followers_median"] == rate


def test_day_of_the_cutoff_is_that_of_the_agency() -> None:
    counts = [(date(2025, 4, 29), 100), (date(2025, 4, 30), 200)]
    cutoff = datetime(2025, 4, 29, 22, tzinfo=UTC)  # 00:00 on the 30th in Copenhagen

    assert figures(counts=counts, cutoff=cutoff, zone=COPENHAGEN)["followers"] == 200
    assert figures(counts=counts, cutoff=cutoff, zone=ZoneInfo("UTC"))["followers"] == 100


def test_days_of_the_window_are_24_hours_across_a_change_of_the_clock() -> None:
    # T is midnight of 1 April in Copenhagen, 31 March 22:00 UTC; the clock went forward on 30 March.
    # 72 h before: 28 March 22:00 UTC (23:00 there), not midnight there, 23:00 UTC.
    # 90 d before: 31 December 22:00 UTC (23:00 there), not midnight there, 23:00 UTC.
    cutoff = datetime(2025, 4, 1, tzinfo=COPENHAGEN)
    posts = [
        post("72h", datetime(2025, 3, 28, 22, 0, tzinfo=UTC), likes=1),
        post("71h30", datetime(2025, 3, 28, 22, 30, tzinfo=UTC), likes=10),
        post("less-than-90d", datetime(2024, 12, 31, 22, 30, tzinfo=UTC), likes=100),
        post("90d", datetime(2024, 12, 31, 22, 0, tzinfo=UTC), likes=1000),
    ]

    row = figures(posts, typed=1000, cutoff=cutoff, zone=COPENHAGEN)

    assert (row["er_followers_n"], row["er_followers_mean"]) == (2, 0.0505)  # (0.001 + 0.1) / 2


# --- growth ----------------------------------------------------------------------------------------------------------


def days_before(day: date, *pairs: tuple[int, int]) -> list[tuple[date, int]]:
    return [(day - timedelta(days=days), followers) for days, followers in pairs]


@pytest.mark.parametrize(
    ("pairs", "growth"),
    [
        # (days before D, followers)
        ([(0, 1210), (30, 1000)], 0.21),  # 1.21^(30/30) − 1
        ([(7, 1210), (37, 1000)], 0.21),  # day1 may be D − 7 …
        ([(8, 1210), (38, 1000)], None),  # … not D − 8
        ([(-1, 5000), (0, 1210), (30, 1000)], 0.21),  # a count after D is not used
        ([(0, 1210), (29, 7), (30, 1000), (31, 7), (90, 7)], 0.21),  # the latest that is 30 days back
        ([(0, 14_641), (120, 10_000), (130, 1)], 0.1),  # 120 days back is still a first choice: 1.4641^(30/120) = 1.1
        ([(0, 14_641), (10, 1), (120, 10_000)], 0.1),  # ten days back is only the second choice
        ([(0, 121), (10, 7), (15, 100)], 0.4641),  # second choice, the earliest: 1.21^(30/15) = 1.4641
        ([(0, 1331), (7, 1331)], 0.0),  # exactly a week back will do
        ([(0, 1331), (6, 1000)], None),  # six days will not
        ([(0, 1331)], None),
        ([(0, 214_358_881), (7, 9), (240, 100_000_000)], 0.1),  # second choice without limit: (1.1^8)^(30/240)
        ([(0, 100), (121, 50), (200, 100)], 0.0),  # 121 days back is none, so the earliest of all is the second choice
        ([(0, 121), (15, 100), (60, 0)], None),  # F0 = 0: nothing else is tried
        ([(0, 0), (30, 100)], -1.0),
    ],
)
def test_growth_in_30_days(pairs: list[tuple[int, int]], growth: float | None) -> None:
    found = figures(counts=days_before(D, *pairs), typed=999)["growth_30d"]

    assert found == (None if growth is None else pytest.approx(growth, abs=1e-12))
