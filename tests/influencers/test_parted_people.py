"""Two records that were merged by mistake and parted again: data protection treats them as the two people they are."""

import io
import json
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from psycopg import sql

from agency.history import changed_by
from agency.models import Agency, Membership
from influencers.models import BrandFitNote, Fingerprint, Influencer, Price
from influencers.protection.copies import copy_of
from influencers.protection.words import words_of
from influencers.services.imports import import_roster
from influencers.services.merging import merge_influencers, undo_merge
from influencers.services.protection import erase_influencer
from tests.factories import AccountFactory, BrandFactory, InfluencerFactory

pytestmark = pytest.mark.django_db


def found_anywhere(*words: str) -> list[tuple[str, str]]:
    """Table and row of everything in the database that holds one of the words."""
    hits = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            for word in words:
                statement = sql.SQL("SELECT to_jsonb(t)::text FROM {} AS t WHERE to_jsonb(t)::text ILIKE %s")
                cursor.execute(statement.format(sql.Identifier(table)).as_string(cursor.cursor), [f"%{word}%"])
                hits += [(table, row) for (row,) in cursor.fetchall()]
    return hits


@pytest.fixture
def parted(agency: Agency, manager: Membership) -> tuple[Influencer, Influencer]:
    """Anna, and Klara who was taken for her: edited before, while and after, with notes, prices and an account."""
    brand = BrandFactory(agency=agency, name="Fjord")
    with changed_by(user=manager.user_id):
        anna = InfluencerFactory(agency=agency, name="Anna Bergstrom", email="", city="")
        klara = InfluencerFactory(
            agency=agency, name="Klara Oldenburg", email="klara@x.example", phone="+45 99 88 77 66", city="Klarasby"
        )
        account = AccountFactory(
            agency=agency, influencer=klara, platform="instagram", handle="klara.olden", external_id="77788899900"
        )
        note = BrandFitNote.objects.create(
            agency=agency, influencer=klara, brand=brand, text="Klara Oldenburg is ill-tempered",
            written_on=date(2026, 1, 1), author=manager.user,
        )  # fmt: skip
        price = Price.objects.create(
            agency=agency, influencer=klara, kind="post", amount="400", currency="EUR", valid_from=date(2026, 1, 1)
        )
        account.handle = "klara.newname"
        account.save()
        merge = merge_influencers(kept=anna, merged=klara, choices={"name": "other", "email": "other"}, by=manager)
        note.refresh_from_db()
        note.text = "Klara Oldenburg is fine"
        note.save()
        price.refresh_from_db()
        price.amount = 500
        price.save()
        Influencer.objects.filter(pk=anna.pk).update(niches=["sailing"])
        undo_merge(merge=merge, by=manager)
    return Influencer.objects.get(pk=anna.pk), Influencer.objects.get(pk=klara.pk)


def test_the_words_of_one_are_not_those_of_the_other(parted: tuple[Influencer, Influencer]) -> None:
    anna, klara = parted

    assert words_of(anna).texts == {"Anna Bergstrom"}
    assert words_of(klara).texts == {
        "Klara Oldenburg", "klara@x.example", "+45 99 88 77 66", "klara.olden", "klara.newname", "77788899900",
    }  # fmt: skip


def test_the_copy_of_one_holds_nothing_of_the_other(parted: tuple[Influencer, Influencer]) -> None:
    anna, klara = parted

    copied = json.dumps(copy_of(anna)).lower()
    assert [word for word in ("klara", "77788899900", "99 88", "ill-tempered", '"400.00"') if word in copied] == []
    history = copy_of(klara)["history"]
    assert [row["amount"] for row in history if row["table"] == "Price"] == ["400.00", "400.00", "500.00"]
    assert "Klara Oldenburg is ill-tempered" in [row.get("text") for row in history]


def test_erasing_one_leaves_the_other_alone(
    parted: tuple[Influencer, Influencer], agency: Agency, manager: Membership
) -> None:
    anna, klara = parted

    erase_influencer(influencer=anna, reason="asked", by=manager)

    assert Fingerprint.objects.count() == 0
    assert BrandFitNote.objects.get().text == "Klara Oldenburg is fine"
    assert events("Price", klara).count() == events("BrandFitNote", klara).count() == 3
    file = io.BytesIO(b"Name;Platform;Handle;City\nKlara Oldenburg;instagram;klara.newname;Oslo\n")
    outcome = import_roster(agency=agency, file=file, filename="roster.csv", by=manager)
    assert (outcome.objected, outcome.updated) == ([], 1)


def test_erasing_the_other_leaves_no_word_of_them(parted: tuple[Influencer, Influencer], manager: Membership) -> None:
    anna, klara = parted

    erase_influencer(influencer=klara, reason="asked", by=manager)

    assert found_anywhere("klara", "77788899900", "99 88 77") == []
    assert Influencer.objects.get().name == anna.name == "Anna Bergstrom"


def test_the_kept_ones_history_has_its_own_values_for_the_time_of_the_merge(
    parted: tuple[Influencer, Influencer],
) -> None:
    anna, _klara = parted

    rows = apps.get_model("influencers", "InfluencerEvent")._default_manager.filter(pgh_obj_id=anna.pk)
    assert set(rows.values_list("name", "email", "city")) == {("Anna Bergstrom", "", "")}


def events(name: str, influencer: Influencer) -> Any:
    return apps.get_model("influencers", f"{name}Event")._default_manager.filter(influencer_id=influencer.pk)
