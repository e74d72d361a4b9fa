"""Erasing a person: nothing of them stays but fingerprints and what the law keeps."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction

from agency.errors import Refused
from agency.models import Agency, Membership
from campaigns.models import Claim, Clash, Collaboration, Deliverable, Unavailability
from influencers.models import (
    DataExport,
    Erasure,
    Fingerprint,
    ImportChange,
    Influencer,
    LegalRetention,
    RosterLine,
    SavedView,
    Shortlist,
)
from influencers.protection.fingerprints import Fingerprints
from influencers.services.protection import erase_influencer
from tests.factories import CollaborationFactory, InfluencerFactory
from tests.influencers.erasing import EMAIL, EXTERNAL_ID, HANDLE, NAME, OLD_HANDLE, WORDS, grow_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(agency: Agency, manager: Membership) -> dict[str, Any]:
    return grow_person(agency, manager)


def rows_with(word: str) -> list[str]:
    """Every row of every table, as text, that has the word; the table's name in front."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            statement = f'SELECT t::text FROM "{table}" AS t WHERE t::text ILIKE %s'  # noqa: S608 - our own tables
            cursor.execute(statement, [f"%{word}%"])
            found += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return found


def test_nothing_of_them_is_left_in_any_table(world: dict[str, Any], manager: Membership) -> None:
    assert all(rows_with(word) for word in (NAME, HANDLE, EMAIL, EXTERNAL_ID, OLD_HANDLE))

    erase_influencer(influencer=world["person"], reason="asked", by=manager)

    left = {row for word in WORDS for row in rows_with(word) if not row.startswith("influencers_legalretention: ")}
    assert left == set()


def test_what_stays_is_told_by_a_number(world: dict[str, Any], manager: Membership) -> None:
    erasure = erase_influencer(influencer=world["person"], reason="objected", by=manager)

    assert (str(erasure), erasure.reason, erasure.erased_by) == ("erased-1", "objected", manager.user)
    shell = Influencer._base_manager.get(pk=world["person"].pk)
    assert (shell.name, shell.is_erased, shell.email, shell.city, shell.niches) == ("erased-1", True, "", "", [])
    done = Collaboration.objects.get()
    assert (done.pk, done.influencer, done.state, str(done.fee)) == (world["done"].pk, shell, "completed", "1234.00")
    assert (done.code, done.link) == ("", "")
    deliverable = Deliverable.objects.get()
    assert (deliverable.live_from, deliverable.account, deliverable.post, deliverable.note) == (
        date(2026, 5, 1), None, None, "",
    )  # fmt: skip
    assert Clash.objects.get().reason == "erased-1"
    assert not Claim.objects.exists()
    assert not Unavailability.objects.exists()
    assert done.campaign.dos == "As erased-1 does"
    assert str(world["duo"].__class__.objects.get(pk=world["duo"].pk)) == "erased-1 & Somebody Else"
    assert sorted(SavedView.objects.values_list("query", flat=True)) == [
        "q=erased-1", "q=erased-1", "q=erased-1&platform=youtube",
    ]  # fmt: skip
    assert DataExport.objects.get().subject == "search erased-1"
    assert DataExport.objects.get().influencer_ids == [world["other"].pk]
    assert set(LogEntry.objects.values_list("object_repr", "change_message")) == {("erased-1", "")}
    assert not Session.objects.exists()


def test_two_lists_that_differed_by_the_name_are_told_apart(world: dict[str, Any], manager: Membership) -> None:
    erase_influencer(influencer=world["person"], reason="asked", by=manager)

    names = set(Shortlist.objects.values_list("name", flat=True))
    assert len(names) == 2
    assert all("erased-1" in name for name in names)


def test_what_others_have_in_an_import_can_still_be_taken_back(world: dict[str, Any], manager: Membership) -> None:
    erase_influencer(influencer=world["person"], reason="asked", by=manager)

    created, updated = ImportChange.objects.order_by("pk")
    assert created.created_ids == [world["other"].pk]
    assert (updated.row_id, updated.before, updated.after) == (
        world["other"].pk,
        {"tags": []},
        {"tags": ["like erased-1"]},
    )
    batch = world["batch"]
    batch.refresh_from_db()
    assert batch.file_name == "erased-1_2026.csv"
    assert batch.errors == [{"row": 2, "column": "Name", "value": "erased-1", "message": "\nerased-1 is “erased-1”"}]
    assert (batch.upload, batch.state) == ("", "given_up")
    assert "erased" in batch.error
    assert not world["file"].exists()


