"""What stands in a window, worked out by hand from what was booked."""

from dataclasses import replace
from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency.models import Agency, Brand, Membership
from campaigns.models import Collaboration
from campaigns.services.absences import record_unavailability
from campaigns.services.clauses import add_clause
from campaigns.services.deliverables import add_deliverable, drop_deliverable
from campaigns.timeline.window import Creator, Entry, Kind, Wanted, read_window
from influencers.models import Influencer
from tests.campaigns.timeline.conftest import MAY, Book
from tests.factories import BrandFactory, CategoryFactory, InfluencerFactory


def keyless(entries: list[Entry]) -> list[Entry]:
    return [entry._replace(key="") for entry in entries]


def test_an_empty_agency_has_no_entry(manager: Membership) -> None:
    assert read_window(MAY, manager) == []


def test_a_marketer_sees_the_work_and_of_hidden_work_only_the_days(
    busy: Collaboration, emma: Influencer, marketer: Membership
) -> None:
    creator = Creator(emma.pk, "Emma Hansen", "emma hansen")

    assert keyless(read_window(MAY, marketer)) == [
        Entry(
            "", Kind.COLLABORATION, creator, date(2026, 5, 3), date(2026, 5, 9),
            what="Fjord Coffee in May", brand="Fjord Coffee", state="booked", collaboration_id=busy.pk,
        ),
        Entry(
            "", Kind.GO_LIVE, creator, date(2026, 5, 5), date(2026, 5, 5),
            what="reel, Instagram @emma", brand="Fjord Coffee", state="booked", hour=time(18, 30), collaboration_id=busy.pk,
        ),
        # From the post on, two days more.
        Entry(
            "", Kind.EXCLUSIVITY, creator, date(2026, 5, 5), date(2026, 5, 7),
            what="Fjord Coffee in May", brand="Fjord Coffee", exclusive="Exclusive in Coffee, 2 days after",
            collaboration_id=busy.pk,
        ),
        # The activity 20–22 and its exclusivity until 25, joined; nothing of the negotiation.
        Entry("", Kind.HIDDEN, creator, date(2026, 5, 20), date(2026, 5, 25)),
    ]  # fmt: skip


def test_a_manager_sees_all_of_it(busy: Collaboration, manager: Membership) -> None:
    kinds = [(entry.kind, entry.brand, entry.first.day) for entry in read_window(MAY, manager)]

    assert kinds == [
        (Kind.COLLABORATION, "Fjord Coffee", 3),
        (Kind.GO_LIVE, "Fjord Coffee", 5),
        (Kind.EXCLUSIVITY, "Fjord Coffee", 5),
        (Kind.COLLABORATION, "Canary Brand", 20),
        (Kind.EXCLUSIVITY, "Canary Brand", 20),
        (Kind.COLLABORATION, "Canary Brand", 27),
    ]


def test_a_viewer_outside_every_team_sees_days_only(busy: Collaboration, viewer: Membership) -> None:
    entries = read_window(MAY, viewer)

    # Claims of 5 May (the post; the flight gave way to it) to 7 May, and 20 to 25 May.
    assert [(entry.kind, entry.first, entry.last) for entry in entries] == [
        (Kind.HIDDEN, date(2026, 5, 5), date(2026, 5, 7)),
        (Kind.HIDDEN, date(2026, 5, 20), date(2026, 5, 25)),
    ]
    assert {(entry.brand, entry.what, entry.state, entry.exclusive, entry.collaboration_id) for entry in entries} == {
        ("", "", "", "", None)
    }


def test_another_agency_sees_nothing(busy: Collaboration, outsider: Membership) -> None:
    assert read_window(MAY, outsider) == []


@pytest.mark.parametrize(
    ("first", "last", "kinds"),
    [
        (date(2026, 4, 1), date(2026, 5, 2), []),
        (date(2026, 4, 1), date(2026, 5, 3), [Kind.COLLABORATION]),
        (date(2026, 5, 8), date(2026, 5, 9), [Kind.COLLABORATION]),
        (date(2026, 5, 10), date(2026, 5, 19), []),
        (date(2026, 5, 25), date(2026, 5, 25), [Kind.HIDDEN]),
        (date(2026, 5, 26), date(2026, 5, 26), []),
    ],
)
def test_only_what_touches_the_window(
    busy: Collaboration, marketer: Membership, first: date, last: date, kinds: list[Kind]
) -> None:
    assert [entry.kind for entry in read_window(Wanted(first, last), marketer)] == kinds


def test_a_go_live_outside_the_flight_brings_its_collaboration(
    coffee: Brand, emma: Influencer, book: Book, manager: Membership
) -> None:
    collaboration = book(coffee, emma, 3, 9, "proposed")
    late = add_deliverable(
        collaboration=collaboration, by=manager, format="story", live_from=date(2026, 6, 2), live_to=date(2026, 6, 3)
    )

    june = Wanted(date(2026, 6, 1), date(2026, 6, 30))
    assert [entry.kind for entry in read_window(june, manager)] == [Kind.COLLABORATION, Kind.GO_LIVE]
    assert read_window(june, manager)[1].what == "story"

    drop_deliverable(deliverable=late, by=manager)
    assert read_window(june, manager) == []


