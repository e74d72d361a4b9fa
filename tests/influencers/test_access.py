"""The copy for the creator holds everything."""

import io
import json
import re
from typing import Any

import pypdf
import pytest
from django.apps import apps

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.models import BrandFitNote, BrandFitScore, DataExport, Influencer
from influencers.protection.copies import PRINTED_ROWS, copy_of, printed_section
from influencers.services.access import copy_for_creator
from tests.factories import InfluencerFactory
from tests.influencers.erasing import EMAIL, EXTERNAL_ID, HANDLE, NAME, OLD_HANDLE, OLD_NAME, grow_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(agency: Agency, manager: Membership) -> dict[str, Any]:
    return grow_person(agency, manager)


def test_every_note_and_every_score_is_in_it(world: dict[str, Any], manager: Membership) -> None:
    copied = json.loads(copy_for_creator(influencer=world["person"], file_format="json", by=manager).content)

    notes = BrandFitNote.objects.filter(influencer=world["person"])
    assert (
        {note["text"] for note in copied["notes"]}
        == {note.text for note in notes}
        == {f"{NAME} is very warm", "And calm"}
    )
    assert [note["author"] for note in copied["notes"]] == ["manager", "manager"]
    reasons = {score["reason"] for card in copied["scorecards"] for score in card["scores"]}
    assert reasons == set(BrandFitScore.objects.values_list("reason", flat=True))
    assert [(card["version"], card["brand"], card["verdict"]) for card in copied["scorecards"]] == [
        (1, "Fjord Coffee", "fits"), (2, "Fjord Coffee", "fits"),
    ]  # fmt: skip
    before = [row for row in copied["history"] if row["table"] == "BrandFitNote"]
    assert [(row["text"], row["pgh_context"]["user"]) for row in before] == [(f"{NAME} is warm", "manager")]


def test_all_tables_are_in_it(world: dict[str, Any]) -> None:
    copied = copy_of(world["person"])

    assert copied["person"][0] | {"name": NAME, "email": EMAIL, "city": "Nordhavn"} == copied["person"][0]
    assert [(row["handle"], row["external_id"]) for row in copied["accounts"]] == [(HANDLE, EXTERNAL_ID)]
    assert [row["followers"] for row in copied["follower_counts"]] == [51_000]
    assert [row["caption"] for row in copied["posts"]] == [f"Hello from {NAME}"]
    assert [row["account"] for row in copied["figures"]] == [f"youtube: {HANDLE}"]
    assert [(row["key"], row["share"]) for row in copied["audience"]] == [("DK", "0.600000")]
    assert [(row["amount"], row["note"]) for row in copied["prices"]] == [("500.00", f"{NAME} said so")]
    assert [row["list"] for row in copied["lists"]] == [f"Like {NAME}"]
    assert copied["duos"] == [{"duo": f"{NAME} & Somebody Else"}]
    assert [row["file"] for row in copied["imports"]] == [f"{HANDLE}_2026.csv"]
    assert [change["before"] for change in copied["imports"][0]["changes"]] == [{}, {}, {"name": OLD_NAME}]
    assert [row["merged_name"] for row in copied["merges"]] == [OLD_NAME]
    assert [row["recipient"] for row in copied["recipients"]] == ["client"]
    assert {(row["table"], row.get("name", row.get("handle"))) for row in copied["history"]} >= {
        ("Influencer", OLD_NAME), ("Account", OLD_HANDLE),
    }  # fmt: skip
    assert {row["fee"] for row in copied["collaborations"]} == {"1234.00", None}
    assert [row["note"] for row in copied["deliverables"]] == [f"{NAME} at the harbour"]
    assert {row["reason"] for row in copied["clashes"]} == {f"{NAME} agreed", f"{NAME} was ill"}
    assert [row["reason"] for row in copied["absences"]] == [f"{NAME} is ill"]


def test_every_column_of_the_person_is_in_it(world: dict[str, Any]) -> None:
    columns = {field.name for field in apps.get_model("influencers", "Influencer")._meta.concrete_fields}

    missing = columns - copy_of(world["person"])["person"][0].keys()
    assert missing == {"agency", "sort_name", "search_text", "handle_text", "is_erased"}


def test_colleagues_are_roles_and_other_creators_are_not_in_it(world: dict[str, Any], manager: Membership) -> None:
    text = json.dumps(copy_of(world["person"]))

    assert manager.user.email not in text
    assert str(manager.user) not in text
    assert "Warmer than" not in text  # a note on somebody else
    assert world["other"].pk not in [
        row.get("row_id") for batch in copy_of(world["person"])["imports"] for row in batch["changes"]
    ]


def test_it_can_be_read_on_paper(world: dict[str, Any], manager: Membership) -> None:
    copy = copy_for_creator(influencer=world["person"], file_format="pdf", by=manager)

    pages = pypdf.PdfReader(io.BytesIO(copy.content)).pages
    printed = re.sub(r"\s", "", "\n".join(page.extract_text() for page in pages))
    for text in (
        f"What Northern Lights keeps about {NAME}", f"{NAME} is very warm", "And calm", f"Version 2: {NAME} drinks coffee",
        HANDLE, EXTERNAL_ID, "Notes on brand fit", "Scorecards", "Collaborations", "1234.00", "Fjord Coffee", "complain",
    ):  # fmt: skip
        assert re.sub(r"\s", "", text) in printed, text


def test_it_is_recorded(agency: Agency, manager: Membership) -> None:
    person = InfluencerFactory(agency=agency)

    copy = copy_for_creator(influencer=person, file_format="json", by=manager)

    made = DataExport.objects.get()
    assert (made.kind, made.influencer_ids, made.made_by) == ("access", [person.pk], manager.user)
    assert person.name not in f"{made.subject}{made.recipient}{copy.file_name}"


def test_who_is_not_a_manager_gets_none(agency: Agency, marketer: Membership, manager: Membership) -> None:
    person: Influencer = InfluencerFactory(agency=agency)

    with pytest.raises(Refused, match="Only a manager"):
        copy_for_creator(influencer=person, file_format="json", by=marketer)
    with pytest.raises(Refused, match="JSON or PDF"):
        copy_for_creator(influencer=person, file_format="docx", by=manager)
    assert not DataExport.objects.exists()


def test_a_very_long_table_is_printed_in_part_and_says_so() -> None:
    rows = [{"day": str(n)} for n in range(PRINTED_ROWS + 1_234)]

    section = printed_section("posts", rows)

    assert section["note"] == "The 1,234 rows before these are in the data file (JSON)."
    assert (len(section["records"]), section["records"][0][0]["value"]) == (PRINTED_ROWS, "1234")
