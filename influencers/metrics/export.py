"""Figures as CSV, at full precision."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Collate

from agency.models import Agency
from influencers.models import EngagementFigures, MetricsRun

SPREAD = ("n", "median", "mean", "p25", "p75")
FIGURES = (
    "headline_rate",
    "headline_reason",
    *(f"{rate}_{part}" for rate in ("er_followers", "er_views", "er_reach") for part in SPREAD),
    "posts_per_week",
    "saturation",
    "sponsored_to_organic",
    "comment_like_ratio",
    "reply_rate",
    "view_rate",
    "reach_rate",
    "growth_30d",
)
COLUMNS = ("platform", "handle", "followers", "as_of", "formula_version", *FIGURES)
FIELDS = ("account__platform", "account__handle", *COLUMNS[2:])

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def latest_cutoff(agency: Agency) -> datetime | None:
    """The cut-off of the agency's latest finished run: the newest cut-off, not the run that happened to end last."""
    finished = MetricsRun.objects.filter(agency=agency, state=MetricsRun.State.FINISHED)
    return finished.order_by("-as_of").values_list("as_of", flat=True).first()


def exported_rows(agency: Agency, as_of: datetime) -> Iterator[list[str]]:
    """The cells of each account with figures of exactly this cut-off, by the newest formulas, in order."""
    newest = EngagementFigures.objects.filter(account=OuterRef("account"), as_of=as_of).order_by("-formula_version")
    rows = (
        EngagementFigures.objects.filter(
            agency=agency, as_of=as_of, formula_version=Subquery(newest.values("formula_version")[:1])
        )
        .order_by("account__platform", Collate("account__handle", "C"))
        .values_list(*FIELDS)
    )
    for row in rows.iterator(chunk_size=2000):
        yield [cell(value) for value in row]


def write_export(agency: Agency, as_of: datetime, file: TextIO) -> int:
    """Writes header and rows; returns the number of rows."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for row in exported_rows(agency, as_of):
        writer.writerow(row)
        count += 1
    return count


def cell(value: Any) -> str:
    """A value as its cell: unknown is empty, a number comes back exactly as it was, a text never becomes a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    return repr(value)
