"""People and settings pages."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from agency import panels
from agency.models import Invitation, Membership
from tests.factories import MembershipFactory

Login = Callable[..., Browser]


def make_invitation(manager: Membership, email: str, digest: str = "x") -> Invitation:
    return Invitation.objects.create(
        agency=manager.agency, email=email, role="marketer", token_hash=digest, invited_by=manager.user
    )


def test_member_list_shows_own_people_and_open_invitations(
    login: Login, manager: Membership, marketer: Membership, outsider: Membership
) -> None:
    make_invitation(manager, "open@example.com")
    make_invitation(outsider, "foreign@example.com", digest="y")
    page = login(manager).get(reverse("agency:member_list", args=["northern"]))
    assert list(page.context["members"]) == [manager, marketer]
    assert [invitation.email for invitation in page.context["invitations"]] == ["open@example.com"]
    assert outsider.user.email not in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_member_list_query_count(
    login: Login, manager: Membership, rows: int, django_assert_num_queries: Callable[[int], object]
) -> None:
    MembershipFactory.create_batch(rows, agency=manager.agency)
    for number in range(rows):
        make_invitation(manager, f"open{number}@example.com", digest=str(number))
    browser = login(manager)
    # session, user, membership, members, invitations, other agencies, slots of the navigation
    with django_assert_num_queries(queries_of_frame() + 2):
        browser.get(reverse("agency:member_list", args=["northern"]))


def queries_of_frame() -> int:
    """Session, user, membership, other agencies; the count of clashes if that app shows one."""
    return 4 + len(panels._slots.get("nav-clash_list", {}))


@pytest.mark.parametrize(
    ("name", "args"), [("member_list", []), ("member_update", [1]), ("agency_update", []), ("invitation_create", [])]
)
def test_settings_are_for_managers(login: Login, marketer: Membership, name: str, args: list[int]) -> None:
    page = login(marketer).get(reverse(f"agency:{name}", args=["northern", *args]))
    assert page.status_code == 403
    assert "Your role in this agency does not allow this." in page.content.decode()


def test_member_update(login: Login, manager: Membership, marketer: Membership) -> None:
    browser, url = login(manager), reverse("agency:member_update", args=["northern", marketer.pk])
    assert browser.get(url).context["form"].initial["role"] == "marketer"
    answer = browser.post(url, {"role": "manager", "is_active": "on"})
    assert (answer.status_code, answer["Location"]) == (302, "/northern/settings/")
    marketer.refresh_from_db()
    assert (marketer.role, marketer.is_roster_manager, marketer.is_active) == ("manager", False, True)


def test_member_update_last_manager_is_a_conflict(login: Login, manager: Membership) -> None:
    url = reverse("agency:member_update", args=["northern", manager.pk])
    page = login(manager).post(url, {"role": "viewer", "is_active": "on"})
    assert page.status_code == 409
    assert "is the last manager of this agency" in page.content.decode()
    manager.refresh_from_db()
    assert manager.role == "manager"


def test_member_update_invalid_role(login: Login, manager: Membership, marketer: Membership) -> None:
    page = login(manager).post(reverse("agency:member_update", args=["northern", marketer.pk]), {"role": "owner"})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["role"])


def test_member_update_of_another_agency_is_404(login: Login, manager: Membership, outsider: Membership) -> None:
    url = reverse("agency:member_update", args=["northern", outsider.pk])
    assert login(manager).get(url).status_code == 404


def test_agency_update(login: Login, manager: Membership) -> None:
    browser, url = login(manager), reverse("agency:agency_update", args=["northern"])
    assert browser.get(url).status_code == 200
    answer = browser.post(url, {"name": "Southern", "timezone": "Asia/Tokyo", "currency": "JPY"})
    assert (answer.status_code, answer["Location"]) == (302, "/northern/settings/agency/")
    manager.agency.refresh_from_db()
    agency = manager.agency
    assert (agency.name, agency.timezone, agency.currency, agency.slug) == ("Southern", "Asia/Tokyo", "JPY", "northern")


def test_agency_update_invalid(login: Login, manager: Membership) -> None:
    url = reverse("agency:agency_update", args=["northern"])
    page = login(manager).post(url, {"name": "", "timezone": "Moon", "currency": "eur"})
    assert (page.status_code, set(page.context["form"].errors)) == (200, {"name", "timezone", "currency"})
    manager.agency.refresh_from_db()
    assert manager.agency.name == "Northern Lights"
