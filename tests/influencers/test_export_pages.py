"""Exports by page and by command: who gets which columns, what is recorded, what is refused."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.models import Agency, Membership
from influencers.exports import workbook
from influencers.exports.columns import CHOICES, usual_keys
from influencers.exports.records import record_export
from influencers.models import BrandFitNote, DataExport, Influencer
from tests.factories import BrandFactory, CollaborationFactory, InfluencerFactory, MembershipFactory
from tests.influencers.test_exports import emma, export_of, sheet_of

__all__ = ["emma"]  # the fixture

Login = Callable[[Membership], Client]


# --- pages ----------------------------------------------------------------------------------------------
def url(agency: Agency, name: str = "influencer_export", query: str = "") -> str:
    return reverse(f"influencers:{name}", args=[agency.slug]) + query


def downloaded(response: Any) -> list[list[str]]:
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


def test_influencer_export_asks_for_columns_and_sends_the_file(
    agency: Agency, emma: Influencer, marketer: Membership, login: Login
) -> None:
    InfluencerFactory(agency=agency, name="Expert")
    client = login(marketer)
    html = client.get(url(agency, query="?platform=tiktok&at=last")).content.decode()
    assert "Export 1 creator" in html
    assert "Emma van Dijk" in html
    assert '<input type="hidden" name="query" value="platform=tiktok">' in html
    assert re.findall(r'name="columns" value="(\w+)" checked', html) == usual_keys()
    asked = {"query": "platform=tiktok", "all": "1", "seen": "1", "confirmed": "1"}
    answer = client.post(url(agency), {**asked, "kind": "csv", "columns": ["name", "price_post"]})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="northern-roster-{agency.today():%Y-%m-%d}.csv"'
    assert answer["Cache-Control"] == "private, no-store"
    assert downloaded(answer) == [["Name", "Price: post", "Currency: post"], ["Emma van Dijk", "90.50", "DKK"]]
    export = DataExport.objects.get()
    assert (export.kind, export.subject, export.made_by, export.influencer_ids, export.recipient) == (
        "roster", "Roster: Platform TikTok", marketer.user, [emma.pk], "",
    )  # fmt: skip
    answer = client.post(url(agency), {**asked, "kind": "xlsx", "columns": ["name"]})
    sheet = sheet_of(b"".join(answer.streaming_content))
    assert [[cell.value for cell in row] for row in sheet] == [["Name"], ["Emma van Dijk"]]
    assert "Choose at least one column." in client.post(url(agency), {**asked, "kind": "csv"}).content.decode()
    assert DataExport.objects.count() == 2


def test_influencer_export_of_ticked_ones_keeps_the_order_of_the_list(
    agency: Agency, other_agency: Agency, marketer: Membership, login: Login
) -> None:
    people = [InfluencerFactory(agency=agency, name=name) for name in ("Ada", "Bo", "Cy")]
    foreign = InfluencerFactory(agency=other_agency, name="Foreign")
    asked = {"query": "sort=-name", "pick": [people[0].pk, people[2].pk, foreign.pk]}
    html = login(marketer).post(url(agency), asked).content.decode()
    assert "Export 2 creators" in html
    assert "1 that was picked is not on the roster any more." in html
    answer = login(marketer).post(url(agency), {**asked, "confirmed": "1", "kind": "csv", "columns": ["name"]})
    assert downloaded(answer) == [["Name"], ["Cy"], ["Ada"]]
    assert DataExport.objects.get().subject == "Picked by hand: 2 creators"


def test_influencer_export_says_when_the_number_or_a_filter_changed(
    agency: Agency, emma: Influencer, marketer: Membership, login: Login
) -> None:
    asked = {"query": "", "all": "1", "seen": "7", "confirmed": "1", "kind": "csv", "columns": ["name"]}
    answer = login(marketer).post(url(agency), asked)
    assert answer.status_code == 409
    assert "you saw 7, now 1 match" in answer.content.decode()
    html = login(marketer).get(url(agency, query="?list=2000000000"), follow=True).content.decode()
    assert "Nothing was exported." in html
    assert not DataExport.objects.exists()


def test_influencer_export_refuses_a_workbook_that_excel_could_not_open(
    agency: Agency, emma: Influencer, marketer: Membership, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 0)
    asked = {"query": "", "all": "1", "seen": "1", "confirmed": "1", "kind": "xlsx", "columns": ["name"]}
    answer = login(marketer).post(url(agency), asked)
    assert answer.status_code == 409
    assert "at most 1,048,575 creators" in answer.content.decode()
    assert not DataExport.objects.exists()


def test_influencer_export_gives_viewers_what_they_see(
    agency: Agency, emma: Influencer, viewer: Membership, outsider: Membership, login: Login
) -> None:
    html = login(viewer).get(url(agency)).content.decode()
    assert "Prices, contacts and notes are not exported." in html
    assert 'value="price_post"' not in html
    assert 'value="email"' not in html
    asked = {"query": "", "all": "1", "seen": "1", "confirmed": "1", "kind": "csv"}
    assert login(viewer).post(url(agency), {**asked, "columns": ["name", "email"]}).status_code == 200
    answer = login(viewer).post(url(agency), {**asked, "columns": ["name", "city"]})
    assert downloaded(answer) == [["Name", "City"], ["Emma van Dijk", "København"]]
    assert login(outsider).get(url(agency)).status_code == 404


def test_influencer_export_names_no_brand_of_a_confidential_client(
    agency: Agency, emma: Influencer, marketer: Membership, manager: Membership, login: Login
) -> None:
    """Whatever is known of the creator: fit, notes, bookings. Not even the record of the export repeats the filter's brand."""
    secret = BrandFactory(agency=agency, name="Zqsecret", client__is_confidential=True)
    BrandFitNote.objects.create(
        agency=agency,
        influencer=emma,
        brand=secret,
        text="Zqsecret note",
        author=manager.user,
        written_on=agency.today(),
    )
    CollaborationFactory(agency=agency, influencer=emma, campaign__brand=secret)
    for member in (marketer, manager):
        asked = {"query": f"brand={secret.pk}", "all": "1", "confirmed": "1", "kind": "csv"}
        columns = [choice.key for choice in CHOICES]
        answer = login(member).post(url(agency), {**asked, "query": "", "columns": columns})
        assert "Zqsecret" not in str(downloaded(answer))
        login(member).post(url(agency), {**asked, "columns": columns})
    assert "Zqsecret" not in str(list(DataExport.objects.values_list("subject", "recipient")))


