"""Adding and changing creators, accounts and follower counts by hand."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.imports.handles import parse_profile
from influencers.imports.numbers import Count
from influencers.models import Account, FollowerCount, Influencer
from influencers.services import (
    AlreadyOnRosterError,
    add_account,
    create_influencer,
    people,
    record_follower_count,
    update_influencer,
)
from influencers.services.people import set_status
from tests.factories import AccountFactory, FollowerCountFactory, InfluencerFactory

Login = Callable[[Membership], Client]
INSTAGRAM = "https://www.instagram.com/Emma.Cooks/?igsh=abc"
TIKTOK = "https://www.tiktok.com/@emma.cooks"


def create(agency: Agency, name: str = "", profiles: tuple[str, ...] = (), **details: Any) -> Influencer:
    return create_influencer(agency=agency, name=name, profiles=profiles, details=details, by=None)


def test_create_influencer_by_name_alone(agency: Agency) -> None:
    influencer = create(agency, " Dr. Ada Expert ", kind="expert", niches=["health"])
    influencer.refresh_from_db()
    assert (influencer.name, influencer.sort_name, influencer.kind) == ("Dr. Ada Expert", "dr ada expert", "expert")
    assert influencer.status == Influencer.Status.PROSPECT
    assert influencer.accounts.count() == 0


def test_create_influencer_by_links_alone(agency: Agency) -> None:
    influencer = create(agency, profiles=(INSTAGRAM, "", f"  {TIKTOK} "))
    accounts = influencer.accounts.order_by("platform").values_list("platform", "handle", "url", "is_primary")
    assert influencer.name == "emma.cooks"
    assert list(accounts) == [
        ("instagram", "emma.cooks", "https://www.instagram.com/emma.cooks/", False),
        ("tiktok", "emma.cooks", "https://www.tiktok.com/@emma.cooks", False),
    ]


@pytest.mark.parametrize(
    ("name", "profiles", "sentence"),
    [
        ("", (), "Give a name or paste at least one profile link."),
        ("  ", ("", " "), "Give a name or paste at least one profile link."),
        ("Emma", (INSTAGRAM, "no link at all"), "“no link at all”: "),
        ("Emma", (INSTAGRAM, "https://instagram.com/EMMA.cooks"), "@emma.cooks on Instagram is given twice."),
    ],
)
def test_create_influencer_refuses_and_makes_nothing(
    agency: Agency, name: str, profiles: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        create(agency, name, profiles)
    assert str(refusal.value).startswith(sentence)
    assert Influencer.objects.count() == Account.objects.count() == 0


def test_create_influencer_refuses_a_handle_that_is_on_the_roster(agency: Agency) -> None:
    known = AccountFactory(agency=agency, platform="tiktok", handle="Emma.Cooks", influencer__name="Emma").influencer
    with pytest.raises(AlreadyOnRosterError) as refusal:
        create(agency, "Emma again", (INSTAGRAM, TIKTOK))
    assert refusal.value.influencer == known
    assert str(refusal.value) == "@emma.cooks on TikTok is on the roster already: Emma."
    assert Influencer.objects.count() == 1
    assert Account.objects.count() == 1


def test_create_influencer_knows_an_account_by_its_id_on_the_platform(agency: Agency) -> None:
    channel = "UC" + "a" * 22
    known = AccountFactory(agency=agency, platform="youtube", handle="oldname", external_id=channel).influencer
    with pytest.raises(AlreadyOnRosterError) as refusal:
        create(agency, "", (f"https://www.youtube.com/channel/{channel}",))
    assert refusal.value.influencer == known


def test_create_influencer_ignores_other_agencies(agency: Agency, other_agency: Agency) -> None:
    AccountFactory(agency=other_agency, platform="tiktok", handle="emma.cooks")
    assert create(agency, "Emma", (TIKTOK,)).accounts.count() == 1


def test_create_influencer_lost_race_is_said_as_a_sentence(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    AccountFactory(agency=agency, platform="tiktok", handle="emma.cooks", influencer__name="Emma")

    whole, calls = people._refuse_known, []

    def too_early(*args: Any) -> None:
        calls.append(args)
        if len(calls) > 1:
            whole(*args)

    monkeypatch.setattr(people, "_refuse_known", too_early)
    with pytest.raises(AlreadyOnRosterError):
        create(agency, "Emma", (TIKTOK,))
    assert Influencer.objects.count() == 1
    calls.clear()
    with pytest.raises(AlreadyOnRosterError):
        add_account(influencer=InfluencerFactory(agency=agency), profile=parse_profile(TIKTOK), by=None)


def test_other_broken_constraints_are_not_hidden(agency: Agency) -> None:
    with pytest.raises(IntegrityError, match="influencer_country_iso_3166"):
        create(agency, "Emma", country="dk")
    with pytest.raises(TypeError, match="Not a detail of a creator: handle_text"):
        create(agency, "Emma", handle_text="x")


def test_add_account_that_breaks_another_constraint_is_not_hidden(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:

    def refuse(*_args: Any, **_words: Any) -> None:
        raise IntegrityError("another")

    monkeypatch.setattr(people, "record_follower_count", refuse)
    with pytest.raises(IntegrityError, match="another"):
        add_account(
            influencer=InfluencerFactory(agency=agency), profile=parse_profile(TIKTOK), followers=Count(1), by=None
        )
    assert Account.objects.count() == 0


def test_update_influencer_changes_what_is_given(agency: Agency) -> None:
    influencer = InfluencerFactory(agency=agency, name="Emma", city="Aarhus")
    update_influencer(influencer=influencer, name=" Åse ", details={"country": "DK"}, by=None)
    influencer.refresh_from_db()
    assert (influencer.name, influencer.sort_name, influencer.country, influencer.city) == (
        "Åse",
        "ase",
        "DK",
        "Aarhus",
    )
    with pytest.raises(Refused, match="A creator needs a name"):
        update_influencer(influencer=influencer, name=" ", details={}, by=None)


def test_set_status_counts_who_changed(agency: Agency) -> None:
    InfluencerFactory(agency=agency, status="paused")
    InfluencerFactory(agency=agency, status="active")
    rows = Influencer.objects.filter(agency=agency)
    assert set_status(influencers=rows, status=Influencer.Status.PAUSED, by=None) == 1
    assert set_status(influencers=rows, status=Influencer.Status.PAUSED, by=None) == 0


def test_add_account_takes_the_primary_mark(agency: Agency) -> None:
    first = AccountFactory(agency=agency, is_primary=True)
    account = add_account(
        influencer=first.influencer, profile=parse_profile(TIKTOK), is_primary=True, followers=Count(700), by=None
    )
    first.refresh_from_db()
    assert (first.is_primary, account.is_primary, account.followers) == (False, True, 700)
    second = add_account(influencer=first.influencer, profile=parse_profile(INSTAGRAM), by=None)
    assert (second.is_primary, second.followers) == (False, None)


def test_add_account_refuses_a_known_profile(agency: Agency) -> None:
    known = AccountFactory(agency=agency, platform="tiktok", handle="emma.cooks")
    primary = AccountFactory(agency=agency, is_primary=True)
    with pytest.raises(AlreadyOnRosterError) as refusal:
        add_account(influencer=primary.influencer, profile=parse_profile(TIKTOK), is_primary=True, by=None)
    assert refusal.value.influencer == known.influencer
    primary.refresh_from_db()
    assert primary.is_primary


def test_record_follower_count_replaces_that_of_today(agency: Agency) -> None:
    account = AccountFactory(agency=agency, typed_followers=None)
    record_follower_count(account=account, count=Count(12_400, 100), by=None)
    assert (account.followers, account.followers_on, account.is_rounded) == (12_400, agency.today(), True)
    record_follower_count(account=account, count=Count(12_431), by=None)
    stored = FollowerCount.objects.get(account=account)
    assert (stored.followers, stored.day, stored.source, stored.agency) == (12_431, agency.today(), "typed", agency)
    fresh = Account.objects.get(pk=account.pk)
    assert (fresh.followers, fresh.followers_on, fresh.is_rounded) == (12_431, agency.today(), False)


def test_record_follower_count_keeps_other_days(agency: Agency) -> None:
    account = AccountFactory(agency=agency)
    FollowerCountFactory(agency=agency, account=account, followers=10)
    record_follower_count(account=account, count=Count(20), by=None)
    assert list(account.counts.order_by("day").values_list("followers", flat=True)) == [10, 20]


# --- pages -------------------------------------------------------------------------------------------------------
def url(name: str, agency: Agency, *args: int) -> str:
    return reverse(f"influencers:{name}", args=[agency.slug, *args])


def test_influencer_create_adds_and_opens_the_profile(agency: Agency, marketer: Membership, login: Login) -> None:
    data = {
        "name": "",
        "profiles": f"{INSTAGRAM}\n{TIKTOK}",
        "status": "active",
        "kind": "creator",
        "niches": "food,  home cooking , food",
        "country": "DK",
        "languages": "Danish, en",
    }
    response = login(marketer).post(url("influencer_create", agency), data)
    influencer = Influencer.objects.get()
    assert response.status_code == 302
    assert response["Location"] == influencer.get_absolute_url()
    assert (influencer.name, influencer.niches, influencer.languages) == (
        "emma.cooks",
        ["food", "home cooking"],
        ["da", "en"],
    )
    assert influencer.accounts.count() == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Paste at least one profile link, or give a name."),
        ({"profiles": "nonsense"}, "This is no profile address"),
        ({"name": "E", "languages": "Klingonese"}, "“Klingonese” is no language that is known here."),
        ({"name": "E", "niches": "x" * 61}, "is longer than 60 characters."),
        ({"name": "E", "tags": ",".join(f"t{place}" for place in range(41))}, "These are more than 40 words."),
        ({"name": "E", "profiles": "\n".join(["x"] * 21)}, "These are more than 20 links."),
    ],
)
def test_influencer_create_invalid_keeps_what_was_typed(
    agency: Agency, marketer: Membership, login: Login, data: dict[str, str], sentence: str
) -> None:
    response = login(marketer).post(
        url("influencer_create", agency), {"status": "active", "kind": "creator", "city": "Aarhus", **data}
    )
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert 'value="Aarhus"' in response.content.decode()
    assert Influencer.objects.count() == 0


def test_influencer_create_links_to_the_known_creator(agency: Agency, marketer: Membership, login: Login) -> None:
    known = AccountFactory(agency=agency, platform="tiktok", handle="emma.cooks", influencer__name="Emma").influencer
    response = login(marketer).post(
        url("influencer_create", agency), {"profiles": TIKTOK, "status": "active", "kind": "creator"}
    )
    html = response.content.decode()
    assert response.status_code == 409
    assert f'href="{known.get_absolute_url()}"' in html
    assert "is on the roster already: Emma." in html
    assert Influencer.objects.count() == 1


def test_influencer_update(agency: Agency, marketer: Membership, login: Login) -> None:
    influencer = InfluencerFactory(agency=agency, name="Emma", niches=["food", "travel"])
    path = url("influencer_update", agency, influencer.pk)
    html = login(marketer).get(path).content.decode()
    assert 'value="food, travel"' in html
    data = {
        "name": "Emma B",
        "status": "paused",
        "kind": "creator",
        "lawful_basis": "consent",
        "niches": "food",
        "informed_on": "",
    }
    assert login(marketer).post(path, data).status_code == 302
    influencer.refresh_from_db()
    assert (influencer.name, influencer.status, influencer.niches, influencer.sort_name) == (
        "Emma B",
        "paused",
        ["food"],
        "emma b",
    )
    response = login(marketer).post(path, {**data, "name": ""})
    assert response.status_code == 200
    assert "Change Emma B" in response.content.decode()


def test_account_create(agency: Agency, marketer: Membership, login: Login) -> None:
    influencer = InfluencerFactory(agency=agency)
    path = url("account_create", agency, influencer.pk)
    assert login(marketer).get(path).status_code == 200
    answer = login(marketer).post(
        path, {"profile": "emma.cooks", "platform": "tiktok", "followers": "12.4K", "is_primary": "on"}
    )
    assert answer.status_code == 302
    account = influencer.accounts.get()
    assert (account.handle, account.platform, account.followers, account.is_rounded) == (
        "emma.cooks",
        "tiktok",
        12_400,
        True,
    )
    assert account.is_primary
    assert login(marketer).post(path, {"profile": INSTAGRAM, "followers": ""}).status_code == 302
    answer = login(marketer).post(path, {"profile": TIKTOK})
    assert answer.status_code == 409
    assert "is on the roster already" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"profile": ""}, "This field is required."),
        ({"profile": "emma.cooks"}, "nothing says which platform the handle is on"),
        ({"profile": TIKTOK, "platform": "instagram"}, "This address is on tiktok"),
        ({"profile": TIKTOK, "followers": "many"}, "This is not a number."),
    ],
)
def test_account_create_invalid(
    agency: Agency, marketer: Membership, login: Login, data: dict[str, str], sentence: str
) -> None:
    influencer = InfluencerFactory(agency=agency)
    answer = login(marketer).post(url("account_create", agency, influencer.pk), data)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert influencer.accounts.count() == 0


@pytest.mark.parametrize(
    ("typed", "followers", "step"),
    [
        ("12431", 12431, 1),
        ("12,431", 12431, 1),
        ("12.431", 12431, 1),
        (" 1.234.567 ", 1234567, 1),
        ("12.4K", 12400, 100),
        ("1,2M", 1200000, 100000),
        ("0", 0, 1),
        ("1 234", 1234, 1),
    ],
)
def test_follower_count_create_reads_what_people_type(
    agency: Agency, marketer: Membership, login: Login, typed: str, followers: int, step: int
) -> None:
    account = AccountFactory(agency=agency)
    path = url("follower_count_create", agency, account.pk)
    assert login(marketer).get(path).status_code == 200
    answer = login(marketer).post(path, {"followers": typed}, follow=True)
    assert f"has {followers:,} followers today" in answer.content.decode()
    account.refresh_from_db()
    assert (account.followers, account.typed_followers_step) == (followers, step)


@pytest.mark.parametrize("typed", ["", "-", "many", "-5", "12 mil", "1,234M", "1.5", "99999999999999999999"])
def test_follower_count_create_never_guesses(agency: Agency, marketer: Membership, login: Login, typed: str) -> None:
    account = AccountFactory(agency=agency, typed_followers=7)
    answer = login(marketer).post(url("follower_count_create", agency, account.pk), {"followers": typed})
    assert answer.status_code == 200
    assert "is-invalid" in answer.content.decode()
    account.refresh_from_db()
    assert account.followers == 7
    assert FollowerCount.objects.count() == 0


@pytest.mark.parametrize("page", ["influencer_create", "influencer_update", "account_create", "follower_count_create"])
def test_pages_that_write_are_for_writers_of_the_agency(
    agency: Agency,
    viewer: Membership,
    outsider: Membership,
    marketer: Membership,
    other_agency: Agency,
    login: Login,
    page: str,
) -> None:
    account = AccountFactory(agency=agency)
    pk = {"influencer_create": (), "follower_count_create": (account.pk,)}.get(page, (account.influencer_id,))
    path = url(page, agency, *pk)
    assert login(viewer).get(path).status_code == 403
    assert login(outsider).get(path).status_code == 404
    assert Client().get(path).status_code == 302
    if pk:
        foreign = AccountFactory(agency=other_agency)
        foreign_pk = foreign.pk if page == "follower_count_create" else foreign.influencer_id
        assert login(marketer).get(url(page, agency, foreign_pk)).status_code == 404
