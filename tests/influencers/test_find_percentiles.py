"""The place of a rate among the same platform and tier."""

from datetime import UTC, datetime

import pytest

from agency.models import Agency
from influencers.metrics.percentiles import set_rate_percentiles
from influencers.models import Influencer, RosterLine, TierScheme
from influencers.services import choose_tier_scheme, seed_tier_schemes
from influencers.services.figures import recompute
from tests.influencers.test_roster import creator


def places(agency: Agency) -> dict[str, float | None]:
    rows = RosterLine.objects.filter(agency=agency).values_list("influencer__name", "rate_percentile")
    return dict(rows)


@pytest.fixture
def cell(agency: Agency) -> list[Influencer]:
    """Thirty micro creators on Instagram with rates of 1 % to 29 % and 29 % again."""
    seed_tier_schemes(agency)
    return [creator(agency, f"c{place}", 6_000, min(place, 29) / 100) for place in range(1, 31)]


def test_rate_percentiles_are_the_share_of_the_others_below(agency: Agency, cell: list[Influencer]) -> None:
    creator(agency, "other platform", 6_000, 0.5, platform="tiktok")
    creator(agency, "other tier", 4_999, 0.5)
    creator(agency, "no rate", 6_000)
    creator(agency, "no followers", None, 0.5)
    creator(agency, "below every tier", 1, 0.5)
    assert set_rate_percentiles(agency.pk) == 30
    found = places(agency)
    assert found["c1"] == 0
    assert found["c2"] == pytest.approx(1 / 29)
    assert found["c29"] == found["c30"] == pytest.approx(28 / 29)
    lacking = ("other platform", "other tier", "no rate", "no followers", "below every tier")
    assert [found[name] for name in lacking] == [None] * 5
    assert set_rate_percentiles(agency.pk) == 0


def test_rate_percentiles_need_thirty_and_leave_other_agencies_alone(
    agency: Agency, other_agency: Agency, cell: list[Influencer]
) -> None:
    set_rate_percentiles(agency.pk)
    cell[0].delete()
    assert set_rate_percentiles(other_agency.pk) == 0
    assert places(agency)["c30"] == pytest.approx(28 / 29)
    assert set_rate_percentiles(agency.pk) == 29
    assert set(places(agency).values()) == {None}


def test_rate_percentiles_follow_the_scheme_and_own_bands_of_a_platform(agency: Agency, cell: list[Influencer]) -> None:
    set_rate_percentiles(agency.pk)
    scheme = TierScheme.objects.get(agency=agency, name="Mediakix 2017")
    choose_tier_scheme(scheme=scheme, by=None)
    assert set(places(agency).values()) == {None}, "on Instagram it begins at 10,000"
    scheme = TierScheme.objects.get(agency=agency, name="Danish common")
    choose_tier_scheme(scheme=scheme, by=None)
    assert places(agency)["c2"] == pytest.approx(1 / 29)


def test_rate_percentiles_are_set_at_the_end_of_a_run(agency: Agency, cell: list[Influencer]) -> None:
    RosterLine.objects.filter(pk=cell[0].pk).update(rate_percentile=0.9)
    recompute(agency=agency, as_of=datetime(2026, 5, 2, tzinfo=UTC), by=None)
    assert set(places(agency).values()) == {None}, "the newer cut-off knows no rate of anybody"
