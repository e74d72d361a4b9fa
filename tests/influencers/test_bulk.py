"""One change to many creators: exactly those, said beforehand, kept by the history, refused when the number changed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.models import Influencer, InfluencerEvent, RosterLine, Shortlist
from influencers.picking import Picking
from influencers.services.bulk import mark_informed, set_status_of, tag_creators, untag_creators
from tests.factories import AccountFactory, InfluencerFactory

Login = Callable[[Membership], Client]


@pytest.fixture
def three(agency: Agency) -> list[Influencer]:
    """Ada and Bo on TikTok, Cy nowhere."""
    people = [InfluencerFactory(agency=agency, name=name) for name in ("Ada", "Bo", "Cy")]
    for person in people[:2]:
        AccountFactory(agency=agency, influencer=person, platform="tiktok")
    return people


def url(name: str, agency: Agency) -> str:
    return reverse(f"influencers:{name}", args=[agency.slug])


def tags_by_name() -> dict[str, list[str]]:
    return dict(Influencer.objects.order_by("name").values_list("name", "tags"))


# --- services -------------------------------------------------------------------------------------------
def test_tag_creators_adds_what_is_lacking_in_order(
    agency: Agency, other_agency: Agency, three: list[Influencer], marketer: Membership
) -> None:
    foreign = InfluencerFactory(agency=other_agency, name="Foreign")
    Influencer.objects.filter(name="Ada").update(tags=["b", "a"])
    Influencer.objects.filter(name="Bo").update(tags=["a"])
    lines = RosterLine.objects.filter(pk__in=[three[0].pk, three[1].pk, foreign.pk])
    assert tag_creators(agency=agency, creators=lines, tags=["a", "b"], by=marketer) == 1
    assert tags_by_name() == {"Ada": ["b", "a"], "Bo": ["a", "b"], "Cy": [], "Foreign": []}
    assert untag_creators(agency=agency, creators=RosterLine.objects.all(), tags=["a", "z"], by=marketer) == 2
    assert tags_by_name() == {"Ada": ["b"], "Bo": ["b"], "Cy": [], "Foreign": []}
    assert list(RosterLine.objects.filter(tags=["b"]).order_by("sort_name").values_list("sort_name", flat=True)) == [
        "ada", "bo",
    ]  # fmt: skip


def test_set_status_of_counts_who_changed(agency: Agency, three: list[Influencer], marketer: Membership) -> None:
    Influencer.objects.filter(name="Ada").update(status="paused")
    status = Influencer.Status.PAUSED
    assert set_status_of(agency=agency, creators=RosterLine.objects.all(), status=status, by=marketer) == 2
    assert set(Influencer.objects.values_list("status", flat=True)) == {"paused"}


def test_mark_informed_keeps_what_was_recorded_earlier(
    agency: Agency, three: list[Influencer], marketer: Membership
) -> None:
    Influencer.objects.filter(name="Ada").update(informed_on=date(2026, 1, 1), informed_how="by phone")
    lines = RosterLine.objects.all()
    done = mark_informed(agency=agency, creators=lines, on=date(2026, 5, 1), how="by e-mail", by=marketer)
    assert (done.marked, done.earlier) == (2, 1)
    assert list(Influencer.objects.order_by("name").values_list("informed_on", "informed_how")) == [
        (date(2026, 1, 1), "by phone"),
        (date(2026, 5, 1), "by e-mail"),
        (date(2026, 5, 1), "by e-mail"),
    ]
    with pytest.raises(Refused, match="still to come"):
        mark_informed(
            agency=agency, creators=lines, on=agency.today() + timedelta(days=1), how="by e-mail", by=marketer
        )  # fmt: skip


# --- who is meant ---------------------------------------------------------------------------------------
def picking(member: Membership, query: str = "", **more: Any) -> Picking:
    return Picking(member, QueryDict(query), **more)


def test_picking_of_ticked_ones_ignores_what_is_not_on_the_roster(
    agency: Agency, other_agency: Agency, three: list[Influencer], marketer: Membership
) -> None:
    foreign = InfluencerFactory(agency=other_agency)
    found = picking(marketer, "sort=-name", ids=(three[0].pk, three[1].pk, foreign.pk, 2_000_000_000))
    assert [person.name for person in found.first] == ["Bo", "Ada"]
    assert (found.count, found.ignored, found.has_changed, found.others) == (2, 2, False, 0)
    assert found.people == "2 creators"
    assert found.in_words == "Picked by hand: 2 creators"
    assert found.hidden == [
        ("query", "sort=-name"), *(("pick", str(pk)) for pk in (three[0].pk, three[1].pk, foreign.pk, 2_000_000_000)),
    ]  # fmt: skip


def test_picking_of_everything_says_when_the_number_changed(three: list[Influencer], marketer: Membership) -> None:
    found = picking(marketer, "platform=tiktok", is_everything=True, seen=2)
    assert (found.count, found.ignored, found.has_changed) == (2, 0, False)
    assert found.hidden == [("query", "platform=tiktok"), ("all", "1"), ("seen", "2")]
    assert picking(marketer, "platform=tiktok", is_everything=True, seen=3).has_changed
    assert picking(marketer, is_everything=True).count == 3


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "The whole roster"),
        ("platform=tiktok", "Roster: Platform TikTok"),
        ("q=Ada&platform=tiktok", "Roster: Search, Platform TikTok"),
        ("tag=ada&country=DK", "Roster: Country Denmark, Tag"),
        ("notes=ada", "Roster: In notes"),
    ],
)
def test_picking_in_words_repeats_no_name(
    three: list[Influencer], marketer: Membership, query: str, words: str
) -> None:
    assert picking(marketer, query, is_everything=True).in_words == words


def test_picking_whose_filter_is_gone_is_nobody(
    three: list[Influencer], marketer: Membership, agency: Agency, login: Login
) -> None:
    """A list that was deleted meanwhile: without its filter the whole roster would be meant."""
    found = picking(marketer, "list=2000000000", is_everything=True)
    assert (found.is_misread, found.count) == (True, 0)
    asked = {"query": "list=2000000000", "all": "1", "seen": "3", "confirmed": "1", "status": "paused"}
    answer = login(marketer).post(url("bulk_status", agency), asked, follow=True)
    assert "not known any more. Nothing was changed." in answer.content.decode()
    assert not Influencer.objects.filter(status="paused").exists()


# --- pages ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["bulk_tag", "bulk_shortlist", "bulk_status", "bulk_inform"])
def test_bulk_pages_are_for_writers_and_say_when_nobody_was_picked(
    agency: Agency, three: list[Influencer], marketer: Membership, viewer: Membership, outsider: Membership,
    login: Login, name: str,
) -> None:  # fmt: skip
    page, picked = url(name, agency), {"pick": [str(three[0].pk)]}
    assert login(viewer).post(page, picked).status_code == 403
    assert login(outsider).post(page, picked).status_code == 404
    assert login(marketer).get(page).status_code == 405
    answer = login(marketer).post(page, {"pick": ["x", "9" * 30]}, follow=True)
    assert answer.redirect_chain == [(url("influencer_list", agency), 302)]
    assert "Nobody was picked." in answer.content.decode()
    html = login(marketer).post(page, picked).content.decode()
    assert "1 creator" in html
    assert "Ada" in html


def test_bulk_tag_asks_then_tags_and_history_knows_who(
    agency: Agency, three: list[Influencer], marketer: Membership, login: Login
) -> None:
    client, page = login(marketer), url("bulk_tag", agency)
    picked = {"query": "platform=tiktok", "all": "1", "seen": "2"}
    html = client.post(page, picked).content.decode()
    assert "Change the tags of 2 creators" in html
    assert "The list changed" not in html
    answer = client.post(page, {**picked, "confirmed": "1", "deed": "add", "tags": "vip, summer"}, follow=True)
    assert answer.redirect_chain == [(f"{url('influencer_list', agency)}?platform=tiktok", 302)]
    assert "2 creators now carry: vip, summer." in answer.content.decode()
    assert tags_by_name() == {"Ada": ["vip", "summer"], "Bo": ["vip", "summer"], "Cy": []}
    assert {event.pgh_context["user"] for event in InfluencerEvent.objects.all()} == {marketer.user_id}
    asked = {"pick": [str(three[0].pk)], "confirmed": "1", "deed": "remove", "tags": "vip"}
    assert "1 creator no longer carries: vip." in client.post(page, asked, follow=True).content.decode()
    assert tags_by_name() == {"Ada": ["summer"], "Bo": ["vip", "summer"], "Cy": []}
    assert client.post(page, {**asked, "tags": ""}).status_code == 200


def test_bulk_tag_asks_again_when_other_than_seen_match(
    agency: Agency, three: list[Influencer], marketer: Membership, login: Login
) -> None:
    client, page = login(marketer), url("bulk_tag", agency)
    asked = {"query": "", "all": "1", "seen": "2", "confirmed": "1", "deed": "add", "tags": "vip"}
    answer = client.post(page, asked)
    assert answer.status_code == 409
    assert "The list changed: you saw 2, now 3 match." in answer.content.decode()
    assert 'name="seen" value="3"' in answer.content.decode()
    assert tags_by_name() == {"Ada": [], "Bo": [], "Cy": []}


def test_bulk_shortlist_adds_to_a_new_list_and_to_one_that_is_there(
    agency: Agency, three: list[Influencer], marketer: Membership, login: Login
) -> None:
    client, page = login(marketer), url("bulk_shortlist", agency)
    picked = {"pick": [str(three[0].pk), "2000000000"], "confirmed": "1"}
    assert "Choose a list, or name a new one." in client.post(page, picked).content.decode()
    html = client.post(page, {**picked, "name": "Summer", "is_shared": "on"}, follow=True).content.decode()
    assert "1 creator was added to “Summer”. 1 that was picked is not on the roster any more." in html
    shortlist = Shortlist.objects.get()
    assert (shortlist.owner, shortlist.is_shared) == (marketer, True)
    everything = {"query": "", "all": "1", "seen": "3", "confirmed": "1", "shortlist": shortlist.pk}
    assert "2 creators were added to “Summer”." in client.post(page, everything, follow=True).content.decode()
    assert shortlist.entries.count() == 3
    answer = client.post(page, {**picked, "name": "Summer"})
    assert answer.status_code == 409
    assert "has a list “Summer” already" in answer.content.decode()


def test_bulk_shortlist_offers_no_list_of_others(
    agency: Agency, three: list[Influencer], marketer: Membership, manager: Membership, login: Login
) -> None:
    own = Shortlist.objects.create(agency=agency, owner=manager, name="Secret plan", is_shared=False)
    picked = {"pick": [str(three[0].pk)]}
    assert "Secret plan" not in login(marketer).post(url("bulk_shortlist", agency), picked).content.decode()
    asked = {**picked, "confirmed": "1", "shortlist": own.pk}
    assert login(marketer).post(url("bulk_shortlist", agency), asked).status_code == 200
    assert own.entries.count() == 0


def test_bulk_status_sets_the_status(
    agency: Agency, three: list[Influencer], marketer: Membership, login: Login
) -> None:
    asked = {"pick": [str(person.pk) for person in three], "confirmed": "1", "status": "paused"}
    html = login(marketer).post(url("bulk_status", agency), asked, follow=True).content.decode()
    assert "3 creators are now: paused." in html
    assert set(Influencer.objects.values_list("status", flat=True)) == {"paused"}


def test_bulk_inform_says_who_had_been_told_before(
    agency: Agency, three: list[Influencer], marketer: Membership, login: Login
) -> None:
    Influencer.objects.filter(name="Ada").update(informed_on=date(2026, 1, 1))
    client, page = login(marketer), url("bulk_inform", agency)
    asked = {"pick": [str(person.pk) for person in three], "confirmed": "1", "how": "by e-mail"}
    future = str(agency.today() + timedelta(days=1))
    assert client.post(page, {**asked, "on": future}).status_code == 409
    html = client.post(page, {**asked, "on": "2026-05-01"}, follow=True).content.decode()
    assert "2 creators are marked as informed. 1 had been informed before and keeps that day." in html


def test_bulk_bar_stands_on_the_roster(
    agency: Agency, three: list[Influencer], marketer: Membership, viewer: Membership, login: Login
) -> None:
    html = login(marketer).get(f"{url('influencer_list', agency)}?platform=tiktok").content.decode()
    assert html.count('name="pick"') == 2
    assert "All 2 that match" in html
    assert '<input type="hidden" name="query" value="platform=tiktok">' in html
    for words in ("Add to a list", "Add to a line-up", "Set status", "Mark as informed", "Export"):
        assert words in html
    html = login(viewer).get(url("influencer_list", agency)).content.decode()
    assert "All 3 that match" in html
    assert "Add to a list" not in html
    assert "Add to a line-up" not in html
