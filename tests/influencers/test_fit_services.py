"""Scorecards: versions, reasons, conflicts; what an edit changed."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agency.errors import Refused
from agency.models import Agency, Brand, Membership
from influencers.fit.scorecards import (
    Change,
    changes,
    scorecard,
    scorecards_for,
    scorecards_of,
    valid_until,
    versions_of,
)
from influencers.models import BrandFit, BrandFitScore, Influencer
from influencers.services.fit import ScorecardChangedError, score_brand_fit
from tests.factories import BrandFactory, InfluencerFactory, MembershipFactory

TOPIC = {"topic": (4, "Cooks every day.")}


@pytest.fixture
def influencer(agency: Agency) -> Influencer:
    return InfluencerFactory(agency=agency, name="Emma")


@pytest.fixture
def brand(agency: Agency) -> Brand:
    return BrandFactory(agency=agency, name="Northwind Coffee")


def score(influencer: Influencer, brand: Brand, by: Membership, **given: Any) -> BrandFit:
    fields: dict[str, Any] = {
        "scores": TOPIC,
        "verdict": "fits",
        "conditions": "",
        "expires_on": influencer.agency.today() + timedelta(days=30),
        "expected_version": None,
    }
    return score_brand_fit(influencer=influencer, brand=brand, by=by, **fields | given)


def test_score_brand_fit_keeps_all_that_was_said(influencer: Influencer, brand: Brand, marketer: Membership) -> None:
    scores = {"topic": (4, " Cooks every day. "), "load": (0, "Nine of ten posts are paid.")}
    fit = score(influencer, brand, marketer, scores=scores, verdict="conditions", conditions=" No alcohol. ")
    fit.refresh_from_db()
    today = influencer.agency.today()
    assert (fit.version, fit.is_current, fit.verdict, fit.conditions) == (1, True, "conditions", "No alcohol.")
    assert (fit.author, fit.written_on, fit.expires_on) == (marketer.user, today, today + timedelta(days=30))
    assert sorted(fit.scores.values_list("criterion", "score", "reason")) == [
        ("load", 0, "Nine of ten posts are paid."),
        ("topic", 4, "Cooks every day."),
    ]


def test_score_brand_fit_edits_are_new_versions(influencer: Influencer, brand: Brand, marketer: Membership) -> None:
    first = score(influencer, brand, marketer)
    second = score(influencer, brand, marketer, scores={}, verdict="not_assessed", expected_version=1)
    first.refresh_from_db()
    assert (first.is_current, first.verdict, first.scores.count()) == (False, "fits", 1)
    assert (second.version, second.is_current, second.scores.count()) == (2, True, 0)
    assert [fit.version for fit in versions_of(first)] == [2, 1]


def test_score_brand_fit_drops_conditions_of_another_verdict(
    influencer: Influencer, brand: Brand, marketer: Membership
) -> None:
    assert score(influencer, brand, marketer, verdict="unfit", conditions="None needed.").conditions == ""


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"scores": {"topic": (5, "x")}}, "topic and niche: a score is 0 to 4."),
        ({"scores": {"topic": (-1, "x")}}, "topic and niche: a score is 0 to 4."),
        ({"scores": {"values": (2, " ")}}, "values: say why."),
        ({"verdict": "conditions", "conditions": " "}, "Name the conditions."),
        ({"scores": {}}, "A verdict needs at least one scored criterion."),
        ({"scores": {}, "verdict": "not_assessed"}, "Score at least one criterion."),
        ({"expires_on": date(2020, 1, 1)}, "A scorecard cannot have expired already."),
    ],
)
def test_score_brand_fit_refuses(
    influencer: Influencer, brand: Brand, marketer: Membership, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        score(influencer, brand, marketer, **given)
    assert str(refusal.value) == sentence
    assert BrandFit.objects.count() == 0


def test_score_brand_fit_is_for_writers_who_may_know_the_brand(
    influencer: Influencer, brand: Brand, marketer: Membership, viewer: Membership, outsider: Membership, agency: Agency
) -> None:
    secret = BrandFactory(agency=agency, client__is_confidential=True)
    cases = [
        (brand, viewer, "Your role in this agency does not allow this."),
        (secret, marketer, "This brand is not here."),
        (brand, outsider, "This brand is not here."),
        (BrandFactory(agency=outsider.agency), marketer, "This brand is not here."),
    ]
    for chosen, by, sentence in cases:
        with pytest.raises(Refused) as refusal:
            score(influencer, chosen, by)
        assert str(refusal.value) == sentence


@pytest.mark.parametrize("expected", [None, 1, 3])
def test_score_brand_fit_another_version_is_a_conflict(
    influencer: Influencer, brand: Brand, marketer: Membership, manager: Membership, expected: int | None
) -> None:
    score(influencer, brand, marketer)
    current = score(influencer, brand, manager, expected_version=1)
    with pytest.raises(ScorecardChangedError) as conflict:
        score(influencer, brand, marketer, expected_version=expected)
    assert conflict.value.current == current
    assert BrandFit.objects.count() == 2


def test_score_brand_fit_a_version_that_never_was_is_a_conflict(
    influencer: Influencer, brand: Brand, marketer: Membership
) -> None:
    with pytest.raises(ScorecardChangedError) as conflict:
        score(influencer, brand, marketer, expected_version=1)
    assert conflict.value.current is None


@pytest.mark.django_db(transaction=True)
def test_score_brand_fit_of_two_at_once_one_is_a_conflict(
    influencer: Influencer, brand: Brand, marketer: Membership
) -> None:
    outcomes: list[str] = []

    def write() -> None:
        try:
            score(influencer, brand, marketer)
            outcomes.append("written")
        except ScorecardChangedError:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "conflict", "conflict", "written"]
    assert BrandFit.objects.count() == 1


def test_constraints_of_scorecards(influencer: Influencer, brand: Brand, marketer: Membership) -> None:
    fit = score(influencer, brand, marketer)
    today = fit.written_on
    row = {"agency": fit.agency, "influencer": influencer, "brand": brand, "author": marketer.user, "written_on": today}
    bad_fits: list[tuple[str, dict[str, Any]]] = [
        ("brand_fit_version_once", {"version": 1, "is_current": False, "expires_on": today}),
        ("brand_fit_one_current", {"version": 2, "expires_on": today}),
        ("brand_fit_expires_after_date", {"version": 2, "is_current": False, "expires_on": today - timedelta(days=1)}),
        ("brand_fit_names_conditions", {"version": 2, "is_current": False, "expires_on": today, "verdict": "conditions"}),
    ]  # fmt: skip
    bad_scores: list[tuple[str, dict[str, Any]]] = [
        ("brand_fit_score_once_per_criterion", {"criterion": "topic", "score": 1, "reason": "x"}),
        ("brand_fit_score_0_to_4", {"criterion": "tone", "score": 5, "reason": "x"}),
        ("brand_fit_score_has_reason", {"criterion": "tone", "score": 1, "reason": ""}),
    ]
    for name, bad in bad_fits:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            BrandFit.objects.create(**row | bad)
    for name, bad in bad_scores:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            BrandFitScore.objects.create(fit=fit, **bad)


# --- reading ------------------------------------------------------------------------------------------
def test_scorecard_has_every_criterion_and_not_assessed_is_not_poor(
    influencer: Influencer, brand: Brand, marketer: Membership
) -> None:
    fit = score(influencer, brand, marketer, scores={"audience": (0, "Mostly abroad."), "topic": (3, "Food.")})
    card = scorecard(fit, influencer.agency.today())
    assert [(line.criterion, line.score, line.word) for line in card.lines] == [
        ("topic", 3, "good"),
        ("audience", 0, "poor"),
        ("values", None, "not assessed"),
        ("tone", None, "not assessed"),
        ("credibility", None, "not assessed"),
        ("load", None, "not assessed"),
        ("rivals", None, "not assessed"),
        ("locality", None, "not assessed"),
    ]
    assert (card.known, card.verdict, card.has_expired) == (2, "fits", False)


def test_scorecard_expired_counts_as_not_assessed(influencer: Influencer, brand: Brand, marketer: Membership) -> None:
    fit = score(influencer, brand, marketer)
    assert scorecard(fit, fit.expires_on).verdict == "fits"
    old = scorecard(fit, fit.expires_on + timedelta(days=1))
    assert (old.has_expired, old.verdict, old.fit.verdict) == (True, "not_assessed", "fits")


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 11, 22), date(2027, 11, 22)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2028, 2, 28), date(2029, 2, 28)),
    ],
)
def test_valid_until_is_a_year(today: date, until: date) -> None:
    assert valid_until(today) == until


def test_scorecards_are_read_by_writers_who_may_know_the_brand(
    influencer: Influencer, brand: Brand, manager: Membership, marketer: Membership, viewer: Membership, agency: Agency
) -> None:
    secret = BrandFactory(agency=agency, client__is_confidential=True)
    brand.client.team.add(viewer)
    score(influencer, brand, manager)
    score(influencer, brand, manager, expected_version=1)
    score(influencer, secret, manager)

    def read(member: Membership) -> list[tuple[str, int]]:
        return [(card.fit.brand.name, card.fit.version) for card in scorecards_of(influencer, member)]

    assert read(manager) == [(secret.name, 1), (brand.name, 2)]
    assert read(marketer) == [(brand.name, 2)]
    assert read(viewer) == []
    assert [fit.version for fit in scorecards_for(brand, marketer)] == [2]
    assert list(scorecards_for(secret, marketer)) == []
    assert list(scorecards_for(brand, viewer)) == []
    secret.client.team.add(marketer)
    assert read(marketer) == [(secret.name, 1), (brand.name, 2)]


def test_changes_between_versions(influencer: Influencer, brand: Brand, marketer: Membership) -> None:
    day = influencer.agency.today() + timedelta(days=30)
    first = score(influencer, brand, marketer, scores={"topic": (4, "Food."), "tone": (1, "Loud.")})
    second = score(
        influencer, brand, marketer, scores={"topic": (4, "Food."), "values": (2, "Mixed.")},
        verdict="conditions", conditions="Only reels.", expected_version=1,
    )  # fmt: skip
    assert changes(first, second) == [
        Change("Verdict", "fits", "fits with conditions"),
        Change("Conditions", "", "Only reels."),
        Change("Values", "", "2: Mixed."),
        Change("Tone and aesthetics", "1: Loud.", ""),
    ]
    assert [change.label for change in changes(None, first)] == [
        "Verdict",
        "Topic and niche",
        "Tone and aesthetics",
        "Valid until",
    ]
    assert changes(None, first)[-1].after == f"{day:%Y-%m-%d}"
    assert changes(first, first) == []


def test_deleting_an_author_is_restricted_and_time_stands(influencer: Influencer, brand: Brand) -> None:
    by = MembershipFactory(agency=influencer.agency)
    fit = score(influencer, brand, by)
    assert timezone.now() - fit.created_at < timedelta(minutes=1)
    assert str(fit) == "Emma × Northwind Coffee v1"
    assert str(fit.scores.get()) == "topic and niche: 4"
