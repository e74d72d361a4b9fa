"""The roster as a file: exact cells, in both forms, and no formula in either, asked of LibreOffice itself."""

import csv
import io
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency.errors import Refused
from agency.models import Agency, Membership
from agency.spreadsheets import is_formula_like, neutralised, restored
from influencers.exports import rows, workbook
from influencers.exports.columns import CHOICES, Form, choices_for, layout, usual_keys
from influencers.exports.delimited import csv_pieces
from influencers.exports.records import FileKind, record_export, roster_file
from influencers.exports.rows import TierNames
from influencers.exports.workbook import check_size, column_letters, xlsx_pieces
from influencers.models import DataExport, Influencer, Price, RosterLine
from influencers.selectors.tiers import default_bands, tier_of
from influencers.services import seed_tier_schemes
from tests.factories import AccountFactory, FollowerCountFactory, InfluencerFactory
from tests.influencers.test_roster import figures

FORMULAS = (
    '=HYPERLINK("http://example.com";"click")',
    "@SUM(1+1)",
    "+1",
    "-1",
    "-1+cmd|' /C calc'!A0",
    "\t=1+1",
    "\rtext",
    "  =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "'=1+1",
    "Emma;=1+1;",
    "Emma\n=1+1",
)
PLAIN = ("Emma", "O'Neil", "a-b", "1=1", "'quoted'", "Zoë, “Ünal”", "_x0041_", "12", "")


# --- texts ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1", "'=1"),
        ("@SUM", "'@SUM"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("  =1", "'  =1"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("＝1", "'＝1"),
        ("\u200b=1", "'\u200b=1"),
        ("'=1", "''=1"),
        ("a;=1", "a;'=1"),
        ("a\n=1", "a\n'=1"),
    ],
)
def test_neutralised_puts_an_apostrophe_before_a_formula(text: str, cell: str) -> None:
    assert neutralised(text) == cell
    assert restored(cell) == text
    assert is_formula_like(text)


@pytest.mark.parametrize("text", PLAIN)
def test_neutralised_leaves_other_texts_alone(text: str) -> None:
    assert (neutralised(text), restored(text), is_formula_like(text)) == (text, text, False)


@given(st.text(st.sampled_from("a1 =+-@'\t\r\n;＝＠\u200b")))
def test_neutralised_can_be_restored_and_is_no_formula(text: str) -> None:
    safe = neutralised(text)
    assert restored(safe) == text
    for part in re.split(r"[;\t\r\n]", safe):
        assert re.match(r"[\s\u200b]*[=+\-@＝＠]", part) is None
    assert not safe.startswith(("\t", "\r", "\n"))


# --- cells ----------------------------------------------------------------------------------------------
@pytest.fixture
def emma(agency: Agency) -> Influencer:
    """A creator of whom everything is known."""
    seed_tier_schemes(agency)
    emma = InfluencerFactory(
        agency=agency, name="Emma van Dijk", niches=["food", "travel"], tags=["vip"], languages=["da", "nl"],
        country="DK", region="Hovedstaden", city="København", email="emma@example.com", phone="+45 12 34 56 78",
        management_contact="Bo Management", management_email="bo@example.com", source="fair 2026",
        informed_on=date(2026, 4, 1), informed_how="by e-mail", role_type="mentor",
    )  # fmt: skip
    main = AccountFactory(
        agency=agency, influencer=emma, platform="instagram", handle="emma.cooks", is_primary=True,
        typed_followers=None, url="https://www.instagram.com/emma.cooks",
    )  # fmt: skip
    FollowerCountFactory(agency=agency, account=main, day=date(2026, 5, 1), followers=12_431)
    AccountFactory(agency=agency, influencer=emma, platform="tiktok", handle="emma", typed_followers=900)
    AccountFactory(agency=agency, influencer=emma, platform="tiktok", handle="emma.more", typed_followers=100)
    figures(main, headline_rate=0.1 + 0.2, growth_30d=-0.025, saturation=0.5, er_followers_n=12)
    price = {"agency": agency, "influencer": emma, "currency": "DKK", "kind": Price.Kind.POST}
    Price.objects.create(**price, amount=Decimal("100.00"), valid_from=date(2020, 1, 1))
    Price.objects.create(**price, amount=Decimal("90.50"), valid_from=date(2020, 1, 1), platform="instagram")
    Price.objects.create(**price, amount=Decimal("80.00"), valid_from=date(2020, 1, 1), platform="tiktok")
    Price.objects.create(
        **price, amount=1, valid_from=date(2019, 1, 1), valid_to=date(2019, 2, 1), platform="instagram"
    )
    return emma


