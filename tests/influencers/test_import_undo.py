"""Import and undo: every table of the roster is as before, whatever the file and the roster; what people touched since stays."""

import io
import random
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.history import changed_by
from agency.models import Agency, Membership
from influencers.imports.undo import pointing_at
from influencers.models import Account, BrandFitNote, FollowerCount, ImportBatch, Influencer, Price, RosterLine
from influencers.services import import_runs
from influencers.services.imports import import_roster
from tests.conftest import FULL
from tests.factories import (
    AccountFactory,
    BrandFactory,
    CollaborationFactory,
    FollowerCountFactory,
    InfluencerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
State = ImportBatch.State


def brought_in(agency: Agency, text: str, **options: Any) -> ImportBatch:
    outcome = import_roster(agency=agency, file=io.BytesIO(text.encode()), filename="roster.csv", by=None, **options)
    return ImportBatch.objects.get(pk=outcome.batch)


def taken_back(batch: ImportBatch) -> ImportBatch:
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.UNDOING)
    assert import_runs.undo_import(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == State.UNDONE
    return batch


def dump() -> dict[str, list[str]]:
    """Every row of every table of the roster and of what points at it, but for history and the log of imports."""
    tables = {
        "influencers_influencer",
        "influencers_account",
        "influencers_rosterline",
        "influencers_engagementfigures",
    }
    for model in (Influencer, Account):
        tables |= {relation.related_model._meta.db_table for relation in pointing_at(model)}
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} AS t ORDER BY 1")  # noqa: S608 - our tables
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def left(batch: ImportBatch) -> list[tuple[str, str, str, int]]:
    return [(entry["table"], entry["what"], entry["reason"], entry["count"]) for entry in batch.left]


def test_undo_restores_every_table(agency: Agency) -> None:
    ada = AccountFactory(agency=agency, handle="ada.so", typed_followers=12_431, typed_followers_on=date(2026, 1, 2))
    FollowerCountFactory(agency=agency, account=AccountFactory(agency=agency, handle="bo_li", platform="tiktok"))
    before = dump()
    text = (
        "Name,Instagram,TikTok,Followers Instagram,Country,Niche,Tags,E-mail\n"
        "Ada,Ada.So,ada_tok,15K,DK,food,vip,a@example.com\nBo,,bo_li,,NL,travel,,\nCy,cy.one,cy_tok,900,DE,,,\n"
    )
    batch = brought_in(agency, text)
    assert (batch.created, batch.updated) == (1, 2)
    assert dump() != before
    ada.refresh_from_db()
    assert (ada.typed_followers, ada.influencer.country) == (15_000, "DK")
    assert taken_back(batch).left == []
    assert dump() == before


WORDS = st.sampled_from(["food", "Food", "travel", "vip", "böcker"])
HANDLES = st.sampled_from(["ada.so", "bo_li", "cy.one", "dee.dee", "eve"])
ROW = st.fixed_dictionaries(
    {
        "Name": st.sampled_from(["Ada", "Bo Li", "Cy Ø", "Dee", ""]),
        "Instagram": st.one_of(st.just(""), HANDLES),
        "TikTok": st.one_of(st.just(""), HANDLES.map(lambda handle: f"{handle}.tt")),
        "Instagram followers": st.sampled_from(["", "900", "1.2K", "12431", "12.4K"]),
        "Country": st.sampled_from(["", "DK", "NL"]),
        "Niche": st.lists(WORDS, max_size=2).map("; ".join),
        "Status": st.sampled_from(["", "active", "paused"]),
    }
)


@settings(max_examples=200 if FULL else 15)
@given(rows=st.lists(ROW, min_size=1, max_size=8), seed=st.integers(0, 1000))
def test_undo_restores_any_roster_after_any_file(rows: list[dict[str, str]], seed: int, db: None) -> None:
    agency = Agency.objects.get_or_create(slug="any", defaults={"name": "Any", "timezone": "UTC"})[0]
    Influencer.objects.filter(agency=agency).delete()
    chance = random.Random(seed)
    for number, handle in enumerate(["ada.so", "bo_li", "cy.one"]):
        person = InfluencerFactory(
            agency=agency, name=chance.choice(["Ada", "Bo", "Cy"]), niches=chance.choice([[], ["Food"]])
        )
        if chance.random() < 0.8:
            account = AccountFactory(
                agency=agency, influencer=person, handle=handle, typed_followers=chance.choice([None, 900, 12_431]),
                external_id=f"id{number}" if chance.random() < 0.5 else None,
            )  # fmt: skip
            if chance.random() < 0.3:
                FollowerCountFactory(agency=agency, account=account, followers=chance.randrange(1000))
        if chance.random() < 0.4:
            AccountFactory(agency=agency, influencer=person, platform="tiktok", handle=f"{handle}.tt")
    before = dump()
    lines = [",".join(ROW_HEADINGS), *(",".join(row[heading] for heading in ROW_HEADINGS) for row in rows)]
    batch = brought_in(agency, "\n".join(lines) + "\n")
    assert taken_back(batch).left == []
    assert dump() == before


ROW_HEADINGS = ("Name", "Instagram", "TikTok", "Instagram followers", "Country", "Niche", "Status")


