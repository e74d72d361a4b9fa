"""Logging in, passwords, second factor, and that nobody signs up."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client as Browser

from agency.models import Membership, User

Login = Callable[..., Browser]
PASSWORD = "quite-long-1"


@pytest.fixture
def person(marketer: Membership) -> User:
    marketer.user.set_password(PASSWORD)
    marketer.user.save()
    EmailAddress.objects.create(user=marketer.user, email=marketer.user.email, verified=True, primary=True)
    return marketer.user


def log_in(email: str, password: str = PASSWORD, browser: Browser | None = None) -> tuple[Browser, object]:
    browser = browser or Browser()
    answer = browser.post("/accounts/login/", {"login": email, "password": password})
    return browser, answer


def test_login_leads_to_the_agency(person: User) -> None:
    browser = Browser()
    assert "Creators, brands and dates that never clash." in browser.get("/accounts/login/").content.decode()
    _browser, answer = log_in("Marketer@Northern.example", browser=browser)
    assert (answer.status_code, answer["Location"]) == (302, "/")  # type: ignore[attr-defined, index]
    assert browser.get("/", follow=True).redirect_chain == [("/northern/", 302)]


def test_login_wrong_password_stays(person: User) -> None:
    browser, answer = log_in(person.email, "wrong")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert browser.get("/").status_code == 302


def test_login_is_slowed_down_after_five_failures(person: User) -> None:
    for _try in range(5):
        log_in(person.email, "wrong")
    browser, answer = log_in(person.email)
    assert answer.status_code in {200, 429}  # type: ignore[attr-defined]
    assert browser.get("/").status_code == 302  # even the right password waits


@pytest.mark.django_db
def test_nobody_signs_up() -> None:
    browser = Browser()
    assert "Meso is joined by invitation" in browser.get("/accounts/signup/").content.decode()
    browser.post("/accounts/signup/", {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


def test_password_reset_from_letter_to_login(person: User) -> None:
    browser = Browser()
    assert browser.get("/accounts/password/reset/").status_code == 200
    page = browser.post("/accounts/password/reset/", {"email": person.email}, follow=True)
    assert "Look into your mail" in page.content.decode()
    found = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[0].body)
    assert found
    form = browser.get(found[1], follow=True)
    assert "Set a new password" in form.content.decode()
    done = browser.post(
        form.request["PATH_INFO"], {"password1": "even-longer-2", "password2": "even-longer-2"}, follow=True
    )
    assert "The new password is set" in done.content.decode()
    again = browser.get(found[1], follow=True)
    assert "This link does not work any more" in again.content.decode()
    _browser, answer = log_in(person.email, "even-longer-2")
    assert answer.status_code == 302  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_password_reset_does_not_tell_who_has_a_login() -> None:
    page = Browser().post("/accounts/password/reset/", {"email": "nobody@example.com"}, follow=True)
    assert "Look into your mail" in page.content.decode()


def test_password_change(login: Login, person: User) -> None:
    browser, _answer = log_in(person.email)
    assert "Change password" in browser.get("/accounts/password/change/").content.decode()
    new = {"oldpassword": PASSWORD, "password1": "even-longer-2", "password2": "even-longer-2"}
    assert browser.post("/accounts/password/change/", new).status_code == 302
    person.refresh_from_db()
    assert person.check_password("even-longer-2")


def test_logout_asks_first(login: Login, person: User) -> None:
    browser = login(person)
    assert "Log out of Meso?" in browser.get("/accounts/logout/").content.decode()
    assert browser.get("/northern/").status_code == 200
    browser.post("/accounts/logout/")
    assert browser.get("/northern/").status_code == 302


def test_second_factor_can_be_switched_on_and_is_then_asked_for(person: User) -> None:
    browser, _answer = log_in(person.email)
    assert "Authenticator App" in browser.get("/accounts/2fa/").content.decode()
    asked = browser.get("/accounts/2fa/totp/activate/", follow=True)
    assert "Confirm Access" in asked.content.decode()
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    code = code_of(secret)
    assert browser.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert browser.get("/accounts/2fa/recovery-codes/").status_code == 200
    second, answer = log_in(person.email)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")  # type: ignore[index]
    assert second.get("/northern/").status_code == 302
    assert "Two-Factor Authentication" in second.get("/accounts/2fa/authenticate/").content.decode()


def code_of(secret: str) -> str:
    """What the app on the phone shows now."""
    assert TOTP
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize(
    "address", ["/accounts/password/change/", "/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/email/"]
)
@pytest.mark.django_db
def test_pages_of_ones_own_login_need_it(address: str) -> None:
    answer = Browser().get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={address}")


@pytest.mark.parametrize("address", ["/accounts/email/", "/accounts/inactive/", "/accounts/confirm-email/"])
def test_other_pages_of_the_login_are_in_the_look_of_the_site(login: Login, person: User, address: str) -> None:
    page = login(person).get(address)
    assert (page.status_code, "brand-mark" in page.content.decode()) == (200, True)
