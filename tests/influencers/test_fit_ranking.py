"""Who fits a brand: every part and the order, against values worked out by hand; unknown is left out, never poor."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.models import Agency, Brand, Membership
from influencers.fit.asked import Median, PriceGroup, share, spellings
from influencers.fit.criteria import CRITERIA
from influencers.fit.prices import medians
from influencers.fit.ranking import rank
from influencers.models import Influencer
from influencers.selectors.tiers import Bands, default_bands
from influencers.services.fit import score_brand_fit
from tests.factories import (
    AccountFactory,
    BrandFactory,
    TierBandFactory,
    TierSchemeFactory,
)
from tests.influencers.ranked import asked, audience, creator, order, parts, price, texts

Login = Callable[[Membership], Client]


@pytest.fixture
def brand(agency: Agency) -> Brand:
    facts = {
        "target_ages": ["18-24", "25-34"],
        "target_women_percent": 60,
        "languages": ["da"],
        "niches": ["food", "home"],
    }
    return BrandFactory(agency=agency, name="Northwind Coffee", markets=["DK", "SE"], **facts)


@pytest.fixture
def bands(agency: Agency) -> Bands:
    scheme = TierSchemeFactory(agency=agency, is_default=True)
    TierBandFactory(scheme=scheme, name="nano", rank=1, floor=0)
    TierBandFactory(scheme=scheme, name="mid", rank=3, floor=10_000)
    return default_bands(agency)


# --- the parts ----------------------------------------------------------------------------------------
def test_rank_parts_worked_out_by_hand(agency: Agency, brand: Brand, marketer: Membership, bands: Bands) -> None:
    emma = creator(
        agency, "Emma", country="DK", languages=["da", "en"], niches=["Food", "travel"],
        line={"rate_percentile": 0.81, "headline_rate": 0.0312, "saturation": 0.25, "growth_30d": 0.02},
    )  # fmt: skip
    audience(emma, "country", {"DK": "0.5", "SE": "0.12", "DE": "0.3"})
    audience(emma, "country", {"DK": "0.01"}, date(2025, 1, 1))  # an older day does not count
    audience(emma, "age", {"18-24": "0.25", "25-34": "0.35", "35-44": "0.4"})
    audience(emma, "gender", {"women": "0.75", "men": "0.25"})
    card = {"topic": (4, "x"), "tone": (3, "x"), "load": (0, "x")}
    score_brand_fit(
        influencer=emma, brand=brand, scores=card, verdict="conditions", conditions="Reels only.",
        expires_on=agency.today(), by=marketer, expected_version=None,
    )  # fmt: skip
    [row] = rank(asked(brand, marketer, bands), limit=10).rows
    assert parts(row) == {
        "verdict": 0.5,
        "scores": round(7 / 3 / 4, 9),  # 4, 3 and 0 of 4
        "markets": 0.62,  # 0.5 + 0.12
        "ages": 0.6,  # 0.25 + 0.35
        "women": 0.85,  # 1 − |0.75 − 0.60|
        "niches": 1.0,  # Food is food
        "languages": 1.0,
        "country": 1.0,
        "rate": 0.81,
        "saturation": 0.75,  # 1 − 0.25
        "growth": 0.7,  # 0.5 + 10 × 0.02
        "rivals": 1.0,
        "price": None,
    }
    # The sum by hand: 0.5, 7/12, 0.62, 0.6, 0.85, thrice 1, 0.81, 0.75, 0.7 and 1 make 9.41333…
    assert row.mean == pytest.approx(9.413333333 / 12, abs=1e-9)
    assert (row.known, row.points, [part.criterion.key for part in row.unknown]) == (12, 78, ["price"])
    told = texts(row)
    day = timezone.localdate()
    assert told["markets"] == "62 % of the audience in DK, SE, 30 % elsewhere, 8 % not broken down (as of 1 May 2026)"
    assert told["ages"] == "60 % of the audience in 18-24, 25-34, 40 % elsewhere (as of 1 May 2026)"
    assert told["women"] == "75 % women, wanted 60 % (as of 1 May 2026)"
    assert told["niches"] == "niches: Food (also travel)"
    assert told["rate"].startswith("rate 3.12 %, above 81 % of mid Instagram (as of ")
    assert told["saturation"].startswith("25 % of posts are paid")
    assert told["growth"].startswith("followers +2.00 % in 30 days")
    assert told["verdict"] == f"verdict: fits with conditions ({day:%-d %b %Y})"
    assert told["scores"] == "scores: 2.3 of 4 (3 criteria)"
    assert told["country"] == "lives in DK"
    assert told["price"] == "no valid price is known"


def test_rank_nothing_known_is_no_place_at_the_bottom_of_the_poor(
    agency: Agency, brand: Brand, marketer: Membership
) -> None:
    creator(agency, "Nobody", account=False)
    weights = {criterion.key: 2 for criterion in CRITERIA if criterion.key != "rivals"}
    [row] = rank(asked(brand, marketer, weights=weights), limit=10).rows
    assert (row.mean, row.known, set(parts(row).values())) == (None, 0, {None})
    assert texts(row) == {
        "verdict": "not assessed",
        "scores": "no valid scorecard",
        "markets": "no account",
        "ages": "no account",
        "women": "no account",
        "niches": "the niches are unknown",
        "languages": "the languages are unknown",
        "country": "the country is unknown",
        "rate": "no account",
        "saturation": "no account",
        "growth": "no account",
        "price": "no valid price is known",
    }


def test_rank_says_why_figures_are_missing(agency: Agency, brand: Brand, marketer: Membership, bands: Bands) -> None:
    creator(agency, "No run")
    creator(agency, "Run", line={"headline_rate": 0.02})
    creator(agency, "Run without rate", line={"headline_rate": None})
    weights = {"rate": 2, "saturation": 2, "growth": 2, "markets": 2}
    found = rank(asked(brand, marketer, bands, weights=weights), limit=10).rows
    assert {name: texts(row) for name, row in zip(order(found), found, strict=True)} == {
        "No run": {
            "markets": "the countries of the audience are unknown",
            "rate": "no figures have been computed yet",
            "saturation": "no figures have been computed yet",
            "growth": "no figures have been computed yet",
        },
        "Run": {
            "markets": "the countries of the audience are unknown",
            "rate": "fewer than 30 rates of mid Instagram to compare with",
            "saturation": "fewer than 5 posts say whether they are paid",
            "growth": "the follower counts are too few or too old",
        },
        "Run without rate": {
            "markets": "the countries of the audience are unknown",
            "rate": "no engagement rate is known",
            "saturation": "fewer than 5 posts say whether they are paid",
            "growth": "the follower counts are too few or too old",
        },
    }


@pytest.mark.parametrize(
    ("growth", "part"),
    [(-0.2, 0.0), (-0.05, 0.0), (-0.01, 0.4), (0.0, 0.5), (0.03, 0.8), (0.05, 1.0), (2.0, 1.0)],
)
def test_rank_growth(agency: Agency, brand: Brand, marketer: Membership, growth: float, part: float) -> None:
    creator(agency, "Emma", line={"growth_30d": growth})
    [row] = rank(asked(brand, marketer, weights={"growth": 1}), limit=1).rows
    assert parts(row) == {"growth": part}


def test_rank_what_does_not_match_is_nought_and_says_so(agency: Agency, brand: Brand, marketer: Membership) -> None:
    creator(agency, "Elsewhere", country="DE", languages=["de"], niches=["cars", "sport"])
    [row] = rank(asked(brand, marketer, weights={"niches": 2, "languages": 2, "country": 2}), limit=1).rows
    assert parts(row) == {"niches": 0.0, "languages": 0.0, "country": 0.0}
    assert texts(row) == {
        "niches": "niches: cars, sport, none that the brand names",
        "languages": "languages: de, none that the brand names",
        "country": "lives in DE, outside the markets",
    }


def test_rank_criteria_that_the_brand_has_no_use_for_are_left_out(agency: Agency, marketer: Membership) -> None:
    bare = BrandFactory(agency=agency)
    creator(agency, "Emma", country="DK", niches=["food"])
    [row] = rank(asked(bare, marketer), limit=1).rows
    assert list(parts(row)) == ["verdict", "scores", "rate", "saturation", "growth", "rivals", "price"]
    assert {each.key: each.unusable(bare) for each in CRITERIA if each.unusable(bare)} == {
        "markets": "The brand names no markets.",
        "ages": "The brand names no target ages.",
        "women": "The brand names no share of women.",
        "niches": "The brand names no niches.",
        "languages": "The brand names no languages.",
        "country": "The brand names no markets.",
    }


@pytest.mark.parametrize(("verdict", "part"), [("fits", 1.0), ("unfit", 0.0), ("not_assessed", None)])
def test_rank_verdict(agency: Agency, brand: Brand, marketer: Membership, verdict: str, part: float | None) -> None:
    emma = creator(agency, "Emma")
    score_brand_fit(
        influencer=emma, brand=brand, scores={"topic": (1, "x")}, verdict=verdict, conditions="",
        expires_on=agency.today(), by=marketer, expected_version=None,
    )  # fmt: skip
    [row] = rank(asked(brand, marketer, weights={"verdict": 2}), limit=1).rows
    assert parts(row) == {"verdict": part}


def test_rank_expired_scorecards_are_unknown(agency: Agency, brand: Brand, marketer: Membership) -> None:
    emma = creator(agency, "Emma")
    fit = score_brand_fit(
        influencer=emma, brand=brand, scores={"topic": (0, "x")}, verdict="unfit", conditions="",
        expires_on=agency.today(), by=marketer, expected_version=None,
    )  # fmt: skip
    type(fit).objects.filter(pk=fit.pk).update(written_on=date(2026, 1, 1), expires_on=date(2026, 2, 1))
    [row] = rank(asked(brand, marketer, weights={"verdict": 2, "scores": 2}), limit=1).rows
    assert parts(row) == {"verdict": None, "scores": None}
    assert texts(row) == {"verdict": "the scorecard expired on 1 Feb 2026", "scores": "no valid scorecard"}


# --- prices -------------------------------------------------------------------------------------------
def test_rank_price_against_the_median_of_the_tier(
    agency: Agency, brand: Brand, marketer: Membership, bands: Bands
) -> None:
    # 100, 200, 300, 400, 800: the median is 300. 0.5 − 0.5·log2(amount / 300).
    for name, amount in (("a", 100), ("b", 200), ("c", 300), ("d", 400), ("e", 800)):
        price(creator(agency, name), amount)
    free = creator(agency, "free")
    price(free, 0, kind="story")
    for influencer in Influencer.objects.exclude(pk=free.pk)[:4]:
        price(influencer, 50, kind="story")
    found = rank(asked(brand, marketer, bands, weights={"price": 2}), limit=10).rows
    by_name = dict(zip(order(found), found, strict=True))
    assert medians(agency.pk, bands, agency.today()) == {
        PriceGroup("post", "instagram", "EUR", "mid"): Median(300.0, 5),
        PriceGroup("story", "instagram", "EUR", "mid"): Median(50.0, 5),
    }
    # a: post 100 → 1 (below half), story 50 → 0.5; the mean is 0.75. e: post 800 → 0 (more than twice).
    assert parts(by_name["a"]) == {"price": 0.75}
    assert parts(by_name["free"]) == {"price": 1.0}
    assert parts(by_name["e"]) == {"price": 0.0}
    # b: 0.5 − 0.5 × log2(2/3) = 0.792481250; with the story (0.5) 0.646240625.
    assert parts(by_name["b"]) == {"price": 0.646240625}
    assert texts(by_name["e"]) == {"price": "post 800 EUR, median of mid 300 EUR (n = 5)"}
    assert order(found)[0] == "free"


def test_rank_price_counts_only_what_can_be_compared(
    agency: Agency, brand: Brand, marketer: Membership, bands: Bands
) -> None:
    people = [creator(agency, f"p{number}") for number in range(5)]
    for influencer in people[:4]:
        price(influencer, 300)
    price(people[4], 300, currency="DKK")
    price(people[4], 300, platform="tiktok")
    price(people[4], 300, valid_to=date(2026, 2, 1))
    price(people[4], 300, valid_from=agency.today() + timedelta(days=1))
    assert medians(agency.pk, bands, agency.today()) == {}
    found = rank(asked(brand, marketer, bands, weights={"price": 2}), limit=10).rows
    assert {row.mean for row in found} == {None}
    assert texts(found[0])["price"] == "fewer than 5 prices of this kind in the tier to compare with"
    price(people[4], 900, valid_from=date(2026, 3, 1))
    price(people[4], 500, valid_from=date(2026, 4, 1))  # the one that began last counts
    assert medians(agency.pk, bands, agency.today()) == {
        PriceGroup("post", "instagram", "EUR", "mid"): Median(300.0, 5)
    }
    assert medians(agency.pk, (), agency.today()) == {}


# --- the order ----------------------------------------------------------------------------------------
def test_rank_unknown_is_left_out_and_ties_go_to_who_is_known_better(
    agency: Agency, brand: Brand, marketer: Membership
) -> None:
    creator(agency, "Poor", country="DE", niches=["food"])  # 1 and 0: 0.5
    creator(agency, "Half", niches=["food"])  # 1, the country is unknown: 1
    creator(agency, "Both", country="DK", niches=["food"])  # 1 and 1: 1, and more is known
    creator(agency, "Also", country="SE", niches=["home"])  # the same as Both: by name
    creator(agency, "None")
    weights = {"niches": 2, "country": 2}
    found = rank(asked(brand, marketer, weights=weights), limit=10)
    assert order(found.rows) == ["Also", "Both", "Half", "Poor", "None"]
    assert [(row.place, row.mean, row.known) for row in found.rows] == [
        (1, 1.0, 2),
        (2, 1.0, 2),
        (3, 1.0, 1),
        (4, 0.5, 2),
        (5, None, 0),
    ]
    assert found.found == 5
    assert order(rank(asked(brand, marketer, weights=weights, at_least=2), limit=10).rows) == ["Also", "Both", "Poor"]


def test_rank_weights(agency: Agency, brand: Brand, marketer: Membership) -> None:
    creator(agency, "Place", country="DK", niches=["cars"])
    creator(agency, "Topic", country="DE", niches=["food"])
    heavy_niche = rank(asked(brand, marketer, weights={"niches": 3, "country": 1}), limit=10).rows
    assert [(row.mean, name) for row, name in zip(heavy_niche, order(heavy_niche), strict=True)] == [
        (0.75, "Topic"),
        (0.25, "Place"),
    ]
    assert order(rank(asked(brand, marketer, weights={"niches": 1, "country": 3}), limit=10).rows) == ["Place", "Topic"]


def test_rank_pages_and_filters(agency: Agency, brand: Brand, marketer: Membership, other_agency: Agency) -> None:
    for number in range(5):
        creator(agency, f"c{number}", country="DK")
    creator(other_agency, "Foreign", country="DK")
    question = asked(brand, marketer, weights={"country": 2})
    assert [order(rank(question, limit=2, offset=offset).rows) for offset in (0, 2, 4, 6)] == [
        ["c0", "c1"],
        ["c2", "c3"],
        ["c4"],
        [],
    ]
    some = Influencer.objects.filter(agency=agency, name__in=["c1", "c3", "100%"])
    assert order(rank(asked(brand, marketer, weights={"country": 2}, creators=some), limit=9).rows) == ["c1", "c3"]


def test_rank_by_the_account_that_speaks(agency: Agency, brand: Brand, marketer: Membership) -> None:
    emma = creator(agency, "Emma")
    audience(emma, "country", {"DK": "0.2"})
    AccountFactory(agency=agency, influencer=emma, platform="tiktok", typed_followers=90_000)
    [row] = rank(asked(brand, marketer, weights={"markets": 2}), limit=1).rows
    assert parts(row) == {"markets": None}


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["DK", "DE"]),
        "niches": st.sampled_from([["food"], ["cars"]]),
        "languages": st.sampled_from([["da"], ["de"]]),
    },
)


@given(people=st.lists(FACTS, min_size=2, max_size=6))
@settings(max_examples=15)
def test_rank_of_the_known_is_untouched_by_people_of_whom_nothing_is_known(
    agency: Agency, brand: Brand, marketer: Membership, people: list[dict[str, Any]]
) -> None:
    Influencer.objects.filter(agency=agency).delete()
    for number, facts in enumerate(people):
        creator(agency, f"p{number}", account=False, **facts)
    weights = {"niches": 1, "languages": 2, "country": 3}
    question = asked(brand, marketer, weights=weights)
    before = rank(question, limit=100).rows

    def expected(facts: dict[str, Any]) -> tuple[float, int]:
        known = {
            "niches": facts.get("niches") and float(facts["niches"] == ["food"]),
            "languages": facts.get("languages") and float(facts["languages"] == ["da"]),
            "country": facts.get("country") and float(facts["country"] == "DK"),
        }
        given_parts = [(weights[key], part) for key, part in known.items() if part is not None]
        total = sum(weight for weight, _part in given_parts)
        return (sum(weight * part for weight, part in given_parts) / total if total else -1.0, len(given_parts))

    by_hand = sorted(range(len(people)), key=lambda n: (-round(expected(people[n])[0], 6), -expected(people[n])[1], n))
    assert order(before) == [f"p{number}" for number in by_hand]
    for number in range(3):
        creator(agency, f"a nobody {number}", account=False)
    after = rank(question, limit=100).rows
    known = [name for name in order(after) if not name.startswith("a nobody")]
    assert known == order(before)
    assert [(row.mean, row.known) for row in after if row.known] == [
        (row.mean, row.known) for row in before if row.known
    ]


def test_share_and_spellings() -> None:
    assert [share(value) for value in (0, 0.62, 0.625, 0.6249, 1)] == ["0 %", "62 %", "62.5 %", "62.5 %", "100 %"]
    assert spellings(["Food"]) == ["FOOD", "Food", "food"]


def test_rank_the_example_of_the_documentation(agency: Agency, marketer: Membership, bands: Bands) -> None:
    """docs/fit.md works it out by hand."""
    brand = BrandFactory(agency=agency, markets=["DK", "SE"], niches=["food"])
    ada = creator(agency, "Ada", niches=["food"], line={"growth_30d": 0.02})
    creator(agency, "Bo", niches=["food"], line={"growth_30d": -0.01})
    cleo = creator(agency, "Cleo", niches=["cars"])
    audience(ada, "country", {"DK": "0.5", "SE": "0.12"})
    audience(cleo, "country", {"SE": "0.9"})
    price(ada, 400)
    price(cleo, 100)
    for number in range(3):
        price(creator(agency, f"peer {number}", niches=["x"]), 200)
    weights = {"niches": 3, "markets": 2, "growth": 1, "price": 2}
    some = Influencer.objects.filter(name__in=["Ada", "Bo", "Cleo"])
    found = rank(asked(brand, marketer, bands, weights=weights, creators=some), limit=9).rows
    assert [(name, round(row.mean or 0, 6), row.known) for name, row in zip(order(found), found, strict=True)] == [
        ("Bo", 0.85, 2),
        ("Ada", 0.6175, 4),
        ("Cleo", 0.542857, 3),
    ]
