"""Which agency, where one is, what needs me today."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client as Browser
from django.test import RequestFactory

from agency import panels
from agency.context_processors import NAVIGATION, SETTINGS_TABS, Place, address, entries, frame
from agency.countries import COUNTRIES, country_name
from agency.htmx import render_partial
from agency.models import Membership, User
from tests.factories import ClientFactory, MembershipFactory, UserFactory

Login = Callable[..., Browser]


# --- which agency -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_agency_select_anonymous_logs_in() -> None:
    answer = Browser().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")


def test_agency_select_one_agency_is_opened(login: Login, marketer: Membership) -> None:
    MembershipFactory(user=marketer.user, is_active=False)
    answer = login(marketer).get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/northern/")


def test_agency_select_several_are_listed(login: Login, marketer: Membership, outsider: Membership) -> None:
    second = MembershipFactory(user=marketer.user, agency__name="Second").agency
    page = login(marketer).get("/")
    assert page.context["agencies"] == [marketer.agency, second]
    assert "Far Away" not in page.content.decode()


@pytest.mark.django_db
def test_agency_select_without_any_says_whom_to_ask(login: Login) -> None:
    user = UserFactory(email="lost@example.com")
    page = login(user)
    assert "Ask a manager of your agency to invite lost@example.com." in page.get("/").content.decode()


# --- the frame --------------------------------------------------------------------------------------
def here(path: str, membership: Membership) -> list[str]:
    return [str(entry["label"]) for entry in entries(NAVIGATION, membership, path) if entry["is_here"]]


def test_navigation_knows_where_one_is(manager: Membership) -> None:
    assert here("/northern/", manager) == ["Dashboard"]
    assert here("/northern/brands/7/edit/", manager) == ["Brands"]
    assert here("/northern/clients/", manager) == ["Brands"]
    assert here("/northern/settings/agency/", manager) == ["Settings"]
    assert here("/accounts/2fa/", manager) == []
    tabs = entries(SETTINGS_TABS, manager, "/northern/settings/agency/")
    assert [str(tab["label"]) for tab in tabs if tab["is_here"]] == ["Agency"]


def test_navigation_shows_settings_to_managers_only(manager: Membership, marketer: Membership) -> None:
    assert "Settings" in [entry["label"] for entry in entries(NAVIGATION, manager, "/")]
    assert "Settings" not in [entry["label"] for entry in entries(NAVIGATION, marketer, "/")]


def test_navigation_leaves_out_apps_that_are_not_installed(manager: Membership) -> None:
    assert address("nowhere:page", "northern") == ""
    assert entries((Place("nowhere:page", "x", "Nowhere"),), manager, "/northern/") == []


def test_frame_is_empty_outside_an_agency() -> None:
    assert frame(RequestFactory().get("/")) == {}


def test_frame_offers_the_other_agencies_of_the_user_only(
    login: Login, marketer: Membership, outsider: Membership
) -> None:
    second = MembershipFactory(user=marketer.user, agency__name="Second").agency
    MembershipFactory(user=marketer.user, agency__name="Left", is_active=False)
    page = login(marketer).get("/northern/")
    assert list(page.context["other_agencies"]) == [second]
    assert "Far Away" not in page.content.decode()


def test_page_has_no_inline_script_or_handler(login: Login, manager: Membership) -> None:
    page = login(manager).get("/northern/")
    text = page.content.decode()
    assert "<script>" not in text
    assert " onclick=" not in text
    assert "<style" not in text
    policy = page["Content-Security-Policy"]
    assert "script-src 'self'" in policy.split("; ")
    assert "unsafe-eval" not in policy
    assert '"allowEval":false' in text


# --- the dashboard ----------------------------------------------------------------------------------
@pytest.fixture
def slots(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, dict[str, panels.Panel]]]:
    """The slots, emptied for this test."""
    empty: dict[str, dict[str, panels.Panel]] = {}
    monkeypatch.setattr(panels, "_slots", empty)
    return empty


def test_dashboard_with_nothing_to_do(login: Login, viewer: Membership, slots: Any) -> None:
    assert "Nothing needs you today" in login(viewer).get("/northern/").content.decode()


def test_dashboard_shows_panels_in_order(login: Login, viewer: Membership, slots: Any) -> None:
    def say(text: str) -> Callable[[HttpRequest], str]:
        return lambda _request: text

    panels.register("dashboard", panels.Panel("b", 2, say("<b>second</b>")))
    panels.register("dashboard", panels.Panel("a", 1, say("<b>first</b>")))
    panels.register("dashboard", panels.Panel("c", 3, say("")))
    page = login(viewer).get("/northern/")
    assert page.context["panels"] == ["<b>first</b>", "<b>second</b>"]
    text = page.content.decode()
    assert 0 < text.index("<b>first</b>") < text.index("<b>second</b>")
    assert "Nothing needs you today" not in text


def test_dashboard_first_step_is_to_add_a_client(login: Login, marketer: Membership, viewer: Membership) -> None:
    step = 'href="/northern/clients/add/"'
    assert step in login(marketer).get("/northern/").content.decode()
    assert step not in login(viewer).get("/northern/").content.decode()
    ClientFactory(agency=marketer.agency, is_confidential=True)
    assert step in login(marketer).get("/northern/").content.decode()
    ClientFactory(agency=marketer.agency)
    assert step not in login(marketer).get("/northern/").content.decode()


# --- answers to htmx --------------------------------------------------------------------------------
class Asked:
    """What django-htmx knows of a request."""

    def __init__(self, target: str | None, *, boosted: bool = False, history: bool = False) -> None:
        self.target, self.boosted, self.history_restore_request = target, boosted, history


@pytest.mark.parametrize(
    ("htmx", "is_partial"),
    [
        (None, False),
        (Asked("conflict-reason"), True),
        (Asked(None), False),  # HX-Location: the body is swapped
        (Asked("conflict-reason", boosted=True), False),
        (Asked("conflict-reason", history=True), False),
    ],
)
def test_render_partial(htmx: Asked | None, *, is_partial: bool) -> None:
    request = RequestFactory().get("/")
    if htmx:
        request.htmx = htmx  # type: ignore[attr-defined]
    answer = render_partial(request, "409.html", {"reason": "No."}, partial="conflict-reason", status=409)
    assert answer.status_code == 409
    assert answer.content.decode().startswith("<div" if is_partial else "<!doctype html>")


# --- countries --------------------------------------------------------------------------------------
def test_countries_have_their_iso_3166_numbers() -> None:
    known = {
        "DK": 208,
        "NL": 528,
        "SE": 752,
        "NO": 578,
        "DE": 276,
        "FR": 250,
        "US": 840,
        "GB": 826,
        "NG": 566,
        "ZA": 710,
    }
    assert {code: COUNTRIES[code].numeric for code in known} == known
    assert len(COUNTRIES) == 249
    assert len({country.numeric for country in COUNTRIES.values()}) == 249
    assert (country_name("DK"), country_name("XX")) == ("Denmark", "XX")


def test_users_are_shown_by_name_or_address() -> None:
    assert [str(User(email="a@b.example", name=name)) for name in ("Ann", "")] == ["Ann", "a@b.example"]
