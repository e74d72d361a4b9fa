"""Fingerprints recognise an erased person and tell nothing about them."""

import hashlib
import hmac
import time

import pytest
from django.db import IntegrityError, transaction

from agency.models import Agency
from influencers.models import Erasure, Fingerprint
from influencers.protection.fingerprints import Fingerprints, Identifier, keep_fingerprints


@pytest.fixture
def erasure(agency: Agency) -> Erasure:
    return Erasure.objects.create(agency=agency, number=1, reason="asked")


def keep_emma(erasure: Erasure) -> int:
    return keep_fingerprints(
        erasure,
        [
            Identifier.of_handle("instagram", "Emma.Larsen"),
            Identifier.of_external_id("youtube", "UC123"),
            Identifier.of_email("Emma@Larsen.example "),
        ],
    )


def test_a_digest_is_a_keyed_hash_of_the_folded_identifier(erasure: Erasure, settings: pytest.FixtureRequest) -> None:
    settings.SECRET_KEY = "first"
    keep_fingerprints(erasure, [Identifier.of_handle("instagram", "@Emma.Larsen")])

    key = hmac.new(b"first", b"meso.influencers.fingerprint.v1", hashlib.sha256).digest()
    expected = hmac.new(key, b"handle\x00instagram\x00emma.larsen", hashlib.sha256).hexdigest()
    assert Fingerprint.objects.get().digest == expected


@pytest.mark.parametrize(
    ("row", "known"),
    [
        ({"platform": "instagram", "handle": "emma.larsen"}, True),
        ({"platform": "instagram", "handle": "@EMMA.Larsen"}, True),
        ({"platform": "tiktok", "handle": "emma.larsen"}, False),
        ({"platform": "youtube", "external_id": "UC123"}, True),
        ({"platform": "youtube", "external_id": "uc123"}, False),  # ids tell small from capital letters
        ({"platform": "youtube", "handle": "UC123"}, False),
        ({"email": "emma@larsen.EXAMPLE"}, True),
        ({"platform": "instagram", "handle": None, "external_id": None, "email": None}, False),
        ({"platform": "instagram", "handle": "somebody", "email": "emma@larsen.example"}, True),
        ({}, False),
    ],
)
def test_a_row_is_recognised_by_any_identifier(erasure: Erasure, row: dict[str, str], *, known: bool) -> None:
    assert keep_emma(erasure) == 3

    assert Fingerprints.of(erasure.agency_id).matches(**row) is known


def test_composed_and_decomposed_letters_are_the_same(erasure: Erasure) -> None:
    keep_fingerprints(erasure, [Identifier.of_handle("youtube", "Zoe\u0308")])

    assert Fingerprints.of(erasure.agency_id).matches(platform="youtube", handle="zoë")


def test_they_belong_to_one_agency(erasure: Erasure, other_agency: Agency) -> None:
    keep_emma(erasure)

    found = Fingerprints.of(other_agency.pk)
    assert found.is_empty()
    assert not found.matches(platform="instagram", handle="emma.larsen")
    assert not Fingerprints.of(erasure.agency_id).is_empty()


def test_a_retired_secret_still_recognises(erasure: Erasure, settings: pytest.FixtureRequest) -> None:
    settings.SECRET_KEY = "first"
    keep_emma(erasure)

    settings.SECRET_KEY = "second"
    assert not Fingerprints.of(erasure.agency_id).matches(email="emma@larsen.example")
    settings.SECRET_KEY_FALLBACKS = ["first"]
    assert Fingerprints.of(erasure.agency_id).matches(email="emma@larsen.example")


def test_what_is_kept_already_stays_with_its_erasure(erasure: Erasure, agency: Agency) -> None:
    keep_emma(erasure)
    second = Erasure.objects.create(agency=agency, number=2, reason="asked")

    keep_emma(second)

    assert Fingerprint.objects.filter(erasure=erasure).count() == 3
    assert Fingerprint.objects.filter(erasure=second).count() == 0


def test_an_empty_identifier_is_not_kept(erasure: Erasure) -> None:
    assert keep_fingerprints(erasure, [Identifier.of_email(" "), Identifier.of_handle("x", "@")]) == 0


def test_a_hundred_thousand_rows_are_asked_about_in_a_moment(erasure: Erasure) -> None:
    keep_emma(erasure)
    found = Fingerprints.of(erasure.agency_id)

    start = time.process_time()
    hits = sum(found.matches(platform="instagram", handle=f"creator.{n}", external_id=str(n)) for n in range(100_000))

    assert hits == 0
    assert time.process_time() - start < 5  # about a second and a half on a quiet machine


@pytest.mark.parametrize("constraint", ["erasure_number_once_per_agency", "fingerprint_once_per_agency"])
def test_the_database_refuses_a_second_one(erasure: Erasure, constraint: str) -> None:
    Fingerprint.objects.create(agency=erasure.agency, erasure=erasure, digest="ab" * 32)
    again = {
        "erasure_number_once_per_agency": lambda: Erasure.objects.create(
            agency=erasure.agency, number=erasure.number, reason="asked"
        ),
        "fingerprint_once_per_agency": lambda: Fingerprint.objects.create(
            agency=erasure.agency, erasure=erasure, digest="ab" * 32
        ),
    }

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        again[constraint]()
