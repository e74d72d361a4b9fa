"""What somebody searches for is read by a form: whatever it holds, a list answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from agency.forms import SearchForm
from agency.models import Membership
from tests.factories import BrandFactory, CampaignFactory, InfluencerFactory

pytestmark = pytest.mark.django_db
Login = Callable[..., Browser]
BAD = ["Be\0an", "\0", "x" * 201]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [({}, ""), ({"q": " Bean "}, "Bean"), ({"q": "x" * 200}, "x" * 200), *(({"q": bad}, "") for bad in BAD)],
)
def test_search_form(typed: dict[str, str], wanted: str) -> None:
    assert SearchForm(typed).wanted() == wanted


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", ["agency:brand_list", "agency:client_list"])
def test_a_search_that_cannot_be_read_searches_nothing(login: Login, manager: Membership, name: str, bad: str) -> None:
    BrandFactory(agency=manager.agency, name="Bean", client__name="Bean Company")
    answer: Any = login(manager).get(reverse(name, args=["northern"]), {"q": bad})
    assert (answer.status_code, answer.context["q"], len(answer.context["page"])) == (200, "", 1)


@pytest.mark.parametrize("bad", BAD)
def test_a_search_for_the_line_up_that_cannot_be_read_searches_nothing(
    login: Login, manager: Membership, bad: str
) -> None:
    campaign = CampaignFactory(agency=manager.agency)
    emma = InfluencerFactory(agency=manager.agency, name="Emma")
    url = reverse("campaigns:collaboration_create", args=["northern", campaign.pk])
    answer: Any = login(manager).get(url, {"q": bad})
    assert (answer.status_code, answer.context["q"], list(answer.context["creators"])) == (200, "", [emma])


def test_the_agency_of_the_admin_panel_is_no_text_for_the_database(login: Login, manager: Membership) -> None:
    manager.is_roster_manager = True
    manager.save()
    assert login(manager).get("/admin/", {"agency": "north\0ern"}).status_code == 403
