"""Clients, brands, categories: who may change what, and what claims are told."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.dispatch import Signal

from agency import signals
from agency.brand_services import (
    BrandFacts,
    Contact,
    create_brand,
    create_category,
    create_client,
    move_category,
    save_named,
    update_brand,
    update_client,
)
from agency.errors import Refused
from agency.locks import NAMESPACE, lock_agency_exclusive, lock_agency_shared
from agency.models import Agency, Brand, Category, Client, Membership
from tests.factories import BrandFactory, CategoryFactory, ClientFactory

SIGNALS = ("brand_moving", "brand_moved", "category_moving", "category_moved")


def locks_held() -> list[tuple[int, str]]:
    """Advisory locks of this transaction: their key and mode."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (classid::bigint << 32) | objid::bigint, mode FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        return cursor.fetchall()


@pytest.fixture
def heard() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What the signals said, and that the agency's lock was held alone when they did."""
    found: list[tuple[str, dict[str, Any]]] = []
    receivers = []
    for name in SIGNALS:

        def listen(signal: Signal, *, _name: str = name, sender: object = None, **arguments: Any) -> None:
            assert [mode for _key, mode in locks_held()] == ["ExclusiveLock"]
            found.append((_name, arguments))

        getattr(signals, name).connect(listen, weak=False)
        receivers.append((getattr(signals, name), listen))
    yield found
    for signal, listen in receivers:
        signal.disconnect(listen)


@pytest.fixture
def refusing() -> Iterator[None]:
    """Something depends on where brands and categories stand."""

    def refuse(**_arguments: Any) -> None:
        raise Refused("A booking depends on it.")

    for signal in (signals.brand_moving, signals.category_moving):
        signal.connect(refuse)
    yield
    for signal in (signals.brand_moving, signals.category_moving):
        signal.disconnect(refuse)


