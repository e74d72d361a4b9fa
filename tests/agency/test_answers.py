"""What every answer to htmx and every command keeps to."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.test import Client as Browser

from agency.errors import Refused
from agency.management.json_command import JsonCommand
from agency.models import Agency, Membership

Login = Callable[..., Browser]
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/northern/brands/?q=tea"}


# --- redirects as htmx understands them -------------------------------------------------------------
def test_htmx_redirect_becomes_a_location(login: Login, manager: Membership) -> None:
    fields = {"name": "Southern", "timezone": "UTC", "currency": "EUR"}
    answer = login(manager).post("/northern/settings/agency/", fields, headers=HTMX)
    assert (answer.status_code, json.loads(answer["HX-Location"])) == (200, {"path": "/northern/settings/agency/"})
    assert "messages" in answer.cookies or "sessionid" in answer.cookies  # the sentence for the next page survives
    assert "HX-Request" in answer["Vary"]


@pytest.mark.django_db
def test_htmx_expired_session_sends_the_whole_page_to_login() -> None:
    answer = Browser().get("/northern/brands/", headers=HTMX)
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fnorthern%2Fbrands%2F%3Fq%3Dtea"


@pytest.mark.django_db
def test_htmx_expired_session_on_a_strange_page_leads_home() -> None:
    answer = Browser().get("/northern/", headers={**HTMX, "HX-Current-URL": "https://elsewhere.example/"})
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2F"


def test_answers_vary_by_htmx(login: Login, manager: Membership) -> None:
    assert "HX-Request" in login(manager).get("/northern/")["Vary"]


# --- commands ---------------------------------------------------------------------------------------
class Probe(JsonCommand):
    """Does what the test says."""

    act: Callable[[], dict[str, Any]]

    def run(self, **_options: Any) -> dict[str, Any]:
        return type(self).act()


def call(act: Callable[[], dict[str, Any]], exit_code: int = 0) -> str:
    Probe.act = act  # type: ignore[method-assign]
    out = StringIO()
    command = Probe(stdout=out)
    command.exit_code = exit_code
    command.handle()
    return out.getvalue()


def raising(error: Exception) -> Callable[[], dict[str, Any]]:
    def act() -> dict[str, Any]:
        raise error

    return act


def test_json_command_prints_one_object() -> None:
    assert call(lambda: {"rows": 2, "name": "Åse"}) == '{"rows": 2, "name": "Åse"}\n'


@pytest.mark.parametrize("error", [Refused("Not now."), ValidationError("Not now.")])
def test_json_command_refusal_is_exit_1(error: Exception) -> None:
    with pytest.raises(CommandError, match=r"Not now\.") as caught:
        call(raising(error))
    assert caught.value.returncode == 1


def test_json_command_check_that_found_problems_prints_and_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        call(lambda: {"problems": ["one"]}, exit_code=1)
    assert caught.value.code == 1


def test_json_command_unknown_agency_is_a_usage_error(agency: Agency) -> None:
    assert JsonCommand.agency_of("northern") == agency
    with pytest.raises(CommandError, match="There is no agency “southern”") as caught:
        JsonCommand.agency_of("southern")
    assert caught.value.returncode == 2
