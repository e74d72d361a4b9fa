"""The drawn timeline of a brief: days turned into fractions of the chart's width."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format

from campaigns.briefs.snapshot import ClientBrief, CreatorLine

WEEKS_AT_MOST = 13
"""A longer chart is ruled by months; one longer than `MONTHS_AT_MOST` by quarters, then by years."""
MONTHS_AT_MOST = 14
QUARTERS_AT_MOST = 42
NAME_LENGTH = 40
"""The label of a row; the whole name stands in the line-up."""


def chart_of(brief: ClientBrief) -> dict[str, Any]:
    """Ticks and, for each creator, the bar, the go-live windows and the days when drafts are due, as fractions from 0 to 1."""
    first, last = _span(brief)
    width = (last - first).days + 1

    def place(start: date, end: date) -> dict[str, float]:
        return {"at": round((start - first).days / width, 5), "wide": round(((end - start).days + 1) / width, 5)}

    def row(creator: CreatorLine) -> dict[str, Any]:
        windows = [line for line in creator.deliverables if line.live_from and line.live_to]
        return {
            "name": creator.name
            if len(creator.name) <= NAME_LENGTH
            else creator.name[: NAME_LENGTH - 1].rstrip() + "…",
            "state": creator.state,
            "bar": place(creator.starts_on, creator.ends_on),
            "live": [place(line.live_from, line.live_to) for line in windows if line.live_from and line.live_to],
            "drafts": [
                place(line.draft_due_on, line.draft_due_on) for line in creator.deliverables if line.draft_due_on
            ],
        }

    return {
        "ticks": [{**place(day, day), "label": label} for day, label in _ticks(first, last)],
        "rows": [row(creator) for creator in brief.creators],
    }


def _span(brief: ClientBrief) -> tuple[date, date]:
    """The flight, widened to every day that the chart shows."""
    days = [brief.starts_on, brief.ends_on]
    for creator in brief.creators:
        days += [creator.starts_on, creator.ends_on]
        for line in creator.deliverables:
            days += [day for day in (line.draft_due_on, line.live_from, line.live_to) if day]
    return min(days), max(days)


def _ticks(first: date, last: date) -> Iterator[tuple[date, str]]:
    """Mondays of a short chart, first days of months, quarters or years of a long one."""
    if (last - first).days < WEEKS_AT_MOST * 7:
        monday = first + timedelta(days=-first.weekday() % 7)
        for week in range((last - monday).days // 7 + 1):
            day = monday + timedelta(weeks=week)
            yield day, date_format(day, "j M")
        return
    months = (last.year - first.year) * 12 + last.month - first.month
    step = 1 if months <= MONTHS_AT_MOST else 3 if months <= QUARTERS_AT_MOST else 12
    for count in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        day = date(count // 12, count % 12 + 1, 1)
        if day >= first and (day.month - 1) % step == 0:
            yield day, date_format(day, "M Y" if step > 1 or day.month == 1 else "M")
