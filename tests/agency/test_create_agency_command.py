"""`create_agency`: one JSON object, and how the manager gets a password."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from agency.models import Agency, Membership, User

ARGUMENTS = ["--name", "Aurora", "--slug", "aurora", "--timezone", "Europe/Oslo", "--currency", "NOK"]


def run(email: str, *arguments: str) -> tuple[dict[str, object], str]:
    out, err = StringIO(), StringIO()
    call_command("create_agency", *(arguments or ARGUMENTS), "--manager-email", email, stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


@pytest.mark.django_db
def test_create_agency_prints_where_the_manager_sets_a_password() -> None:
    answer, hint = run("ann@aurora.example")
    url = answer.pop("set_password_url")
    assert answer == {"agency": "aurora", "name": "Aurora", "manager": "ann@aurora.example", "url": "/aurora/"}
    assert "set_password_url" in hint
    browser = Browser()
    form = browser.get(str(url), follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": "quite-long-1", "password2": "quite-long-1"})
    assert User.objects.get().check_password("quite-long-1")
    login = browser.post("/accounts/login/", {"login": "ann@aurora.example", "password": "quite-long-1"}, follow=True)
    assert login.redirect_chain[-1][0] == "/aurora/"


def test_create_agency_of_somebody_who_has_a_login(outsider: Membership) -> None:
    outsider.user.set_password("quite-long-1")
    outsider.user.save()
    answer, hint = run(outsider.user.email)
    assert (answer["set_password_url"], hint) == (None, "")
    assert Membership.objects.get(agency__slug="aurora").user == outsider.user


def test_create_agency_taken_address_changes_nothing(agency: Agency) -> None:
    with pytest.raises(CommandError) as caught:
        run("ann@aurora.example", "--name", "Again", "--slug", "northern")
    assert caught.value.returncode == 1
    assert Agency.objects.count() == 1
    assert not User.objects.exists()


@pytest.mark.django_db
def test_create_agency_wrong_address_is_a_usage_error() -> None:
    with pytest.raises(CommandError) as caught:
        run("nobody")
    assert caught.value.returncode == 2
    assert not Agency.objects.exists()
