"""What is kept no longer than it is needed."""

import json
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from agency.history import changed_by
from agency.models import Agency, Membership
from influencers import tasks
from influencers.models import (
    BrandFit,
    BrandFitNote,
    DataExport,
    Erasure,
    ImportBatch,
    Influencer,
    LegalRetention,
    Price,
    Shortlist,
    ShortlistEntry,
)
from influencers.services.retention import apply_retention, expired, months_before
from tests.factories import BrandFactory, CollaborationFactory, InfluencerFactory
from tests.influencers.erasing import file_of

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=800)


@pytest.fixture
def old(agency: Agency) -> Influencer:
    """A prospect of whom nobody has thought for more than two years."""
    return InfluencerFactory(agency=agency, status="prospect", created_at=now() - LONG_AGO)


def command(agency: Agency, *options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("apply_retention", "--agency", agency.slug, *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 11, 22), 24, date(2024, 11, 22)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, found: date) -> None:
    assert months_before(day, months) == found


def test_a_forgotten_prospect_is_due(agency: Agency, old: Influencer) -> None:
    InfluencerFactory(agency=agency, status="prospect")

    assert expired(agency).prospects == [old.pk]
    assert expired(agency, months=30).prospects == []
    assert expired(agency, months=0).prospects == []


def test_only_prospects_are_due(agency: Agency) -> None:
    for status in ("active", "paused", "blocked"):
        InfluencerFactory(agency=agency, status=status, created_at=now() - LONG_AGO)

    assert expired(agency).prospects == []


def note(agency: Agency, person: Influencer, by: Membership, day: date) -> None:
    BrandFitNote.objects.create(
        agency=agency, influencer=person, brand=BrandFactory(agency=agency), text="warm", written_on=day, author=by.user
    )


def scorecard(agency: Agency, person: Influencer, by: Membership, day: date) -> None:
    BrandFit.objects.create(
        agency=agency, influencer=person, brand=BrandFactory(agency=agency), version=1, author=by.user, written_on=day,
        expires_on=day,
    )  # fmt: skip


def price(agency: Agency, person: Influencer, by: Membership, day: date) -> None:
    Price.objects.create(agency=agency, influencer=person, kind="post", amount=1, currency="EUR", valid_from=day)


def listing(agency: Agency, person: Influencer, by: Membership, day: date) -> None:
    at = datetime.combine(day, datetime.min.time(), agency.zone)
    made = Shortlist.objects.create(agency=agency, name="picked", owner=by)
    ShortlistEntry.objects.create(shortlist=made, influencer=person, added_at=at)


def proposal(agency: Agency, person: Influencer, by: Membership, day: date) -> None:
    at = datetime.combine(day, datetime.min.time(), agency.zone)
    CollaborationFactory(agency=agency, influencer=person, created_at=at)


@pytest.mark.parametrize("use", [note, scorecard, price, listing, proposal])
def test_whoever_is_used_is_needed_for_another_two_years(
    agency: Agency, manager: Membership, old: Influencer, use: Any
) -> None:
    use(agency, old, manager, agency.today() - timedelta(days=790))
    assert expired(agency).prospects == [old.pk]

    if use is listing:
        Shortlist.objects.all().delete()
    use(agency, old, manager, agency.today() - timedelta(days=100))
    assert expired(agency).prospects == []


def test_whoever_was_booked_once_and_who_is_in_a_duo_stay(agency: Agency, old: Influencer) -> None:
    other, duo = (InfluencerFactory(agency=agency, status="prospect", created_at=now() - LONG_AGO) for _ in range(2))
    duo.members.add(other)
    CollaborationFactory(
        agency=agency, influencer=old, state="completed", booked_at=now() - LONG_AGO, created_at=now() - LONG_AGO
    )

    assert expired(agency).prospects == []


def test_an_edit_by_a_person_is_a_use_and_an_import_is_none(
    agency: Agency, manager: Membership, old: Influencer
) -> None:
    with changed_by(user=manager.user_id, batch=7):
        Influencer.objects.filter(pk=old.pk).update(city="Aarhus")
    assert expired(agency).prospects == [old.pk]

    with changed_by(user=manager.user_id):
        Influencer.objects.filter(pk=old.pk).update(city="Odense")
    assert expired(agency).prospects == []


def test_a_dry_run_changes_nothing_and_names_nobody(agency: Agency, old: Influencer) -> None:
    said = command(agency, "--dry-run")

    assert said == {
        "dry_run": True, "prospects": [old.pk], "legal_retention": [], "uploads": [], "exports": [],
    }  # fmt: skip
    assert old.name not in json.dumps(said)
    assert Influencer.objects.get() == old


def test_the_command_erases_and_deletes_what_is_due(agency: Agency, old: Influencer, tmp_path: Path) -> None:
    erasure = Erasure.objects.create(agency=agency, number=1, reason="asked")
    gone, stays = (
        LegalRetention.objects.create(
            agency=agency, erasure=erasure, facts={}, keep_until=agency.today() - timedelta(days=days)
        )
        for days in (1, 0)
    )
    batches = {
        state: ImportBatch.objects.create(agency=agency, kind="roster", state=state, file_name="f", imported_at=now() - age)
        for state, age in {
            "given_up": timedelta(days=8), "applied": timedelta(days=6), "uploaded": timedelta(days=31),
            "applying": timedelta(days=99),
        }.items()
    }  # fmt: skip
    files = {state: file_of(batch, b"Name\nSomebody\n") for state, batch in batches.items()}
    exports = [
        DataExport.objects.create(agency=agency, kind="roster", subject="s", made_at=now() - timedelta(days=days))
        for days in (365 * 3 + 2, 30)
    ]

    said = command(agency)

    assert said == {
        "dry_run": False, "prospects": [old.pk], "legal_retention": [gone.pk],
        "uploads": [batches["given_up"].pk, batches["uploaded"].pk], "exports": [exports[0].pk], "refused": [],
    }  # fmt: skip
    assert list(LegalRetention.objects.all()) == [stays]
    assert {state for state, file in files.items() if file.exists()} == {"applied", "applying"}
    batches["uploaded"].refresh_from_db()
    assert (batches["uploaded"].upload, batches["uploaded"].state) == ("", "given_up")
    assert list(DataExport.objects.all()) == [exports[1]]
    assert not Influencer.objects.exists()
    assert list(Erasure.objects.values_list("number", "reason", "erased_by")) == [(2, "age", None), (1, "asked", None)]


def test_another_agency_is_left_alone(agency: Agency, other_agency: Agency, old: Influencer) -> None:
    command(other_agency)

    assert Influencer.objects.get() == old


def test_who_got_work_in_the_meantime_is_refused(
    agency: Agency, old: Influencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = expired(agency)
    CollaborationFactory(agency=agency, influencer=old, state="option")
    monkeypatch.setattr("influencers.services.retention.expired", lambda *_args, **_options: due)

    assert apply_retention(agency)["refused"] == [{"influencer": old.pk, "message": "running"}]
    assert Influencer.objects.get() == old


def test_usage_errors(agency: Agency) -> None:
    with pytest.raises(CommandError) as found:
        command(agency, "--older-than-months", "-1")
    assert found.value.returncode == 2


def test_the_task_serves_every_agency_and_can_run_twice(agency: Agency, other_agency: Agency, old: Influencer) -> None:
    InfluencerFactory(agency=other_agency, status="prospect", created_at=now() - LONG_AGO)

    tasks.apply_retention()
    tasks.apply_retention()

    assert not Influencer.objects.exists()
    assert Erasure.objects.count() == 2
