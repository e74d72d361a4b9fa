"""The comparison with an export: its measure, its reading of files and tables, its command."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from agency.models import Agency
from influencers.models import Account, FollowerCount, Influencer, Post
from tests.reference.__main__ import main
from tests.reference.compare import (
    EXPORT_COLUMNS,
    FIGURE_COLUMNS,
    Difference,
    Value,
    agree,
    differences,
    non_empty_per_column,
    read_export,
    reference_rows,
)
from tests.reference.figures import RefAccount, RefPost
from tests.reference.reading import load_accounts, load_zone

T = datetime(2025, 4, 30, tzinfo=UTC)


def row(handle: str = "ann", **cells: Value) -> dict[str, Value]:
    empty: dict[str, Value] = dict.fromkeys(FIGURE_COLUMNS)
    empty |= {"er_followers_n": 0, "er_views_n": 0, "er_reach_n": 0, "headline_reason": "no_posts"}
    return {"platform": "tiktok", "handle": handle, "as_of": T, **empty, **cells}


@pytest.mark.parametrize(
    ("reference", "export", "expected"),
    [
        (None, None, True),
        (None, 0.0, False),
        (0.0, None, False),
        (None, "", False),
        ("", "", True),
        ("no_posts", "too_few_posts", False),
        (5, 5, True),
        (5, 6, False),
        (10_000_000_001, 10_000_000_002, False),  # whole numbers exactly, though 1e-9 of them is 10
        (0.5, 0.5 + 9e-10, True),
        (0.5, 0.5 + 1.1e-9, False),
        (-400.0, -400.0 + 3e-7, True),  # 1e-9 · 400 = 4e-7
        (-400.0, -400.0 + 5e-7, False),
        (0.5, float("nan"), False),
        (0.5, float("inf"), False),
        (T, datetime.fromisoformat("2025-04-30T02:00+02:00"), True),
    ],
)
def test_agree(reference: Value, export: Value, *, expected: bool) -> None:
    assert agree(reference, export) is expected


def test_differences_names_every_cell_and_every_row_of_one_side() -> None:
    reference = [row("ann", view_rate=0.25), row("bob"), row("cy")]
    export = [row("dee"), row("bob"), row("ann", view_rate=0.26, followers=0)]

    assert differences(reference, export) == [
        Difference("tiktok", "ann", "followers", None, 0),
        Difference("tiktok", "ann", "view_rate", 0.25, 0.26),
        Difference("tiktok", "cy", "row", "present", None),
        Difference("tiktok", "dee", "row", None, "present"),
    ]
    assert differences(reference, reference) == []


def test_differences_refuses_two_rows_of_one_account() -> None:
    with pytest.raises(ValueError, match="Two rows for tiktok ann"):
        differences([row()], [row(), row()])


def test_non_empty_per_column_takes_an_n_of_zero_for_empty() -> None:
    rows = [row("ann", er_views_n=3, saturation=0.0, headline_reason="", followers=0), row("bob")]

    filled = {column: count for column, count in non_empty_per_column(rows).items() if count}

    assert filled == {"er_views_n": 1, "saturation": 1, "headline_reason": 1, "followers": 1}


def write(path: Path, *lines: dict[str, str], columns: tuple[str, ...] = EXPORT_COLUMNS) -> Path:
    body = [",".join(columns), *(",".join(line.get(column, "") for column in columns) for line in lines)]
    path.write_text("\r\n".join(body) + "\r\n", encoding="utf-8")
    return path


def test_read_export_types_every_cell_and_keeps_empty_apart_from_zero(tmp_path: Path) -> None:
    cells = {
        "platform": "tiktok",
        "handle": "000",
        "followers": "10400000",
        "as_of": "2025-04-30T02:00:00+02:00",
        "formula_version": "1",
        "er_views_n": "0",
        "saturation": "0.0",
    }

    (found,) = read_export(write(tmp_path / "export.csv", cells))

    assert {column: value for column, value in found.items() if value is not None} == {
        "platform": "tiktok",
        "handle": "000",
        "followers": 10_400_000,
        "as_of": T,
        "formula_version": "1",
        "headline_reason": "",
        "er_views_n": 0,
        "saturation": 0.0,
    }
    assert tuple(found) == EXPORT_COLUMNS


def test_read_export_refuses_other_columns_and_ragged_or_wrong_cells(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"

    with pytest.raises(ValueError, match="The columns of"):
        read_export(write(path, columns=EXPORT_COLUMNS[::-1]))
    with pytest.raises(ValueError, match="invalid literal"):
        read_export(write(path, {"followers": "10.5"}))
    path.write_text(",".join(EXPORT_COLUMNS) + "\r\ntiktok,ann\r\n", encoding="utf-8")
    with pytest.raises(ValueError, match="zip"):
        read_export(path)


# --- the tables and the command --------------------------------------------------------------------------------------


@pytest.fixture
def roster() -> Agency:
    """An agency with one rated account and an empty one, beside another agency that must not show up."""
    agency = Agency.objects.create(slug="north", name="North", timezone="Europe/Copenhagen")
    other = Agency.objects.create(slug="south", name="South")
    rated = account(agency, "ann", typed_followers=50)
    account(agency, "bob")
    account(other, "ann", typed_followers=9)
    FollowerCount.objects.create(agency=agency, account=rated, day=date(2025, 4, 1), followers=100, source="import")
    Post.objects.create(
        agency=agency,
        account=rated,
        external_id="p1",
        posted_at=datetime(2025, 4, 20, 10, tzinfo=UTC),
        kind="video",
        likes=1,
        comments=2,
        shares=3,
        saves=4,
        views=5,
        reach=6,
        impressions=7,
        replies=8,
        is_sponsored="yes",
        is_excluded=True,
        is_deleted=False,
        counted_at=T,
    )
    return agency


def account(agency: Agency, handle: str, **known: Any) -> Account:
    influencer = Influencer.objects.create(agency=agency, name=handle)
    return Account.objects.create(agency=agency, influencer=influencer, platform="tiktok", handle=handle, **known)


@pytest.mark.django_db
def test_load_accounts_reads_every_field_of_this_agency_only(roster: Agency) -> None:
    found = {account.key: account for account in load_accounts(connection, roster.slug)}

    posted_at = datetime(2025, 4, 20, 10, tzinfo=UTC)
    only = RefPost("p1", posted_at, "video", 1, 2, 3, 4, 5, 6, 7, 8, "yes", is_excluded=True, is_deleted=False)
    assert found == {
        "ann": RefAccount("ann", "tiktok", 50, [(date(2025, 4, 1), 100)], [only]),
        "bob": RefAccount("bob", "tiktok", None, [], []),
    }
    assert load_zone(connection, roster.slug).key == "Europe/Copenhagen"


@pytest.mark.django_db
def test_load_accounts_of_an_unknown_agency_is_an_error() -> None:
    with pytest.raises(LookupError, match="no agency 'nowhere'"):
        load_accounts(connection, "nowhere")


@pytest.fixture
def compare(roster: Agency, tmp_path: Path) -> Callable[[list[dict[str, Value]]], int]:
    """The command on an export made of the given rows; the database is read over a connection of its own."""

    def run(rows: list[dict[str, Value]]) -> int:
        lines = [{column: as_text(cell) for column, cell in {**row, "formula_version": "1"}.items()} for row in rows]
        path = write(tmp_path / "export.csv", *lines)
        login = connection.connection.info
        url = f"{login.dsn} password='{login.password}'"
        return main(["--database-url", url, "--agency", "north", "--as-of", "2025-04-30T00:00Z", str(path)])

    return run


def as_text(cell: Value) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, datetime) else str(cell)


@pytest.mark.django_db(transaction=True)
def test_command_ends_0_when_every_cell_agrees(compare: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    rows = reference_rows(load_accounts(connection, "north"), cutoff=T, zone=load_zone(connection, "north"))

    assert compare(rows) == 0

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["followers", "2", "1", "0"] in lines  # two compared, one not empty, none different
    assert lines[-1] == ["differences:", "0,", "0", "of", "them", "whole", "rows"]


@pytest.mark.django_db(transaction=True)
def test_command_ends_1_and_says_what_differs(compare: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row("ann", followers=101), *(row(f"x{number:02}") for number in range(20))]

    assert compare(rows) == 1

    out = capsys.readouterr().out
    assert "differences: 22, 21 of them whole rows" in out  # bob is missing, 20 are too many
    assert "  tiktok ann followers: reference 100, export 101\n" in out
    assert out.endswith("  … and 2 more\n")


@pytest.mark.django_db(transaction=True)
def test_command_ends_1_without_one_formula_version(compare: Callable[..., int]) -> None:
    assert compare([]) == 1


def test_command_wants_an_instant_with_an_offset(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--database-url", "x", "--agency", "north", "--as-of", "2025-04-30", "x.csv"])

    assert "2025-04-30 has no offset from UTC." in capsys.readouterr().err
