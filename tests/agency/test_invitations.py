"""Inviting by e-mail, and joining by the link."""

import re
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.test import Client as Browser
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from agency.models import Invitation, Membership, User
from agency.services import invite_member

Login = Callable[..., Browser]
GOOD = {"name": "Nia New", "password": "quite-long-1"}


@pytest.fixture
def link(manager: Membership) -> str:
    """The path of the link in a fresh invitation to new@example.com."""
    return send(manager, "new@example.com")


def send(manager: Membership, email: str) -> str:
    with TestCase.captureOnCommitCallbacks(execute=True):
        invite_member(
            agency=manager.agency, email=email, role="marketer", is_roster_manager=False, site="http://x", by=manager
        )
    found = re.search(r"http://x(/accounts/invitation/[\w-]+/)", mail.outbox[-1].body)
    assert found
    return found[1]


# --- inviting ---------------------------------------------------------------------------------------
def test_invitation_create_mails_a_link_on_this_site(login: Login, manager: Membership) -> None:
    browser, url = login(manager), reverse("agency:invitation_create", args=["northern"])
    assert browser.get(url).status_code == 200
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = browser.post(url, {"email": "new@example.com", "role": "viewer"})
    assert (answer.status_code, answer["Location"]) == (302, "/northern/settings/")
    assert "http://testserver/accounts/invitation/" in mail.outbox[0].body
    assert Invitation.objects.get().role == "viewer"


def test_invitation_create_of_a_member_is_a_conflict(login: Login, manager: Membership, viewer: Membership) -> None:
    url = reverse("agency:invitation_create", args=["northern"])
    page = login(manager).post(url, {"email": viewer.user.email, "role": "viewer"})
    assert page.status_code == 409
    assert page.context["form"].errors == {"email": ["viewer@northern.example already belongs to this agency."]}


def test_invitation_create_invalid(login: Login, manager: Membership) -> None:
    url = reverse("agency:invitation_create", args=["northern"])
    page = login(manager).post(url, {"email": "nobody", "role": "owner"})
    assert (page.status_code, set(page.context["form"].errors)) == (200, {"email", "role"})


def test_invitation_create_says_when_the_letter_could_not_be_sent(
    login: Login, manager: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_arguments: object) -> None:
        raise SMTPServerDisconnected("no mail today")

    monkeypatch.setattr("agency.services.mail_invitation", fail)
    monkeypatch.setattr("agency.services.transaction.on_commit", lambda hook: hook())
    url = reverse("agency:invitation_create", args=["northern"])
    page = login(manager).post(url, {"email": "new@example.com", "role": "viewer"})
    assert page.status_code == 502
    assert "The letter could not be sent (no mail today)" in page.content.decode()


def test_invitation_cancel(login: Login, manager: Membership, link: str) -> None:
    url = reverse("agency:invitation_cancel", args=["northern", Invitation.objects.get().pk])
    page = login(manager).post(url, follow=True)
    assert "The invitation of new@example.com is withdrawn." in page.content.decode()
    assert Browser().get(link).status_code == 404


def test_invitation_cancel_of_a_used_one(login: Login, manager: Membership, link: str) -> None:
    Browser().post(link, GOOD)
    url = reverse("agency:invitation_cancel", args=["northern", Invitation.objects.get().pk])
    page = login(manager).post(url, follow=True)
    assert "new@example.com has already joined." in page.content.decode()


def test_invitation_cancel_of_another_agency_is_404(login: Login, outsider: Membership, link: str) -> None:
    url = reverse("agency:invitation_cancel", args=["faraway", Invitation.objects.get().pk])
    assert login(outsider).post(url).status_code == 404
    assert Invitation.objects.count() == 1


# --- joining ----------------------------------------------------------------------------------------
def test_invitation_accept_as_new_user_logs_in(db: None, link: str) -> None:
    browser = Browser()
    page = browser.get(link)
    assert page.status_code == 200
    assert "new@example.com" in page.content.decode()
    assert "no-cache" in page["Cache-Control"]
    answer = browser.post(link, GOOD)
    assert (answer.status_code, answer["Location"]) == (302, "/northern/")
    assert browser.get("/northern/").status_code == 200
    member = Membership.objects.get(user__email="new@example.com")
    assert (member.role, member.user.name, member.user.check_password(GOOD["password"])) == (
        "marketer",
        "Nia New",
        True,
    )


@pytest.mark.parametrize("password", ["", "short", "12345678", "password", "new@example.com"])
def test_invitation_accept_judges_the_password(db: None, link: str, password: str) -> None:
    page = Browser().post(link, {"name": "Nia New", "password": password})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["password"])
    assert not User.objects.filter(email="new@example.com").exists()


@pytest.mark.django_db
def test_invitation_accept_wrong_token_is_404() -> None:
    assert Browser().get("/accounts/invitation/never-was/").status_code == 404


def test_invitation_accept_used_is_410(db: None, link: str) -> None:
    Browser().post(link, GOOD)
    page = Browser().get(link)
    assert page.status_code == 410
    assert "This invitation was used already" in page.content.decode()


def test_invitation_accept_expired_is_410(db: None, link: str) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    for answer in (Browser().get(link), Browser().post(link, GOOD)):
        assert answer.status_code == 410
        assert "This invitation has expired" in answer.content.decode()
    assert not User.objects.filter(email="new@example.com").exists()


def test_invitation_accept_known_login_must_log_in_first(manager: Membership, outsider: Membership) -> None:
    link = send(manager, outsider.user.email)
    page = Browser().get(link)
    assert f'href="/accounts/login/?next={link}"' in page.content.decode()
    assert Browser().post(link, GOOD).status_code == 403
    assert Membership.objects.filter(agency=manager.agency).count() == 1


def test_invitation_accept_as_somebody_else(
    login: Login, manager: Membership, outsider: Membership, viewer: Membership
) -> None:
    link = send(manager, outsider.user.email)
    browser = login(viewer)
    assert "You are logged in as viewer@northern.example" in browser.get(link).content.decode()
    assert browser.post(link).status_code == 403


def test_invitation_accept_by_the_known_login(login: Login, manager: Membership, outsider: Membership) -> None:
    link = send(manager, outsider.user.email)
    browser = login(outsider)
    assert browser.get(link).context["is_invited"] is True
    answer = browser.post(link)
    assert (answer.status_code, answer["Location"]) == (302, "/northern/")
    assert Membership.objects.filter(agency=manager.agency, user=outsider.user).exists()


@pytest.mark.parametrize("is_known", [True, False])
def test_invitation_accept_lost_race_is_a_conflict(
    login: Login,
    manager: Membership,
    outsider: Membership,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_known: bool,
) -> None:
    """Somebody used the link between the look at it and the lock."""
    link = send(manager, outsider.user.email if is_known else "new@example.com")

    def lose(agency_id: int) -> None:
        Invitation.objects.filter(agency_id=agency_id).update(accepted_at=timezone.now())

    monkeypatch.setattr("agency.services.lock_people", lose)
    answer = login(outsider).post(link, GOOD)
    assert answer.status_code == 409
    assert "used already" in answer.content.decode()
    assert list(Membership.objects.filter(agency=manager.agency)) == [manager]
    assert not User.objects.filter(email="new@example.com").exists()
