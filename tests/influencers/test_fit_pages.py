"""The brand-fit tab, scorecards and notes as pages: who reads what, what is asked back, what a conflict shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agency.models import Agency, Brand, Membership
from influencers.models import BrandFit, BrandFitNote, Influencer
from influencers.services.fit import score_brand_fit
from tests.agency.test_members import queries_of_frame
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


def url(name: str, pk: int, query: str = "") -> str:
    return reverse(f"influencers:{name}", args=["northern", pk]) + query


def score(influencer: Influencer, brand: Brand, by: Membership, version: int | None = None, **given: Any) -> BrandFit:
    fields: dict[str, Any] = {
        "scores": {"topic": (3, "REASON of the topic")},
        "verdict": "fits",
        "conditions": "",
        "expires_on": influencer.agency.today() + timedelta(days=30),
    }
    return score_brand_fit(influencer=influencer, brand=brand, by=by, expected_version=version, **fields | given)


def typed(**given: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=100)
    fields = {
        "verdict": "fits",
        "expires_on": f"{day:%Y-%m-%d}",
        "score_topic": "4",
        "reason_topic": "Cooks every day.",
    }
    return fields | given


# --- the tab ------------------------------------------------------------------------------------------
def test_influencer_fit_shows_each_member_only_what_they_may_read(
    login: Login, influencer: Influencer, brand: Brand, secret: Brand, manager: Membership, marketer: Membership,
    viewer: Membership,
) -> None:  # fmt: skip
    score(influencer, brand, manager)
    score(influencer, secret, manager, scores={"topic": (0, "CANARY reason")})
    brand.client.team.add(viewer)

    def read(member: Membership, query: str = "") -> list[str]:
        html = login(member).get(url("influencer_fit", influencer.pk, query)).content.decode()
        words = ("REASON of the topic", "CANARY", "What the data say", "Scorecards", "not assessed")
        return [word for word in words if word in html]

    everything = ["REASON of the topic", "CANARY", "What the data say", "Scorecards", "not assessed"]
    assert read(manager) == everything
    assert read(marketer) == [word for word in everything if word != "CANARY"]
    assert read(viewer) == []
    assert read(viewer, f"?brand={brand.pk}") == []
    answer = login(marketer).get(url("influencer_fit", influencer.pk, f"?brand={secret.pk}"))
    assert answer.status_code == 404


def test_influencer_fit_chooses_the_brand_of_the_address_else_the_newest_card(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership
) -> None:
    browser, path = login(marketer), url("influencer_fit", influencer.pk)
    page = browser.get(path)
    assert (page.context["brand"], page.context["evidence"]) == (None, [])
    assert "Not assessed for any brand" in page.content.decode()
    score(influencer, brand, marketer)
    other = BrandFactory(agency=influencer.agency)
    assert browser.get(path).context["brand"] == brand
    assert browser.get(path, {"brand": other.pk}).context["brand"] == other


def test_influencer_fit_shows_expired_cards_as_such(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership
) -> None:
    fit = score(influencer, brand, marketer)
    day = influencer.agency.today() - timedelta(days=1)
    BrandFit.objects.filter(pk=fit.pk).update(written_on=day, expires_on=day)
    assert (
        "expired: counts as not assessed" in login(marketer).get(url("influencer_fit", influencer.pk)).content.decode()
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_influencer_fit_query_count(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership, rows: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for _number in range(rows):
        other = BrandFactory(agency=influencer.agency)
        score(influencer, other, marketer)
        BrandFitNote.objects.create(
            agency=influencer.agency, influencer=influencer, brand=other, text="x", author=marketer.user,
            written_on=influencer.agency.today(),
        )  # fmt: skip
    browser, path = login(marketer), url("influencer_fit", influencer.pk, f"?brand={brand.pk}")
    with django_assert_num_queries(queries_of_frame() + 36):
        browser.get(path)


# --- scorecards ---------------------------------------------------------------------------------------
def test_brand_fit_update_asks_for_a_brand_first(
    login: Login, influencer: Influencer, brand: Brand, secret: Brand, marketer: Membership
) -> None:
    page = login(marketer).get(url("brand_fit_update", influencer.pk))
    assert (page.status_code, "Northwind Coffee" in page.content.decode()) == (200, True)
    assert "CANARY" not in page.content.decode()
    for query in (f"?brand={secret.pk}", "?brand=nonsense"):
        assert login(marketer).get(url("brand_fit_update", influencer.pk, query)).status_code == 404


def test_brand_fit_update_keeps_the_first_version_and_shows_it(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership
) -> None:
    path = url("brand_fit_update", influencer.pk, f"?brand={brand.pk}")
    page = login(marketer).get(path)
    today = influencer.agency.today()
    assert f'value="{today.year + 1}-{today:%m-%d}"' in page.content.decode()
    assert "The creator may ask to read this note." in page.content.decode()
    answer = login(marketer).post(path, typed(verdict="conditions", conditions="Reels only."))
    fit = BrandFit.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("brand_fit_detail", fit.pk))
    assert (fit.version, fit.verdict, fit.conditions, fit.author) == (1, "conditions", "Reels only.", marketer.user)
    assert list(fit.scores.values_list("criterion", "score", "reason")) == [("topic", 4, "Cooks every day.")]


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"reason_topic": " "}, {"reason_topic": ["Say why."]}),
        ({"score_topic": ""}, {"score_topic": ["Choose a score for this reason, or clear the reason."]}),
                ({"verdict": "9"}, {"verdict": ["Select a valid choice. 9 is not one of the available choices."]}),
        ({"verdict": "conditions"}, {"conditions": ["Name the conditions."]}),
        ({"expires_on": "2020-01-01"}, {"__all__": ["A scorecard cannot have expired already."]}),
        ({"score_topic": "", "reason_topic": ""}, {"__all__": ["A verdict needs at least one scored criterion."]}),
    ],
)  # fmt: skip
def test_brand_fit_update_says_what_is_missing(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership, given: dict[str, str],
    errors: dict[str, list[str]],
) -> None:  # fmt: skip
    page = login(marketer).post(url("brand_fit_update", influencer.pk, f"?brand={brand.pk}"), typed(**given))
    assert page.status_code == 200
    found = page.context["form"].errors
    assert {name: found[name] for name in errors} == errors
    assert BrandFit.objects.count() == 0


def test_brand_fit_update_a_concurrent_edit_is_a_conflict_that_loses_nothing(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership, manager: Membership
) -> None:
    path = url("brand_fit_update", influencer.pk, f"?brand={brand.pk}")
    mine = typed(reason_topic="What I typed.", version="1")
    score(influencer, brand, marketer)
    score(influencer, brand, manager, 1, scores={"tone": (1, "Theirs: loud.")}, verdict="unfit")
    page = login(marketer).post(path, mine)
    html = page.content.decode()
    assert page.status_code == 409
    assert "Somebody else changed this scorecard while you wrote. Nothing was saved." in html
    assert [word in html for word in ("What I typed.", "Theirs: loud.", 'name="version" value="2"')] == [True] * 3
    assert BrandFit.objects.count() == 2
    assert login(marketer).post(path, mine | {"version": "2"}).status_code == 302
    assert BrandFit.objects.current().get().version == 3


def test_brand_fit_update_conflict_with_a_card_that_is_gone(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership
) -> None:
    page = login(marketer).post(url("brand_fit_update", influencer.pk, f"?brand={brand.pk}"), typed(version="4"))
    assert (page.status_code, page.context["conflict"]) == (409, None)


def test_brand_fit_update_warns_of_words_and_takes_them_when_confirmed(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership
) -> None:
    path, browser = url("brand_fit_update", influencer.pk, f"?brand={brand.pk}"), login(marketer)
    page = browser.post(path, typed(reason_topic="Spoke about her depression."))
    assert (page.status_code, BrandFit.objects.count()) == (200, 0)
    assert "“depression” may point to health" in page.content.decode()
    assert 'name="confirmed_words" value="depression"' in page.content.decode()
    page = browser.post(path, typed(reason_topic="Her depression; is gay.", confirmed_words="depression"))
    assert 'value="depression|gay"' in page.content.decode()
    confirmed = typed(reason_topic="Her depression; is gay.", confirmed_words="depression|gay")
    assert browser.post(path, confirmed).status_code == 302


def test_brand_fit_detail_shows_versions_and_what_changed(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership
) -> None:
    first = score(influencer, brand, marketer)
    second = score(influencer, brand, marketer, 1, scores={"topic": (0, "OTHER reason")}, verdict="unfit")
    page = login(marketer).get(url("brand_fit_detail", second.pk))
    html = page.content.decode()
    assert "This is an older version." not in html
    assert "<del>3: REASON of the topic</del>" in html
    assert "<ins>0: OTHER reason</ins>" in html
    old = login(marketer).get(url("brand_fit_detail", first.pk)).content.decode()
    assert "This is an older version." in old


def test_brand_fit_detail_of_what_one_may_not_know_is_404(
    login: Login, influencer: Influencer, brand: Brand, secret: Brand, manager: Membership, marketer: Membership,
    viewer: Membership, outsider: Membership,
) -> None:  # fmt: skip
    fit, hidden = score(influencer, brand, manager), score(influencer, secret, manager)
    assert login(marketer).get(url("brand_fit_detail", hidden.pk)).status_code == 404
    assert login(outsider).get(url("brand_fit_detail", fit.pk)).status_code == 404
    brand.client.team.add(viewer)
    for name, pk in (("brand_fit_detail", fit.pk), ("brand_fit_update", influencer.pk), ("brand_ranking", brand.pk)):
        assert login(viewer).get(url(name, pk)).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_brand_fit_detail_query_count(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership, rows: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for version in range(rows):
        fit = score(influencer, brand, marketer, version or None)
    browser = login(marketer)
    with django_assert_num_queries(queries_of_frame() + 4):
        browser.get(url("brand_fit_detail", fit.pk))


def test_brand_detail_shows_who_fits_and_scorecards_to_writers_only(
    login: Login, influencer: Influencer, brand: Brand, marketer: Membership, viewer: Membership
) -> None:
    score(influencer, brand, marketer)
    Brand.objects.filter(pk=brand.pk).update(markets=["DK"], niches=["food"])
    Influencer.objects.filter(pk=influencer.pk).update(country="DK", niches=["food"])
    html = login(marketer).get(brand.get_absolute_url()).content.decode()
    assert [word in html for word in ("Who fits this brand", "Scorecards", "1 of 8 criteria", "Emma")] == [True] * 4
    assert f'hx-get="{url("brand_fit_top", brand.pk)}"' in html
    brand.client.team.add(viewer)
    html = login(viewer).get(brand.get_absolute_url()).content.decode()
    assert [word in html for word in ("Who fits this brand", "Scorecards", "Emma")] == [False] * 3


def test_brand_fit_top_has_the_best_of_whom_half_is_known(
    login: Login, influencer: Influencer, brand: Brand, secret: Brand, marketer: Membership, viewer: Membership
) -> None:
    Brand.objects.filter(pk=brand.pk).update(markets=["DK"], niches=["food"], languages=["da"])
    Influencer.objects.filter(pk=influencer.pk).update(country="DK", niches=["food"], languages=["da"])
    InfluencerFactory(agency=influencer.agency, name="Unknown")
    browser, path = login(marketer), url("brand_fit_top", brand.pk)
    # Known of Emma are niche, language, country and rivals: 4 of 11. A scorecard makes them 6.
    page = browser.get(path)
    assert (page.context["rows"], "Too little is known" in page.content.decode()) == ([], True)
    score(influencer, brand, marketer)
    page = browser.get(path)
    assert [(row.known, creator.name) for row, creator in page.context["rows"]] == [(6, "Emma")]
    assert "6 of 11 known" in page.content.decode()
    assert browser.get(url("brand_fit_top", secret.pk)).status_code == 404
    brand.client.team.add(viewer)
    assert login(viewer).get(path).status_code == 403
