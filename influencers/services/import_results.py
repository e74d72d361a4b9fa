"""What the pages of an import show: pages of what a check found, what an undo would take back, what it had to leave."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count, Func, IntegerField, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from influencers.imports.meaning_choices import PLATFORM_LABELS
from influencers.imports.reports import ReportPage, report_page
from influencers.imports.uploads import report_path
from influencers.models import Account, ImportBatch, ImportChange, Influencer

PAGE_SIZE = 50
COLUMNS = {
    "name": gettext_lazy("name"),
    "country": gettext_lazy("country"),
    "region": gettext_lazy("region"),
    "city": gettext_lazy("city"),
    "email": gettext_lazy("e-mail"),
    "status": gettext_lazy("status"),
    "niches": gettext_lazy("niches"),
    "tags": gettext_lazy("tags"),
    "languages": gettext_lazy("languages"),
    "handle": gettext_lazy("handle"),
    "external_id": gettext_lazy("account id"),
    "url": gettext_lazy("profile link"),
    "typed_followers": gettext_lazy("followers"),
}
REASONS = {
    "edited": gettext_lazy("edited since"),
    "attached": gettext_lazy("something was added to it since"),
    "taken": gettext_lazy("its former handle or id belongs to another account by now"),
    "gone": gettext_lazy("deleted since"),
}


@dataclass(frozen=True, slots=True)
class CheckPage:
    """One page of what a check found: created, updated or refused rows."""

    show: str
    rows: list[dict[str, Any]]
    number: int
    has_next: bool
    refused: int
    has_refused_file: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one row, as it is and as it would be; empty texts where there is nothing."""

    line: int
    sheet: str
    name: str
    influencer: int
    account: str
    column: str
    before: str
    after: str


def check_page(batch: ImportBatch, *, show: str, number: str) -> CheckPage:
    """The page that was asked for; the first of what there is to see when nothing sensible was."""
    refused = len({(error.get("sheet", ""), error["row"]) for error in batch.errors})
    counts = {"updated": batch.updated, "created": batch.created, "refused": refused}
    show = show if show in counts else next((name for name, count in counts.items() if count), "created")
    place = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 8 else 1
    if show == "refused":
        start = (place - 1) * PAGE_SIZE
        page = ReportPage(batch.errors[start : start + PAGE_SIZE], place, len(batch.errors) > start + PAGE_SIZE)
    else:
        page = report_page(report_path(batch.upload, show), place, PAGE_SIZE)  # type: ignore[arg-type]
    return CheckPage(show, page.rows, page.number, page.has_next, refused, refused_file(batch) is not None)


def change_rows(page: CheckPage) -> list[Change]:
    """The changes on a page of updated creators, one for each column; the rounding step and the day go with the followers."""
    return list(_changes(page.rows)) if page.show == "updated" else []


def _changes(rows: list[dict[str, Any]]) -> Iterator[Change]:
    for row in rows:
        account = row["account"]
        label = f"@{account['handle']} · {PLATFORM_LABELS[account['platform']]}" if account else ""
        where = (row["line"], row["sheet"], row["name"], row["id"], label)
        before, after = row["before"], row["after"]
        if before is None:
            yield Change(*where, _("new account"), "", _shown(after["typed_followers"]))
            continue
        columns = [column for column in COLUMNS if column in after]
        for column in columns:
            yield Change(*where, str(COLUMNS[column]), _shown(before[column]), _shown(after[column]))
        if not columns:  # only how exactly the count is known has changed
            steps = (_shown(values.get("typed_followers_step")) for values in (before, after))
            yield Change(*where, _("rounding of the followers"), *steps)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return number_format(value, 0, force_grouping=True) if isinstance(value, int) else value or ""


def refused_file(batch: ImportBatch) -> Path | None:
    """Where the refused rows lie as a file; None where there are none, or not any more."""
    if not batch.upload:
        return None
    path = report_path(batch.upload, "refused")
    return path if path.is_file() else None


def created_rows(batch: ImportBatch) -> dict[str, int] | None:
    """How many creators and accounts the import made, and how many rows it changed; None when there is nothing to take back."""
    size = Func("created_ids", function="cardinality", output_field=IntegerField())
    found = ImportChange.objects.filter(batch=batch).values("table").annotate(made=Sum(size), changed=Count("row_id"))
    counts = {row["table"]: (row["made"] or 0, row["changed"]) for row in found.order_by("table")}
    if not counts:
        return None
    return {
        "creators": counts.get("influencer", (0, 0))[0],
        "accounts": counts.get("account", (0, 0))[0],
        "changed": sum(changed for _made, changed in counts.values()),
    }


def left_rows(batch: ImportBatch) -> list[dict[str, Any]]:
    """What an undo left, by reason, with the creators that it is about as far as they are still here."""
    named: list[dict[str, Any]] = []
    for entry in batch.left:
        creators = Influencer.objects.filter(agency=batch.agency_id)
        if entry["table"] == "account":
            accounts = Account.objects.filter(agency=batch.agency_id, pk__in=entry["ids"])
            found = list(creators.filter(pk__in=accounts.values("influencer")).order_by("sort_name", "pk"))
        else:
            found = list(creators.filter(pk__in=entry["ids"]).order_by("sort_name", "pk"))
        reason = REASONS[entry["reason"]]
        named.append({**entry, "reason": reason, "creators": found})
    return named