def test_an_exclusivity_without_end_stays_open(
    coffee: Brand, emma: Influencer, book: Book, manager: Membership
) -> None:
    collaboration = book(coffee, emma, 3, 9)
    add_clause(collaboration=collaboration, by=manager, scope="full", is_open_ended=True)

    later = read_window(Wanted(date(2027, 1, 1), date(2027, 1, 31)), manager)

    assert [(entry.kind, entry.first, entry.last, entry.exclusive) for entry in later] == [
        (Kind.EXCLUSIVITY, date(2026, 5, 3), None, "Fully exclusive, without end")
    ]


def test_named_brands_of_a_clause_are_named_only_to_who_may_know_them(
    coffee: Brand, secret: Brand, emma: Influencer, book: Book, manager: Membership, marketer: Membership
) -> None:
    rival = BrandFactory(agency=emma.agency, name="Northwind Tea")
    collaboration = book(coffee, emma, 3, 9)
    add_clause(collaboration=collaboration, by=manager, scope="brands", brands=[rival, secret], days_before=1)

    def said(reader: Membership) -> list[str]:
        return [entry.exclusive for entry in read_window(MAY, reader) if entry.kind == Kind.EXCLUSIVITY]

    assert said(manager) == ["Exclusive against Canary Brand and Northwind Tea, 1 day before"]
    assert said(marketer) == ["Exclusive against Northwind Tea and 1 other brand, 1 day before"]


def test_absences_say_why_only_to_who_writes(
    emma: Influencer, manager: Membership, marketer: Membership, viewer: Membership
) -> None:
    record_unavailability(
        influencer=emma, starts_on=date(2026, 5, 30), ends_on=date(2026, 6, 2), reason="Canary surgery", by=manager
    )

    for reader, reason in ((manager, "Canary surgery"), (marketer, "Canary surgery"), (viewer, "")):
        [entry] = read_window(MAY, reader)
        assert (entry.kind, entry.first, entry.last, entry.what) == (
            Kind.ABSENCE,
            date(2026, 5, 30),
            date(2026, 6, 2),
            reason,
        )


def test_the_work_of_a_duo_stands_on_the_rows_of_its_members(
    agency: Agency, coffee: Brand, emma: Influencer, book: Book, marketer: Membership
) -> None:
    duo = InfluencerFactory(agency=agency, name="The Hansens")
    duo.members.add(emma)
    collaboration = book(coffee, duo, 3, 9, "option")

    [mine, own] = read_window(MAY, marketer)

    assert (mine.creator.name, mine.kind, mine.first, mine.last) == (
        "Emma Hansen",
        Kind.PART,
        date(2026, 5, 3),
        date(2026, 5, 9),
    )
    assert (mine.what, mine.state, mine.collaboration_id) == (
        "Fjord Coffee in May, as part of The Hansens",
        "option",
        collaboration.pk,
    )
    assert (own.creator.name, own.kind) == ("The Hansens", Kind.COLLABORATION)


def test_filters(busy: Collaboration, coffee: Brand, agency: Agency, book: Book, manager: Membership) -> None:
    tea = BrandFactory(agency=agency, name="Tea", categories=[CategoryFactory(agency=agency)])
    other = InfluencerFactory(agency=agency, name="Zoë Vinter")
    book(tea, other, 3, 9, "proposed")
    record_unavailability(influencer=other, starts_on=date(2026, 5, 15), ends_on=date(2026, 5, 16), by=manager)

    def rows(wanted: Wanted) -> list[tuple[str, str]]:
        return [(entry.creator.name, entry.kind) for entry in read_window(wanted, manager)]

    assert rows(replace(MAY, brand_id=tea.pk, picks_collaborations=True)) == [
        ("Zoë Vinter", "collaboration"),
        ("Zoë Vinter", "absence"),
    ]
    assert rows(replace(MAY, states=frozenset({"proposed"}), picks_collaborations=True)) == [
        ("Zoë Vinter", "collaboration"), ("Zoë Vinter", "absence"),
    ]  # fmt: skip
    assert rows(replace(MAY, creator="zoe")) == [("Zoë Vinter", "collaboration"), ("Zoë Vinter", "absence")]
    # Of a creator picked for one brand, what else shuts her out still shows.
    assert rows(replace(MAY, brand_id=coffee.pk, picks_collaborations=True)) == [
        ("Emma Hansen", "collaboration"), ("Emma Hansen", "go-live"), ("Emma Hansen", "exclusivity"),
        ("Emma Hansen", "exclusivity"),
    ]  # fmt: skip


@pytest.mark.parametrize("more", [1, 3])
def test_queries_do_not_grow(
    busy: Collaboration,
    agency: Agency,
    coffee: Brand,
    secret: Brand,
    book: Book,
    manager: Membership,
    marketer: Membership,
    more: int,
) -> None:
    for _ in range(more):
        creator = InfluencerFactory(agency=agency)
        collaboration = book(coffee, creator, 3, 9)
        add_clause(
            collaboration=collaboration, by=manager, scope="categories", categories=list(coffee.categories.all())
        )
        add_deliverable(
            collaboration=collaboration, by=manager, format="reel", live_from=date(2026, 5, 5), live_to=date(2026, 5, 5)
        )
        book(secret, creator, 20, 22)
        record_unavailability(influencer=creator, starts_on=date(2026, 5, 29), ends_on=date(2026, 5, 30), by=manager)

    with CaptureQueriesContext(connection) as queries:
        entries = read_window(MAY, marketer)

    assert len(entries) == 4 + 5 * more
    assert len(queries) == 8
