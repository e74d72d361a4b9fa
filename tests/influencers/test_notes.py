"""Brand-fit notes: who may write on which brand, and who reads what."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency, Brand, Membership
from influencers.models import BrandFitNote, Influencer
from influencers.services import write_fit_note
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
    assert answer["Location"] == f"{influencer.get_absolute_url()}#brand-fit"
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


def test_influencer_detail_shows_each_member_only_their_notes(
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
        html = login(member).get(influencer.get_absolute_url()).content.decode()
        return [text for text in ("INTERNAL thought", "OPEN thought", "CANARY thought", "CANARY Cola") if text in html]

    assert read(manager) == ["INTERNAL thought", "OPEN thought", "CANARY thought", "CANARY Cola"]
    assert read(marketer) == ["INTERNAL thought", "OPEN thought"]
    assert read(viewer) == []
    brand.client.team.add(viewer)
    assert read(viewer) == ["OPEN thought"]