# --- locks ------------------------------------------------------------------------------------------
def test_lock_agency_keys_and_modes(agency: Agency) -> None:
    lock_agency_shared(agency.pk)
    assert locks_held() == [(NAMESPACE | agency.pk, "ShareLock")]
    lock_agency_exclusive(agency.pk)
    assert sorted(locks_held()) == [(NAMESPACE | agency.pk, "ExclusiveLock"), (NAMESPACE | agency.pk, "ShareLock")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lock", [lock_agency_shared, lock_agency_exclusive])
def test_lock_agency_outside_a_transaction_is_an_error(lock: Any) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        lock(1)


# --- clients ----------------------------------------------------------------------------------------
def test_create_client_by_a_manager(manager: Membership, marketer: Membership) -> None:
    contact = Contact("Ida Holm", "ida@client.example", "Head of brand")
    client = create_client(
        agency=manager.agency, name="Acme", is_confidential=True, team=[marketer], contacts=[contact], by=manager
    )
    assert (client.name, client.is_confidential, list(client.team.all())) == ("Acme", True, [marketer])
    assert list(client.contacts.values_list("agency", "name", "email", "role")) == [
        (manager.agency_id, "Ida Holm", "ida@client.example", "Head of brand")
    ]


def test_create_client_confidential_by_a_marketer_has_them_in_the_team(marketer: Membership) -> None:
    client = create_client(agency=marketer.agency, name="Acme", is_confidential=True, by=marketer)
    assert list(client.team.all()) == [marketer]
    assert Client.objects.visible_to(marketer).get() == client


def test_create_client_open_by_a_marketer_has_no_team(marketer: Membership) -> None:
    assert not create_client(agency=marketer.agency, name="Acme", by=marketer).team.exists()


def test_create_client_with_a_team_is_for_managers(marketer: Membership, viewer: Membership) -> None:
    with pytest.raises(Refused, match="Only managers"):
        create_client(agency=marketer.agency, name="Acme", team=[viewer], by=marketer)
    assert not Client.objects.exists()


def test_create_client_refuses_a_taken_name_whatever_case(agency: Agency) -> None:
    ClientFactory(agency=agency, name="ACME")
    with pytest.raises(Refused, match="“Acme” is in use"):
        create_client(agency=agency, name="Acme", by=None)


def test_save_named_passes_other_errors_on(agency: Agency) -> None:
    with pytest.raises(IntegrityError):
        save_named(Client(agency=agency, name=None))  # type: ignore[misc]


def test_update_client_replaces_the_contacts(marketer: Membership) -> None:
    client = create_client(agency=marketer.agency, name="Acme", contacts=[Contact("Old")], by=None)
    update_client(
        client=client, name="Acme Ltd", is_confidential=False, team=[], contacts=[Contact("New")], by=marketer
    )
    client.refresh_from_db()
    assert (client.name, [contact.name for contact in client.contacts.all()]) == ("Acme Ltd", ["New"])


@pytest.mark.parametrize("change", ["flag", "team"])
def test_update_client_access_is_for_managers(marketer: Membership, manager: Membership, change: str) -> None:
    client = ClientFactory(agency=marketer.agency, name="Acme")
    facts: dict[str, Any] = {"client": client, "name": "X", "contacts": []}
    access = {"is_confidential": change == "flag", "team": [marketer] if change == "team" else []}
    with pytest.raises(Refused, match="who may see"):
        update_client(**facts, **access, by=marketer)
    client.refresh_from_db()
    assert (client.name, client.is_confidential, client.team.count()) == ("Acme", False, 0)
    update_client(**facts, **access, by=manager)
    client.refresh_from_db()
    assert (client.name, client.is_confidential, list(client.team.all())) == ("X", *access.values())


# --- brands -----------------------------------------------------------------------------------------
def test_create_brand_of_a_client(manager: Membership, heard: list[Any]) -> None:
    client = ClientFactory(agency=manager.agency)
    coffee = CategoryFactory(agency=manager.agency, name="Coffee")
    rival = BrandFactory(agency=manager.agency, client=None)
    facts = BrandFacts(
        categories=[coffee],
        rivals=[rival],
        markets=["SE", "DK", "SE"],
        values="calm",
        no_go_topics="politics",
        target_audience="25-44",
    )
    brand = create_brand(agency=manager.agency, client=client, name="Bean", facts=facts, by=manager)
    brand.refresh_from_db()
    assert (brand.client, brand.name, brand.markets) == (client, "Bean", ["DK", "SE"])
    assert (brand.values, brand.no_go_topics, brand.target_audience) == ("calm", "politics", "25-44")
    assert (list(brand.categories.all()), list(rival.rivals.all())) == ([coffee], [brand])
    assert heard == [("brand_moved", {"brand": brand, "by": manager})]


def test_create_brand_rival_moves_nothing(manager: Membership, heard: list[Any]) -> None:
    brand = create_brand(agency=manager.agency, client=None, name="Rival", by=manager)
    assert (brand.client, heard) == (None, [])


def test_create_brand_refuses_a_taken_name(agency: Agency) -> None:
    BrandFactory(agency=agency, name="Bean")
    with pytest.raises(Refused, match="in use"):
        create_brand(agency=agency, client=None, name="bean", by=None)


def test_update_brand_of_the_same_client_moves_nothing(manager: Membership, heard: list[Any], refusing: None) -> None:
    brand = BrandFactory(agency=manager.agency, name="Bean")
    update_brand(brand=brand, client=brand.client, name="Beans", facts=BrandFacts(values="new"), by=manager)
    brand.refresh_from_db()
    assert (brand.name, brand.values, heard) == ("Beans", "new", [])


def test_update_brand_to_another_client(manager: Membership, heard: list[Any]) -> None:
    brand = BrandFactory(agency=manager.agency)
    update_brand(brand=brand, client=None, name=brand.name, facts=BrandFacts(), by=manager)
    brand.refresh_from_db()
    assert brand.client is None
    assert heard == [
        ("brand_moving", {"brand": brand, "client": None, "by": manager}),
        ("brand_moved", {"brand": brand, "by": manager}),
    ]


def test_update_brand_to_another_client_may_be_refused(manager: Membership, refusing: None) -> None:
    brand = BrandFactory(agency=manager.agency, name="Bean")
    other = ClientFactory(agency=manager.agency)
    with pytest.raises(Refused, match="depends on it"):
        update_brand(brand=brand, client=other, name="New", facts=BrandFacts(), by=manager)
    fresh = Brand.objects.get(pk=brand.pk)
    assert (fresh.name, fresh.client) == ("Bean", brand.client)


def test_update_brand_keeps_rivals_that_the_author_may_not_see(manager: Membership, marketer: Membership) -> None:
    secret = BrandFactory(agency=manager.agency, client__is_confidential=True)
    seen, dropped = BrandFactory.create_batch(2, agency=manager.agency, client=None)
    brand = BrandFactory(agency=manager.agency, rivals=[secret, dropped])
    update_brand(brand=brand, client=brand.client, name="Bean", facts=BrandFacts(rivals=[seen]), by=marketer)
    assert set(brand.rivals.all()) == {secret, seen}
    update_brand(brand=brand, client=brand.client, name="Bean", facts=BrandFacts(rivals=[seen]), by=manager)
    assert set(brand.rivals.all()) == {seen}


# --- categories -------------------------------------------------------------------------------------
def test_create_category(manager: Membership, heard: list[Any]) -> None:
    parent = CategoryFactory(agency=manager.agency, name="Hot drinks")
    category = create_category(agency=manager.agency, name="Matcha", parent=parent, by=manager)
    assert (category.parent, heard) == (parent, [("category_moved", {"category": category, "by": manager})])


def test_create_category_refuses_a_sibling_of_the_same_name(manager: Membership) -> None:
    CategoryFactory(agency=manager.agency, name="Tea", parent=None)
    with pytest.raises(Refused, match="in use"):
        create_category(agency=manager.agency, name="tea", parent=None, by=manager)


def test_move_category(manager: Membership, heard: list[Any]) -> None:
    drinks, tea = (CategoryFactory(agency=manager.agency, name=name) for name in ("Drinks", "Tea"))
    move_category(category=tea, parent=drinks, by=manager)
    assert Category.objects.get(pk=tea.pk).parent == drinks
    assert [name for name, _arguments in heard] == ["category_moving", "category_moved"]
    assert heard[0][1] == {"category": tea, "parent": drinks, "by": manager}
    move_category(category=tea, parent=None, by=manager)
    assert Category.objects.get(pk=tea.pk).parent is None


def test_move_category_below_itself_is_refused(manager: Membership, heard: list[Any]) -> None:
    drinks = CategoryFactory(agency=manager.agency, name="Drinks")
    tea = CategoryFactory(agency=manager.agency, name="Tea", parent=drinks)
    for parent in (tea, drinks):
        with pytest.raises(Refused, match="below itself"):
            move_category(category=drinks, parent=parent, by=manager)
    assert heard == []


def test_move_category_may_be_refused(manager: Membership, refusing: None) -> None:
    tea = CategoryFactory(agency=manager.agency, name="Tea", parent=CategoryFactory(agency=manager.agency))
    with pytest.raises(Refused, match="depends on it"):
        move_category(category=tea, parent=None, by=manager)
    assert Category.objects.get(pk=tea.pk).parent == tea.parent
