"""Brand-fit notes: who may write on which brand, and who reads what."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agency.errors import Refused
from agency.models import Agency, Brand, Membership
from influencers.fit.notes import threads_by_brand
from influencers.models import BrandFitNote, Influencer
from influencers.services.notes import add_to_fit_note, edit_fit_note, write_fit_note
from tests.factories import BrandFactory, InfluencerFactory

Login = Callable[[Membership], Client]


@pytest.fixture
def influencer(agency: Agency) -> Influencer:
    return InfluencerFactory(agency=agency, name="Emma")


@pytest.fixture
def brand(agency: Agency) -> Brand:
    return BrandFactory(agency=agency, name="Northwind Coffee")


@pytest.fixture
def secret(agency: Agency) -> Brand:
    return BrandFactory(agency=agency, name="CANARY Cola", client__is_confidential=True)


def note(
    influencer: Influencer, brand: Brand, by: Membership, text: str = "Fits well.", *, is_internal: bool = True
) -> BrandFitNote:
    today = influencer.agency.today()
    return write_fit_note(
        influencer=influencer, brand=brand, text=text, written_on=today, is_internal=is_internal, by=by
    )


def test_write_fit_note_keeps_text_day_and_author(influencer: Influencer, brand: Brand, marketer: Membership) -> None:
    kept = note(influencer, brand, marketer, "  Calm and credible.\n")
    kept.refresh_from_db()
    assert (kept.text, kept.author, kept.brand, kept.influencer) == (
        "Calm and credible.",
        marketer.user,
        brand,
        influencer,
    )
    assert (kept.agency, kept.written_on, kept.is_internal) == (influencer.agency, influencer.agency.today(), True)


def test_write_fit_note_refuses(
    influencer: Influencer,
    brand: Brand,
    secret: Brand,
    marketer: Membership,
    viewer: Membership,
    outsider: Membership,
    other_agency: Agency,
) -> None:
    today = influencer.agency.today()
    foreign = BrandFactory(agency=other_agency)
    cases = [
        (brand, "x", today, viewer, "Your role in this agency does not allow this."),
        (secret, "x", today, marketer, "This brand is not here."),
        (foreign, "x", today, marketer, "This brand is not here."),
        (brand, "x", today, outsider, "This brand is not here."),
        (brand, " \n", today, marketer, "Write the note first."),
        (brand, "x", today + timedelta(days=1), marketer, "A note cannot be dated in the future."),
    ]
    for chosen, text, day, by, sentence in cases:
        with pytest.raises(Refused) as refusal:
            write_fit_note(influencer=influencer, brand=chosen, text=text, written_on=day, by=by)
        assert str(refusal.value) == sentence
    assert BrandFitNote.objects.count() == 0


def test_fit_note_create_keeps_the_note_and_goes_back(
    agency: Agency, influencer: Influencer, brand: Brand, marketer: Membership, login: Login
) -> None:
    path = reverse("influencers:fit_note_create", args=[agency.slug, influencer.pk])
    html = login(marketer).get(path).content.decode()
    assert "The creator may ask to read this note." in html
    assert f'value="{agency.today():%Y-%m-%d}"' in html
    answer = login(marketer).post(path, {"brand": brand.pk, "text": "Fits.", "written_on": "2026-01-02"})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("influencers:influencer_fit", args=[agency.slug, influencer.pk]) + "#notes"
    kept = BrandFitNote.objects.get()
    assert (kept.text, str(kept.written_on), kept.is_internal) == ("Fits.", "2026-01-02", False)


def test_fit_note_create_offers_and_takes_only_visible_brands(
    agency: Agency, influencer: Influencer, secret: Brand, marketer: Membership, login: Login
) -> None:
    path = reverse("influencers:fit_note_create", args=[agency.slug, influencer.pk])
    assert "CANARY" not in login(marketer).get(path).content.decode()
    answer = login(marketer).post(path, {"brand": secret.pk, "text": "Fits.", "written_on": "2026-01-02"})
    assert answer.status_code == 200
    assert "CANARY" not in answer.content.decode()
    assert BrandFitNote.objects.count() == 0


def test_fit_note_create_says_no_in_the_form(
    agency: Agency, influencer: Influencer, brand: Brand, marketer: Membership, login: Login
) -> None:
    path = reverse("influencers:fit_note_create", args=[agency.slug, influencer.pk])
    answer = login(marketer).post(path, {"brand": brand.pk, "text": "Fits.", "written_on": "2126-01-02"})
    assert answer.status_code == 200
    assert "A note cannot be dated in the future." in answer.content.decode()


def test_fit_note_create_is_for_writers_of_the_agency(
    agency: Agency, influencer: Influencer, viewer: Membership, outsider: Membership, login: Login
) -> None:
    path = reverse("influencers:fit_note_create", args=[agency.slug, influencer.pk])
    assert login(viewer).post(path).status_code == 403
    assert login(outsider).post(path).status_code == 404
    own = reverse("influencers:fit_note_create", args=[outsider.agency.slug, influencer.pk])
    assert login(outsider).post(own).status_code == 404


def test_influencer_fit_shows_each_member_only_their_notes(
    agency: Agency,
    influencer: Influencer,
    brand: Brand,
    secret: Brand,
    manager: Membership,
    marketer: Membership,
    viewer: Membership,
    login: Login,
) -> None:
    note(influencer, brand, marketer, "INTERNAL thought")
    note(influencer, brand, marketer, "OPEN thought", is_internal=False)
    note(influencer, secret, manager, "CANARY thought", is_internal=False)

    def read(member: Membership) -> list[str]:
        html = (
            login(member).get(reverse("influencers:influencer_fit", args=[agency.slug, influencer.pk])).content.decode()
        )
        return [text for text in ("INTERNAL thought", "OPEN thought", "CANARY thought", "CANARY Cola") if text in html]

    assert read(manager) == ["INTERNAL thought", "OPEN thought", "CANARY thought", "CANARY Cola"]
    assert read(marketer) == ["INTERNAL thought", "OPEN thought"]
    assert read(viewer) == []
    brand.client.team.add(viewer)
    assert read(viewer) == ["OPEN thought"]


# --- correcting and adding ----------------------------------------------------------------------------
def written_hours_ago(kept: BrandFitNote, hours: float) -> BrandFitNote:
    BrandFitNote.objects.filter(pk=kept.pk).update(created_at=timezone.now() - timedelta(hours=hours))
    kept.refresh_from_db()
    return kept


def test_edit_fit_note_is_for_the_author_within_a_day(
    influencer: Influencer, brand: Brand, secret: Brand, marketer: Membership, manager: Membership, viewer: Membership
) -> None:
    kept = written_hours_ago(note(influencer, brand, marketer, "Frist thought"), 23.9)
    assert edit_fit_note(note=kept, text=" First thought ", by=marketer).text == "First thought"
    kept.refresh_from_db()
    assert (kept.text, kept.written_on) == ("First thought", influencer.agency.today())
    hidden = note(influencer, secret, manager, "Hidden")
    cases = [
        (kept, "x", manager, "Only the author corrects a note. Add to it instead."),
        (kept, " ", marketer, "Write the note first."),
        (kept, "x", viewer, "Your role in this agency does not allow this."),
        (hidden, "x", marketer, "This brand is not here."),
        (written_hours_ago(note(influencer, brand, marketer), 24), "x", marketer,
         "A note can be corrected for a day. Add to it instead."),
    ]  # fmt: skip
    for chosen, text, by, sentence in cases:
        with pytest.raises(Refused) as refusal:
            edit_fit_note(note=chosen, text=text, by=by)
        assert str(refusal.value) == sentence


def test_edit_fit_note_keeps_what_it_said_before(influencer: Influencer, brand: Brand, marketer: Membership) -> None:
    kept = note(influencer, brand, marketer, "Before")
    edit_fit_note(note=kept, text="After", by=marketer)
    assert [event.text for event in kept.events.all()] == ["Before"]


def test_add_to_fit_note_hangs_on_the_first_and_is_as_internal(
    influencer: Influencer, brand: Brand, secret: Brand, marketer: Membership, manager: Membership, viewer: Membership
) -> None:
    first = note(influencer, brand, marketer, is_internal=False)
    second = add_to_fit_note(note=first, text=" And also. ", by=manager)
    third = add_to_fit_note(note=second, text="Third.", by=marketer)
    assert [(each.text, each.adds_to, each.author, each.is_internal) for each in (second, third)] == [
        ("And also.", first, manager.user, False),
        ("Third.", first, marketer.user, False),
    ]
    assert add_to_fit_note(note=note(influencer, brand, marketer), text="x", by=manager).is_internal
    for chosen, text, by, sentence in [
        (first, " ", marketer, "Write the note first."),
        (first, "x", viewer, "Your role in this agency does not allow this."),
        (note(influencer, secret, manager), "x", marketer, "This brand is not here."),
    ]:
        with pytest.raises(Refused) as refusal:
            add_to_fit_note(note=chosen, text=text, by=by)
        assert str(refusal.value) == sentence


def test_threads_by_brand(influencer: Influencer, brand: Brand, marketer: Membership, manager: Membership) -> None:
    other = BrandFactory(agency=influencer.agency, name="Other")
    old = written_hours_ago(note(influencer, brand, marketer, "Old"), 30)
    add_to_fit_note(note=old, text="Added first", by=manager)
    add_to_fit_note(note=old, text="Added then", by=marketer)
    note(influencer, other, manager, "New")
    told = [
        (chosen.name, [(thread.first.note.text, thread.first.is_editable,
                        [(each.note.text, each.is_editable) for each in thread.additions]) for thread in threads])
        for chosen, threads in threads_by_brand(influencer, marketer)
    ]  # fmt: skip
    assert told == [
        ("Other", [("New", False, [])]),
        ("Northwind Coffee", [("Old", False, [("Added first", False), ("Added then", True)])]),
    ]


def test_fit_note_update(influencer: Influencer, brand: Brand, marketer: Membership, login: Login) -> None:
    kept = note(influencer, brand, marketer, "Frist")
    path = reverse("influencers:fit_note_update", args=[influencer.agency.slug, kept.pk])
    assert "Frist" in login(marketer).get(path).content.decode()
    answer = login(marketer).post(path, {"text": "First"})
    assert (answer.status_code, answer["Location"]) == (302, f"/northern/roster/{influencer.pk}/fit/#notes")
    kept.refresh_from_db()
    assert kept.text == "First"


def test_fit_note_update_after_a_day_is_refused_with_a_sentence(
    influencer: Influencer, brand: Brand, marketer: Membership, manager: Membership, login: Login
) -> None:
    kept = written_hours_ago(note(influencer, brand, marketer, "Old"), 25)
    path = reverse("influencers:fit_note_update", args=[influencer.agency.slug, kept.pk])
    for by, sentence in (
        (marketer, "A note can be corrected for a day."),
        (manager, "Only the author corrects a note."),
    ):
        for answer in (login(by).get(path), login(by).post(path, {"text": "New"})):
            assert answer.status_code == 409
            assert sentence in answer.content.decode()
    kept.refresh_from_db()
    assert kept.text == "Old"


def test_fit_note_update_that_became_too_late_meanwhile(
    influencer: Influencer, brand: Brand, marketer: Membership, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = written_hours_ago(note(influencer, brand, marketer, "Old"), 25)
    monkeypatch.setattr("influencers.views.notes.why_not_editable", lambda _note, _by: "")
    path = reverse("influencers:fit_note_update", args=[influencer.agency.slug, kept.pk])
    answer = login(marketer).post(path, {"text": "New"})
    assert (answer.status_code, "A note can be corrected for a day." in answer.content.decode()) == (409, True)


def test_fit_note_add(
    influencer: Influencer, brand: Brand, secret: Brand, marketer: Membership, manager: Membership, login: Login
) -> None:
    kept, hidden = note(influencer, brand, manager, "First"), note(influencer, secret, manager)
    path = reverse("influencers:fit_note_add", args=[influencer.agency.slug, kept.pk])
    assert "First" in login(marketer).get(path).content.decode()
    answer = login(marketer).post(path, {"text": "Second"})
    assert (answer.status_code, answer["Location"]) == (302, f"/northern/roster/{influencer.pk}/fit/#notes")
    assert [(added.text, added.author) for added in kept.additions.all()] == [("Second", marketer.user)]
    for name in ("fit_note_add", "fit_note_update"):
        path = reverse(f"influencers:{name}", args=[influencer.agency.slug, hidden.pk])
        assert login(marketer).get(path).status_code == 404


def test_fit_note_create_asks_about_words_before_it_keeps_them(
    agency: Agency, influencer: Influencer, brand: Brand, marketer: Membership, login: Login
) -> None:
    path = reverse("influencers:fit_note_create", args=[agency.slug, influencer.pk])
    fields = {"brand": brand.pk, "text": "Emma is a left-wing activist.", "written_on": "2026-01-02"}
    page = login(marketer).post(path, fields)
    assert (page.status_code, BrandFitNote.objects.count()) == (200, 0)
    assert "“left-wing” may point to politics" in page.content.decode()
    assert "Emma is a left-wing activist." in page.content.decode()
    assert login(marketer).post(path, fields | {"confirmed_words": "left-wing"}).status_code == 302
    assert BrandFitNote.objects.get().text == "Emma is a left-wing activist."
    # A rewritten text needs no confirmation; the names of creator and brand are no sensitive words.
    assert login(marketer).post(path, fields | {"text": "Emma is calm."}).status_code == 302
    agency.influencer_set.filter(pk=influencer.pk).update(name="Christian")
    assert login(marketer).post(path, fields | {"text": "Ask Christian himself."}).status_code == 302
