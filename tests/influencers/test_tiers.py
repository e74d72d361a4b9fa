"""Tiers: every boundary, the same answer in Python and in SQL, rounded counts, and which scheme counts."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agency.errors import Refused
from agency.models import Agency, Membership
from agency.services import create_agency
from influencers.models import Account, TierBand, TierScheme
from influencers.selectors.tiers import default_bands, in_tier, read_tier, tier_names, tier_of
from influencers.services import choose_tier_scheme, seed_tier_schemes
from tests.factories import AccountFactory, TierBandFactory, TierSchemeFactory

Login = Callable[[Membership], Client]


@pytest.fixture
def seeded(agency: Agency) -> Agency:
    seed_tier_schemes(agency)
    return agency


def bands_of(agency: Agency, name: str) -> list[TierBand]:
    return list(TierBand.objects.filter(scheme__agency=agency, scheme__name=name))


@pytest.mark.parametrize(
    ("scheme", "platform", "followers", "tier"),
    [
        ("HIB", "tiktok", 499, None),
        ("HIB", "tiktok", 500, "nano"),
        ("HIB", "tiktok", 4_999, "nano"),
        ("HIB", "tiktok", 5_000, "micro"),
        ("HIB", "instagram", 49_999, "micro"),
        ("HIB", "instagram", 50_000, "meso"),
        ("HIB", "instagram", 99_999, "meso"),
        ("HIB", "instagram", 100_000, "macro"),
        ("HIB", "podcast", 999_999, "macro"),
        ("HIB", "podcast", 1_000_000, "mega"),
        ("HIB", "instagram", 0, None),
        ("HIB", "instagram", None, None),
        ("High Social", "tiktok", 99, None),
        ("High Social", "tiktok", 100, "nano"),
        ("High Social", "tiktok", 10_000, "micro"),
        ("High Social", "tiktok", 75_000, "micro"),
        ("High Social", "tiktok", 100_000, "macro"),
        ("High Social", "tiktok", 1_000_000, "mega"),
        ("Danish common", "x", 999, None),
        ("Danish common", "x", 1_000, "micro"),
        ("Danish common", "x", 99_999, "micro"),
        ("Danish common", "x", 100_000, "mega"),
        ("Mediakix 2017", "instagram", 9_999, None),
        ("Mediakix 2017", "instagram", 10_000, "micro"),
        ("Mediakix 2017", "instagram", 100_000, "micro"),
        ("Mediakix 2017", "instagram", 100_001, "macro"),
        ("Mediakix 2017", "youtube", 249_999, None),
        ("Mediakix 2017", "youtube", 250_000, "macro"),
        ("Mediakix 2017", "facebook", 249_999, None),
        ("Mediakix 2017", "facebook", 250_000, "macro"),
        ("Mediakix 2017", "tiktok", 5_000_000, None),
    ],
)
def test_tier_of_at_every_boundary(
    seeded: Agency, scheme: str, platform: str, followers: int | None, tier: str | None
) -> None:
    bands = bands_of(seeded, scheme)
    band = tier_of(bands, platform, followers)
    assert (band.name if band else None) == tier
    account = AccountFactory(agency=seeded, platform=platform, typed_followers=followers)
    for name in tier_names(bands):
        assert Account.objects.filter(in_tier(bands, name), pk=account.pk).exists() == (name == tier)


def test_seed_marks_the_sizes_that_need_a_check(seeded: Agency) -> None:
    marked = TierBand.objects.filter(scheme__agency=seeded, needs_check=True)
    assert sorted(marked.values_list("scheme__name", "platform", "name")) == [
        ("Danish common", "", "micro"),
        ("HIB", "", "meso"),
        ("High Social", "", "micro"),
        ("Mediakix 2017", "instagram", "micro"),
    ]


def test_seed_ranks_decide_the_colour(seeded: Agency) -> None:
    ranks = set(TierBand.objects.filter(scheme__agency=seeded).values_list("name", "rank"))
    assert ranks == {("nano", 1), ("micro", 2), ("meso", 3), ("macro", 4), ("mega", 5)}


def test_seed_twice_changes_nothing(seeded: Agency) -> None:
    choose_tier_scheme(scheme=TierScheme.objects.get(agency=seeded, name="High Social"), by=None)
    TierBand.objects.filter(scheme__agency=seeded, scheme__name="HIB", name="nano").delete()
    before = list(TierBand.objects.order_by("pk").values_list("pk", "floor"))
    seed_tier_schemes(seeded)
    assert list(TierBand.objects.order_by("pk").values_list("pk", "floor")) == before
    assert TierScheme.objects.get(agency=seeded, is_default=True).name == "High Social"
    TierScheme.objects.filter(agency=seeded, name="HIB").delete()
    seed_tier_schemes(seeded)
    assert TierScheme.objects.get(agency=seeded, is_default=True).name == "High Social"


@pytest.mark.django_db
def test_a_new_agency_gets_the_schemes() -> None:
    agency, _manager = create_agency(
        name="New", slug="new", timezone="Europe/Copenhagen", currency="EUR", manager_email="m@new.example"
    )
    schemes = TierScheme.objects.filter(agency=agency).order_by("name").values_list("name", "is_default")
    assert list(schemes) == [("Danish common", False), ("HIB", True), ("High Social", False), ("Mediakix 2017", False)]


floors = st.lists(st.integers(0, 300), unique=True, max_size=5)


@given(
    ladders=st.dictionaries(st.sampled_from(["", "instagram", "tiktok"]), floors, max_size=3),
    platform=st.sampled_from(["instagram", "tiktok", "x"]),
    followers=st.one_of(st.none(), st.integers(0, 320)),
)
def test_tier_of_agrees_with_a_naive_model(ladders: dict[str, list[int]], platform: str, followers: int | None) -> None:
    bands = [
        TierBand(platform=place, name=str(floor), rank=1, floor=floor)
        for place, own in ladders.items()
        for floor in own
    ]
    ladder = ladders.get(platform) or ladders.get("") or []
    naive = None
    for floor in sorted(ladder):
        if followers is not None and followers >= floor:
            naive = str(floor)
    band = tier_of(bands, platform, followers)
    assert (band.name if band else None) == naive


@pytest.mark.django_db
@given(
    ladders=st.dictionaries(st.sampled_from(["", "instagram", "tiktok"]), floors, max_size=3),
    counts=st.lists(st.one_of(st.none(), st.integers(0, 320)), min_size=1, max_size=6),
    names=st.lists(st.sampled_from("ab"), min_size=15, max_size=15),
)
def test_in_tier_agrees_with_tier_of(ladders: dict[str, list[int]], counts: list[int | None], names: list[str]) -> None:
    Account.objects.all().delete()
    scheme = TierSchemeFactory()
    bands = [
        TierBand(scheme=scheme, platform=place, name=names.pop(), rank=1, floor=floor)
        for place, own in ladders.items()
        for floor in own
    ]
    for platform in ("instagram", "tiktok", "x"):
        for count in counts:
            AccountFactory(agency=scheme.agency, platform=platform, typed_followers=count)
    for name in tier_names(bands):
        found = set(Account.objects.filter(in_tier(bands, name)).values_list("pk", flat=True))
        expected = set()
        for account in Account.objects.all():
            band = tier_of(bands, account.platform, account.followers)
            if band and band.name == name:
                expected.add(account.pk)
        assert found == expected


@pytest.mark.parametrize(
    ("typed", "step", "tier", "neighbour"),
    [
        (5_000, 1, "micro", ""),
        (4_999, 1, "nano", ""),
        (5_000, 1_000, "micro", "nano"),
        (4_000, 1_000, "nano", ""),
        (4_900, 1_000, "nano", "micro"),
        (99_000, 1_000, "meso", ""),
        (100_000, 1_000, "macro", "meso"),
        (10_400_000, 100_000, "mega", ""),
        (1_000_000, 100_000, "mega", "macro"),
        (500, 100, "nano", "no tier"),
        (50, 100, "", ""),
    ],
)
def test_read_tier_is_uncertain_within_the_rounding_step(
    seeded: Agency, typed: int, step: int, tier: str, neighbour: str
) -> None:
    account = AccountFactory(agency=seeded, typed_followers=typed, typed_followers_step=step)
    account.refresh_from_db()
    reading = read_tier(default_bands(seeded), account)
    assert (reading.name, reading.neighbour, reading.is_uncertain) == (tier, neighbour, bool(neighbour))


def test_read_tier_says_why_there_is_none(seeded: Agency) -> None:
    bands = default_bands(seeded)
    mediakix = bands_of(seeded, "Mediakix 2017")

    def reason(chosen: list[TierBand] | tuple[TierBand, ...], platform: str, followers: int | None) -> str:
        account = AccountFactory(agency=seeded, platform=platform, typed_followers=followers)
        account.refresh_from_db()
        reading = read_tier(chosen, account)
        assert not reading
        assert (reading.name, reading.rank) == ("", 0)
        return reading.reason

    assert reason(list(bands), "instagram", None) == "followers are unknown"
    assert reason([], "instagram", 5) == "no tier scheme is chosen"
    assert reason(mediakix, "tiktok", 5) == "the tier scheme has no tiers for TikTok"
    assert reason(list(bands), "instagram", 5) == "below 500 followers, where the lowest tier begins"
    assert read_tier(bands, None).reason == "no account"


def test_choose_tier_scheme_changes_the_one_default(seeded: Agency, manager: Membership) -> None:
    scheme = TierScheme.objects.get(agency=seeded, name="Danish common")
    choose_tier_scheme(scheme=scheme, by=manager)
    assert list(TierScheme.objects.filter(is_default=True)) == [scheme]
    choose_tier_scheme(scheme=scheme, by=manager)
    assert list(TierScheme.objects.filter(is_default=True)) == [scheme]
    assert {band.scheme for band in default_bands(seeded)} == {scheme}


def test_choose_tier_scheme_refuses_one_without_tiers(seeded: Agency, manager: Membership) -> None:
    empty = TierSchemeFactory(agency=seeded, name="Ours")
    with pytest.raises(Refused, match="“Ours” has no tiers yet"):
        choose_tier_scheme(scheme=empty, by=manager)
    assert TierScheme.objects.get(agency=seeded, is_default=True).name == "HIB"


def test_two_defaults_are_refused_by_the_database(seeded: Agency) -> None:
    with pytest.raises(IntegrityError, match="tier_scheme_one_default_per_agency"):
        TierScheme.objects.filter(agency=seeded).update(is_default=True)


def test_tier_scheme_list_shows_all_and_offers_the_choice_to_managers(
    seeded: Agency, manager: Membership, viewer: Membership, outsider: Membership, login: Login
) -> None:
    path = reverse("influencers:tier_scheme_list", args=[seeded.slug])
    html = login(manager).get(path).content.decode()
    assert html.count("In use") == 1
    for text in ("Use Danish common", "Use High Social", "Use Mediakix 2017", "100,001"):
        assert text in html
    html = login(viewer).get(path).content.decode()
    assert "HIB" in html
    assert "Use Danish common" not in html
    assert login(outsider).get(path).status_code == 404


def test_tier_scheme_list_queries_do_not_grow(
    seeded: Agency, manager: Membership, login: Login, django_assert_num_queries: Callable[[int], Any]
) -> None:
    path = reverse("influencers:tier_scheme_list", args=[seeded.slug])
    client = login(manager)
    for extra in range(2):
        TierSchemeFactory(agency=seeded, name=f"Ours {extra}")
        with django_assert_num_queries(7):
            assert client.get(path).status_code == 200


def test_tier_scheme_choose(
    seeded: Agency, manager: Membership, marketer: Membership, outsider: Membership, login: Login
) -> None:
    scheme = TierScheme.objects.get(agency=seeded, name="High Social")
    path = reverse("influencers:tier_scheme_choose", args=[seeded.slug, scheme.pk])
    assert login(marketer).post(path).status_code == 403
    assert login(outsider).post(path).status_code == 404
    assert login(manager).get(path).status_code == 405
    response = login(manager).post(path, follow=True)
    assert "Sizes are now named by High Social." in response.content.decode()
    assert TierScheme.objects.get(agency=seeded, is_default=True) == scheme


def test_tier_scheme_choose_of_another_agency_or_without_tiers(
    seeded: Agency, other_agency: Agency, manager: Membership, login: Login
) -> None:
    foreign = TierBandFactory(scheme__agency=other_agency).scheme
    assert (
        login(manager).post(reverse("influencers:tier_scheme_choose", args=[seeded.slug, foreign.pk])).status_code
        == 404
    )
    empty = TierSchemeFactory(agency=seeded)
    answer = login(manager).post(reverse("influencers:tier_scheme_choose", args=[seeded.slug, empty.pk]))
    assert answer.status_code == 409
    assert "has no tiers yet" in answer.content.decode()


def test_typed_day_is_irrelevant_for_the_tier(seeded: Agency) -> None:
    account = AccountFactory(agency=seeded, typed_followers=5_000, typed_followers_on=date(2020, 1, 1))
    account.refresh_from_db()
    assert read_tier(default_bands(seeded), account).name == "micro"
