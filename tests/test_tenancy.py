"""Every address of the site, by every kind of person: who gets in, and who must never hear of what."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from agency.models import Agency, Brand, Client, User
from agency.services import hash_token
from agency.tenant_admin import visible_rows
from campaigns.models import Campaign, Collaboration
from influencers.models import Influencer
from tests.tenancy.addresses import ARGUMENTS, ROWS, Address, addresses
from tests.tenancy.canaries import EXEMPT, carriers, is_carrier, label
from tests.tenancy.roles import ADMIN_FOR_ALL, MANAGER, MEMBER, PUBLIC, TOLD_TO_HOLDERS, WRITER
from tests.tenancy.unheard import NEVER_SHOWN
from tests.tenancy.visits import Visit, visit
from tests.tenancy.world import MAY_HEAR, PEOPLE, World, build

ALL = list(addresses())
APP = [address for address in ALL if address.area == "agency"]
SITE = [address for address in ALL if address.area == "site"]
ADMIN = [address for address in ALL if address.area == "admin"]
METHODS = ("GET", "POST")
NOBODY = 2_000_000_000  # an id that no row has
ADMITTED = {200, 302, 400, 409}  # 400 and 409: the request was understood, and the person was let in to make it


@pytest.fixture
def world(db: None) -> World:
    """Each visit undoes itself."""
    return build(hash_token)


def names(some: list[Address]) -> list[str]:
    return [address.name for address in some]


def allowed(world: World, address: Address, person: str) -> list[str]:
    """The methods that the view knows at all: what it refuses the most powerful person with 405, it refuses everybody."""
    row = world.rows[address.model]["open"] if address.model else None
    methods = [method for method in METHODS if visit(world, address, person, method=method, row=row).status != 405]
    assert methods, f"{address.name} answers neither GET nor POST"
    return methods


def check(world: World, found: Visit, told: Collection[str] = ()) -> Visit:
    """What holds for every answer to everybody: no crash, no canary of somebody else, no choice of somebody else's rows.

    An answer may repeat what the address itself said, and what is in `told`.
    """
    assert found.status < 500, f"{found}\n{found.log[-3000:]}"
    heard = [world.aviary.by_mark[mark] for mark in found.heard - world.aviary.heard_in(found.url)]
    leaked = [canary for canary in heard if found.who not in MAY_HEAR[canary.tag] and canary.field not in told]
    assert leaked == [], f"{found} says what {found.who} must not hear"
    logged = [world.aviary.by_mark[mark] for mark in found.logged - world.aviary.heard_in(found.url)]
    assert logged == [], f"{found} wrote into the log"
    if found.who != "anonymous":
        for name, rows in found.choices:
            seen = visible_rows(rows.model._default_manager.all(), world.people[found.who])
            hidden = rows.exclude(pk__in=seen.values("pk"))
            assert list(hidden) == [], f"{found}: {name} would take rows that {found.who} does not see"
    return found


def to_login(found: Visit) -> bool:
    """To the login page; for htmx as HX-Redirect, so that no login form lands in a table."""
    return found.location.partition("?")[0] in {reverse("account_login"), "/admin/login/"}


# --- the sweep knows every address ----------------------------------------------------------------------
def test_every_argument_is_known() -> None:
    unknown = {address.name: address.unknown_arguments() for address in ALL if address.unknown_arguments()}
    assert unknown == {}, "Add the argument to ARGUMENTS or ROWS in tests/tenancy/addresses.py"


def test_every_app_address_has_exactly_one_role() -> None:
    places = Counter([*MEMBER, *WRITER, *MANAGER])
    missing = sorted(set(names(APP)) - places.keys())
    assert missing == [], "Add each to exactly one of MEMBER, WRITER, MANAGER in tests/tenancy/roles.py"
    assert [name for name, count in places.items() if count > 1] == []


def test_no_role_exemption_or_override_is_stale() -> None:
    known = {address.name for address in ALL}
    app = set(names(APP))
    assert sorted((MEMBER | WRITER | MANAGER) - app) == [], "roles.py names addresses that are gone"
    assert sorted(PUBLIC.keys() - set(names(SITE))) == [], "roles.py: PUBLIC names addresses that are gone"
    assert sorted(TOLD_TO_HOLDERS.keys() - set(names(SITE))) == []
    assert sorted(ADMIN_FOR_ALL - set(names(ADMIN))) == []
    arguments = {(address.name, argument) for address in ALL for argument in address.arguments}
    assert sorted(ROWS.keys() - arguments) == [], "addresses.py: ROWS names addresses that are gone"
    used = {argument for address in ALL for argument in address.arguments}
    assert sorted(ARGUMENTS.keys() - used) == [], "addresses.py: ARGUMENTS names arguments that no address takes"
    assert len(known) == len(ALL), "two addresses have one name"


# --- pages of an agency ---------------------------------------------------------------------------------
@pytest.mark.parametrize("address", APP, ids=names(APP))
def test_sweep_agency(world: World, address: Address) -> None:
    own = world.rows[address.model]["open"] if address.model else None
    for method in allowed(world, address, "manager"):
        for htmx in (False, True):
            sweep_strangers(world, address, method, own, htmx=htmx)
            sweep_members(world, address, method, own, htmx=htmx)
        sweep_hidden_rows(world, address, method)


def sweep_strangers(world: World, address: Address, method: str, own: Any, *, htmx: bool) -> None:
    """Anonymous: to the login. A manager of another agency: nothing is there, under either slug."""
    anonymous = check(world, visit(world, address, "anonymous", method=method, row=own, htmx=htmx))
    assert anonymous.status == (200 if htmx else 302), anonymous
    assert to_login(anonymous), anonymous
    outsider = check(world, visit(world, address, "outsider", method=method, row=own, htmx=htmx))
    assert outsider.status == 404, outsider
    if own is not None:
        foreign = check(
            world, visit(world, address, "outsider", method=method, agency=world.foreign.slug, row=own, htmx=htmx)
        )
        assert foreign.status == 404, f"{foreign}: a row of another agency was found under the own slug"


def sweep_members(world: World, address: Address, method: str, own: Any, *, htmx: bool) -> None:
    """Each role gets what the table says. The guest (a viewer in the client's team) sees the row, so 403 is the role's."""
    refused = {"viewer", "guest"} if address.name in WRITER else set()
    refused = {"viewer", "guest", "marketer", "teammate", "rosterer"} if address.name in MANAGER else refused
    for person in PEOPLE[2:]:
        found = check(world, visit(world, address, person, method=method, row=own, htmx=htmx))
        if person in refused:
            assert found.status == 403, found
        elif person != "viewer" or found.status != 404:  # a viewer is in no team: brands and their work are not there
            assert found.status in ADMITTED, found


def sweep_hidden_rows(world: World, address: Address, method: str) -> None:
    """Rows of a confidential client, and of another agency, answer exactly as rows that never were."""
    rows = world.rows[address.model] if address.model else {}
    for whose, row in rows.items():
        if whose == "open" or whose == "refused":
            continue
        people = PEOPLE[2:] if whose == "foreign" else ("viewer", "guest", "marketer", "rosterer")
        for person in people:
            found = check(world, visit(world, address, person, method=method, row=row))
            never = check(world, visit(world, address, person, method=method, row=NOBODY))
            assert found.status == never.status, f"{found}, but {never}"
            assert found.status in {403, 404}, found
    if "foreign" in rows and method == "GET":
        check(world, visit(world, address, "outsider", agency=world.foreign.slug, row=rows["foreign"]))
    if "secret" in rows:
        for person in ("teammate", "manager", "chief"):
            check(world, visit(world, address, person, method=method, row=rows["secret"]))
    if not rows and method == "GET":
        check(world, visit(world, address, "outsider", agency=world.foreign.slug))


# --- the site's own pages -------------------------------------------------------------------------------
@pytest.mark.parametrize("address", SITE, ids=names(SITE))
def test_sweep_site(world: World, address: Address) -> None:
    told = TOLD_TO_HOLDERS.get(address.name, set())
    for place, method in enumerate(METHODS):
        anonymous = check(world, visit(world, address, "anonymous", method=method), told)
        if address.name in PUBLIC:
            assert anonymous.status == PUBLIC[address.name][place], f"{anonymous} (PUBLIC in tests/tenancy/roles.py)"
        else:
            assert (anonymous.status, to_login(anonymous)) == (302, True), anonymous
        for person in PEOPLE[1:]:
            for htmx in (False, True):
                check(world, visit(world, address, person, method=method, htmx=htmx), told)


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


# --- the admin panel ------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ADMIN, ids=names(ADMIN))
def test_sweep_admin(world: World, address: Address) -> None:
    rows = world.rows[address.model] if address.model else {}
    assert not address.model or rows, f"tests/tenancy/world.py plants no {address.model.__name__}"  # type: ignore[union-attr]
    own = rows.get("open")
    for method in METHODS:
        for htmx in (False, True):
            anonymous = check(world, visit(world, address, "anonymous", method=method, row=own, htmx=htmx))
            assert to_login(anonymous), anonymous
        for person in ("viewer", "guest", "marketer", "teammate", "manager"):
            found = check(world, visit(world, address, person, method=method, row=own))
            assert found.status == (302 if address.name in ADMIN_FOR_ALL else 403), found
        for person, row in (("outsider", own), ("rosterer", rows.get("foreign")), ("rosterer", rows.get("secret"))):
            found = check(world, visit(world, address, person, method=method, row=row))
            if row is not None:
                never = check(world, visit(world, address, person, method=method, row=NOBODY))
                assert (found.status, same_place(found)) == (never.status, same_place(never)), f"{found}, but {never}"
        for person, row in (
            ("outsider", rows.get("foreign")),
            ("rosterer", own),
            ("chief", own),
            ("chief", rows.get("secret")),
        ):
            found = check(world, visit(world, address, person, method=method, row=row))
            assert found.status in {200, 302, 301, 403, 404, 405}, found


def same_place(found: Visit) -> str:
    """The location without the row's id, which the address itself told."""
    return re.sub(r"/\d+/", "/…/", found.location)


def test_admin_rows_of_the_own_agency_open(world: World) -> None:
    """So that "as if it never was" in the sweep is not simply how everything answers."""
    for address in ADMIN:
        if address.name.endswith("_change") and address.model:
            for whose in ("open", "secret"):
                row = world.rows[address.model].get(whose)
                assert row is None or visit(world, address, "chief", row=row).status == 200, (address.name, whose)


# --- searches and filters are no oracle -----------------------------------------------------------------
READ = [address for address in ALL if address.name not in PUBLIC and address.area != "site" and not address.model]


@pytest.mark.parametrize("address", READ, ids=names(READ))
def test_search_and_filter_do_not_tell_that_something_hidden_exists(world: World, address: Address) -> None:
    """Asking for a hidden word or row answers as asking for one that never was: same rows, same counts, same status."""
    for person in ("marketer", "viewer", "rosterer", "outsider"):
        agency = world.foreign.slug if person == "outsider" else world.agency.slug
        if visit(world, address, person, agency=agency).status == 200:
            whose = "open" if person == "outsider" else "secret"
            for query, control in [*hidden_words(world, whose), *hidden_rows(world, whose)]:
                asked = check(world, visit(world, address, person, agency=agency, query=query))
                nothing = check(world, visit(world, address, person, agency=agency, query=control))
                told = set(echo_free(asked, query)) ^ set(echo_free(nothing, control))
                assert (asked.status, told) == (nothing.status, set()), (
                    f"{person}: {query} is not answered as {control}"
                )


def hidden_words(world: World, whose: str) -> Iterator[tuple[str, str]]:
    hidden = [world.rows[Brand][whose].name, world.rows[Client][whose].name, world.rows[Campaign][whose].name]
    hidden.append(world.rows[Brand]["foreign"].name if whose == "secret" else world.rows[Influencer]["open"].name)
    for word in hidden:
        yield f"?q={word}", "?q=zqx0000"
        yield f"?search={word}", "?search=zqx0000"


def hidden_rows(world: World, whose: str) -> Iterator[tuple[str, str]]:
    parameters = {
        "brand": Brand,
        "client": Client,
        "campaign": Campaign,
        "brand__id__exact": Brand,
        "client__id__exact": Client,
    }
    for parameter, model in parameters.items():
        yield f"?{parameter}={world.rows[model][whose].pk}", f"?{parameter}={NOBODY}"


def echo_free(found: Visit, query: str) -> list[str]:
    """The lines of the answer without what differs from request to request anyway."""
    value = query.partition("=")[2]
    text = re.sub(
        r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": )"[^"]*"|csrftoken=\w+|expires=[^;]*;', "", found.text
    )
    echo = rf'(?<=["=D]){value}(?=["&\s]|$)' if value.isdigit() else value
    return re.sub(r"(Content-Length|Expires): .*", "", re.sub(echo, "…", text)).splitlines()


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
                heard |= visit(world, address, person, agency=agency.slug, row=row).heard
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
    assert Agency.objects.count() == 2
    assert User.objects.count() == len(PEOPLE) - 1
    assert admin.site.is_registered(Brand)
