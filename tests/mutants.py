"""Access rules taken away one at a time, in the running program: each must be noticed by the sweep.

Two kinds. Of an address: its access decorator is removed, opened to everybody, or weakened by one role; its login is dropped.
Of the code: a `visible_to(…)` becomes `all()`, an `agency=…` filter is dropped, a question about a role is answered with yes.
"""

import ast
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any
from unittest import mock

from django.urls import URLPattern, get_resolver

from agency import access
from agency.models import Membership
from tests.conftest import CHECKOUT
from tests.tenancy.addresses import Address

Undoable = Callable[[], Any]


# --- mutants of an address ------------------------------------------------------------------------------
def pattern_of(address: Address) -> URLPattern:
    """The pattern of the URLconf by which Django finds the view."""

    def search(resolver: Any, spaces: tuple[str, ...]) -> Iterator[URLPattern]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                if ":".join((*spaces, pattern.name or "")) == address.name:
                    yield pattern
            else:
                yield from search(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)

    return next(search(get_resolver(), ()))


def layers(view: Any) -> list[Any]:
    """The view as Django calls it, and what each decorator wraps, down to the function itself."""
    found = [view]
    while hasattr(found[-1], "__wrapped__"):
        found.append(found[-1].__wrapped__)
    return found


def guard_of(view: Any) -> Any:
    """The layer that an access decorator made."""
    guards = [
        layer
        for layer in layers(view)
        if layer.__code__.co_name == "wrapper" and "allows" in layer.__code__.co_freevars
    ]
    assert len(guards) == 1, f"{view} has {len(guards)} access decorators"
    return guards[0]


def cell_of(function: Any, name: str) -> Any:
    return function.__closure__[function.__code__.co_freevars.index(name)]


def rule_of(decorator: Any) -> Any:
    """The question that an access decorator asks of a membership."""
    return cell_of(decorator(lambda request: None), "allows").cell_contents


@contextmanager
def removed(address: Address) -> Iterator[None]:
    """The decorator line is gone."""
    pattern = pattern_of(address)
    with mock.patch.object(pattern, "callback", layers(guard_of(pattern.callback))[1]):
        yield


@contextmanager
def opened(address: Address) -> Iterator[None]:
    """Whoever is logged in counts as a manager of the agency in the address."""

    def anybody(user: Any, slug: str) -> Membership:
        return Membership.objects.select_related("agency", "user").filter(agency__slug=slug, role="manager")[0]

    with mock.patch.object(access, "membership_or_404", anybody):
        yield


@contextmanager
def weakened(address: Address) -> Iterator[None]:
    """The role below is enough."""
    cell = cell_of(guard_of(pattern_of(address).callback), "allows")
    rule = cell.cell_contents
    lower = {"agency_manager": access.agency_writer, "agency_writer": access.agency_member}
    cell.cell_contents = rule_of(lower[decorator_of(address)])
    try:
        yield
    finally:
        cell.cell_contents = rule


@contextmanager
def without_login(address: Address) -> Iterator[None]:
    """The page asks nobody to log in."""
    view = pattern_of(address).callback
    view.login_required = False
    try:
        yield
    finally:
        del view.login_required


def decorator_of(address: Address) -> str:
    """The name of its access decorator, told by the rule that it applies."""
    code = cell_of(guard_of(pattern_of(address).callback), "allows").cell_contents.__code__
    names = ("agency_member", "agency_writer", "agency_manager")
    return next(name for name in names if rule_of(getattr(access, name)).__code__ is code)


def mutants_of(address: Address) -> dict[str, Any]:
    """Its mutants by name."""
    found = {"removed": removed, "opened": opened, "without_login": without_login, "weakened": weakened}
    if decorator_of(address) == "agency_member":
        del found["weakened"]
    return found


# --- mutants of the code --------------------------------------------------------------------------------
FOLDERS = ("agency", "influencers", "campaigns")
# Left out, because the sweep cannot reach them: the admin panel has tests of its own; commands, tasks and the demo work
# for the operator; services refuse by themselves and have tests of every branch; `access.py` has the mutants above.
LEFT_OUT = {
    *("migrations", "management", "embedded", "demo", "services", "admin"),
    *("settings.py", "admin.py", "admin_site.py", "tenant_admin.py", "access.py", "tasks.py"),
    *("services.py", "brand_services.py", "receivers.py", "check.py", "store.py", "export.py"),
}
QUERY_CALLS = {"filter", "get", "exclude", "get_object_or_404", "get_list_or_404", "values_list"}
ROLE_QUESTIONS = {"can_see_fees", "can_write", "is_manager"}