def test_what_was_edited_since_stays(agency: Agency) -> None:
    AccountFactory(agency=agency, handle="ada.so", influencer__name="Ada", typed_followers=5)
    text = "Name,Instagram,Followers\nAda Sø,ada.so,10\nBo,bo_li,20\nCy,cy.one,30\nDee,dee.dee,40\n"
    batch = brought_in(agency, text)
    Influencer.objects.filter(name="Ada Sø").update(name="Ada S.")
    Influencer.objects.filter(name="Bo").update(city="Aarhus")
    Account.objects.filter(handle="cy.one").update(url="https://example.com/cy")
    taken_back(batch)
    assert left(batch) == [
        ("influencer", "created", "edited", 2),
        ("account", "created", "edited", 2),
        ("influencer", "updated", "edited", 1),
    ]
    assert sorted(Influencer.objects.values_list("name", flat=True)) == ["Ada S.", "Bo", "Cy"]
    assert Account.objects.get(handle="ada.so").typed_followers == 5
    assert Account.objects.filter(handle__in=["bo_li", "cy.one", "dee.dee"]).count() == 2
    assert not RosterLine.objects.filter(sort_name="dee").exists()


@pytest.mark.parametrize("what", ["note", "price", "count", "collaboration", "account", "duo"])
def test_what_something_was_added_to_stays_whole(agency: Agency, what: str) -> None:
    batch = brought_in(agency, "Name,Instagram\nAda,ada.so\nBo,bo_li\n")
    ada = Influencer.objects.get(name="Ada")
    if what == "note":
        note = {"author": UserFactory(), "written_on": date(2026, 1, 1)}
        BrandFitNote.objects.create(agency=agency, influencer=ada, brand=BrandFactory(agency=agency), text="x", **note)
    elif what == "price":
        Price.objects.create(
            agency=agency, influencer=ada, kind="post", amount=10, currency="EUR", valid_from=date(2026, 1, 1)
        )
    elif what == "count":
        FollowerCount.objects.create(
            agency=agency, account=ada.accounts.get(), day=date(2026, 1, 1), followers=1, source="typed"
        )
    elif what == "collaboration":
        CollaborationFactory(agency=agency, influencer=ada)
    elif what == "account":
        AccountFactory(agency=agency, influencer=ada, platform="tiktok", handle="ada_tok")
    else:
        InfluencerFactory(agency=agency, name="Duo").members.add(ada)
    taken_back(batch)
    assert left(batch) == [("influencer", "created", "attached", 1), ("account", "created", "attached", 1)]
    assert Influencer.objects.filter(name__in=["Ada", "Bo"]).get() == ada
    assert ada.accounts.filter(handle="ada.so").exists()


def test_imports_are_taken_back_newest_first(agency: Agency) -> None:
    before = dump()
    first = brought_in(agency, "Name,Instagram,Country\nAda,ada.so,DK\n")
    second = brought_in(agency, "Name,Instagram,TikTok,Country\nAda,ada.so,ada_tok,NL\n")
    assert taken_back(second).left == []
    assert taken_back(first).left == []
    assert dump() == before


def test_an_older_import_leaves_what_a_newer_one_changed(agency: Agency) -> None:
    first = brought_in(agency, "Name,Instagram,Country\nAda,ada.so,DK\n")
    brought_in(agency, "Name,Instagram,Country\nAda,ada.so,NL\n")
    assert left(taken_back(first)) == [("influencer", "created", "edited", 1), ("account", "created", "edited", 1)]


def test_a_former_handle_that_is_taken_by_now_is_not_restored(agency: Agency) -> None:
    account = AccountFactory(agency=agency, handle="old.name", external_id="77")
    batch = brought_in(agency, "Name,handle,account id\nAda,new.name,77\n", platform="instagram")
    AccountFactory(agency=agency, handle="OLD.name")
    taken_back(batch)
    assert ("account", "updated", "taken", 1) in left(batch)
    account.refresh_from_db()
    assert account.handle == "new.name"


def test_what_was_deleted_since_is_told_where_it_was_there_before(agency: Agency) -> None:
    known = AccountFactory(agency=agency, handle="ada.so", influencer__name="Ada").influencer
    batch = brought_in(agency, "Name,Instagram,Country\nAda,ada.so,DK\nBo,bo_li,NL\n")
    known.delete()
    Influencer.objects.filter(name="Bo").delete()
    assert left(taken_back(batch)) == [("influencer", "updated", "gone", 1), ("account", "updated", "gone", 1)]


def test_figures_that_were_computed_since_go_with_the_account(agency: Agency) -> None:
    before = dump()
    batch = brought_in(agency, "Name,Instagram,Followers\nAda,ada.so,10\n")
    call_command("recompute_metrics", "--agency", agency.slug)
    assert taken_back(batch).left == []
    assert dump() == before


def test_other_agencies_are_not_touched(agency: Agency, other_agency: Agency, outsider: Membership) -> None:
    AccountFactory(agency=other_agency, handle="ada.so", influencer__name="Ada")
    before = dump()
    batch = brought_in(agency, "Name,Instagram,Country\nAda,ada.so,DK\n")
    taken_back(batch)
    assert dump() == before


def test_history_says_who_and_which_import(agency: Agency, marketer: Membership) -> None:
    ada = AccountFactory(agency=agency, handle="ada.so", influencer__name="Ada").influencer
    with changed_by(user=None):
        outcome = import_roster(
            agency=agency, file=io.BytesIO(b"Name,Instagram,Country\nAda,ada.so,DK\n"), filename="r.csv", by=marketer
        )
    event = ada.events.get()
    assert (event.pgh_label, event.country) == ("changed", "")
    assert (event.pgh_context["user"], event.pgh_context["batch"]) == (marketer.user_id, outcome.batch)
