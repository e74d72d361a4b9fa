"""Each access rule is taken away in turn, and the sweep must notice: a rule that nobody misses is not tested."""

from collections.abc import Callable

import pytest

from agency.services import hash_token
from tests.mutants import CodeMutant, Site, mutants_of, recorded, sites
from tests.tenancy.addresses import Address, addresses
from tests.tenancy.survivors import SURVIVORS
from tests.tenancy.sweep import (
    METHODS,
    sweep_admin,
    sweep_agency_briefly,
    sweep_neighbours,
    sweep_queries,
)
from tests.tenancy.visits import visit
from tests.tenancy.world import World, build

pytestmark = [pytest.mark.long, pytest.mark.django_db]
APP = [address for address in addresses() if address.area == "agency"]
ADMIN = [address for address in addresses() if address.area == "admin"]
Sweep = Callable[[World, Address], None]
MAX_ADDRESSES = 6  # on which a mutant of the code may show itself; the predicates of the models have more


def limit(path: str) -> int:
    return 4 * MAX_ADDRESSES if "/models/" in path else MAX_ADDRESSES


@pytest.fixture
def world(db: None) -> World:
    return build(hash_token)


def is_noticed(world: World, address: Address, *more: Sweep) -> bool:
    """Whether the sweep of the address fails."""
    first = sweep_admin if address.area == "admin" else sweep_agency_briefly
    try:
        for sweep in (first, *more):
            sweep(world, address)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("address", APP, ids=[address.name for address in APP])
def test_every_missing_access_decorator_is_noticed(world: World, address: Address) -> None:
    """Removed, opened to whoever is logged in, weakened by one role, or without a login: none goes unnoticed."""
    assert not is_noticed(world, address), "The sweep fails without any mutant: run tests/test_tenancy.py"
    unnoticed = []
    for name, mutant in mutants_of(address).items():
        with mutant(address):
            if not is_noticed(world, address):
                unnoticed.append(name)
    assert unnoticed == []


@pytest.fixture(scope="module")
def calls() -> dict[str, set[tuple[str, int]]]:
    """Which of our functions work on which address; filled by the first test that asks."""
    return {}


def record_calls(world: World, calls: dict[str, set[tuple[str, int]]]) -> None:
    """By people who may."""
    for address in [*APP, *ADMIN]:
        called = calls.setdefault(address.name, set())
        rows = world.rows[address.model] if address.model else {"": None}
        with recorded(called):
            for person in ("marketer", "chief", "guest"):
                for method in METHODS:
                    for row in rows.values():
                        visit(world, address, person, method=method, row=row)


SITES = sites()


@pytest.mark.parametrize("path", sorted({site.path for site in SITES}))
def test_every_rule_in_the_code_is_missed_when_it_is_gone(
    world: World, calls: dict[str, set[tuple[str, int]]], path: str
) -> None:
    """`visible_to`, agency filters, questions about roles. What survives is in tests/tenancy/survivors.py with a reason."""
    if not calls:
        record_calls(world, calls)
    survived: list[Site] = []
    for site in SITES:
        if site.path == path:
            near = [address for address in [*APP, *ADMIN] if site.where in calls[address.name]]
            near.sort(key=lambda address: (address.area == "admin", len(calls[address.name])))
            with CodeMutant(site).applied():
                if not any(
                    is_noticed(world, address, sweep_queries, sweep_neighbours) for address in near[: limit(path)]
                ):
                    survived.append(site)
    names = {f"{site.path} {site.function}: {site.kind} ({site.number})" for site in survived}
    listed = {name for name in SURVIVORS if name.startswith(f"{path} ")}
    assert names <= listed, f"The sweep does not miss these rules: {sorted(names - listed)}"
    assert listed <= names, f"tests/tenancy/survivors.py names what is noticed now, or gone: {sorted(listed - names)}"
