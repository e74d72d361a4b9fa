"""Lists of picked creators: who sees them, who changes them, who is on them."""

import re
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.models import Influencer, RosterLine, Shortlist, ShortlistEntry
from influencers.services.shortlists import (
    add_to_shortlist,
    create_shortlist,
    delete_shortlist,
    remove_from_shortlist,
    update_shortlist,
)
from tests.factories import InfluencerFactory, MembershipFactory
from tests.influencers.test_roster import names

Login = Callable[[Membership], Client]


@pytest.fixture
def colleague(agency: Agency) -> Membership:
    return MembershipFactory(agency=agency, user__email="colleague@northern.example", user__name="Cleo")


def made(owner: Membership, name: str = "Summer", *people: Influencer, is_shared: bool = True) -> Shortlist:
    shortlist = create_shortlist(agency=owner.agency, name=name, is_shared=is_shared, by=owner)
    add_to_shortlist(shortlist=shortlist, creators=Influencer.objects.filter(pk__in=[p.pk for p in people]), by=owner)
    return shortlist


def url(name: str, agency: Agency, *args: int) -> str:
    return reverse(f"influencers:{name}", args=[agency.slug, *args])


def people_on(shortlist: Shortlist) -> list[str]:
    return [entry.influencer.name for entry in shortlist.entries.order_by("influencer__name")]


# --- services -------------------------------------------------------------------------------------------
def test_add_to_shortlist_adds_each_once(marketer: Membership, agency: Agency, other_agency: Agency) -> None:
    emma, bo = InfluencerFactory(agency=agency, name="Emma"), InfluencerFactory(agency=agency, name="Bo")
    InfluencerFactory(agency=other_agency, name="Foreign")
    shortlist = made(marketer, "Summer", emma)
    assert add_to_shortlist(shortlist=shortlist, creators=RosterLine.objects.all(), by=marketer) == 1
    assert people_on(shortlist) == ["Bo", "Emma"]
    assert remove_from_shortlist(shortlist=shortlist, creators=RosterLine.objects.filter(pk=bo.pk), by=marketer) == 1
    assert people_on(shortlist) == ["Emma"]


def test_shared_list_may_be_added_to_by_colleagues_but_changed_by_owner_and_managers(
    marketer: Membership, colleague: Membership, manager: Membership, viewer: Membership, agency: Agency
) -> None:
    emma = InfluencerFactory(agency=agency, name="Emma")
    shortlist = made(marketer)
    everybody = Influencer.objects.filter(pk=emma.pk)
    assert add_to_shortlist(shortlist=shortlist, creators=everybody, by=colleague) == 1
    for stranger in (colleague, viewer):
        with pytest.raises(Refused, match="or a manager may change this list"):
            remove_from_shortlist(shortlist=shortlist, creators=everybody, by=stranger)
        with pytest.raises(Refused, match="or a manager may change this list"):
            update_shortlist(shortlist=shortlist, name="Mine", is_shared=True, by=stranger)
        with pytest.raises(Refused, match="or a manager may change this list"):
            delete_shortlist(shortlist=shortlist, by=stranger)
    assert people_on(shortlist) == ["Emma"]
    update_shortlist(shortlist=shortlist, name="Autumn", is_shared=True, by=manager)
    assert Shortlist.objects.get().name == "Autumn"
    delete_shortlist(shortlist=shortlist, by=manager)
    assert not Shortlist.objects.exists()
    assert Influencer.objects.get() == emma


def test_own_list_of_another_is_not_there_even_for_managers(
    marketer: Membership, manager: Membership, agency: Agency
) -> None:
    shortlist = made(marketer, is_shared=False)
    with pytest.raises(Refused, match="not there any more"):
        add_to_shortlist(shortlist=shortlist, creators=Influencer.objects.all(), by=manager)
    with pytest.raises(Refused, match="or a manager may change"):
        delete_shortlist(shortlist=shortlist, by=manager)


def test_create_shortlist_refuses_a_second_one_of_that_name(marketer: Membership, colleague: Membership) -> None:
    made(marketer, "Summer")
    made(colleague, "Summer")
    with pytest.raises(Refused, match="has a list “Summer” already"):
        made(marketer, "Summer")
    other = made(marketer, "Autumn")
    with pytest.raises(Refused, match="has a list “Summer” already"):
        update_shortlist(shortlist=other, name="Summer", is_shared=True, by=marketer)