def export_of(agency: Agency, *, subject: str = "Roster") -> DataExport:
    lines = RosterLine.objects.filter(agency=agency).order_by("sort_name", "pk")
    return record_export(agency=agency, kind=DataExport.Kind.ROSTER, subject=subject, creators=lines, by=None)


def csv_rows(agency: Agency, keys: list[str], reader: Membership | None = None) -> list[list[str]]:
    file = roster_file(export_of(agency), layout(keys, reader), FileKind.CSV)
    content = b"".join(file.pieces)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_export_csv_has_every_cell_exactly(agency: Agency, emma: Influencer) -> None:
    InfluencerFactory(agency=agency, name="Expert")
    keys = [
        *("name", "kind", "role_type", "status", "niches", "tags", "platform", "handle", "followers", "followers_on"),
        *("tier", "headline_rate", "rate_percentile", "growth_30d", "saturation", "figures_as_of", "country", "region"),
        *("city", "languages", "on_instagram", "on_tiktok", "further_accounts", "email", "phone", "management_contact"),
        *("management_email", "source", "lawful_basis", "informed_on", "informed_how", "price_post", "price_story"),
    ]
    headings, first, second = csv_rows(agency, keys)
    assert dict(zip(headings, first, strict=True)) == {
        "Name": "Emma van Dijk",
        "Kind": "creator",
        "Role type": "mentor",
        "Status": "active",
        "Niches": "food, travel",
        "Tags": "vip",
        "Platform": "Instagram",
        "Handle": "emma.cooks",
        "Followers": "12431",
        "Followers counted on": "2026-05-01",
        "Tier": "micro",
        "Engagement rate": "0.30000000000000004",
        "Rate, percentile among peers": "",
        "Growth in 30 days": "-0.025",
        "Saturation": "0.5",
        "Figures as of": "2026-05-01T00:00:00+00:00",
        "Country": "DK",
        "Region": "Hovedstaden",
        "City": "København",
        "Languages": "da, nl",
        "Instagram handle": "emma.cooks",
        "Instagram followers": "12431",
        "Instagram URL": "https://www.instagram.com/emma.cooks",
        "TikTok handle": "emma",
        "TikTok followers": "900",
        "TikTok URL": "",
        "Further accounts": "tiktok: emma.more",
        "E-mail": "emma@example.com",
        "Phone": "'+45 12 34 56 78",
        "Management contact": "Bo Management",
        "Management e-mail": "bo@example.com",
        "Source of the record": "fair 2026",
        "Lawful basis": "legitimate interest",
        "Informed on": "2026-04-01",
        "Informed how": "by e-mail",
        "Price: post": "90.50",
        "Currency: post": "DKK",
        "Price: story": "",
        "Currency: story": "",
    }
    known = {heading: cell for heading, cell in zip(headings, second, strict=True) if cell}
    assert known == {"Name": "Expert", "Kind": "creator", "Status": "active", "Lawful basis": "legitimate interest"}


def test_export_xlsx_has_numbers_as_numbers_and_days_as_days(agency: Agency, emma: Influencer, tmp_path: Path) -> None:
    keys = ["name", "phone", "followers", "headline_rate", "informed_on", "price_post", "tags"]
    file = roster_file(export_of(agency), layout(keys, None), FileKind.XLSX)
    target = tmp_path / file.name
    target.write_bytes(b"".join(file.pieces))
    sheet = openpyxl.load_workbook(target).active
    assert sheet.title == "Roster"
    headings, cells = sheet.iter_rows()
    found = {
        heading.value: (cell.value, cell.data_type, cell.quotePrefix)
        for heading, cell in zip(headings, cells, strict=True)
    }
    assert found == {
        "Name": ("Emma van Dijk", "s", False),
        "Tags": ("vip", "s", False),
        "Followers": (12_431, "n", False),
        "Engagement rate": (0.1 + 0.2, "n", False),
        "Phone": ("+45 12 34 56 78", "s", True),
        "Informed on": (datetime(2026, 4, 1), "d", False),  # noqa: DTZ001 - as openpyxl reads a day
        "Price: post": (90.5, "n", False),
        "Currency: post": ("DKK", "s", False),
    }  # fmt: skip
    assert (
        cells[headings.index(next(cell for cell in headings if cell.value == "Informed on"))].number_format
        == r"yyyy\-mm\-dd"
    )


