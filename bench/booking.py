"""Booking among many claims: how long it takes, and whether two ever get in, against read-then-create."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from django.db import connection

from bench.bookings import CATEGORIES, DAYS_AFTER, FIRST_DAY, LIVE_DAYS, PER_CREATOR, PITCH, Roster
from bench.progress import say
from bench.read_then_create import book
from bench.table import Result, Row, at_least, at_most
from bench.timing import percentile, timed, timed_with_cpu
from campaigns.claims.answers import check_booking
from campaigns.claims.refusals import ClashRefused
from campaigns.models import Campaign, Collaboration
from campaigns.services import move_collaboration
from influencers.models import Influencer

CLAIMS = 100_000
BOOKINGS = 400
THREADS = 20
ROUNDS = 10
BOOKED = Collaboration.State.BOOKED
HALF_PITCH = PITCH / 2  # no own clause reaches there
Book = Callable[[Collaboration], bool]


def run(scale: float) -> Result:
    roster = Roster(creators=max(round(CLAIMS * scale / (2 * PER_CREATOR)), 60))
    claims = roster.fill()
    say(f"{claims:,} claims")
    count = max(round(BOOKINGS * min(scale * 4, 1)), 20)
    rounds = max(round(ROUNDS * min(scale * 4, 1)), 3)
    free, taken = proposals(roster, count)
    ours, theirs, computing = in_turn(free)
    checks_free = [
        check_seconds(campaign, row.influencer, 0, roster) for campaign, row in zip(taken, free, strict=True)
    ]
    checks_taken = [
        check_seconds(campaign, row.influencer, 1, roster) for campaign, row in zip(taken, free, strict=True)
    ]
    say("booked one by one; now many at once")
    doubles_ours, lost = double_bookings(roster, rounds, book_ours)
    doubles_theirs, _lost = double_bookings(roster, rounds, book_theirs)
    attempts = f"{rounds} rounds of {THREADS} connections on one slot"
    naive = "read-then-create in Python"
    return Result(
        "booking",
        (
            Row("booking, p95", ms(ours, 0.95), "ms", at_most(25)),
            Row("booking, p50", ms(ours, 0.5), "ms"),
            Row(
                "of that computing in Python, p50",
                ms(computing, 0.5),
                "ms",
                compared_with="the rest is PostgreSQL and waiting",
            ),
            Row("read-then-create, p95", ms(theirs, 0.95), "ms", compared_with="without any guarantee"),
            Row("read-then-create, p50", ms(theirs, 0.5), "ms"),
            Row(
                "live check with its sentence and next windows, p95",
                ms([*checks_free, *checks_taken], 0.95),
                "ms",
                at_most(30),
            ),
            Row("live check that says free, p50", ms(checks_free, 0.5), "ms"),
            Row("live check that says no, p50", ms(checks_taken, 0.5), "ms"),
            Row("double bookings let in", doubles_ours, "", at_most(0), attempts),
            Row("rounds in which nobody got the slot", lost, "", at_most(0), attempts),
            Row(
                "double bookings that read-then-create lets in", doubles_theirs, "", at_least(1), f"{naive}, {attempts}"
            ),
        ),
        f"{claims:,} claims of {len(roster.creators):,} creators; {count} bookings of an activity and a clause each way, in turn.",
    )


def ms(seconds: Sequence[float], share: float) -> float:
    return 1000 * percentile(seconds, share)


def proposals(roster: Roster, count: int) -> tuple[list[Collaboration], list[Campaign]]:
    """Two proposals for each of some creators, on free days; and campaigns that ask for days in between."""
    creators = roster.chance.sample(roster.creators, min(count, len(roster.creators)))
    campaigns = roster.campaigns(len(creators))
    wanted = [
        (campaign, creator, FIRST_DAY + roster.chance.randrange(PER_CREATOR) * PITCH + HALF_PITCH)
        for campaign, creator in zip(campaigns, creators, strict=True)
    ]
    return roster.collaborations(wanted, Collaboration.State.PROPOSED), roster.campaigns(len(creators))


def in_turn(proposed: Sequence[Collaboration]) -> tuple[list[float], list[float], list[float]]:
    """Seconds of bookings by the service and by read-then-create, on alternating creators; and what of ours was computing."""
    ours: list[float] = []
    theirs: list[float] = []
    computing: list[float] = []
    for number, row in enumerate(proposed):
        if number % 2:
            seconds, is_booked = timed(partial(book_theirs, row))
            theirs.append(seconds)
        else:
            seconds, computed, is_booked = timed_with_cpu(partial(book_ours, row))
            ours.append(seconds)
            computing.append(computed)
        assert is_booked, "these days were free"
    return ours, theirs, computing


def check_seconds(campaign: Campaign, creator: Influencer, place: int, roster: Roster) -> float:
    """Seconds of one live answer: far ahead, where all is free, or over the creator's bookings; read as the page reads it."""
    first = FIRST_DAY + (timedelta(days=2000) if place == 0 else timedelta(days=0))
    last = first + (LIVE_DAYS if place == 0 else 9 * PITCH)

    def ask() -> bool:
        answer = check_booking(
            campaign=campaign, influencer=creator, starts_on=first, ends_on=last, reader=roster.manager
        )
        if answer.refusal:
            assert answer.refusal.sentence
        return answer.is_free

    return timed(ask)[0]


def book_ours(row: Collaboration) -> bool:
    try:
        move_collaboration(collaboration=row, state=BOOKED, by=None)
    except ClashRefused:
        return False
    return True


def book_theirs(row: Collaboration) -> bool:
    assert row.starts_on
    assert row.ends_on
    return book(row, row.starts_on, row.ends_on, DAYS_AFTER)


def double_bookings(roster: Roster, rounds: int, book_one: Book) -> tuple[int, int]:
    """Over all rounds: bookings beyond the first of a slot that shuts the others out, and rounds without any."""
    doubles = lost = 0
    for number, creator in enumerate(roster.chance.sample(roster.creators, rounds)):
        everyone = roster.campaigns(THREADS, step=CATEGORIES)
        first = FIRST_DAY + timedelta(days=1000 + number)
        rivals = roster.collaborations(
            ((campaign, creator, first) for campaign in everyone), Collaboration.State.PROPOSED
        )
        booked = at_once(rivals, book_one)
        doubles += max(booked - 1, 0)
        lost += booked == 0
    return doubles, lost


def at_once(rivals: Sequence[Collaboration], book_one: Book) -> int:
    """How many of the proposals were booked when all asked at the same moment, each on a connection of its own."""
    ready = threading.Barrier(len(rivals))
    booked: list[bool] = []

    def attempt(row: Collaboration) -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            booked.append(book_one(row))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[row]) for row in rivals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(booked) == len(rivals), "an attempt ended with an error"
    return sum(booked)
