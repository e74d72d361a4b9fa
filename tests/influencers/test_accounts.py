"""Correcting accounts and counts, taking accounts off the roster, and the people of a duo."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.forms.accounts import AccountUpdateForm
from influencers.imports.numbers import Count
from influencers.models import Account, FollowerCount, Influencer
from influencers.services import AlreadyOnRosterError, create_influencer
from influencers.services.accounts import (
    correct_follower_count,
    delete_account,
    delete_follower_count,
    update_account,
)
from influencers.services.duos import add_member, remove_member
from tests.factories import (
    AccountFactory,
    CollaborationFactory,
    DeliverableFactory,
    FollowerCountFactory,
    InfluencerFactory,
    PostFactory,
)

Login = Callable[[Membership], Client]


@pytest.fixture
def account(agency: Agency) -> Account:
    made: Account = AccountFactory(agency=agency, handle="emma", external_id="17", influencer__name="Emma")
    return made


def corrected(account: Account, by: Membership, **given: Any) -> Account:
    known = {"handle": account.handle, "url": "", "external_id": account.external_id, "is_primary": False}
    return update_account(account=account, **{**known, **given}, by=by)


# --- accounts -----------------------------------------------------------------------------------------------
def test_update_account_changes_what_it_is_known_by(account: Account, marketer: Membership) -> None:
    second = AccountFactory(agency=account.agency, influencer=account.influencer, platform="tiktok", is_primary=True)
    corrected(account, marketer, handle="emma.h", url="https://x.example/e", external_id="", is_primary=True)
    account.refresh_from_db()
    second.refresh_from_db()
    found = (account.handle, account.url, account.external_id, account.is_primary, second.is_primary)
    assert found == ("emma.h", "https://x.example/e", None, True, False)
    assert account.influencer.__class__.objects.matching("emma.h").get() == account.influencer


def test_update_account_refuses_what_another_account_has(
    account: Account, marketer: Membership, viewer: Membership
) -> None:
    AccountFactory(agency=account.agency, handle="Other", external_id="18", influencer__name="Other One")
    AccountFactory(agency=account.agency, handle="free", platform="tiktok", external_id="19")
    sentence = r"@other on Instagram is on the roster already: Other One\."
    with pytest.raises(AlreadyOnRosterError, match=sentence):
        corrected(account, marketer, handle="other")
    with pytest.raises(AlreadyOnRosterError, match="Other One"):
        corrected(account, marketer, external_id="18")
    with pytest.raises(Refused, match="Your role"):
        corrected(account, viewer)
    corrected(account, marketer, handle="free", external_id="19")
    account.refresh_from_db()
    assert (account.handle, account.external_id) == ("free", "19")


def test_update_account_says_a_lost_race_as_a_sentence(
    account: Account, marketer: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = AccountFactory(agency=account.agency, handle="other", influencer__name="Other One")
    answers = iter([None, None, other])
    monkeypatch.setattr("influencers.services.accounts.known_account", lambda *_args: next(answers))
    with pytest.raises(AlreadyOnRosterError, match="Other One"):
        corrected(account, marketer, handle="other")
    monkeypatch.setattr("influencers.services.accounts.known_account", lambda *_args: None)
    with pytest.raises(IntegrityError):
        corrected(account, marketer, handle="other")


def test_delete_account_takes_everything_of_it_unless_deliverables_were_agreed(
    account: Account, marketer: Membership, viewer: Membership
) -> None:
    PostFactory(agency=account.agency, account=account)
    FollowerCountFactory(agency=account.agency, account=account)
    with pytest.raises(Refused, match="Your role"):
        delete_account(account=account, by=viewer)
    collaboration = CollaborationFactory(agency=account.agency, influencer=account.influencer)
    deliverable = DeliverableFactory(agency=account.agency, collaboration=collaboration, account=account)
    with pytest.raises(Refused) as said:
        delete_account(account=account, by=marketer)
    assert str(said.value) == "@emma stays: deliverables were agreed for it. Move or delete those first."
    assert account.posts.count() == 1
    deliverable.delete()
    delete_account(account=account, by=marketer)
    assert (Account.objects.count(), FollowerCount.objects.count()) == (0, 0)
    assert Influencer.objects.filter(name="Emma").exists()


def test_correct_follower_count_also_corrects_what_was_typed_that_day(account: Account, marketer: Membership) -> None:
    day = date(2026, 5, 1)
    Account.objects.filter(pk=account.pk).update(typed_followers=10, typed_followers_on=day)
    account.refresh_from_db()
    row = FollowerCountFactory(agency=account.agency, account=account, day=day, followers=10)
    older = FollowerCountFactory(agency=account.agency, account=account, day=date(2026, 4, 1), followers=9)
    correct_follower_count(count=row, to=Count(12_400, 100), by=marketer)
    correct_follower_count(count=older, to=Count(8, 1), by=marketer)
    account.refresh_from_db()
    assert (account.typed_followers, account.typed_followers_step, account.followers) == (12_400, 100, 12_400)
    assert list(account.counts.order_by("day").values_list("followers", "source")) == [(8, "typed"), (12_400, "typed")]


def test_delete_follower_count(account: Account, marketer: Membership, viewer: Membership) -> None:
    row = FollowerCountFactory(agency=account.agency, account=account)
    for refused in (delete_follower_count, lambda **given: correct_follower_count(to=Count(1, 1), **given)):
        with pytest.raises(Refused, match="Your role"):
            refused(count=row, by=viewer)
    delete_follower_count(count=row, by=marketer)
    assert account.counts.count() == 0


def test_create_influencer_keeps_who_created(agency: Agency, marketer: Membership) -> None:
    made = create_influencer(agency=agency, name="New", profiles=[], details={"phone": "12"}, by=marketer)
    assert (made.created_by, made.phone) == (marketer.user, "12")


# --- duos -----------------------------------------------------------------------------------------------------
@pytest.fixture
def duo(agency: Agency) -> Influencer:
    made: Influencer = InfluencerFactory(agency=agency, name="The Two")
    return made


def test_add_and_remove_member(duo: Influencer, account: Account, marketer: Membership) -> None:
    emma = account.influencer
    add_member(duo=duo, member=emma, by=marketer)
    add_member(duo=duo, member=emma, by=marketer)
    assert list(duo.members.all()) == [emma]
    remove_member(duo=duo, member=emma, by=marketer)
    assert list(duo.members.all()) == []


def test_what_add_member_refuses(
    duo: Influencer, account: Account, marketer: Membership, viewer: Membership, other_agency: Agency
) -> None:
    emma = account.influencer
    add_member(duo=duo, member=emma, by=marketer)
    third = InfluencerFactory(agency=duo.agency, name="Third")
    refusals = (
        (third, duo, marketer, "“The Two” is a duo itself. Add its people instead."),
        (emma, third, marketer, "“Emma” is a member of “The Two” and cannot have members."),
        (third, third, marketer, "A creator cannot be a member of themselves."),
        (duo, InfluencerFactory(agency=other_agency), marketer, "This creator is not here."),
        (duo, third, viewer, "Your role in this agency does not allow this."),
    )
    for of, member, by, sentence in refusals:
        with pytest.raises(Refused) as said:
            add_member(duo=of, member=member, by=by)
        assert str(said.value) == sentence


class LostRace:
    """A duo whose members the database refuses with an error of that text."""

    def __init__(self, duo: Influencer, text: str) -> None:
        self.pk, self.agency_id, self.duos, self.members, self.text = duo.pk, duo.agency_id, duo.duos, self, text

    def add(self, _member: Influencer) -> None:
        raise IntegrityError(self.text)


def test_a_lost_race_for_members_is_said_and_other_errors_are_not_hidden(
    duo: Influencer, account: Account, marketer: Membership
) -> None:
    for text, error, said in (
        ("influencer_members_are_people", Refused, r"A duo cannot be a member of a duo\."),
        ("another constraint", IntegrityError, "another constraint"),
    ):
        raced: Any = LostRace(duo, text)
        with pytest.raises(error, match=said):
            add_member(duo=raced, member=account.influencer, by=marketer)


# --- pages ----------------------------------------------------------------------------------------------------
def address(name: str, agency: Agency, pk: int) -> str:
    return reverse(f"influencers:{name}", args=[agency.slug, pk])


def test_account_update_corrects_and_says_who_has_it(
    agency: Agency, account: Account, marketer: Membership, login: Login
) -> None:
    AccountFactory(agency=agency, handle="other", influencer__name="Other One")
    client, path = login(marketer), address("account_update", agency, account.pk)
    assert 'value="emma"' in client.get(path).content.decode()
    answer = client.post(path, {"handle": "other"})
    assert answer.status_code == 409
    assert "Open Other One" in answer.content.decode()
    for handle, said in (
        ("https://www.tiktok.com/@emma", "This account is on Instagram. Add the other profile beside it."),
        ("not a handle", "emma"),
    ):
        answer = client.post(path, {"handle": handle})
        assert answer.status_code == 200
        assert said in answer.content.decode()
    answer = client.post(path, {"handle": "https://www.instagram.com/emma.h/", "external_id": "17"})
    assert answer["Location"] == account.influencer.get_absolute_url()
    account.refresh_from_db()
    assert (account.handle, account.external_id) == ("emma.h", "17")
    assert path in client.get(account.influencer.get_absolute_url()).content.decode()


def test_account_delete_says_what_is_lost(agency: Agency, account: Account, marketer: Membership, login: Login) -> None:
    PostFactory(agency=agency, account=account)
    collaboration = CollaborationFactory(agency=agency, influencer=account.influencer)
    deliverable = DeliverableFactory(agency=agency, collaboration=collaboration, account=account)
    client, path = login(marketer), address("account_delete", agency, account.pk)
    html = client.get(path).content.decode()
    assert "1 post with its counts" in html
    assert "0 follower counts" in html
    answer = client.post(path)
    assert answer.status_code == 409
    assert "deliverables were agreed for it" in answer.content.decode()
    deliverable.delete()
    assert "@emma is off the roster." in client.post(path, follow=True).content.decode()
    assert not Account.objects.exists()


def test_follower_count_update_corrects_or_takes_away(
    agency: Agency, account: Account, marketer: Membership, login: Login
) -> None:
    row = FollowerCountFactory(agency=agency, account=account, day=date(2026, 5, 1), followers=1_000)
    client, path = login(marketer), address("follower_count_update", agency, row.pk)
    assert 'value="1,000"' in client.get(path).content.decode()
    assert client.post(path, {"followers": "many"}).status_code == 200
    html = client.post(path, {"followers": "12.4K"}, follow=True).content.decode()
    assert "@emma had 12,400 followers on 1 May 2026." in html
    html = client.post(path, {"followers": "1", "delete": "1"}, follow=True).content.decode()
    assert "The count of 1 May 2026 is gone." in html
    assert account.counts.count() == 0


def test_duo_update_finds_adds_and_takes_out(
    agency: Agency, duo: Influencer, account: Account, other_agency: Agency, marketer: Membership, login: Login
) -> None:
    InfluencerFactory(agency=other_agency, name="Emma Foreign")
    client, path = login(marketer), address("duo_update", agency, duo.pk)
    assert "Nobody yet" in client.get(path).content.decode()
    html = client.get(f"{path}?q=emm").content.decode()
    assert "Emma" in html
    assert "Foreign" not in html
    headers = {"HX-Request": "true", "HX-Target": "duo-update-found"}
    part = client.get(f"{path}?q=nobody", headers=headers).content.decode()
    assert "Nobody on the roster matches." in part
    assert "<html" not in part
    html = client.post(path, {"member": account.influencer_id}, follow=True).content.decode()
    assert "Emma is in the duo." in html
    assert "Nobody on the roster matches." in client.get(f"{path}?q=emma").content.decode()
    inner = address("duo_update", agency, account.influencer_id)
    answer = client.post(inner, {"member": duo.pk})
    assert answer.status_code == 409
    assert "“The Two” is a duo itself." in answer.content.decode()
    html = client.post(path, {"member": account.influencer_id, "is_leaving": "on"}, follow=True).content.decode()
    assert "Emma left the duo." in html
    foreign = Influencer.objects.get(name="Emma Foreign")
    assert client.post(path, {"member": foreign.pk}).status_code == 200
    assert client.get(f"{path}?q={'x' * 201}").status_code == 200
    assert list(duo.members.all()) == []


def test_corrections_are_for_writers_of_the_agency(
    agency: Agency, account: Account, viewer: Membership, outsider: Membership, login: Login
) -> None:
    row = FollowerCountFactory(agency=agency, account=account)
    for name, pk in (
        ("account_update", account.pk),
        ("account_delete", account.pk),
        ("follower_count_update", row.pk),
        ("duo_update", account.influencer_id),
    ):
        assert login(viewer).get(address(name, agency, pk)).status_code == 403
        assert login(outsider).get(address(name, agency, pk)).status_code == 404
        assert login(outsider).get(address(name, outsider.agency, pk)).status_code == 404


@pytest.mark.parametrize(
    ("platform", "handle"), [("youtube", "user/jane"), ("youtube", "c/jane.doe"), ("linkedin", "company/acme")]
)
def test_a_handle_with_its_kind_can_be_corrected(agency: Agency, platform: str, handle: str) -> None:
    known = AccountFactory(agency=agency, platform=platform, handle=handle)
    form = AccountUpdateForm({"handle": f"{handle}2", "url": "", "external_id": ""}, account=known)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["handle"] == f"{handle}2"