@dataclass(frozen=True)
class Site:
    """A place in a function where a rule can be taken away."""

    path: str
    function: str
    first_line: int
    line: int
    number: int
    kind: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.kind} in {self.function}"

    @property
    def where(self) -> tuple[str, int]:
        """File and first line of the function, as a stack frame tells them."""
        return str(CHECKOUT / self.path), self.first_line


class Taker(ast.NodeTransformer):
    """Counts the places of a function; takes away the rule at the place `target`."""

    def __init__(self, target: int | None = None) -> None:
        self.target = target
        self.places: list[tuple[int, str]] = []

    def _is_hit(self, node: Any, kind: str) -> bool:
        self.places.append((node.lineno, kind))
        return len(self.places) - 1 == self.target

    def visit_Call(self, node: ast.Call) -> Any:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "visible_to" and isinstance(node.func, ast.Attribute) and self._is_hit(node, "visible_to → all"):
            function = ast.copy_location(ast.Attribute(node.func.value, "all", ast.Load()), node.func)
            return ast.copy_location(ast.Call(function, [], []), node)
        if name in QUERY_CALLS:
            for keyword in list(node.keywords):
                if keyword.arg in {"agency", "agency_id"} and self._is_hit(node, "agency filter dropped"):
                    node.keywords.remove(keyword)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        self.generic_visit(node)
        if node.attr in ROLE_QUESTIONS and isinstance(node.ctx, ast.Load) and self._is_hit(node, f"{node.attr} → yes"):
            return ast.copy_location(ast.Constant(value=True), node)
        return node


def functions(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    """Functions of the module and of its classes, with their qualified names."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def sites() -> list[Site]:
    """Every place in our code where a rule can be taken away."""
    found = []
    for folder in FOLDERS:
        for path in sorted((CHECKOUT / folder).rglob("*.py")):
            short = path.relative_to(CHECKOUT)
            if not LEFT_OUT & set(short.parts):
                found += sites_in(path, str(short))
    return found


def sites_in(path: Path, short: str) -> list[Site]:
    found = []
    for name, node in functions(ast.parse(path.read_text())):
        taker = Taker()
        first_line = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        taker.visit(node)
        found += [Site(short, name, first_line, line, number, kind) for number, (line, kind) in enumerate(taker.places)]
    return found


class CodeMutant:
    """One function of the running program, with the rule at one place taken away."""

    def __init__(self, site: Site) -> None:
        self.site = site

    @cached_property
    def function(self) -> FunctionType:
        module = importlib.import_module(self.site.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
        thing: Any = module
        for part in self.site.function.split("."):
            thing = vars(thing)[part] if isinstance(thing, type) else getattr(thing, part)
        thing = getattr(thing, "fget", None) or getattr(thing, "func", None) or getattr(thing, "__func__", thing)
        thing = layers(thing)[-1]
        assert isinstance(thing, FunctionType), thing
        return thing

    @cached_property
    def code(self) -> CodeType:
        path = CHECKOUT / self.site.path
        tree = ast.parse(path.read_text())
        node = next(node for name, node in functions(tree) if name == self.site.function)
        Taker(self.site.number).visit(node)
        return find_code(compile(ast.fix_missing_locations(tree), str(path), "exec"), self.site.function)

    @contextmanager
    def applied(self) -> Iterator[None]:
        function, original = self.function, self.function.__code__
        function.__code__ = self.code
        try:
            yield
        finally:
            function.__code__ = original


def find_code(code: CodeType, name: str) -> CodeType:
    """The code object of the function of that qualified name."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == name:  # type: ignore[attr-defined] # since Python 3.11
                return constant
            if name.startswith(f"{constant.co_name}."):
                return find_code(constant, name)
    raise LookupError(name)


@contextmanager
def recorded(called: set[tuple[str, int]]) -> Iterator[None]:
    """Collects which functions of ours are called, by file and first line."""
    roots = tuple(str(CHECKOUT / folder) for folder in FOLDERS)

    def note(frame: Any, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(roots):
            called.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)
