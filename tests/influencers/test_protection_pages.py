"""The pages of data protection: informing, the tab of a creator, copies, erasures."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.models import BrandFitNote, DataExport, Erasure, Influencer, LegalRetention
from influencers.protection.informing import count_waiting, deadline_of, month_later, overdue_before
from influencers.services.protection import erase_influencer, inform_influencers, record_protection
from tests.factories import AccountFactory, BrandFactory, CollaborationFactory, InfluencerFactory

pytestmark = pytest.mark.django_db
Login = Callable[[Membership], Client]


def url(name: str, agency: Agency, *args: int) -> str:
    return reverse(f"influencers:{name}", args=[agency.slug, *args])


# --- whom to inform, until when -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("made", "last"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 11, 22), date(2026, 12, 22)),
        (date(2026, 12, 5), date(2027, 1, 5)),
        (date(2026, 2, 28), date(2026, 3, 28)),
    ],
)
def test_the_month_ends_on_the_same_day_of_the_next(made: date, last: date) -> None:
    assert month_later(made) == last


@pytest.mark.parametrize(
    "today", [date(2026, 3, day) for day in (1, 28, 29, 31)] + [date(2026, 1, 1), date(2028, 3, 1)]
)
def test_overdue_is_whoever_has_no_day_left(agency: Agency, monkeypatch: pytest.MonkeyPatch, today: date) -> None:
    monkeypatch.setattr(Agency, "today", lambda self: today)
    before = overdue_before(agency)

    for days in range(80):
        day = today - timedelta(days=days)
        assert (agency.start_of(day) < before) is (month_later(day) < today), day


def test_the_deadline_counts_on_the_agencys_calendar(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Agency, "today", lambda self: date(2026, 12, 20))
    # in Copenhagen it was the 23rd already
    person = InfluencerFactory(agency=agency, created_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))

    found = deadline_of(person, agency)

    assert (found.day, found.left) == (date(2026, 12, 23), 3)


def test_inform_list_shows_who_waits_oldest_first(
    agency: Agency, other_agency: Agency, marketer: Membership, login: Login
) -> None:
    InfluencerFactory(agency=agency, name="New One")
    InfluencerFactory(agency=agency, name="Old One", created_at=now() - timedelta(days=60), source="a fair")
    InfluencerFactory(agency=agency, name="Told One", informed_on=agency.today())
    InfluencerFactory(agency=other_agency, name="Foreign One")

    text = login(marketer).get(url("inform_list", agency)).text

    assert text.index("Old One") < text.index("New One")
    assert "Told One" not in text
    assert "Foreign One" not in text
    assert "2 to inform, 1 overdue" in text
    assert "a fair" in text
    assert "Your profile in the roster of Northern Lights" in text


def test_inform_list_marks_the_chosen(agency: Agency, other_agency: Agency, marketer: Membership, login: Login) -> None:
    first, second, told = (InfluencerFactory(agency=agency) for _ in range(3))
    Influencer.objects.filter(pk=told.pk).update(informed_on=date(2026, 1, 1))
    foreign = InfluencerFactory(agency=other_agency)
    facts = {"informed_on": str(agency.today()), "informed_how": "by e-mail"}

    refused = login(marketer).post(url("inform_list", agency), {"who": [first.pk, foreign.pk], **facts})
    done = login(marketer).post(url("inform_list", agency), {"who": [first.pk], **facts})

    assert refused.status_code == 200
    assert done.status_code == 302
    assert Influencer.objects.get(pk=first.pk).informed_on == agency.today()
    assert Influencer.objects.get(pk=first.pk).informed_how == "by e-mail"
    assert Influencer.objects.get(pk=second.pk).informed_on is None
    assert Influencer.objects.get(pk=told.pk).informed_on == date(2026, 1, 1)
    assert Influencer.objects.get(pk=foreign.pk).informed_on is None


def test_inform_list_marks_everybody(agency: Agency, other_agency: Agency, marketer: Membership, login: Login) -> None:
    for _ in range(3):
        InfluencerFactory(agency=agency)
    foreign = InfluencerFactory(agency=other_agency)
    facts = {"informed_on": str(agency.today()), "informed_how": "by e-mail"}

    login(marketer).post(url("inform_list", agency), {"everybody": "on", **facts})

    assert count_waiting(agency).total == 0
    assert Influencer.objects.get(pk=foreign.pk).informed_on is None


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"informed_on": "2026-01-01", "informed_how": "by e-mail"}, "Choose whom you informed."),
        (
            {"everybody": "on", "informed_on": "2999-01-01", "informed_how": "by e-mail"},
            "Nobody was informed in the future.",
        ),
        ({"everybody": "on", "informed_on": "", "informed_how": "by e-mail"}, "This field is required."),
    ],
)
def test_inform_list_says_what_is_missing(
    agency: Agency, marketer: Membership, login: Login, facts: dict[str, str], said: str
) -> None:
    InfluencerFactory(agency=agency)

    answer = login(marketer).post(url("inform_list", agency), facts)

    assert (answer.status_code, said in answer.text) == (200, True)
    assert count_waiting(agency).total == 1


def test_inform_list_query_count(agency: Agency, marketer: Membership, login: Login) -> None:
    client, counts = login(marketer), []
    for more in (1, 2):
        for _ in range(more):
            InfluencerFactory(agency=agency)
        with CaptureQueriesContext(connection) as queries:
            client.get(url("inform_list", agency))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_viewers_inform_nobody(agency: Agency, viewer: Membership) -> None:
    person = InfluencerFactory(agency=agency)
    with pytest.raises(Refused):
        inform_influencers(influencers=Influencer.objects.all(), informed_on=agency.today(), informed_how="", by=viewer)
    with pytest.raises(Refused):
        record_protection(
            influencer=person, source="", lawful_basis="consent", informed_on=None, informed_how="", by=viewer
        )


def test_the_dashboard_counts_who_waits(agency: Agency, marketer: Membership, viewer: Membership, login: Login) -> None:
    InfluencerFactory(agency=agency, created_at=now() - timedelta(days=60))
    address = reverse("agency:dashboard", args=[agency.slug])

    assert "1 overdue" in login(marketer).get(address).text
    assert "overdue" not in login(viewer).get(address).text


# --- the tab ----------------------------------------------------------------------------------------------
def test_influencer_protection_keeps_the_record(agency: Agency, marketer: Membership, login: Login) -> None:
    person = InfluencerFactory(agency=agency)
    facts = {"source": "a fair", "lawful_basis": "consent", "informed_on": "2026-05-01", "informed_how": "by e-mail"}

    answer = login(marketer).post(url("influencer_protection", agency, person.pk), facts)

    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.source, person.lawful_basis, person.informed_on, person.informed_how) == (
        "a fair", "consent", date(2026, 5, 1), "by e-mail",
    )  # fmt: skip
    text = login(marketer).get(url("influencer_protection", agency, person.pk)).text
    assert "Informed on 1 May 2026, by e-mail." in text


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"informed_on": "2999-01-01"}, "Nobody was informed in the future."),
        ({"informed_how": "by e-mail"}, "Give the day on which they were informed, too."),
        ({"lawful_basis": "whim"}, "Select a valid choice"),
    ],
)
def test_influencer_protection_refuses(
    agency: Agency, marketer: Membership, login: Login, facts: dict[str, str], said: str
) -> None:
    person = InfluencerFactory(agency=agency)

    answer = login(marketer).post(
        url("influencer_protection", agency, person.pk), {"source": "x", "lawful_basis": "consent", **facts}
    )

    assert (answer.status_code, said in answer.text) == (200, True)
    person.refresh_from_db()
    assert (person.source, person.informed_on) == ("", None)


def test_influencer_protection_says_when_the_month_is_over(agency: Agency, marketer: Membership, login: Login) -> None:
    late = InfluencerFactory(agency=agency, created_at=now() - timedelta(days=60))
    fresh = InfluencerFactory(agency=agency)

    assert "The month ended on" in login(marketer).get(url("influencer_protection", agency, late.pk)).text
    assert "Tell them by" in login(marketer).get(url("influencer_protection", agency, fresh.pk)).text


def test_influencer_protection_tells_managers_who_received_the_data(
    agency: Agency, marketer: Membership, manager: Membership, login: Login
) -> None:
    person, other = InfluencerFactory(agency=agency), InfluencerFactory(agency=agency)
    DataExport.objects.create(
        agency=agency, kind="brief", subject="Spring at Fjord", recipient="client", influencer_ids=[person.pk]
    )
    DataExport.objects.create(agency=agency, kind="roster", subject="Somebody's list", influencer_ids=[other.pk])

    seen = login(manager).get(url("influencer_protection", agency, person.pk)).text
    hidden = login(marketer).get(url("influencer_protection", agency, person.pk)).text

    assert "Spring at Fjord" in seen
    assert "Somebody&#x27;s list" not in seen
    assert "Spring at Fjord" not in hidden
    assert url("influencer_erase", agency, person.pk) not in hidden


# --- the copy -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("file_format", "start"), [("json", b"{"), ("pdf", b"%PDF")])
def test_influencer_access_answers_a_file(
    agency: Agency, manager: Membership, login: Login, file_format: str, start: bytes
) -> None:
    person = InfluencerFactory(agency=agency, name="Emma Ø")

    answer = login(manager).post(url("influencer_access", agency, person.pk), {"format": file_format})

    assert answer.content.startswith(start)
    assert answer["Content-Disposition"] == f'attachment; filename="copy-{person.pk}.{file_format}"'
    assert answer["Cache-Control"] == "no-store"
    if file_format == "json":
        assert json.loads(answer.content)["subject"] == "Emma Ø"


def test_influencer_access_refuses_other_forms_and_people(
    agency: Agency, manager: Membership, marketer: Membership, login: Login
) -> None:
    person = InfluencerFactory(agency=agency)

    assert login(manager).post(url("influencer_access", agency, person.pk), {"format": "exe"}).status_code == 409
    assert login(marketer).post(url("influencer_access", agency, person.pk)).status_code == 403
    assert login(manager).get(url("influencer_access", agency, person.pk)).status_code == 405


# --- erasing ------------------------------------------------------------------------------------------------
def test_influencer_erase_says_what_goes_and_what_stays_before_anything_happens(
    agency: Agency, manager: Membership, login: Login
) -> None:
    person = InfluencerFactory(agency=agency, name="Emma Larsen")
    AccountFactory(agency=agency, influencer=person, handle="emma")
    CollaborationFactory(agency=agency, influencer=person)
    CollaborationFactory(agency=agency, influencer=person, state="completed", booked_at=now())

    text = login(manager).get(url("influencer_erase", agency, person.pk)).text

    assert "1 proposal that was never booked" in text
    assert "1 collaboration without a name" in text
    assert "5 years, as tax and commercial law ask" in text
    assert "<code>Emma Larsen</code>" in text
    assert text.index("Only as @word") < text.index("<code>emma</code>")
    assert Influencer.objects.filter(pk=person.pk).exists()


def test_influencer_erase_lists_the_notes_on_others_that_keep_a_short_name(
    agency: Agency, manager: Membership, login: Login
) -> None:
    person = InfluencerFactory(agency=agency, name="Nika")
    other, third = InfluencerFactory(agency=agency, name="Other One"), InfluencerFactory(agency=agency, name="Third")
    brand = BrandFactory(agency=agency)
    texts = [
        (other, "Better than Nika."),
        (other, "nika's friend"),
        (third, "Monikas friend"),
        (person, "Nika is fine"),
    ]
    for influencer, text in texts:
        BrandFitNote.objects.create(
            agency=agency, influencer=influencer, brand=brand, text=text, written_on=date(2026, 1, 1),
            author=manager.user,
        )  # fmt: skip

    text = login(manager).get(url("influencer_erase", agency, person.pk)).text

    assert "These words stand in notes on others" in text
    assert f'<a href="{other.get_absolute_url()}">Other One</a>: 2 notes' in text
    assert third.get_absolute_url() not in text


def test_influencer_erase_wants_a_reason_and_a_yes(agency: Agency, manager: Membership, login: Login) -> None:
    person = InfluencerFactory(agency=agency)
    address = url("influencer_erase", agency, person.pk)

    assert login(manager).post(address, {"reason": "asked"}).status_code == 200
    assert login(manager).post(address, {"reason": "age", "is_meant": "on"}).status_code == 200
    assert not Erasure.objects.exists()
    done = login(manager).post(address, {"reason": "objected", "is_meant": "on"})

    assert (done.status_code, done["Location"]) == (302, url("erasure_list", agency))
    assert Erasure.objects.get().reason == "objected"
    assert login(manager).get(address).status_code == 404


def test_influencer_erase_says_what_stands_in_the_way(agency: Agency, manager: Membership, login: Login) -> None:
    person = InfluencerFactory(agency=agency, name="Emma")
    CollaborationFactory(agency=agency, influencer=person, state="live", booked_at=now(), campaign__name="Spring")
    address = url("influencer_erase", agency, person.pk)

    shown = login(manager).get(address).text
    answer = login(manager).post(address, {"reason": "asked", "is_meant": "on"})

    assert "Emma is live for Spring" in shown
    assert answer.status_code == 409
    assert "Emma is live for Spring" in answer.text
    assert Influencer.objects.filter(pk=person.pk).exists()


def test_influencer_erase_is_for_managers(agency: Agency, marketer: Membership, login: Login) -> None:
    person = InfluencerFactory(agency=agency)
    answer = login(marketer).post(url("influencer_erase", agency, person.pk), {"reason": "asked", "is_meant": "on"})
    assert answer.status_code == 403


def test_erasure_list_names_numbers_and_the_table_of_the_law(
    agency: Agency, other_agency: Agency, manager: Membership, outsider: Membership, login: Login
) -> None:
    assert "Nobody was erased yet" in login(manager).get(url("erasure_list", agency)).text
    person = InfluencerFactory(agency=agency, name="Emma Larsen")
    AccountFactory(agency=agency, influencer=person)
    CollaborationFactory(agency=agency, influencer=person, state="completed", booked_at=now())
    erase_influencer(influencer=person, reason="asked", by=manager)
    LegalRetention.objects.update(keep_until=date(2031, 12, 31))

    text = login(manager).get(url("erasure_list", agency)).text

    assert "erased-1" in text
    assert "Asked to be erased" in text
    assert "<code>influencers_legalretention</code> (rows: 1)" in text
    assert "31 December 2031" in text
    assert "Emma" not in text
    assert "erased-1" not in login(outsider).get(url("erasure_list", other_agency)).text


def test_erasure_list_query_count(agency: Agency, manager: Membership, login: Login) -> None:
    client, counts = login(manager), []
    for more in (1, 2):
        for _ in range(more):
            erase_influencer(influencer=InfluencerFactory(agency=agency), reason="asked", by=manager)
        with CaptureQueriesContext(connection) as queries:
            client.get(url("erasure_list", agency))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_links_to_somebody_erased_lead_to_the_roster(agency: Agency, manager: Membership) -> None:
    person = InfluencerFactory(agency=agency)
    work = CollaborationFactory(agency=agency, influencer=person, state="completed", booked_at=now())
    erase_influencer(influencer=person, reason="asked", by=manager)

    work.refresh_from_db()
    assert work.influencer.get_absolute_url() == url("influencer_list", agency)