def test_no_list_search_or_count_shows_the_shell(world: dict[str, Any], manager: Membership) -> None:
    erase_influencer(influencer=world["person"], reason="asked", by=manager)

    shell = world["person"].pk
    assert not Influencer.objects.filter(pk=shell).exists()
    assert not RosterLine.objects.filter(pk=shell).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT meso_refresh_roster(ARRAY(SELECT id FROM influencers_influencer))")
    assert not RosterLine.objects.filter(pk=shell).exists()


def test_who_was_never_booked_leaves_no_row(agency: Agency, manager: Membership) -> None:
    person = InfluencerFactory(agency=agency)
    CollaborationFactory(agency=agency, influencer=person, state="proposed")

    erasure = erase_influencer(influencer=person, reason="asked", by=manager)

    assert not Influencer._base_manager.filter(pk=person.pk).exists()
    assert not Collaboration.objects.exists()
    assert not LegalRetention.objects.exists()
    assert erasure.counts["elsewhere"]["campaigns.Collaboration"] == 1


def test_contract_and_fee_are_kept_for_the_law_until_the_end_of_the_fifth_year(
    world: dict[str, Any], manager: Membership
) -> None:
    done = world["done"]

    erase_influencer(influencer=world["person"], reason="asked", by=manager)

    kept = LegalRetention.objects.get()
    assert kept.keep_until == date(done.created_at.year + 5, 12, 31)
    assert (kept.facts["name"], kept.facts["fee"], kept.facts["campaign"]) == (NAME, "1234.00", done.campaign.name)
    assert (kept.facts["first_day"], kept.facts["last_day"]) == ("2026-05-01", "2026-05-31")


@pytest.mark.parametrize("state", ["option", "booked", "live"])
def test_running_work_stands_in_the_way(agency: Agency, manager: Membership, state: str) -> None:
    person = InfluencerFactory(agency=agency, name="Quilla")
    booked_at = agency.start_of(date(2026, 4, 1))
    work = CollaborationFactory(
        agency=agency, influencer=person, state=state, booked_at=booked_at, campaign__name="Spring"
    )

    with pytest.raises(
        Refused, match=r"Quilla is (on option|booked|live) for Spring, 1–31 May 2026: finish or cancel it"
    ):
        erase_influencer(influencer=person, reason="asked", by=manager)

    assert Influencer.objects.get() == work.influencer
    assert not Erasure.objects.exists()


def test_running_work_of_a_duo_stands_in_the_way_of_its_members(agency: Agency, manager: Membership) -> None:
    person, duo = InfluencerFactory(agency=agency), InfluencerFactory(agency=agency, name="Quilla & Co")
    duo.members.add(person)
    CollaborationFactory(agency=agency, influencer=duo, state="option")

    with pytest.raises(Refused, match="Quilla & Co is on option"):
        erase_influencer(influencer=person, reason="asked", by=manager)


def test_only_a_manager_erases_and_only_for_a_known_reason(
    agency: Agency, marketer: Membership, manager: Membership
) -> None:
    person = InfluencerFactory(agency=agency)

    with pytest.raises(Refused, match="Only a manager"):
        erase_influencer(influencer=person, reason="asked", by=marketer)
    with pytest.raises(Refused, match="Choose a reason"):
        erase_influencer(influencer=person, reason=f"{person.name} asked", by=manager)


def test_who_is_gone_already_is_refused(agency: Agency, manager: Membership) -> None:
    person = InfluencerFactory(agency=agency)
    erase_influencer(influencer=person, reason="asked", by=manager)

    with pytest.raises(Refused, match="not on the roster any more"):
        erase_influencer(influencer=person, reason="asked", by=manager)


