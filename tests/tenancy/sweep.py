"""What is asked of every address: the same for pages of an agency, of the site, and of the admin panel."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from agency.models import Agency, Brand, Client, Membership, TenantModel
from campaigns.models import Campaign
from influencers.models import Account, Influencer
from tests.tenancy.addresses import Address
from tests.tenancy.roles import ADMIN_FOR_ALL, MANAGER, PUBLIC, ROSTER_MANAGER, TOLD_TO_HOLDERS, WRITER
from tests.tenancy.visits import Visit, visit
from tests.tenancy.world import FEE, INTERNAL, MAY_HEAR, PEOPLE, World, add_neighbour

METHODS = ("GET", "POST")
NOBODY = 2_000_000_000  # an id that no row has
NOTHING = "zqx0000"  # a word that no row has
ADMITTED = {200, 302, 400, 409}  # 400 and 409: the request was understood, and the person was let in to make it
BY_HTMX = ("viewer", "guest", "marketer")  # enough to find a partial that says more than its page


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
    for name, rows in found.choices:
        hidden = [row for row in rows if not may_see(world, found.who, row)]
        assert hidden == [], f"{found}: {name} would take rows that {found.who} does not see"
    return found


def may_see(world: World, who: str, row: Any) -> bool:
    """By the canaries in the row and its agency, so that the rule is not asked to judge itself."""
    if who == "anonymous" or getattr(row, "agency_id", world.people[who].agency_id) != world.people[who].agency_id:
        return False
    texts = "\n".join(str(row.serializable_value(field.attname)) for field in row._meta.concrete_fields)
    tags = {world.aviary.by_mark[mark].tag for mark in world.aviary.heard_in(texts)} - {FEE, INTERNAL}
    return all(who in MAY_HEAR[tag] for tag in tags)


# Addresses that show other rows when asked.
OTHER_VIEWS = {"campaigns:clash_list": ("?state=accepted", "?state=resolved")}


def to_login(found: Visit) -> bool:
    """To the login page; for htmx as HX-Redirect, so that no login form lands in a table."""
    return found.location.partition("?")[0] in {reverse("account_login"), "/admin/login/"}


# --- pages of an agency ---------------------------------------------------------------------------------
def sweep_agency_briefly(world: World, address: Address) -> None:
    """By those from whom most is hidden, plainly: enough to miss a rule about rows."""
    own = world.rows[address.model]["open"] if address.model else None
    for method in allowed(world, address, "manager"):
        sweep_strangers(world, address, method, own, htmx=False)
        sweep_members(world, address, method, own, htmx=False, people=BY_HTMX)
        sweep_hidden_rows(world, address, method, people=BY_HTMX)


def sweep_agency(world: World, address: Address) -> None:
    """By everybody, plainly and by htmx, with the own row, a hidden one, a foreign one and none."""
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


def sweep_members(
    world: World, address: Address, method: str, own: Any, *, htmx: bool, people: Collection[str] = PEOPLE[2:]
) -> None:
    """Each role gets what the table says. The guest (a viewer in the client's team) sees the row, so 403 is the role's."""
    refused = {"viewer", "guest"} if address.name in WRITER else set()
    refused = {"viewer", "guest", "marketer", "teammate", "rosterer"} if address.name in MANAGER else refused
    refused = {"viewer", "guest", "marketer", "teammate"} if address.name in ROSTER_MANAGER else refused
    for person in BY_HTMX if htmx else people:
        found = check(world, visit(world, address, person, method=method, row=own, htmx=htmx))
        if person in refused:
            assert found.status == 403, found
        elif person != "viewer" or found.status != 404:  # a viewer is in no team: brands and their work are not there
            assert found.status in ADMITTED, found


def sweep_hidden_rows(world: World, address: Address, method: str, *, people: Collection[str] = PEOPLE[2:]) -> None:
    """Rows of a confidential client, and of another agency, answer exactly as rows that never were."""
    rows = world.rows[address.model] if address.model else {}
    for person in people if rows else ():
        never = check(world, visit(world, address, person, method=method, row=NOBODY))
        for whose, row in rows.items():
            if whose == "foreign" or (whose in {"secret", "held"} and person not in MAY_HEAR["s"]):
                found = check(world, visit(world, address, person, method=method, row=row))
                assert found.status == never.status, f"{found}, but {never}"
                assert found.status in {403, 404}, found
    if "secret" in rows:
        for person in ("teammate", "manager", "chief"):
            check(world, visit(world, address, person, method=method, row=rows["secret"]))
    if method == "GET":
        check(world, visit(world, address, "outsider", agency=world.foreign.slug, row=rows.get("foreign")))


# --- the site's own pages -------------------------------------------------------------------------------
def sweep_site(world: World, address: Address) -> None:
    """Anonymous people get what PUBLIC says, or the login."""
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


# --- the admin panel ------------------------------------------------------------------------------------
def sweep_admin(world: World, address: Address) -> None:
    """Anonymous: login. Without the flag: 403. Rows of others, and hidden ones, answer as rows that never were."""
    rows = world.rows[address.model] if address.model else {}
    assert not address.model or rows, f"tests/tenancy/world.py plants no {address.model.__name__}"
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


# --- searches and filters -------------------------------------------------------------------------------
def sweep_queries(world: World, address: Address) -> None:
    """Asking for a hidden word or row answers as asking for one that never was: same rows, same counts, same status."""
    for person in ("rosterer", "outsider") if address.area == "admin" else ("marketer", "viewer", "outsider"):
        agency = world.foreign.slug if person == "outsider" else world.agency.slug
        row = world.rows[address.model]["foreign" if person == "outsider" else "open"] if address.model else None
        if visit(world, address, person, agency=agency, row=row).status != 200:
            continue
        answers: dict[str, Visit] = {}
        for query, control in queries(world, "open" if person == "outsider" else "secret"):
            asked = check(world, visit(world, address, person, agency=agency, row=row, query=query))
            if control not in answers:
                answers[control] = check(world, visit(world, address, person, agency=agency, row=row, query=control))
            told = set(echo_free(asked, query, control)) ^ set(echo_free(answers[control], query, control))
            assert told == set(), f"{asked} is not answered as {control}"
            assert asked.status == answers[control].status, f"{asked} is not answered as {control}"
    for query in OTHER_VIEWS.get(address.name, ()):
        for person in (
            "viewer",
            "guest",
            "marketer",
            "outsider",
        ):  # the guest sees the row, but not what colleagues say of it
            agency = world.foreign.slug if person == "outsider" else world.agency.slug
            check(world, visit(world, address, person, agency=agency, row=None, query=query))


def queries(world: World, whose: str) -> Iterator[tuple[str, str]]:
    """Hidden words and rows, each with one that never was."""
    for model in (Brand, Client, Campaign):
        row = world.rows[model][whose]
        yield f"?q={row.name}&search={row.name}", f"?q={NOTHING}&search={NOTHING}"
        name = model._meta.model_name
        yield f"?{name}={row.pk}&{name}__id__exact={row.pk}", f"?{name}={NOBODY}&{name}__id__exact={NOBODY}"
    foreign = "open" if whose == "open" else "foreign"
    name = world.rows[Influencer][foreign].name
    yield f"?q={name}&search={name}", f"?q={NOTHING}&search={NOTHING}"
    yield f"?influencer={world.rows[Influencer][foreign].pk}", f"?influencer={NOBODY}"
    yield f"?account={world.rows[Account][foreign].pk}", f"?account={NOBODY}"


# --- others change nothing ------------------------------------------------------------------------------
def sweep_neighbours(world: World, address: Address) -> None:
    """A busy agency more in the same database: no page of anybody else differs by a word or a number."""
    row = world.rows[address.model]["open"] if address.model else None
    people = ("chief",) if address.area == "admin" else ("viewer", "marketer", "manager")
    before = {person: visit(world, address, person, row=row) for person in people}
    with transaction.atomic():
        add_neighbour(world)
        after = {person: visit(world, address, person, row=row) for person in people}
        transaction.set_rollback(True)
    for person in people:
        told = set(echo_free(before[person])) ^ set(echo_free(after[person]))
        assert told == set(), f"{before[person]} differs because another agency is there"
    if row is None:
        sweep_newcomer(world, address)


def sweep_newcomer(world: World, address: Address) -> None:
    """In an empty agency everything looks as if it were the only one."""
    slug = world.rows[Agency]["empty"].slug
    among_others = visit(world, address, "newcomer", agency=slug)
    tables = [model._meta.db_table for model in TenantModel.__subclasses__() if model is not Membership]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        alone = visit(world, address, "newcomer", agency=slug)
        transaction.set_rollback(True)
    told = set(echo_free(among_others)) ^ set(echo_free(alone))
    assert told == set(), f"{among_others} differs when nobody else is there"


def echo_free(found: Visit, *asked: str) -> list[str]:
    """The lines of the answer without what differs from request to request anyway, and without what was asked for."""
    text = re.sub(
        r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": )"[^"]*"|csrftoken=\w+|expires=[^;]*;', "", found.text
    )
    for query in asked:
        value = query.rpartition("=")[2]
        echo = rf'(?<=["=D]){value}(?=["&%\s]|$)' if value.isdigit() else value
        text = re.sub(echo, "…", text)
    return re.sub(r"(Content-Length|Expires): .*", "", text).splitlines()
