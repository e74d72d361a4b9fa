"""The timeline, what it loads, and its table: who sees what, bounds, and nothing that leaks."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.models import Agency, Brand, Membership
from campaigns.models import Collaboration
from campaigns.services.absences import record_unavailability
from campaigns.services.clauses import add_clause
from influencers.models import Influencer
from tests.campaigns.timeline.conftest import Book
from tests.factories import InfluencerFactory

Login = Callable[[Membership], Client]
PAGES = ["campaigns:timeline", "campaigns:timeline_items", "campaigns:timeline_table"]
MAY = {"from": "2026-05-01", "to": "2026-05-31"}
CANARIES = ("Canary", "98765", "98,765", "87654", "87,654")


def address(name: str, agency: Agency) -> str:
    return reverse(name, args=[agency.slug])


@pytest.mark.parametrize("name", PAGES)
def test_timeline_needs_a_login_and_a_membership(
    client: Client, login: Login, agency: Agency, outsider: Membership, name: str
) -> None:
    assert client.get(address(name, agency)).status_code == 302
    assert login(outsider).get(address(name, agency)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_timeline_is_only_read(login: Login, manager: Membership, name: str) -> None:
    assert login(manager).post(address(name, manager.agency)).status_code == 405


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("query", [{}, {"state": "any"}, {"creator": "emma"}])
def test_timeline_hides_confidential_work(
    login: Login,
    marketer: Membership,
    viewer: Membership,
    secret: Brand,
    busy: Collaboration,
    name: str,
    query: dict[str, str],
) -> None:
    for member in (marketer, viewer):
        page = login(member).get(address(name, member.agency), {**MAY, **query}).content.decode()
        for canary in CANARIES:
            assert canary not in page


@pytest.mark.parametrize("name", PAGES)
def test_timeline_of_a_foreign_brand_is_no_choice(
    login: Login, marketer: Membership, secret: Brand, busy: Collaboration, name: str
) -> None:
    response = login(marketer).get(address(name, marketer.agency), {**MAY, "brand": secret.pk})

    assert response.status_code == (400 if name.endswith("items") else 200)
    assert "Canary" not in response.content.decode()
    assert "Fjord Coffee in May" not in response.content.decode()


def test_timeline_items_are_rows_and_items(
    login: Login, marketer: Membership, emma: Influencer, busy: Collaboration
) -> None:
    response = login(marketer).get(address("campaigns:timeline_items", marketer.agency), MAY)

    assert response["Cache-Control"] == "private, no-store"
    answer = response.json()
    assert (answer["from"], answer["to"]) == ("2026-05-01", "2026-05-31")
    assert answer["rows"] == [{"id": emma.pk, "name": "Emma Hansen", "order": 0, "url": f"/northern/roster/{emma.pk}/"}]
    url = f"/northern/collaborations/{busy.pk}/"
    deliverable = busy.deliverables.get()
    clause_claim = busy.claims.get(clause__isnull=False)
    assert answer["items"] == [
        {
            "id": f"c{busy.pk}", "row": emma.pk, "kind": "collaboration", "start": "2026-05-03", "end": "2026-05-10",
            "about": ["Fjord Coffee", "Fjord Coffee in May", "booked"], "state": "booked", "url": url,
        },
        {
            "id": f"d{deliverable.pk}", "row": emma.pk, "kind": "go-live", "start": "2026-05-05T18:30", "end": "2026-05-06",
            "about": ["Fjord Coffee", "reel, Instagram @emma", "goes live"], "state": "booked", "url": url,
        },
        {
            "id": f"k{clause_claim.pk}-0", "row": emma.pk, "kind": "exclusivity", "start": "2026-05-05", "end": "2026-05-08",
            "about": ["Fjord Coffee", "Fjord Coffee in May", "Exclusive in Coffee, 2 days after"], "url": url,
        },
        {
            "id": f"h{emma.pk}-0", "row": emma.pk, "kind": "hidden", "start": "2026-05-20", "end": "2026-05-26",
            "about": ["Not available"],
        },
    ]  # fmt: skip


def test_timeline_items_without_end_reach_to_the_window_s(
    login: Login, manager: Membership, coffee: Brand, emma: Influencer, book: Book
) -> None:
    add_clause(collaboration=book(coffee, emma, 3, 9), by=manager, scope="full", is_open_ended=True)
    record_unavailability(
        influencer=emma, starts_on=date(2026, 5, 30), ends_on=date(2026, 5, 30), reason="Trip", by=manager
    )
    record_unavailability(influencer=emma, starts_on=date(2026, 5, 31), ends_on=date(2026, 5, 31), by=manager)

    items = login(manager).get(address("campaigns:timeline_items", manager.agency), MAY).json()["items"]

    clause = next(item for item in items if item["kind"] == "exclusivity")
    assert (clause["start"], clause["end"], clause["open"]) == ("2026-05-03", "2026-06-01", True)
    assert [item["about"] for item in items if item["kind"] == "absence"] == [["Away", "Trip"], ["Away"]]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"from": "2026-05-02", "to": "2026-05-01"}, "The last day comes before the first."),
        ({"from": "2026-05-01", "to": "2028-05-02"}, "Choose two years at most."),
        ({"from": "soon"}, "Enter a valid date."),
        ({"to": "0001-01-02"}, "Ensure this value is greater than or equal to 2000-01-01."),
        ({"state": "dreaming"}, "Select a valid choice. dreaming is not one of the available choices."),
    ],
)
def test_timeline_items_refuse_what_cannot_be_shown(
    login: Login, manager: Membership, query: dict[str, str], reason: str
) -> None:
    agency = manager.agency

    response = login(manager).get(address("campaigns:timeline_items", agency), query)

    assert (response.status_code, response.json()) == (400, {"error": reason})
    assert login(manager).get(address("campaigns:timeline", agency), query).status_code == 200
    table = login(manager).get(address("campaigns:timeline_table", agency), query)
    assert reason in table.content.decode()


def test_timeline_items_of_two_years_are_shown(login: Login, manager: Membership) -> None:
    query = {"from": "2026-05-01", "to": "2028-05-01"}

    assert login(manager).get(address("campaigns:timeline_items", manager.agency), query).json()["items"] == []


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({}, ("2026-05-04", "2026-06-03")),
        ({"from": "2026-01-10"}, ("2026-01-10", "2026-02-09")),
        ({"to": "2026-01-31"}, ("2026-01-07", "2026-01-31")),
    ],
)
def test_timeline_opens_around_today(
    login: Login, manager: Membership, monkeypatch: pytest.MonkeyPatch, query: dict[str, str], days: tuple[str, str]
) -> None:
    monkeypatch.setattr(Agency, "today", lambda _agency: date(2026, 5, 10))

    page = login(manager).get(address("campaigns:timeline", manager.agency), query).content.decode()

    assert f'data-first="{days[0]}" data-last="{days[1]}" data-today="2026-05-10"' in page
    assert address("campaigns:timeline_items", manager.agency) in page
    assert address("campaigns:timeline_table", manager.agency) in page


def test_timeline_states(login: Login, manager: Membership, coffee: Brand, emma: Influencer, book: Book) -> None:
    for first, state in ((3, "booked"), (12, "declined")):
        book(coffee, emma, first, first + 2, state)

    def states(choice: str) -> list[str]:
        answer = (
            login(manager).get(address("campaigns:timeline_items", manager.agency), {**MAY, "state": choice}).json()
        )
        return [item["state"] for item in answer["items"]]

    assert (states(""), states("any"), states("declined"), states("live")) == (
        ["booked"],
        ["booked", "declined"],
        ["declined"],
        [],
    )


def test_timeline_table_says_the_same(
    login: Login, marketer: Membership, emma: Influencer, busy: Collaboration
) -> None:
    record_unavailability(
        influencer=emma, starts_on=date(2026, 5, 30), ends_on=date(2026, 5, 30), reason="Trip", by=None
    )

    response = login(marketer).get(address("campaigns:timeline_table", marketer.agency), MAY)

    lines = [(line.what, line.entry.brand, line.state, line.entry.exclusive) for line in response.context["lines"]]
    assert lines == [
        ("Fjord Coffee in May", "Fjord Coffee", "booked", ""),
        ("reel, Instagram @emma goes live", "Fjord Coffee", "booked", ""),
        ("Exclusivity of Fjord Coffee in May", "Fjord Coffee", "", "Exclusive in Coffee, 2 days after"),
        ("Not available", "", "", ""),
        ("Away: Trip", "", "", ""),
    ]
    page = response.content.decode()
    assert "5 lines" in page
    assert "25 May 2026" in page
    assert "5 May 2026, 18:30" in page


def test_timeline_table_without_lines_says_what_to_do(login: Login, manager: Membership) -> None:
    page = login(manager).get(address("campaigns:timeline_table", manager.agency), MAY).content.decode()

    assert "Nobody is busy on these days" in page


def test_timeline_table_shows_typed_text_as_text(
    login: Login, manager: Membership, agency: Agency, coffee: Brand, book: Book
) -> None:
    book(coffee, InfluencerFactory(agency=agency, name="<b>Bold</b>"), 3, 9)

    page = login(manager).get(address("campaigns:timeline_table", agency), MAY).content.decode()

    assert "<b>Bold" not in page
    assert "&lt;b&gt;Bold" in page


@pytest.mark.parametrize(("name", "most"), [("campaigns:timeline_items", 11), ("campaigns:timeline_table", 20)])
def test_timeline_queries_do_not_grow(
    login: Login,
    marketer: Membership,
    agency: Agency,
    coffee: Brand,
    busy: Collaboration,
    book: Book,
    name: str,
    most: int,
) -> None:
    client = login(marketer)

    def queries_with(more: int) -> int:
        for _ in range(more):
            book(coffee, InfluencerFactory(agency=agency), 3, 9)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(name, agency), MAY)
        return len(queries)

    with_one, with_three = queries_with(1), queries_with(2)

    assert with_one == with_three
    # Three are the login's, the table's other ones the frame's.
    assert with_one <= most
