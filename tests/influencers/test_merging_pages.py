"""Merging two creators on the site, and parting them again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agency.models import Agency, Membership
from influencers.models import Influencer, Merge
from influencers.services.merging import merge_influencers
from tests.campaigns.booking import World, may
from tests.factories import AccountFactory, InfluencerFactory, MembershipFactory

Login = Callable[[Membership], Client]


@pytest.fixture
def rosterer(agency: Agency) -> Membership:
    """A marketer who looks after the roster."""
    return MembershipFactory(agency=agency, role=Membership.Role.MARKETER, is_roster_manager=True)


@pytest.fixture
def anna(agency: Agency) -> Influencer:
    return InfluencerFactory(agency=agency, name="Anna Berg", country="DK", tags=["vip"])


@pytest.fixture
def twin(agency: Agency) -> Influencer:
    twin = InfluencerFactory(agency=agency, name="Anna B.", city="Aarhus", tags=["new"])
    AccountFactory(agency=agency, influencer=twin, handle="annab", platform="tiktok")
    return twin


def merge_address(kept: Influencer, other: Influencer | None = None) -> str:
    query = f"?with={other.pk}" if other else ""
    return reverse("influencers:influencer_merge", args=[kept.agency.slug, kept.pk]) + query


# --- who may -----------------------------------------------------------------------------------------------
def test_influencer_merge_is_for_managers_and_roster_managers(
    anna: Influencer, twin: Influencer, login: Login, marketer: Membership, viewer: Membership, manager: Membership,
    rosterer: Membership, outsider: Membership,
) -> None:  # fmt: skip
    wanted = {marketer: 403, viewer: 403, manager: 200, rosterer: 200, outsider: 404}
    addresses = [merge_address(anna, twin), reverse("influencers:merge_choose", args=[anna.agency.slug, anna.pk])]
    for address in addresses:
        found = {member: login(member).get(address).status_code for member in wanted}
        assert found == wanted
    assert login(marketer).post(merge_address(anna, twin)).status_code == 403
    flagged = MembershipFactory(agency=anna.agency, role=Membership.Role.VIEWER, is_roster_manager=True)
    assert login(flagged).get(merge_address(anna, twin)).status_code == 403
    assert Influencer.objects.count() == 2


# --- the page ----------------------------------------------------------------------------------------------
def test_influencer_merge_shows_both_and_proposes(
    anna: Influencer, twin: Influencer, login: Login, rosterer: Membership
) -> None:
    page = login(rosterer).get(merge_address(anna, twin)).content.decode()
    assert page.count('type="radio"') == 6  # name, country, city
    assert 'value="kept" id="id_country_0" checked' in page
    assert 'value="other" id="id_city_1" checked' in page
    assert "Denmark" in page
    assert "vip, new" in page
    assert "1 account" in page
    assert "Merge Anna B. into Anna Berg" in page


def test_influencer_merge_merges_what_was_chosen(
    anna: Influencer, twin: Influencer, login: Login, rosterer: Membership
) -> None:
    account = twin.accounts.get()
    fields = {"name": "kept", "country": "kept", "city": "kept", "primary": account.pk}
    answer = login(rosterer).post(merge_address(anna, twin), fields)
    assert (answer.status_code, answer["Location"]) == (302, anna.get_absolute_url())
    anna.refresh_from_db()
    account.refresh_from_db()
    assert (anna.name, anna.city, anna.tags) == ("Anna Berg", "", ["vip", "new"])
    assert (account.influencer, account.is_primary) == (anna, True)
    merge = Merge.objects.get()
    assert (merge.merged_by, merge.choices) == (rosterer.user, {"name": "kept", "country": "kept", "city": "kept"})


def test_influencer_merge_takes_no_value_that_was_not_offered(
    anna: Influencer, twin: Influencer, login: Login, rosterer: Membership
) -> None:
    stranger = AccountFactory(agency=anna.agency)
    answer = login(rosterer).post(merge_address(anna, twin), {"name": "third", "primary": stranger.pk})
    assert (answer.status_code, Merge.objects.count()) == (200, 0)


def test_influencer_merge_says_what_stands_in_the_way(agency: Agency, login: Login, manager: Membership) -> None:
    world = World(agency, by=manager)
    emma, twin = InfluencerFactory(agency=agency, name="Emma"), InfluencerFactory(agency=agency, name="Emma K")
    world.booked(emma, world.brand("Nordkaffe", world.coffee), [(may(3), may(5))], clauses=[{"scope": "full"}])
    world.booked(twin, world.brand("Teehaus", world.tea), [(may(5), may(9))])
    answer = login(manager).post(merge_address(emma, twin), {"name": "kept"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "As one person they would be booked twice. Nothing was changed." in page
    assert "5 May 2026: Emma K is booked for Teehaus, Emma is exclusive for Nordkaffe." in page


@pytest.mark.parametrize("asked", ["", "self"])
def test_influencer_merge_without_another_asks_for_one(
    anna: Influencer, login: Login, rosterer: Membership, asked: str
) -> None:
    answer = login(rosterer).get(merge_address(anna, anna if asked else None))
    assert answer["Location"] == reverse("influencers:merge_choose", args=[anna.agency.slug, anna.pk])


@pytest.mark.parametrize("asked", ["x", "999999999", "9" * 30, "²"])
def test_influencer_merge_with_nobody_is_not_found(
    anna: Influencer, login: Login, rosterer: Membership, asked: str
) -> None:
    assert login(rosterer).get(f"{merge_address(anna)}?with={asked}").status_code == 404


def test_influencer_merge_with_another_agency_is_not_found(
    anna: Influencer, other_agency: Agency, login: Login, rosterer: Membership
) -> None:
    foreign = InfluencerFactory(agency=other_agency)
    assert login(rosterer).get(merge_address(anna, foreign)).status_code == 404


def test_merge_choose_searches_and_suggests(
    anna: Influencer, twin: Influencer, login: Login, rosterer: Membership
) -> None:
    address = reverse("influencers:merge_choose", args=[anna.agency.slug, anna.pk])
    browser = login(rosterer)
    assert merge_address(anna, twin) in browser.get(address).content.decode()
    assert merge_address(anna, twin) in browser.get(f"{address}?q=@annab").content.decode()
    page = browser.get(f"{address}?q=zzzz").content.decode()
    assert "No other creator has such a name or handle" in page
    Influencer.objects.filter(pk=twin.pk).update(name="Zoe")
    assert "No other record looks like this one" in browser.get(address).content.decode()


# --- afterwards --------------------------------------------------------------------------------------------
def test_influencer_detail_of_a_merged_record_leads_to_the_kept_one(
    anna: Influencer, twin: Influencer, login: Login, rosterer: Membership, viewer: Membership, outsider: Membership
) -> None:
    old = twin.get_absolute_url()
    merge_influencers(kept=anna, merged=twin, choices={"name": "kept"}, by=rosterer)
    assert login(viewer).get(old)["Location"] == anna.get_absolute_url()
    assert login(outsider).get(old).status_code == 404
    foreign = reverse("influencers:influencer_detail", args=[outsider.agency.slug, twin.pk])
    assert login(outsider).get(foreign).status_code == 404


def test_influencer_detail_offers_the_way_back(
    anna: Influencer, twin: Influencer, login: Login, rosterer: Membership, marketer: Membership
) -> None:
    merge = merge_influencers(kept=anna, merged=twin, by=rosterer)
    address = reverse("influencers:merge_undo", args=[anna.agency.slug, merge.pk])
    until = timezone.localtime(merge.merged_at, anna.agency.zone)
    page = login(rosterer).get(anna.get_absolute_url()).content.decode()
    assert address in page
    assert "Anna B. was merged into this record." in page
    assert f"Undo until tomorrow {until:%H:%M}" in page
    assert address not in login(marketer).get(anna.get_absolute_url()).content.decode()
    Merge.objects.update(merged_at=timezone.now() - timedelta(hours=24))
    assert address not in login(rosterer).get(anna.get_absolute_url()).content.decode()


def test_merge_undo_parts_them(anna: Influencer, twin: Influencer, login: Login, rosterer: Membership) -> None:
    merge = merge_influencers(kept=anna, merged=twin, by=rosterer)
    AccountFactory(agency=anna.agency, influencer=anna)
    address = reverse("influencers:merge_undo", args=[anna.agency.slug, merge.pk])
    page = login(rosterer).post(address, follow=True)
    assert page.redirect_chain == [(twin.get_absolute_url(), 302)]
    text = page.content.decode()
    assert "Anna B. is a record of its own again." in text
    assert "keeps 1 account that came since." in text
    again = login(rosterer).post(address, follow=True)
    assert again.redirect_chain == [(anna.get_absolute_url(), 302)]
    assert "The two were parted already." in again.content.decode()


def test_merge_undo_is_for_those_who_may_merge(
    anna: Influencer, twin: Influencer, login: Login, rosterer: Membership, marketer: Membership, outsider: Membership
) -> None:
    merge = merge_influencers(kept=anna, merged=twin, by=rosterer)
    address = reverse("influencers:merge_undo", args=[anna.agency.slug, merge.pk])
    assert login(marketer).post(address).status_code == 403
    assert login(rosterer).get(address).status_code == 405
    foreign = reverse("influencers:merge_undo", args=[outsider.agency.slug, merge.pk])
    assert login(outsider).post(foreign).status_code == 404