def test_export_reads_batches_and_leaves_out_who_is_gone(
    agency: Agency, other_agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BATCH", 2)
    people = [InfluencerFactory(agency=agency, name=f"Creator {letter}") for letter in "ABCDE"]
    foreign = InfluencerFactory(agency=other_agency, name="Foreign")
    export = export_of(agency)
    export.refresh_from_db()
    assert export.influencer_ids == [person.pk for person in people]
    export.influencer_ids.append(foreign.pk)
    export.save()
    people[2].delete()
    batches = list(rows.exported_rows(export, layout(["name"], None)))
    assert batches == [[["Creator A"], ["Creator B"]], [["Creator D"]], [["Creator E"]]]


def test_export_of_nobody_is_a_file_with_headings(agency: Agency) -> None:
    assert csv_rows(agency, ["name", "country"]) == [["Name", "Country"]]


def test_export_record_is_cut_to_its_room_and_file_names_no_person(agency: Agency, emma: Influencer) -> None:
    export = export_of(agency, subject="x" * 301)
    assert export.subject == "x" * 299 + "…"
    file = roster_file(export, layout(["name"], None), FileKind.CSV)
    assert file.name == f"northern-roster-{agency.today():%Y-%m-%d}.csv"
    assert file.content_type == "text/csv; charset=utf-8"


def test_export_xlsx_refuses_more_than_a_sheet_holds() -> None:
    check_size(1_048_575)
    with pytest.raises(Refused, match="at most 1,048,575"):
        check_size(1_048_576)


def test_tier_names_agree_with_tier_of(agency: Agency) -> None:
    seed_tier_schemes(agency)
    names, bands = TierNames(agency), default_bands(agency)
    for platform in ("instagram", "youtube", "podcast"):
        for followers in (None, 0, 999, 1_000, 9_999, 49_999, 50_000, 99_999, 100_000, 1_000_000, 10**9):
            band = tier_of(bands, platform, followers)
            assert names.name(platform, followers) == (band.name if band else ""), (platform, followers)


# --- who may have what ----------------------------------------------------------------------------------
def test_export_columns_of_a_viewer_hold_no_price_and_no_contact(viewer: Membership, marketer: Membership) -> None:
    everything = {choice.key for choice in CHOICES}
    private = {"email", "phone", "management_contact", "management_email", "source", "lawful_basis"}
    private |= {"informed_on", "informed_how"} | {f"price_{kind}" for kind in Price.Kind}
    assert {choice.key for choice in choices_for(viewer)} == everything - private
    assert {choice.key for choice in choices_for(marketer)} == everything
    assert layout(["name", "email", "price_post"], viewer).headings == ["Name"]
    assert "Price: post" in layout([], marketer).headings
    assert "Price: post" not in layout([], viewer).headings
    assert set(usual_keys()) <= everything - private
    assert not any("note" in choice.key for choice in CHOICES)


# --- workbook details -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(place: int, letters: str) -> None:
    assert column_letters(place) == letters == openpyxl.utils.get_column_letter(place + 1)


def made(texts: list[Any], forms: list[Form] | None = None) -> bytes:
    forms = forms or [Form.TEXT] * len(texts)
    return b"".join(xlsx_pieces([f"h{n}" for n in range(len(texts))], forms, [[texts]], sheet="It's: a/b"))


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_workbook_says_what_xml_cannot() -> None:
    sheet = sheet_of(made(["a\x01b", "<&>\"'", "x" * 40_000, "line\r\nline", " space "]))
    assert sheet.title == "It's  a b"
    values = [cell.value for cell in sheet[2]]
    assert values[0] == "a\ufffdb"
    assert values[1] == "<&>\"'"
    assert values[2] == "x" * 32_766 + "…"
    assert values[3] == "line\r\nline"
    assert values[4] == " space "
    xml = zipfile.ZipFile(io.BytesIO(made(["_x0041_"]))).read("xl/worksheets/sheet1.xml").decode()
    assert "_x005F_x0041_" in xml


def test_workbook_sends_its_batches_one_by_one() -> None:
    """The first piece leaves before the second batch is read: memory holds one batch."""
    read: list[int] = []

    def batches() -> Iterator[list[list[Any]]]:
        for number in range(3):
            read.append(number)
            yield [[f"text {number}"]]

    pieces = xlsx_pieces(["h"], [Form.TEXT], batches(), sheet="Roster")
    next(pieces)
    assert read == [0]
    assert len(list(pieces)) == 3
    delimited = csv_pieces(["h"], batches())
    assert next(delimited) == "\ufeffh\r\n".encode()
    assert next(delimited) == b"text 0\r\n"


def test_workbook_has_no_formula_element() -> None:
    xml = zipfile.ZipFile(io.BytesIO(made(list(FORMULAS)))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "<f " not in xml
    sheet = sheet_of(made(list(FORMULAS)))
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in sheet[2]] == [
        (text, "s", True) for text in FORMULAS
    ]
    assert workbook.MOST_ROWS == 2**20 - 1


# --- LibreOffice ----------------------------------------------------------------------------------------
# Comma, double quote, UTF-8, from line 1, and "evaluate formulas" on: the most trusting way to open a file.
TRUSTING = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"

ORDINARY = "--infilter=CSV:44,34,76"


@pytest.fixture(scope="module")
def soffice() -> str:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not on this machine")
    return program


def converted(soffice: str, source: Path, *more: str) -> Any:
    """The file as LibreOffice understands it, read back from what it saves as XLSX."""
    target = source.parent / "opened"
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{source.parent}/profile", "--headless", *more,
         "--convert-to", "xlsx", "--outdir", str(target), str(source)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return openpyxl.load_workbook(target / f"{source.stem}.xlsx").active


def test_libreoffice_opens_a_csv_export_as_plain_text(soffice: str, tmp_path: Path) -> None:
    control = tmp_path / "control.csv"
    control.write_text("h\r\n=1+1\r\n", encoding="utf-8-sig")
    assert converted(soffice, control, TRUSTING)["A2"].data_type == "f", "this way of opening would show a formula"
    source = tmp_path / "export.csv"
    batch = [[text] for text in (*FORMULAS, *PLAIN[:-1])]
    source.write_bytes(b"".join(csv_pieces(["h"], [batch])))
    for way in (TRUSTING, ORDINARY):
        sheet = converted(soffice, source, way)
        cells = [row[0] for row in sheet.iter_rows(min_row=2)]
        assert [cell for cell in cells if cell.data_type == "f"] == []
        found = [restored(str(cell.value)) for cell in cells]
        # LibreOffice ends lines inside a cell its own way; everything else is as it was.
        assert found == [text.replace("\r", "\n") for (text,) in batch]


def test_libreoffice_opens_an_xlsx_export_as_plain_text(soffice: str, tmp_path: Path) -> None:
    texts = [*FORMULAS, *PLAIN[:-1]]
    source = tmp_path / "export.xlsx"
    forms = [*[Form.TEXT] * len(texts), Form.NUMBER, Form.RATE, Form.DAY, Form.MONEY]
    source.write_bytes(made([*texts, 12_431, 0.0314, date(2026, 5, 1), Decimal("90.50")], forms))
    cells = converted(soffice, source)[2]
    assert [cell.data_type for cell in cells] == [*["s"] * len(texts), "n", "n", "d", "n"]
    assert [cell.value for cell in cells[: len(texts)]] == texts
    assert [cell.value for cell in cells[len(texts) :]] == [
        12_431,
        0.0314,
        datetime(2026, 5, 1, tzinfo=UTC).replace(tzinfo=None),
        90.5,
    ]


@pytest.mark.parametrize("text", ["\t" * 30_000, "'" * 30_000 + "x", "\t" * 30_000 + "=1", "\r " * 15_000])
def test_a_cell_of_blanks_costs_its_length_not_its_square(text: str) -> None:
    began = time.process_time()
    assert restored(neutralised(text)) == text
    assert time.process_time() - began < 1  # it was nine seconds and more
