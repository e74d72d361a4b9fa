"""How far a run has come, and what came of it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import now

from agency.models import Agency
from influencers.metrics.runs import OPEN_RUNS, was_taken_over
from influencers.models import EngagementFigures, MetricsRange, MetricsRun

NIGHTLY_LATE = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of a run, in accounts and seconds."""

    run: MetricsRun
    done: int
    failed: int
    taken_over: int
    retried: int
    seconds: float

    @property
    def is_open(self) -> bool:
        return self.run.state in OPEN_RUNS

    @property
    def percent(self) -> int:
        return 100 * self.done // self.run.accounts if self.run.accounts else 100

    @property
    def rate(self) -> int | None:
        """Accounts per second so far; None before anything is done."""
        return round(self.done / self.seconds) if self.done and self.seconds > 0 else None

    @property
    def seconds_left(self) -> int | None:
        """At the rate so far; None while that is unknown."""
        if not (self.is_open and self.done):
            return None
        return round((self.run.accounts - self.done) * self.seconds / self.done)


def progress_of(run: MetricsRun) -> Progress:
    """Where the run stands now."""
    parts = list(run.ranges.only("run_id", "state", "attempts", "accounts", "error"))
    states = MetricsRange.State
    return Progress(
        run=run,
        done=sum(part.accounts for part in parts if part.state == states.DONE),
        failed=sum(part.accounts for part in parts if part.state == states.FAILED),
        taken_over=sum(was_taken_over(part) for part in parts),
        retried=sum(part.error != "" and part.state == states.DONE for part in parts),
        seconds=((run.finished_at or now()) - run.started_at).total_seconds() if run.started_at else 0.0,
    )


@dataclass(frozen=True)
class Outcome:
    """How many accounts have a headline rate as of a cut-off, and why the others have none."""

    reasons: Counter[str]

    @cached_property
    def with_rate(self) -> int:
        return self.reasons[""]

    @cached_property
    def without_rate(self) -> int:
        return self.reasons.total() - self.with_rate

    @property
    def rows(self) -> list[tuple[str, int]]:
        """Each reason in words with its number of accounts, the most frequent first."""
        labels = dict(EngagementFigures.Reason.choices)
        return [(str(labels[reason]), count) for reason, count in self.reasons.most_common() if reason]


def outcome_of(run: MetricsRun) -> Outcome:
    """What the figures of the run's cut-off and formula version say."""
    figures = EngagementFigures.objects.filter(
        agency=run.agency_id, as_of=run.as_of, formula_version=run.formula_version
    )
    counted = figures.order_by().values_list("headline_reason").annotate(count=Count("pk"))
    return Outcome(Counter(dict(counted)))


def nightly_is_on_time(at: datetime | None = None) -> bool:
    """Whether every agency that is old enough had a nightly run that finished within the last 26 hours."""
    since = (at or now()) - NIGHTLY_LATE
    finished = MetricsRun.objects.filter(
        Q(agency=OuterRef("pk"), kind=MetricsRun.Kind.NIGHTLY, state=MetricsRun.State.FINISHED, finished_at__gt=since)
    )
    return not Agency.objects.filter(~Exists(finished), created_at__lt=since).exists()