def test_export_list_shows_managers_who_took_what(
    agency: Agency, emma: Influencer, marketer: Membership, manager: Membership, login: Login
) -> None:
    client = login(manager)
    assert "Nothing was exported yet" in client.get(url(agency, "export_list")).content.decode()
    record_export(
        agency=agency, kind=DataExport.Kind.BRIEF, subject="Summer", recipient="Northwind",
        creators=Influencer.objects.all(), by=marketer.user,
    )  # fmt: skip
    html = client.get(url(agency, "export_list")).content.decode()
    for words in ("Summer", "Northwind", "Campaign brief", str(marketer.user)):
        assert words in html
    assert login(marketer).get(url(agency, "export_list")).status_code == 403


def test_export_list_needs_as_many_queries_for_three_as_for_one(
    agency: Agency, emma: Influencer, manager: Membership, login: Login
) -> None:
    client = login(manager)
    export_of(agency)
    client.get(url(agency, "export_list"))
    with CaptureQueriesContext(connection) as one:
        client.get(url(agency, "export_list"))
    export_of(agency)
    export_of(agency)
    with CaptureQueriesContext(connection) as three:
        client.get(url(agency, "export_list"))
    assert len(three) == len(one)


# --- command --------------------------------------------------------------------------------------------
def run(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("export_roster", *arguments, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_export_roster_command_writes_and_records(
    agency: Agency, emma: Influencer, manager: Membership, tmp_path: Path
) -> None:
    InfluencerFactory(agency=agency, name="Expert")
    target = tmp_path / "out.csv"
    answer = run(
        "--agency", "northern", "--query", "?platform=tiktok", "--columns", "name, email", "-o", str(target)
    )  # fmt: skip
    export = DataExport.objects.get()
    assert answer == {"file": str(target), "rows": 1, "columns": ["Name", "E-mail"], "export": export.pk}
    assert target.read_bytes().decode("utf-8-sig") == "Name,E-mail\r\nEmma van Dijk,emma@example.com\r\n"
    assert (export.subject, export.made_by, export.influencer_ids) == ("Roster: Platform TikTok", None, [emma.pk])
    target = tmp_path / "out.XLSX"
    assert run("--agency", "northern", "-o", str(target))["rows"] == 2
    assert sheet_of(target.read_bytes()).max_row == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.XLSX", "out.csv"]


def test_export_roster_command_says_what_is_wrong(agency: Agency, emma: Influencer, tmp_path: Path) -> None:
    def refused(*more: str, output: str = "out.csv", slug: str = "northern") -> tuple[str, int]:
        with pytest.raises(CommandError) as error:
            run("--agency", slug, *more, "-o", str(tmp_path / output))
        return str(error.value), error.value.returncode

    assert refused() == ("The agency has no manager, and only a manager sees the whole roster.", 1)
    MembershipFactory(agency=agency, role=Membership.Role.MANAGER)
    assert refused(slug="nowhere")[1] == 2
    assert refused(output="out.pdf") == ("The name of the file must end with .csv or .xlsx.", 2)
    assert refused("--columns", "name,notes")[0].startswith("No such columns: notes. There are: name, kind,")
    assert refused("--query", "platform=myspace") == ("Not known here: platform", 2)
    assert refused("--query", "platform=podcast") == ("No creator fits these filters.", 1)
    message, code = refused(output="no-such-folder/out.csv")
    assert message.endswith("could not be written: No such file or directory")
    assert code == 1
    assert list(tmp_path.iterdir()) == []
    assert not DataExport.objects.exists()