def test_the_function_works_for_the_service_only(agency: Agency) -> None:
    person = InfluencerFactory(agency=agency)
    erasure = Erasure.objects.create(agency=agency, number=1, reason="asked")

    with (
        pytest.raises(DatabaseError, match="by the erasure service only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT meso_erase(%s, %s, 'x', 'x', false)", [erasure.pk, person.pk])
    assert Influencer.objects.get() == person


def test_the_function_erases_nobody_of_another_agency(agency: Agency, other_agency: Agency) -> None:
    person = InfluencerFactory(agency=other_agency)
    erasure = Erasure.objects.create(agency=agency, number=1, reason="asked")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL meso.erasing = 'on'")
        with pytest.raises(DatabaseError, match="not of the erasure's agency"):
            cursor.execute("SELECT meso_erase(%s, %s, 'x', 'x', false)", [erasure.pk, person.pk])


def test_another_agency_keeps_the_same_person(
    world: dict[str, Any], manager: Membership, other_agency: Agency, outsider: Membership
) -> None:
    other = grow_person(other_agency, outsider)
    before = {row for row in rows_with(NAME) if f"{NAME}" in row}

    erase_influencer(influencer=world["person"], reason="asked", by=manager)

    assert Influencer.objects.get(pk=other["person"].pk).name == NAME
    assert other["file"].exists()
    assert Fingerprints.of(other_agency.pk).is_empty()
    after = rows_with(NAME)
    assert {row for row in after if not row.startswith(("influencers_legalretention", "django_session"))} < before
    assert LogEntry.objects.filter(user=outsider.user, object_repr=NAME).exists()


def test_a_common_word_of_others_stays(agency: Agency, manager: Membership) -> None:
    person = InfluencerFactory(agency=agency, name="Rose")
    person.accounts.create(agency=agency, platform="instagram", handle="rose")
    campaign = CollaborationFactory(agency=agency).campaign
    campaign.dos = "Rose gold, as @rose wears it: https://www.instagram.com/rose/ and “Rose” herself"
    campaign.save()

    erase_influencer(influencer=person, reason="asked", by=manager)

    campaign.refresh_from_db()
    assert campaign.dos == (
        "Rose gold, as @erased-1 wears it: https://www.instagram.com/erased-1/ and “erased-1” herself"
    )


def test_they_are_recognised_by_handle_id_and_address(
    world: dict[str, Any], manager: Membership, agency: Agency
) -> None:
    erase_influencer(influencer=world["person"], reason="asked", by=manager)

    found = Fingerprints.of(agency.pk)
    assert Fingerprint.objects.count() == 4  # two handles, an id, an address
    assert found.matches(platform="youtube", handle=HANDLE.upper())
    assert found.matches(platform="youtube", handle=OLD_HANDLE)
    assert found.matches(platform="youtube", external_id=EXTERNAL_ID)
    assert found.matches(email=EMAIL)


def test_numbers_count_per_agency(
    agency: Agency, other_agency: Agency, manager: Membership, outsider: Membership
) -> None:
    people = [
        InfluencerFactory(agency=agency),
        InfluencerFactory(agency=agency),
        InfluencerFactory(agency=other_agency),
    ]

    made = [
        str(erase_influencer(influencer=person, reason="asked", by=by))
        for person, by in zip(people, [manager, manager, outsider], strict=True)
    ]

    assert made == ["erased-1", "erased-2", "erased-1"]


def test_every_row_that_hangs_on_a_creator_is_known_to_the_function() -> None:
    """A new table that points at creators or accounts must be taken into meso_erase, or told by a receiver."""
    owners = {"influencers_influencer", "influencers_account", "influencers_brandfit", "influencers_post"}
    pointing = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.is_relation and field.related_model and field.related_model._meta.db_table in owners
        and model._meta.db_table != "influencers_rosterline" and not model.__name__.endswith("Event")
    }  # fmt: skip
    assert pointing == {
        "influencers_account.influencer_id",
        "influencers_audienceshare.account_id",
        "influencers_brandfit.influencer_id",
        "influencers_brandfitnote.influencer_id",
        "influencers_brandfitscore.fit_id",
        "influencers_engagementfigures.account_id",
        "influencers_followercount.account_id",
        "influencers_influencer_members.from_influencer_id",
        "influencers_influencer_members.to_influencer_id",
        "influencers_merge.kept_id",
        "influencers_notduplicates.first_id",
        "influencers_notduplicates.second_id",
        "influencers_post.account_id",
        "influencers_price.influencer_id",
        "influencers_shortlistentry.influencer_id",
        # campaigns/protection.py
        "campaigns_claim.influencer_id",
        "campaigns_clash.influencer_id",
        "campaigns_collaboration.influencer_id",
        "campaigns_deliverable.account_id",
        "campaigns_deliverable.post_id",
        "campaigns_unavailability.influencer_id",
    }


def test_a_duo_can_be_erased_and_its_members_stay(agency: Agency, manager: Membership) -> None:
    duo, member = InfluencerFactory(agency=agency), InfluencerFactory(agency=agency, name="Liv")
    duo.members.add(member)

    erase_influencer(influencer=duo, reason="asked", by=manager)

    assert [each.name for each in Influencer.objects.all()] == ["Liv"]
