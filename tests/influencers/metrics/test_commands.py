"""recompute_metrics and export_metrics: what they print, what they write, how they end."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agency.models import Agency
from influencers.metrics.export import COLUMNS, cell
from influencers.models import Account, EngagementFigures, MetricsRange, MetricsRun
from influencers.services import figures
from tests.factories import AccountFactory, FollowerCountFactory, PostFactory
from tests.reference.compare import EXPORT_COLUMNS, differences, read_export, reference_rows
from tests.reference.reading import load_accounts, load_zone

T = datetime(2026, 5, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def run_command(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command(*arguments)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    answer: dict[str, Any] = json.loads(printed)
    return answer


@pytest.fixture
def account(agency: Agency) -> Account:
    account = AccountFactory(agency=agency, handle="zoé", platform="tiktok")
    FollowerCountFactory(agency=agency, account=account, followers=777, day=datetime(2026, 4, 1, tzinfo=UTC).date())
    for age in range(7):
        PostFactory(agency=agency, account=account, posted_at=T - timedelta(days=4 + age), likes=10 + age, views=333)
    return account


def test_recompute_metrics_prints_run_as_of_accounts_state_and_seconds(
    agency: Agency, account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = run_command(capsys, "recompute_metrics", "--agency", "northern", "--as-of", "2026-05-01")
    assert list(answer) == ["run", "as_of", "accounts", "state", "seconds"]
    run = MetricsRun.objects.get()
    assert (answer["run"], answer["accounts"], answer["state"]) == (run.pk, 1, "finished")
    assert (answer["as_of"], run.as_of) == ("2026-04-30T22:00:00+00:00", datetime(2026, 4, 30, 22, tzinfo=UTC))
    assert 0 <= answer["seconds"] < 60


def test_recompute_metrics_is_as_of_today_unless_told(agency: Agency, capsys: pytest.CaptureFixture[str]) -> None:
    answer = run_command(capsys, "recompute_metrics", "--agency", "northern")
    assert datetime.fromisoformat(answer["as_of"]) == agency.start_of(agency.today())
    assert MetricsRun.objects.get().requested_by is None


def test_recompute_metrics_replaces_only_when_told(
    agency: Agency, account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("recompute_metrics", "--agency", "northern", "--as-of", "2026-05-01T00:00Z")
    run_command(capsys, *arguments)
    account.posts.update(likes=0, comments=0)
    run_command(capsys, *arguments)
    assert EngagementFigures.objects.get().headline_rate == pytest.approx((10 + 13) / 333)
    run_command(capsys, *arguments, "--replace")
    assert EngagementFigures.objects.get().headline_rate == 0


def test_recompute_metrics_enqueue_returns_at_once(
    agency: Agency, account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = run_command(capsys, "recompute_metrics", "--agency", "northern", "--enqueue")
    assert (answer["state"], answer["accounts"]) == ("queued", 1)
    assert not EngagementFigures.objects.exists()


def test_recompute_metrics_of_a_failed_run_ends_with_1(
    agency: Agency, account: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(part: MetricsRange) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return 0

    monkeypatch.setattr(figures, "write_figures", fail)
    with pytest.raises(SystemExit) as ended:
        call_command("recompute_metrics", "--agency", "northern", "--as-of", "2026-05-01")
    printed = capsys.readouterr()
    assert (ended.value.code, json.loads(printed.out)["state"]) == (1, "failed")
    assert "division by zero" in printed.err


@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [
        ("2026-05-01T00:00", "says no offset from UTC"),
        ("yesterday", "neither a day nor an instant"),
        ("", "neither a day nor an instant"),
        ("2099-01-01T00:00Z", "lies in the future"),
    ],
)
def test_recompute_metrics_refuses_what_is_no_cutoff(agency: Agency, as_of: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("recompute_metrics", "--agency", "northern", "--as-of", as_of)
    assert refused.value.returncode == 2
    assert not MetricsRun.objects.exists()


def test_recompute_metrics_refuses_an_unknown_agency() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("recompute_metrics", "--agency", "nowhere")
    assert refused.value.returncode == 2


# --- export ------------------------------------------------------------------------------------------


def test_export_metrics_equals_the_independent_computation_cell_by_cell(
    agency: Agency, account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    AccountFactory(agency=agency, handle="Anna")
    AccountFactory(agency=agency, handle="anna", platform="tiktok")
    figures.recompute(agency=agency, as_of=T, by=None)
    target = tmp_path / "figures.csv"
    answer = run_command(capsys, "export_metrics", "--agency", "northern", "-o", str(target))
    assert answer == {"file": str(target), "as_of": T.isoformat(), "rows": 3}
    exported = read_export(target)
    assert [(row["platform"], row["handle"]) for row in exported] == [
        ("instagram", "Anna"),
        ("tiktok", "anna"),
        ("tiktok", "zoé"),
    ]
    assert {row["formula_version"] for row in exported} == {"1"}
    reference = reference_rows(load_accounts(connection, "northern"), cutoff=T, zone=load_zone(connection, "northern"))
    assert differences(reference, exported) == []
    assert exported[2]["headline_rate"] == (10 + 3 + 10) / 333


def test_export_metrics_has_the_columns_of_the_contract_and_empties(
    agency: Agency, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    AccountFactory(agency=agency, handle="anna", typed_followers=None)
    figures.recompute(agency=agency, as_of=T, by=None)
    target = tmp_path / "figures.csv"
    run_command(
        capsys, "export_metrics", "--agency", "northern", "--as-of", "2026-05-01T02:00+02:00", "-o", str(target)
    )
    lines = target.read_text(encoding="utf-8").splitlines()
    assert tuple(lines[0].split(",")) == COLUMNS == EXPORT_COLUMNS
    assert lines[1] == "instagram,anna,,2026-05-01T00:00:00+00:00,1,,no_posts,0,,,,,0,,,,,0,,,,,,,,,,,,"
    assert len(lines) == 2


def test_export_metrics_takes_the_newest_cutoff_of_the_finished_runs(
    agency: Agency, account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures.recompute(agency=agency, as_of=T, by=None)
    figures.recompute(agency=agency, as_of=T - timedelta(days=30), by=None)
    figures.enqueue_run(agency=agency, as_of=T + timedelta(days=1), by=None)
    answer = run_command(capsys, "export_metrics", "--agency", "northern", "-o", str(tmp_path / "f.csv"))
    assert answer["as_of"] == T.isoformat()


def test_export_metrics_takes_one_row_per_account_by_the_newest_formulas(
    agency: Agency,
    account: Account,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    figures.recompute(agency=agency, as_of=T, by=None)
    monkeypatch.setattr("influencers.metrics.runs.FORMULA_VERSION", 2)
    figures.recompute(agency=agency, as_of=T, by=None)
    assert EngagementFigures.objects.count() == 2
    target = tmp_path / "f.csv"
    assert run_command(capsys, "export_metrics", "--agency", "northern", "-o", str(target))["rows"] == 1
    assert read_export(target)[0]["formula_version"] == "2"


@pytest.mark.parametrize(
    ("as_of", "sentence"), [([], "No run has finished"), (["--as-of", "2026-04-01"], "no figures as of")]
)
def test_export_metrics_without_rows_ends_with_1_and_writes_nothing(
    agency: Agency, tmp_path: Path, as_of: list[str], sentence: str
) -> None:
    target = tmp_path / "f.csv"
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("export_metrics", "--agency", "northern", *as_of, "-o", str(target))
    assert refused.value.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_export_metrics_into_a_folder_that_is_not_there_ends_with_1(
    agency: Agency, account: Account, tmp_path: Path
) -> None:
    figures.recompute(agency=agency, as_of=T, by=None)
    with pytest.raises(CommandError, match="could not be written: No such file or directory") as refused:
        call_command("export_metrics", "--agency", "northern", "-o", str(tmp_path / "missing" / "f.csv"))
    assert refused.value.returncode == 1


def test_export_metrics_keeps_the_old_file_when_there_is_nothing_to_write(agency: Agency, tmp_path: Path) -> None:
    target = tmp_path / "f.csv"
    target.write_text("old")
    with pytest.raises(CommandError):
        call_command("export_metrics", "--agency", "northern", "--as-of", "2026-04-01", "-o", str(target))
    assert target.read_text() == "old"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_export_metrics_lets_no_formula_through(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_export_metrics_writes_numbers_that_come_back_exactly() -> None:
    assert [float(cell(value)) for value in (0.1 + 0.2, 1e-17, -0.25)] == [0.1 + 0.2, 1e-17, -0.25]
    assert [cell(value) for value in (0, 10_400_000, None, "")] == ["0", "10400000", "", ""]
    assert next(csv.reader([cell("a")])) == ["a"]
