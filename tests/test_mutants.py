"""Each access rule is taken away in turn, and the sweep must notice: a rule that nobody misses is not tested."""

import pytest

from agency.services import hash_token
from tests.mutants import CodeMutant, Site, mutants_of, recorded, sites
from tests.tenancy.addresses import Address, addresses
from tests.tenancy.survivors import SURVIVORS
from tests.tenancy.sweep import METHODS, sweep_admin, sweep_agency, sweep_queries
from tests.tenancy.visits import visit
from tests.tenancy.world import World, build

pytestmark = [pytest.mark.long, pytest.mark.django_db]
APP = [address for address in addresses() if address.area == "agency"]
ADMIN = [address for address in addresses() if address.area == "admin"]
MAX_ADDRESSES = 12  # on which a mutant of the code may show itself


@pytest.fixture
def world(db: None) -> World:
    return build(hash_token)


def is_noticed(world: World, address: Address) -> bool:
    """Whether the sweep of the address fails."""
    try:
        if address.area == "admin":
            sweep_admin(world, address)
        else:
            sweep_agency(world, address)
        if not address.model:
            sweep_queries(world, address)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("address", APP, ids=[address.name for address in APP])
def test_every_missing_access_decorator_is_noticed(world: World, address: Address) -> None:
    assert not is_noticed(world, address), "The sweep fails without any mutant: run tests/test_tenancy.py"
    unnoticed = []
    for name, mutant in mutants_of(address).items():
        with mutant(address):
            if not is_noticed(world, address):
                unnoticed.append(name)
    assert unnoticed == []


def calls_by_address(world: World) -> dict[str, set[tuple[str, int]]]:
    """Which of our functions work on which address, for people who may."""
    found: dict[str, set[tuple[str, int]]] = {}
    for address in [*APP, *ADMIN]:
        called = found.setdefault(address.name, set())
        rows = world.rows[address.model] if address.model else {"": None}
        with recorded(called):
            for person in ("marketer", "chief", "guest"):
                for method in METHODS:
                    for row in rows.values():
                        visit(world, address, person, method=method, row=row)
    return found


def test_every_rule_in_the_code_is_missed_when_it_is_gone(world: World) -> None:
    """`visible_to`, agency filters, questions about roles. What survives is listed in tests/tenancy/survivors.py with a reason."""
    calls = calls_by_address(world)
    by_name = {address.name: address for address in [*APP, *ADMIN]}
    survived: list[Site] = []
    for site in sites():
        near = [by_name[name] for name, called in calls.items() if site.where in called]
        near.sort(key=lambda address: (address.area == "admin", len(calls[address.name])))
        with CodeMutant(site).applied():
            if not any(is_noticed(world, address) for address in near[:MAX_ADDRESSES]):
                survived.append(site)
    names = {f"{site.path} {site.function} {site.kind}" for site in survived}
    assert sorted(names - SURVIVORS.keys()) == [], "The sweep does not miss these rules"
    assert sorted(SURVIVORS.keys() - names) == [], (
        "tests/tenancy/survivors.py names mutants that are noticed now, or gone"
    )
    print(f"{len(sites()) - len(survived)} of {len(sites())} mutants of the code noticed")  # noqa: T201
