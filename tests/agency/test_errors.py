"""Error pages in the look of the site."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import path

from agency import urls as site
from agency.models import Membership
from agency.views import errors

Login = Callable[..., Browser]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("CANARY of the traceback")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def sent(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sent")


handler403, handler404, handler500 = site.handler403, site.handler404, site.handler500
urlpatterns = [
    path("broken/", broken),
    path("forbidden/", forbidden),
    path("sent/", sent),
    *site.urlpatterns,
]


@pytest.mark.urls(__name__)
def test_500_says_nothing_of_the_cause(login: Login, manager: Membership) -> None:
    browser = login(manager)
    browser.raise_request_exception = False
    page = browser.get("/broken/")
    assert (page.status_code, "CANARY" in page.content.decode()) == (500, False)
    assert "Something went wrong on our side" in page.content.decode()


def test_500_needs_no_database() -> None:
    """Without the database mark any query would fail this test."""
    page = errors.server_error(RequestFactory().get("/"))
    assert page.status_code == 500
    assert connection.connection is None or not connection.in_atomic_block


@pytest.mark.urls(__name__)
def test_403_without_a_reason(login: Login, manager: Membership) -> None:
    page = login(manager).get("/forbidden/")
    assert (page.status_code, "Your role does not allow this." in page.content.decode()) == (403, True)


@pytest.mark.django_db
def test_404() -> None:
    browser = Browser()
    for address in ("/accounts/nothing-here/", "/static/none.css"):
        assert browser.get(address).status_code == 404
    assert "There is no such page" in browser.get("/accounts/nothing-here/").content.decode()


def test_404_of_another_agency_does_not_name_it(login: Login, manager: Membership, outsider: Membership) -> None:
    page = login(manager).get("/faraway/")
    assert (page.status_code, "Far Away" in page.content.decode()) == (404, False)


@pytest.mark.urls(__name__)
def test_csrf_failure_says_how_to_mend_it(login: Login, manager: Membership) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.cookies = login(manager).cookies
    page = browser.post("/sent/")
    assert (page.status_code, "reload the page and send it again" in page.content.decode()) == (403, True)


def test_conflict_is_a_page_and_for_htmx_an_alert() -> None:
    request = RequestFactory().post("/")
    page = errors.conflict(request, "Emma is <booked>.")
    assert page.status_code == 409
    assert "<!doctype html>" in page.content.decode()
    assert "Emma is &lt;booked&gt;." in page.content.decode()
    request.htmx = True  # type: ignore[attr-defined]
    fragment = errors.conflict(request, "Emma is <booked>.")
    assert fragment.status_code == 409
    assert fragment.content.decode() == '<div class="alert alert-danger" role="alert">Emma is &lt;booked&gt;.</div>'
