"""Agencies, members, invitations: every branch of the services."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import TestCase
from django.utils import timezone

from agency.errors import Refused
from agency.models import Agency, Category, Invitation, Membership, User
from agency.services import (
    accept_invitation,
    accept_invitation_as_new_user,
    cancel_invitation,
    create_agency,
    hash_token,
    invitation_by_token,
    invite_member,
    update_agency,
    update_member,
)
from agency.signals import agency_created
from tests.factories import MembershipFactory, UserFactory

NEW = {
    "name": "Aurora",
    "slug": "aurora",
    "timezone": "Europe/Oslo",
    "currency": "NOK",
    "manager_email": "Ann@Aurora.Example ",
}


# --- agencies ---------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_create_agency_makes_categories_and_a_manager_without_password() -> None:
    heard: list[Agency] = []

    def listen(agency: Agency, **_kwargs: object) -> None:
        heard.append(agency)

    agency_created.connect(listen)
    try:
        agency, manager = create_agency(**NEW)
    finally:
        agency_created.disconnect(listen)
    assert heard == [agency]
    assert (manager.user.email, manager.role, manager.is_roster_manager) == ("ann@aurora.example", "manager", True)
    assert not manager.user.has_usable_password()
    assert EmailAddress.objects.get().verified
    coffee = Category.objects.get(agency=agency, name="Coffee")
    assert coffee.parent is not None
    assert coffee.parent.parent is not None
    assert (coffee.parent.name, coffee.parent.parent.name) == ("Hot drinks", "Food & drink")
    assert 100 <= Category.objects.filter(agency=agency).count() <= 160


@pytest.mark.django_db
def test_create_agency_takes_a_known_login_as_it_is() -> None:
    user = UserFactory(email="ann@aurora.example", name="Ann")
    _agency, manager = create_agency(**NEW)
    assert manager.user == user
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"), [("slug", "admin"), ("slug", "no spaces"), ("timezone", "Mars/Base"), ("currency", "euro")]
)
def test_create_agency_refuses_and_makes_nothing(field: str, value: str) -> None:
    with pytest.raises(ValidationError):
        create_agency(**{**NEW, field: value})
    assert (Agency.objects.count(), User.objects.count()) == (0, 0)


def test_update_agency(agency: Agency, manager: Membership) -> None:
    update_agency(agency=agency, name="South", timezone="Asia/Tokyo", currency="JPY", by=manager)
    agency.refresh_from_db()
    assert (agency.name, agency.timezone, agency.currency) == ("South", "Asia/Tokyo", "JPY")


def test_update_agency_refuses_a_zone_that_is_none(agency: Agency, manager: Membership) -> None:
    with pytest.raises(ValidationError):
        update_agency(agency=agency, name="South", timezone="Nowhere", currency="JPY", by=manager)
    agency.refresh_from_db()
    assert agency.name == "Northern Lights"


# --- members ----------------------------------------------------------------------------------------
def test_update_member_changes_everything(manager: Membership, marketer: Membership) -> None:
    member = update_member(member=marketer, role="viewer", is_roster_manager=True, is_active=False, by=manager)
    member.refresh_from_db()
    assert (member.role, member.is_roster_manager, member.is_active) == ("viewer", True, False)


@pytest.mark.parametrize(("role", "is_active"), [("marketer", True), ("viewer", True), ("manager", False)])
def test_update_member_keeps_the_last_manager(manager: Membership, role: str, *, is_active: bool) -> None:
    MembershipFactory(agency=manager.agency, role="manager", is_active=False)  # does not count
    with pytest.raises(Refused, match="last manager"):
        update_member(member=manager, role=role, is_roster_manager=False, is_active=is_active, by=manager)
    manager.refresh_from_db()
    assert (manager.role, manager.is_active) == ("manager", True)


def test_update_member_lets_a_manager_go_when_there_is_another(manager: Membership) -> None:
    MembershipFactory(agency=manager.agency, role="manager")
    member = update_member(member=manager, role="viewer", is_roster_manager=False, is_active=True, by=manager)
    assert member.role == "viewer"


def test_update_member_changes_the_flag_of_the_last_manager(manager: Membership) -> None:
    member = update_member(member=manager, role="manager", is_roster_manager=True, is_active=True, by=None)
    assert member.is_roster_manager


# --- invitations ------------------------------------------------------------------------------------
def invite(manager: Membership, email: str = "new@example.com", role: str = "marketer") -> str:
    """Invites and returns the token, as the mail holds it."""
    before = len(mail.outbox)
    with TestCase.captureOnCommitCallbacks(execute=True):
        invite_member(
            agency=manager.agency,
            email=email,
            role=role,
            is_roster_manager=True,
            site="https://meso.example",
            by=manager,
        )
        assert len(mail.outbox) == before  # nothing leaves before the commit
    found = re.search(r"https://meso\.example/accounts/invitation/([\w-]{43})/", mail.outbox[-1].body)
    assert found
    return found[1]


def test_invite_member_mails_a_link_and_stores_only_its_hash(manager: Membership) -> None:
    token = invite(manager, email=" New@Example.com")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.is_roster_manager) == ("new@example.com", "marketer", True)
    assert invitation.token_hash == hash_token(token)
    assert token not in str(Invitation.objects.values().get())
    assert invitation_by_token(token) == invitation
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["new@example.com"], "Northern Lights invites you to Meso")
    assert "Northern Lights" in letter.body
    assert "marketer" in letter.body


def test_invite_member_subject_is_one_line(manager: Membership) -> None:
    manager.agency.name = "Two\nlines"
    invite(manager)
    assert mail.outbox[0].subject == "Two lines invites you to Meso"


def test_invite_member_again_ends_the_former_link(manager: Membership) -> None:
    first = invite(manager)
    second = invite(manager)
    with pytest.raises(Invitation.DoesNotExist):
        invitation_by_token(first)
    assert invitation_by_token(second).is_open


def test_invite_member_refuses_a_member(manager: Membership, marketer: Membership) -> None:
    with pytest.raises(Refused, match="already belongs"):
        invite(manager, email=marketer.user.email.upper())
    assert mail.outbox == []


def test_cancel_invitation(manager: Membership) -> None:
    token = invite(manager)
    cancel_invitation(invitation=invitation_by_token(token), by=manager)
    with pytest.raises(Invitation.DoesNotExist):
        invitation_by_token(token)


def test_cancel_invitation_refuses_a_used_one(manager: Membership) -> None:
    invitation = invitation_by_token(invite(manager))
    accept_invitation_as_new_user(invitation=invitation, name="New", password="quite-long-1")
    with pytest.raises(Refused, match="already joined"):
        cancel_invitation(invitation=invitation, by=manager)


def test_accept_invitation_as_new_user(manager: Membership) -> None:
    invitation = invitation_by_token(invite(manager))
    member = accept_invitation_as_new_user(invitation=invitation, name="Nia New", password="quite-long-1")
    assert (member.agency, member.role, member.is_roster_manager) == (manager.agency, "marketer", True)
    assert (member.user.name, member.user.check_password("quite-long-1")) == ("Nia New", True)
    address = EmailAddress.objects.get(user=member.user)
    assert (address.email, address.verified, address.primary) == ("new@example.com", True, True)
    invitation.refresh_from_db()
    assert not invitation.is_open


def test_accept_invitation_twice_is_refused(manager: Membership) -> None:
    invitation = invitation_by_token(invite(manager))
    member = accept_invitation_as_new_user(invitation=invitation, name="New", password="quite-long-1")
    with pytest.raises(Refused, match="used already"):
        accept_invitation(invitation=invitation, user=member.user)
    with pytest.raises(Refused, match="already has a login"):
        accept_invitation_as_new_user(invitation=invitation, name="New", password="quite-long-1")


def test_accept_invitation_expired_is_refused(manager: Membership) -> None:
    invitation = invitation_by_token(invite(manager))
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="expired"):
        accept_invitation_as_new_user(invitation=invitation, name="New", password="quite-long-1")
    assert not User.objects.filter(email="new@example.com").exists()


def test_accept_invitation_of_somebody_else_is_refused(manager: Membership, outsider: Membership) -> None:
    invitation = invitation_by_token(invite(manager))
    with pytest.raises(Refused, match=r"for new@example\.com"):
        accept_invitation(invitation=invitation, user=outsider.user)
    assert Membership.objects.filter(agency=manager.agency).count() == 1


def test_accept_invitation_of_a_known_login(manager: Membership, outsider: Membership) -> None:
    invitation = invitation_by_token(invite(manager, email=outsider.user.email))
    member = accept_invitation(invitation=invitation, user=outsider.user)
    assert (member.agency, member.user, member.role) == (manager.agency, outsider.user, "marketer")


def test_accept_invitation_brings_a_former_member_back_in_the_invited_role(manager: Membership) -> None:
    former = MembershipFactory(agency=manager.agency, role="manager", is_active=False, user__email="new@example.com")
    member = accept_invitation(invitation=invitation_by_token(invite(manager)), user=former.user)
    assert (member.pk, member.is_active, member.role, member.is_roster_manager) == (former.pk, True, "marketer", True)


def test_accept_invitation_does_not_change_who_became_a_member_meanwhile(manager: Membership) -> None:
    invitation = invitation_by_token(invite(manager, role="viewer"))
    member = MembershipFactory(agency=manager.agency, role="manager", user__email="new@example.com")
    assert accept_invitation(invitation=invitation, user=member.user).role == "manager"
