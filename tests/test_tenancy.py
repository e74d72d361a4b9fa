"""Every address of the site, by every kind of person: who gets in, and who must never hear of what."""

from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin

from agency.models import Agency, Brand, Client, User
from agency.services import hash_token
from campaigns.models import Campaign, Collaboration
from tests.tenancy.addresses import ARGUMENTS, ROWS, Address, addresses
from tests.tenancy.canaries import EXEMPT, carriers, is_carrier, label
from tests.tenancy.roles import ADMIN_FOR_ALL, MANAGER, MEMBER, PUBLIC, ROSTER_MANAGER, TOLD_TO_HOLDERS, WRITER
from tests.tenancy.sweep import (
    METHODS,
    OTHER_VIEWS,
    check,
    sweep_admin,
    sweep_agency,
    sweep_neighbours,
    sweep_queries,
    sweep_site,
    to_login,
)
from tests.tenancy.unheard import NEVER_SHOWN
from tests.tenancy.visits import visit
from tests.tenancy.world import MAY_HEAR, PEOPLE, World, build

ALL = list(addresses())
APP = [address for address in ALL if address.area == "agency"]
SITE = [address for address in ALL if address.area == "site"]
ADMIN = [address for address in ALL if address.area == "admin"]


@pytest.fixture
def world(db: None) -> World:
    """Each visit undoes itself."""
    return build(hash_token)


def names(some: list[Address]) -> list[str]:
    return [address.name for address in some]


# --- the sweep knows every address ----------------------------------------------------------------------
def test_every_argument_is_known() -> None:
    unknown = {address.name: address.unknown_arguments() for address in ALL if address.unknown_arguments()}
    assert unknown == {}, "Add the argument to ARGUMENTS or ROWS in tests/tenancy/addresses.py"


def test_every_app_address_has_exactly_one_role() -> None:
    places = Counter([*MEMBER, *WRITER, *MANAGER, *ROSTER_MANAGER])
    missing = sorted(set(names(APP)) - places.keys())
    assert missing == [], "Add each to exactly one of MEMBER, WRITER, MANAGER, ROSTER_MANAGER in tests/tenancy/roles.py"
    assert [name for name, count in places.items() if count > 1] == []


def test_no_role_exemption_or_override_is_stale() -> None:
    known = {address.name for address in ALL}
    app = set(names(APP))
    assert sorted((MEMBER | WRITER | MANAGER | ROSTER_MANAGER) - app) == [], "roles.py names addresses that are gone"
    assert sorted(PUBLIC.keys() - set(names(SITE))) == [], "roles.py: PUBLIC names addresses that are gone"
    assert sorted(TOLD_TO_HOLDERS.keys() - set(names(SITE))) == []
    assert sorted(ADMIN_FOR_ALL - set(names(ADMIN))) == []
    arguments = {(address.name, argument) for address in ALL for argument in address.arguments}
    assert sorted(ROWS.keys() - arguments) == [], "addresses.py: ROWS names addresses that are gone"
    used = {argument for address in ALL for argument in address.arguments}
    assert sorted(ARGUMENTS.keys() - used) == [], "addresses.py: ARGUMENTS names arguments that no address takes"
    assert len(known) == len(ALL), "two addresses have one name"


# --- the sweep ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", APP, ids=names(APP))
def test_sweep_agency(world: World, address: Address) -> None:
    sweep_agency(world, address)


@pytest.mark.parametrize("address", SITE, ids=names(SITE))
def test_sweep_site(world: World, address: Address) -> None:
    sweep_site(world, address)


@pytest.mark.parametrize("address", ADMIN, ids=names(ADMIN))
def test_sweep_admin(world: World, address: Address) -> None:
    sweep_admin(world, address)


READ = [address for address in ALL if address.name not in PUBLIC and address.area != "site"]
LISTS = [address for address in READ if address.area == "agency" or not address.model]


@pytest.mark.parametrize("address", LISTS, ids=names(LISTS))
def test_sweep_queries(world: World, address: Address) -> None:
    sweep_queries(world, address)


@pytest.mark.parametrize("address", READ, ids=names(READ))
def test_sweep_neighbours(world: World, address: Address) -> None:
    sweep_neighbours(world, address)


def test_every_public_page_needs_to_be_public(world: World) -> None:
    """A page that asks for a login anyway needs no exemption."""
    stale = [
        address.name
        for address in SITE
        if address.name in PUBLIC and all(to_login(visit(world, address, "anonymous", method=method)) for method in METHODS)
        and address.name not in REDIRECTED_TO_LOGIN
    ]  # fmt: skip
    assert stale == []


# Public, but without a login in progress they lead to its start.
REDIRECTED_TO_LOGIN = {"account_confirm_login_code", "mfa_authenticate"}


