"""Which creators look like one person, and the page that says so."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agency.models import Agency, Membership
from influencers.merging.duplicates import like, likely_pairs, reasons_against, reasons_for, still_open
from influencers.models import Influencer, NotDuplicates
from influencers.services.merging import say_two_people
from tests.factories import AccountFactory, AgencyFactory, InfluencerFactory

LETTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
Login = Callable[[Membership], Client]


def creator(agency: Agency, name: str, *accounts: str, **fields: str) -> Influencer:
    """A creator with accounts written as platform:handle."""
    influencer = InfluencerFactory(agency=agency, name=name, **fields)
    for account in accounts:
        platform, handle = account.split(":")
        AccountFactory(agency=agency, influencer=influencer, platform=platform, handle=handle)
    return Influencer.objects.prefetch_related("accounts").get(pk=influencer.pk)


def names(agency: Agency) -> list[tuple[str, str]]:
    known = dict(Influencer.objects.values_list("pk", "name"))
    return [(known[first], known[second]) for first, second in likely_pairs(agency)]


def test_pairs_are_found_by_name_handle_and_address(agency: Agency, other_agency: Agency) -> None:
    creator(agency, "Mille Holm", "instagram:mille")
    creator(agency, "Holm, Mille", "tiktok:zzz")
    creator(agency, "Emma Nørgaard", "instagram:emman")
    creator(agency, "Emma Norgaard", "tiktok:emma.n")
    creator(agency, "Karl", "instagram:green_kitchen")
    creator(agency, "Green Kitchen", "youtube:gk.official")
    creator(agency, "Sofie", "instagram:the.sofie")
    creator(agency, "Somebody Else", "tiktok:The_Sofie")
    creator(agency, "Jonas Lindqvist", email="jl@example.com")
    creator(agency, "J. L.", email="JL@example.com")
    creator(agency, "Unlike All Others", "instagram:unlike")
    creator(other_agency, "Unlike All Others", "instagram:unlike")
    assert {frozenset(pair) for pair in names(agency)} == {
        frozenset({"Mille Holm", "Holm, Mille"}),
        frozenset({"Emma Nørgaard", "Emma Norgaard"}),
        frozenset({"Karl", "Green Kitchen"}),
        frozenset({"Sofie", "Somebody Else"}),
        frozenset({"Jonas Lindqvist", "J. L."}),
    }


def test_pairs_are_found_by_names_alike(agency: Agency) -> None:
    creator(agency, "Katherine Olsen")
    creator(agency, "Kathrine Olsen")
    creator(agency, "Xatherine Berglund")
    creator(agency, "Catherine Berglund")
    assert {frozenset(pair) for pair in names(agency)} == {
        frozenset({"Katherine Olsen", "Kathrine Olsen"}),
        frozenset({"Xatherine Berglund", "Catherine Berglund"}),
    }


def test_the_likeliest_pair_comes_first(agency: Agency) -> None:
    creator(agency, "Anna Berg", "instagram:anna1", country="DK")
    creator(agency, "Anna Berg", "tiktok:anna2", country="DK", email="")
    creator(agency, "Bo Dahl", "instagram:bo1", country="DK")
    creator(agency, "Bo Dahl", "tiktok:bo2", country="NO")
    creator(agency, "Cy Ek", "instagram:cy1", country="DK")
    creator(agency, "Cy Ek", "instagram:cy2", country="DK")
    creator(agency, "Di Fry", "instagram:di.fry1", email="di@example.com")
    creator(agency, "Di Fry", "tiktok:di.fry2", email="di@example.com")
    assert [first for first, _second in names(agency)] == ["Di Fry", "Anna Berg", "Cy Ek", "Bo Dahl"]


def test_two_people_are_not_suggested_again(agency: Agency, manager: Membership) -> None:
    first, second = creator(agency, "Anna Berg"), creator(agency, "Anna Berg")
    pairs = likely_pairs(agency)
    assert pairs == still_open(agency, pairs) == [(first.pk, second.pk)]
    say_two_people(first=second, second=first, by=manager)
    assert (likely_pairs(agency), still_open(agency, pairs)) == ([], [])


def test_pairs_of_who_is_gone_are_closed(agency: Agency) -> None:
    first, second = creator(agency, "Anna Berg"), creator(agency, "Anna Berg")
    Influencer.objects.filter(pk=second.pk).delete()
    assert still_open(agency, [(first.pk, second.pk)]) == []


def test_a_name_that_many_have_makes_few_pairs(agency: Agency) -> None:
    """Each is compared with its next three only: the work grows with the number of creators."""
    for _number in range(12):
        creator(agency, "Anna Berg")
    assert len(likely_pairs(agency)) == 11 + 10 + 9


def test_reasons_are_said(agency: Agency) -> None:
    one = creator(agency, "Anna Berg", "instagram:anna.berg", "youtube:ab", country="DK", email="a@example.com")
    two = creator(
        agency, "Berg Anna", "instagram:annab", "youtube:ab2", country="NO", email="b@example.com", kind="expert"
    )
    three = creator(agency, "Anna Berg", "tiktok:Anna_Berg", country="DK", email="A@example.com")
    four = creator(agency, "Annab", "tiktok:fourth")
    assert reasons_for(one, two) == ["the same words in the name"]
    assert reasons_against(one, two) == [
        "different countries",
        "both have accounts on Instagram, YouTube",
        "different e-mail addresses",
        "different kinds",
    ]
    assert reasons_for(one, three) == [
        "the same e-mail address",
        "the same handle: annaberg",
        "the same name",
        "the same country",
    ]
    assert reasons_against(one, three) == []
    assert reasons_for(two, four) == ["names alike", "a handle that is the other's name: annab"]
    assert reasons_against(three, four) == ["both have an account on TikTok"]


def test_like_finds_by_text_else_by_likeness(agency: Agency, other_agency: Agency) -> None:
    anna = creator(agency, "Anna Berg", "instagram:anna.berg")
    alike = creator(agency, "Anna Berg-Hansen")
    handle = creator(agency, "Kitchen", "tiktok:annaberg")
    creator(agency, "Somebody Else")
    creator(other_agency, "Anna Berg")
    assert set(like(anna)) == {alike, handle}
    assert [each.name for each in like(anna, "some else")] == ["Somebody Else"]
    assert list(like(anna, "berg")) == [alike, handle]


# --- pages -----------------------------------------------------------------------------------------------
def open_list(login: Login, member: Membership, query: str = "") -> str:
    response = login(member).get(reverse("influencers:duplicate_list", args=[member.agency.slug]) + query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_duplicate_list_says_why_and_offers_what_one_may_do(
    agency: Agency, login: Login, marketer: Membership, manager: Membership
) -> None:
    first, second = (
        creator(agency, "Anna Berg", "instagram:anna", country="DK"),
        creator(agency, "Anna Berg", country="NO"),
    )
    address = f"{reverse('influencers:influencer_merge', args=[agency.slug, first.pk])}?with={second.pk}"
    for member in (marketer, manager):
        page = open_list(login, member)
        assert "the same name" in page
        assert "different countries" in page
        assert "Two people" in page
        assert (address in page) == (member == manager)
    assert "1 pair, as of" in page


def test_duplicate_list_is_not_for_viewers(login: Login, viewer: Membership, outsider: Membership) -> None:
    address = reverse("influencers:duplicate_list", args=[viewer.agency.slug])
    assert login(viewer).get(address).status_code == 403
    assert login(outsider).get(address).status_code == 404


def test_duplicate_list_remembers_for_a_while_and_looks_again(
    agency: Agency, login: Login, marketer: Membership
) -> None:
    assert "No two records look alike" in open_list(login, marketer)
    creator(agency, "Anna Berg"), creator(agency, "Anna Berg")
    assert "No two records look alike" in open_list(login, marketer)
    assert "Anna Berg" in open_list(login, marketer, "?again=1")


@pytest.mark.parametrize("pairs", [1, 3])
def test_duplicate_list_asks_the_same_queries_for_every_length(
    agency: Agency, login: Login, marketer: Membership, pairs: int
) -> None:
    for number in range(pairs):
        for handle in ("a", "b"):
            creator(agency, f"Name{number} Berg{number}{number}", f"instagram:{handle}{number}")
    browser, address = login(marketer), reverse("influencers:duplicate_list", args=[agency.slug])
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        page = browser.get(address)
    assert page.content.decode().count("duplicate-actions") == pairs
    assert len(captured) == 9


def test_duplicate_dismiss_remembers_two_people(agency: Agency, login: Login, marketer: Membership) -> None:
    first, second = creator(agency, "Anna Berg"), creator(agency, "Anna Berg")
    address = reverse("influencers:duplicate_dismiss", args=[agency.slug])
    for _twice in range(2):
        page = login(marketer).post(address, {"first": first.pk, "second": second.pk}, follow=True)
        assert "Noted: Anna Berg and Anna Berg are two people." in page.content.decode()
    said = NotDuplicates.objects.get()
    assert (said.first, said.second, said.said_by) == (first, second, marketer.user)


def test_duplicate_dismiss_refuses_who_is_not_there(
    agency: Agency, other_agency: Agency, login: Login, marketer: Membership, viewer: Membership
) -> None:
    first, foreign = creator(agency, "Anna Berg"), creator(other_agency, "Anna Berg")
    address = reverse("influencers:duplicate_dismiss", args=[agency.slug])
    page = login(marketer).post(address, {"first": first.pk, "second": foreign.pk}, follow=True)
    assert "One of the two is not on the roster any more." in page.content.decode()
    page = login(marketer).post(address, {"first": first.pk, "second": first.pk}, follow=True)
    assert "That is not in this agency." in page.content.decode()
    assert login(viewer).post(address, {"first": first.pk, "second": first.pk}).status_code == 403
    assert NotDuplicates.objects.count() == 0


class TestAnyNames(TestCase):
    @given(
        st.lists(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20),
            max_size=6,
        )
    )
    def test_no_name_breaks_the_search(self, texts: list[str]) -> None:
        """Whatever people are called: each pair is named once, lower id first."""
        agency = AgencyFactory()
        ids = [creator(agency, text).pk for text in texts]
        pairs = likely_pairs(agency)
        assert len(pairs) == len(set(pairs))
        assert all(first < second and {first, second} <= set(ids) for first, second in pairs)
