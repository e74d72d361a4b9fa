"""Client pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from agency.brand_services import Contact, create_client
from agency.models import Client, Membership
from tests.agency.test_members import queries_of_frame
from tests.factories import BrandFactory, ClientFactory, MembershipFactory

Login = Callable[..., Browser]


def contact_rows(*rows: tuple[str, str, str]) -> dict[str, Any]:
    fields = {"contacts-TOTAL_FORMS": len(rows), "contacts-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        fields |= {
            f"contacts-{number}-{name}": value for name, value in zip(("name", "email", "role"), row, strict=True)
        }
    return fields


def shown(page: Any) -> list[str]:
    return [client.name for client in page.context["page"]]


def test_client_list_shows_what_each_may_know(
    login: Login, manager: Membership, marketer: Membership, viewer: Membership, outsider: Membership
) -> None:
    ClientFactory(agency=manager.agency, name="Open")
    secret = ClientFactory(agency=manager.agency, name="Secret", is_confidential=True)
    url = reverse("agency:client_list", args=["northern"])
    assert shown(login(manager).get(url)) == ["Open", "Secret"]
    assert shown(login(marketer).get(url)) == ["Open"]
    assert shown(login(viewer).get(url)) == []
    assert login(outsider).get(url).status_code == 404
    secret.team.set([marketer, viewer])
    assert shown(login(marketer).get(url)) == ["Open", "Secret"]
    assert shown(login(viewer).get(url)) == ["Secret"]


def test_client_list_search_and_empty_states(login: Login, marketer: Membership, viewer: Membership) -> None:
    url = reverse("agency:client_list", args=["northern"])
    assert "Add a client" in login(marketer).get(url).content.decode()
    assert "Add a client" not in login(viewer).get(url).content.decode()
    ClientFactory(agency=marketer.agency, name="Northwind")
    assert shown(login(marketer).get(url, {"q": "WIND"})) == ["Northwind"]
    page = login(marketer).get(url, {"q": "zzz"})
    assert (shown(page), "No client of that name" in page.content.decode()) == ([], True)


def test_client_list_pages(login: Login, marketer: Membership) -> None:
    Client.objects.bulk_create(Client(agency=marketer.agency, name=f"C{number:03}") for number in range(101))
    browser, url = login(marketer), reverse("agency:client_list", args=["northern"])
    first = browser.get(url, {"q": "C"})
    assert (shown(first)[0], shown(first)[-1]) == ("C000", "C049")
    assert first.context["pager"] == {
        "first_url": "",
        "previous_url": "",
        "next_url": "/northern/clients/?q=C&page=2",
        "last_url": "/northern/clients/?q=C&page=3",
    }
    assert "101 clients" in first.content.decode()
    last = browser.get(url, {"page": "99"})
    assert shown(last) == ["C100"]
    assert last.context["pager"] == {
        "first_url": "/northern/clients/?page=1",
        "previous_url": "/northern/clients/?page=2",
        "next_url": "",
        "last_url": "",
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_client_list_query_count(
    login: Login, manager: Membership, rows: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _number in range(rows):
        BrandFactory(agency=manager.agency)
    browser = login(manager)
    with django_assert_num_queries(queries_of_frame() + 3):  # count, clients, brands
        browser.get(reverse("agency:client_list", args=["northern"]))


def test_client_detail(login: Login, manager: Membership, viewer: Membership) -> None:
    client = create_client(
        agency=manager.agency,
        name="Acme",
        team=[viewer],
        contacts=[Contact("Ida Holm", "ida@acme.example")],
        by=manager,
    )
    brand = BrandFactory(agency=manager.agency, client=client)
    page = login(manager).get(client.get_absolute_url())
    assert (list(page.context["brands"]), list(page.context["team"])) == ([brand], [viewer])
    assert "ida@acme.example" in page.content.decode()
    as_viewer = login(viewer).get(client.get_absolute_url())
    assert as_viewer.status_code == 200
    assert "ida@acme.example" not in as_viewer.content.decode()


@pytest.mark.parametrize("name", ["client_detail", "client_update"])
def test_client_pages_of_what_one_may_not_know_are_404(
    login: Login, marketer: Membership, outsider: Membership, name: str
) -> None:
    secret = ClientFactory(agency=marketer.agency, is_confidential=True)
    foreign = ClientFactory(agency=outsider.agency)
    for client in (secret, foreign):
        assert login(marketer).get(reverse(f"agency:{name}", args=["northern", client.pk])).status_code == 404


def test_client_create_by_a_manager(login: Login, manager: Membership, marketer: Membership) -> None:
    browser, url = login(manager), reverse("agency:client_create", args=["northern"])
    assert set(browser.get(url).context["form"].fields) == {"name", "is_confidential", "team"}
    fields = {"name": "Acme", "is_confidential": "on", "team": [marketer.pk]}
    answer = browser.post(url, fields | contact_rows(("Ida", "ida@x.example", "PR"), ("", "", "")))
    client = Client.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/northern/clients/{client.pk}/")
    assert (client.name, client.is_confidential, list(client.team.all())) == ("Acme", True, [marketer])
    assert list(client.contacts.values_list("name", "email", "role")) == [("Ida", "ida@x.example", "PR")]


def test_client_create_by_a_marketer(login: Login, marketer: Membership, manager: Membership) -> None:
    browser, url = login(marketer), reverse("agency:client_create", args=["northern"])
    assert set(browser.get(url).context["form"].fields) == {"name", "is_confidential"}
    browser.post(url, {"name": "Acme", "is_confidential": "on", "team": [manager.pk]} | contact_rows())
    client = Client.objects.get()
    assert (client.is_confidential, list(client.team.all())) == (True, [marketer])


def test_client_create_team_is_of_the_agency(login: Login, manager: Membership, outsider: Membership) -> None:
    inactive = MembershipFactory(agency=manager.agency, is_active=False)
    url = reverse("agency:client_create", args=["northern"])
    for stranger in (outsider, inactive):
        page = login(manager).post(url, {"name": "Acme", "team": [stranger.pk]} | contact_rows())
        assert (page.status_code, list(page.context["form"].errors)) == (200, ["team"])


def test_client_create_taken_name_is_a_conflict(login: Login, marketer: Membership) -> None:
    ClientFactory(agency=marketer.agency, name="Acme")
    page = login(marketer).post(
        reverse("agency:client_create", args=["northern"]), {"name": "acme"} | contact_rows(("Ida", "", ""))
    )
    assert page.status_code == 409
    assert "The name “acme” is in use already." in page.content.decode()
    assert 'value="Ida"' in page.content.decode()  # what was typed stays


def test_client_create_contact_without_a_name(login: Login, marketer: Membership) -> None:
    url = reverse("agency:client_create", args=["northern"])
    page = login(marketer).post(url, {"name": "Acme"} | contact_rows(("", "ida@x.example", "")))
    assert page.status_code == 200
    assert "Whose address is this?" in page.content.decode()
    assert not Client.objects.exists()


def test_client_pages_for_writers_only(login: Login, viewer: Membership) -> None:
    client = ClientFactory(agency=viewer.agency)
    client.team.add(viewer)
    for url in (
        reverse("agency:client_create", args=["northern"]),
        reverse("agency:client_update", args=["northern", client.pk]),
    ):
        assert login(viewer).get(url).status_code == 403


def test_client_update_by_a_marketer_keeps_who_may_see(
    login: Login, marketer: Membership, viewer: Membership, manager: Membership
) -> None:
    client = create_client(
        agency=marketer.agency,
        name="Acme",
        is_confidential=True,
        team=[marketer, viewer],
        contacts=[Contact("Ida"), Contact("Bo")],
        by=manager,
    )
    browser, url = login(marketer), reverse("agency:client_update", args=["northern", client.pk])
    page = browser.get(url)
    assert set(page.context["form"].fields) == {"name"}
    assert [row["name"].value() for row in page.context["contacts"]] == ["Bo", "Ida", None, None]
    answer = browser.post(url, {"name": "Acme Ltd"} | contact_rows(("Bo", "", "CEO"), ("", "", "")))
    assert (answer.status_code, answer["Location"]) == (302, client.get_absolute_url())
    client.refresh_from_db()
    assert (client.name, client.is_confidential, set(client.team.all())) == ("Acme Ltd", True, {marketer, viewer})
    assert list(client.contacts.values_list("name", "role")) == [("Bo", "CEO")]


def test_client_update_by_a_manager(login: Login, manager: Membership, marketer: Membership) -> None:
    client = ClientFactory(agency=manager.agency, is_confidential=True)
    client.team.add(manager)
    url = reverse("agency:client_update", args=["northern", client.pk])
    login(manager).post(url, {"name": "Acme", "team": [marketer.pk]} | contact_rows())
    client.refresh_from_db()
    assert (client.name, client.is_confidential, list(client.team.all())) == ("Acme", False, [marketer])


def test_client_update_taken_name_is_a_conflict(login: Login, manager: Membership) -> None:
    ClientFactory(agency=manager.agency, name="Acme")
    client = ClientFactory(agency=manager.agency, name="Mine")
    url = reverse("agency:client_update", args=["northern", client.pk])
    assert login(manager).post(url, {"name": "Acme"} | contact_rows()).status_code == 409
    client.refresh_from_db()
    assert client.name == "Mine"