def test_saving_a_shortlist_hides_no_other_refusal_of_the_database(marketer: Membership, agency: Agency) -> None:
    with pytest.raises(IntegrityError, match="null value"):
        create_shortlist(agency=agency, name=None, is_shared=True, by=marketer)


def test_shortlist_constraints_hold_on_every_path(marketer: Membership, agency: Agency) -> None:
    shortlist = made(marketer, "Summer", InfluencerFactory(agency=agency))
    entry = ShortlistEntry.objects.get()
    with pytest.raises(IntegrityError, match="shortlist_entry_once"), transaction.atomic():
        ShortlistEntry.objects.create(shortlist=shortlist, influencer=entry.influencer)
    with pytest.raises(IntegrityError, match="shortlist_name_once_per_owner"), transaction.atomic():
        Shortlist.objects.create(agency=agency, owner=marketer, name="Summer")


# --- list -----------------------------------------------------------------------------------------------
def listed(html: str) -> list[str]:
    return re.findall(r'<a class="fw-medium text-reset" href="[^"]*">([^<]*)</a>', html)


def test_shortlist_list_shows_shared_and_own_ones(
    agency: Agency, marketer: Membership, colleague: Membership, viewer: Membership, outsider: Membership, login: Login
) -> None:
    emma = InfluencerFactory(agency=agency)
    made(marketer, "Shared", emma)
    made(marketer, "Own", is_shared=False)
    html = login(marketer).get(url("shortlist_list", agency)).content.decode()
    assert listed(html) == ["Own", "Shared"]
    assert "only you" in html
    assert listed(login(colleague).get(url("shortlist_list", agency)).content.decode()) == ["Shared"]
    html = login(viewer).get(url("shortlist_list", agency)).content.decode()
    assert listed(html) == ["Shared"]
    assert "New list" not in html
    assert login(outsider).get(url("shortlist_list", agency)).status_code == 404
    html = login(marketer).get(url("shortlist_list", agency), {"q": "shar"}).content.decode()
    assert listed(html) == ["Shared"]
    assert "No list has such a name" in login(marketer).get(url("shortlist_list", agency), {"q": "x"}).content.decode()


def test_shortlist_list_empty_says_what_to_do(agency: Agency, viewer: Membership, login: Login) -> None:
    assert "Tick creators on the roster" in login(viewer).get(url("shortlist_list", agency)).content.decode()


def test_shortlist_list_needs_as_many_queries_for_three_as_for_one(
    agency: Agency, marketer: Membership, colleague: Membership, login: Login
) -> None:
    client = login(marketer)
    made(colleague, "One", InfluencerFactory(agency=agency))
    client.get(url("shortlist_list", agency))
    with CaptureQueriesContext(connection) as one:
        client.get(url("shortlist_list", agency))
    made(colleague, "Two", InfluencerFactory(agency=agency))
    made(marketer, "Three", InfluencerFactory(agency=agency))
    with CaptureQueriesContext(connection) as three:
        assert len(listed(client.get(url("shortlist_list", agency)).content.decode())) == 3
    assert len(three) == len(one)


# --- detail ---------------------------------------------------------------------------------------------
def test_shortlist_detail_shows_the_lines_of_the_roster(
    agency: Agency, marketer: Membership, viewer: Membership, colleague: Membership, outsider: Membership, login: Login
) -> None:
    emma, bo = InfluencerFactory(agency=agency, name="Emma"), InfluencerFactory(agency=agency, name="Bo")
    InfluencerFactory(agency=agency, name="Not on it")
    shortlist = made(marketer, "Summer", emma, bo)
    page = url("shortlist_detail", agency, shortlist.pk)
    html = login(marketer).get(page).content.decode()
    assert names(html) == ["Bo", "Emma"]
    assert "Take off this list" in html
    assert names(login(marketer).get(page, {"sort": "-name"}).content.decode()) == ["Emma", "Bo"]
    html = login(colleague).get(page).content.decode()
    assert "Shared by" in html
    assert "Take off this list" not in html
    html = login(viewer).get(page).content.decode()
    assert names(html) == ["Bo", "Emma"]
    assert "Export" in html
    assert "Mark as informed" not in html
    assert login(outsider).get(page).status_code == 404
    own = made(marketer, "Own", is_shared=False)
    assert login(colleague).get(url("shortlist_detail", agency, own.pk)).status_code == 404
    assert "Nobody is on this list yet" in login(marketer).get(url("shortlist_detail", agency, own.pk)).content.decode()