# --- refusals -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("person", ["marketer", "manager"])
def test_refusal_of_a_booking_names_the_other_client_only_to_who_sees_it(world: World, person: str) -> None:
    """The creator is held alone by a confidential client: the sentence says the days and the reason, not for whom."""
    refused = world.rows[Collaboration]["refused"]
    move = next(address for address in APP if address.name == "campaigns:collaboration_move")
    answer = visit(world, move, person, method="POST", row=refused, fields={"state": "booked"})
    assert answer.status == 409, answer
    check(world, answer)
    assert "exclusiv" in answer.text.lower()
    if person == "manager":
        assert world.rows[Brand]["secret"].name in answer.text


def test_live_check_names_the_other_client_only_to_who_sees_it(world: World) -> None:
    """The same before the click, while the creator is chosen."""
    live = next(address for address in APP if address.name == "campaigns:collaboration_check")
    refused = world.rows[Collaboration]["refused"]
    query = f"?influencer={refused.influencer_id}"
    for htmx in (True, False):
        answer = check(world, visit(world, live, "marketer", row=refused.campaign, query=query, htmx=htmx))
        assert "exclusiv" in answer.text.lower()


def test_admin_rows_of_the_own_agency_open(world: World) -> None:
    """So that "as if it never was" in the sweep is not simply how everything answers."""
    for address in ADMIN:
        if address.name.endswith("_change") and address.model:
            for whose in ("open", "secret"):
                row = world.rows[address.model].get(whose)
                assert row is None or visit(world, address, "chief", row=row).status == 200, (address.name, whose)


# --- canaries live --------------------------------------------------------------------------------------
def our_models() -> list[Any]:
    return [
        model for label_ in ("agency", "influencers", "campaigns") for model in apps.get_app_config(label_).get_models()
    ]


def test_every_text_and_amount_carries_a_canary(world: World) -> None:
    """In the foreign agency, and in the confidential client where the model can be hidden."""
    planted = {(canary.tag, canary.field.rpartition(".")[0] if canary.field.count(".") == 3 else canary.field)
               for canary in world.aviary.by_mark.values()}  # fmt: skip
    missing = [
        label(field) for model in our_models() for field in carriers(model) if ("f", label(field)) not in planted
    ]
    assert missing == [], "Plant them in tests/tenancy/world.py, or say in canaries.EXEMPT why they cannot carry one"
    restricted = [
        Client,
        Brand,
        Campaign,
        Collaboration,
        *(model for model in our_models() if "secret" in world.rows[model]),
    ]
    hidden = [label(field) for model in restricted for field in carriers(model) if ("s", label(field)) not in planted]
    assert hidden == []


def test_no_canary_exemption_is_stale() -> None:
    fields = {label(field) for model in our_models() for field in model._meta.concrete_fields if is_carrier(field)}
    assert sorted(EXEMPT.keys() - fields) == []


def everything_heard(world: World) -> set[str]:
    """What the listeners hear on all pages."""
    heard: set[str] = set()
    for address in ALL:
        for person, agency in (("outsider", world.foreign), ("chief", world.agency)):
            rows = world.rows[address.model] if address.model else {"": None}
            for row in rows.values():
                for query in ("", *OTHER_VIEWS.get(address.name, ())):
                    heard |= visit(world, address, person, agency=agency.slug, row=row, query=query).heard
    return heard


def test_every_canary_is_heard_by_somebody(world: World) -> None:
    """A canary that nobody hears proves nothing. And each tag (foreign, open, fee, internal, …) is heard by who may."""
    marks, heard = world.aviary.by_mark, everything_heard(world)
    assert {marks[mark].tag for mark in heard} == MAY_HEAR.keys()
    spoken = {marks[mark].field for mark in heard}
    silent = {canary.field for canary in marks.values()} - spoken
    assert sorted(silent - NEVER_SHOWN.keys()) == [], "No page shows these: the canary is dead"
    assert sorted(NEVER_SHOWN.keys() - silent) == [], "tests/tenancy/unheard.py: these are shown now, or gone"


# --- the end --------------------------------------------------------------------------------------------
def test_the_sweep_visits_every_address() -> None:
    """As many addresses as the URLconf has: 100 %."""
    swept = {*names(APP), *names(SITE), *names(ADMIN)}
    assert len(ALL) == len(APP) + len(SITE) + len(ADMIN) == len(swept)
    print(f"swept {len(swept)} of {len(ALL)} addresses")  # noqa: T201


def test_people_and_agencies_are_what_they_should_be(world: World) -> None:
    assert Agency.objects.count() == 3
    assert User.objects.count() == len(PEOPLE)
    assert admin.site.is_registered(Brand)