def test_shortlist_detail_answers_htmx_with_its_table(agency: Agency, marketer: Membership, login: Login) -> None:
    shortlist = made(marketer, "Summer", InfluencerFactory(agency=agency, name="Emma"))
    headers = {"HX-Request": "true", "HX-Target": "shortlist-detail-results"}
    html = login(marketer).get(url("shortlist_detail", agency, shortlist.pk), headers=headers).content.decode()
    assert "<html" not in html
    assert names(html) == ["Emma"]


# --- create, update, delete -----------------------------------------------------------------------------
def test_shortlist_create_makes_a_list(agency: Agency, marketer: Membership, viewer: Membership, login: Login) -> None:
    page = url("shortlist_create", agency)
    assert login(viewer).get(page).status_code == 403
    client = login(marketer)
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": ""}).status_code == 200
    answer = client.post(page, {"name": " Summer  looks ", "is_shared": "on"})
    shortlist = Shortlist.objects.get()
    assert (shortlist.name, shortlist.is_shared, shortlist.owner) == ("Summer looks", True, marketer)
    assert answer["Location"] == shortlist.get_absolute_url()
    answer = client.post(page, {"name": "Summer looks"})
    assert answer.status_code == 409
    assert "already" in answer.content.decode()


def test_shortlist_update_is_for_owner_and_managers(
    agency: Agency, marketer: Membership, colleague: Membership, manager: Membership, login: Login
) -> None:
    shortlist, _other = made(marketer, "Summer"), made(marketer, "Winter")
    page = url("shortlist_update", agency, shortlist.pk)
    answer = login(colleague).post(page, {"name": "Mine"})
    assert answer.status_code == 409
    assert "or a manager may change this list" in answer.content.decode()
    client = login(marketer)
    assert 'value="Summer"' in client.get(page).content.decode()
    assert client.post(page, {"name": "Winter", "is_shared": "on"}).status_code == 409
    assert client.post(page, {"name": ""}).status_code == 200
    assert client.post(page, {"name": "Autumn", "is_shared": "on"})["Location"] == shortlist.get_absolute_url()
    answer = login(manager).post(page, {"name": "Autumn"})
    assert answer["Location"] == url("shortlist_list", agency)
    assert Shortlist.objects.visible_to(manager).filter(pk=shortlist.pk).exists() is False


def test_shortlist_delete_asks_first(agency: Agency, marketer: Membership, colleague: Membership, login: Login) -> None:
    shortlist = made(marketer)
    page = url("shortlist_delete", agency, shortlist.pk)
    assert login(colleague).post(page).status_code == 409
    client = login(marketer)
    assert "Delete the list “Summer”?" in client.get(page).content.decode()
    assert Shortlist.objects.exists()
    assert "is deleted" in client.post(page, follow=True).content.decode()
    assert not Shortlist.objects.exists()


def test_shortlist_remove_takes_the_picked_ones_off(
    agency: Agency, marketer: Membership, colleague: Membership, login: Login
) -> None:
    emma, bo = InfluencerFactory(agency=agency, name="Emma"), InfluencerFactory(agency=agency, name="Bo")
    shortlist = made(marketer, "Summer", emma, bo)
    page = url("shortlist_remove", agency, shortlist.pk)
    picked = {"query": f"list={shortlist.pk}", "pick": [str(emma.pk)]}
    assert login(colleague).post(page, {**picked, "confirmed": "1"}).status_code == 409
    assert people_on(shortlist) == ["Bo", "Emma"]
    client = login(marketer)
    assert "Take 1 creator off the list" in client.post(page, picked).content.decode()
    assert people_on(shortlist) == ["Bo", "Emma"]
    answer = client.post(page, {**picked, "confirmed": "1"})
    assert answer["Location"] == shortlist.get_absolute_url()
    assert people_on(shortlist) == ["Bo"]
