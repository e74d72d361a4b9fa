"""The house rules that a program can check."""

import importlib
import json
import re
import tomllib
from collections.abc import Iterator
from inspect import unwrap
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.db import models
from django.template.loader import get_template
from django.urls import get_resolver, reverse
from pghistory.models import Event

from agency.celery import app as celery_app
from agency.models import Agency, Membership, TenantModel
from agency.tenant_admin import TenantAdmin
from tests.conftest import CHECKOUT
from tests.tenancy.addresses import Address, addresses
from tests.tenancy.canaries import carriers
from tests.tenancy.roles import MEMBER

OURS = ("agency", "influencers", "campaigns")
CODE_FOLDERS = (*OURS, "tests", "bench", "templates", "static")
SKIPPED = {"migrations", "__pycache__", "node_modules", "vendor"}
FORBIDDEN_NAMES = {
    "utils",
    "util",
    "common",
    "core",
    "helpers",
    "helper",
    "manager",
    "managers",
    "data",
    "info",
    "handle",
}
MAX_LINES = 500
MAX_VIEW_LINES = 40
# Written by hand because they are in no other place of the design's list of pages; each with its reason.
WITHOUT_OWN_TEMPLATE: dict[str, str] = {
    "agency:healthz": "answers JSON",
    "agency:favicon": "redirects to the mark",
    "agency:invitation_cancel": "redirects to the list of people",
    "influencers:run_create": "redirects to the run",
    "influencers:duplicate_dismiss": "redirects to the suggestions",
    "influencers:merge_undo": "redirects to the record that came back",
    "influencers:tier_scheme_choose": "redirects to the schemes",
    "influencers:influencer_access": "answers the copy as a file",
    "influencers:import_apply": "redirects to the import",
    "influencers:import_undo": "redirects to the import",
    "influencers:import_give_up": "redirects to the imports",
    "influencers:import_refused": "answers the refused rows as a file",
    "influencers:saved_view_delete": "redirects to the roster",
    "campaigns:campaign_brief_pdf": "answers a PDF",
    "campaigns:collaboration_move": "redirects, or answers 409 with the reason",
    "campaigns:deliverable_delete": "redirects to the collaboration",
    "campaigns:clause_delete": "redirects to the collaboration",
    "campaigns:unavailability_delete": "redirects to the creator",
    "campaigns:timeline_items": "answers JSON for the timeline",
}


def files(*suffixes: str, folders: tuple[str, ...] = CODE_FOLDERS) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.suffix in suffixes and not SKIPPED & set(path.parts):
                yield path


def short(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


def our_models() -> list[type[models.Model]]:
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


def our_addresses() -> list[Address]:
    """Those whose names begin with one of our apps."""
    return [address for address in addresses() if address.name.partition(":")[0] in OURS]


def views() -> dict[str, Any]:
    """The functions behind our addresses, without their decorators."""
    found: dict[str, Any] = {}

    def walk(resolver: Any, spaces: tuple[str, ...]) -> None:
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
            else:
                found[":".join((*spaces, pattern.name or ""))] = unwrap(pattern.callback)

    walk(get_resolver(), ())
    return {name: view for name, view in found.items() if name.partition(":")[0] in OURS}


# --- files ----------------------------------------------------------------------------------------------
def test_no_file_is_too_long() -> None:
    long = {
        short(path): length
        for path in files(".py", ".js", ".html")
        if (length := len(path.read_text().splitlines())) > MAX_LINES
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [short(path) for path in files(".py", folders=OURS) if path.stem in FORBIDDEN_NAMES] == []
    folders = {folder for path in files(".py", folders=OURS) for folder in path.relative_to(CHECKOUT).parts[:-1]}
    assert sorted(folders & FORBIDDEN_NAMES) == []


def test_nothing_is_left_to_do() -> None:
    mark = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    assert [
        short(path) for path in files(".py", ".js", ".html", ".css", ".sql", ".typ") if mark.search(path.read_text())
    ] == []


def test_every_message_to_git_ignores_what_is_not_ours() -> None:
    ignored = (CHECKOUT / ".gitignore").read_text().split()
    assert {"var/", "node_modules/", ".venv/"} <= {line.lstrip("/") for line in ignored}


# --- dependencies ---------------------------------------------------------------------------------------
def test_every_dependency_has_a_reason() -> None:
    text = (CHECKOUT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    lines = {line.strip().split('"')[1]: line for line in text.splitlines() if line.strip().startswith('"')}
    assert [name for name in wanted if not re.search(r'",? # \S.{4,}', lines[name])] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_file_has_hashes_and_no_address(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)
    pinned = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert [entry.split()[0] for entry in pinned if "--hash=sha256:" not in entry] == []


def test_node_lock_file_names_no_address() -> None:
    packages = json.loads((CHECKOUT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


# --- models ---------------------------------------------------------------------------------------------
def test_every_row_of_an_agency_is_a_tenant_model() -> None:
    pointing = [model for model in our_models() if any(field.related_model is Agency for field in model._meta.fields)]
    # Events are copies of rows that are; their reference may outlive the agency's row, so the base does not fit them.
    assert [model.__name__ for model in pointing if not issubclass(model, TenantModel | Event)] == []


def test_every_tenant_model_carries_canaries_or_nothing_that_could() -> None:
    """What has no text and no amount of its own: it is swept through what it hangs on."""
    silent = {model.__name__ for model in our_models() if issubclass(model, TenantModel) and not carriers(model)}
    assert silent <= {
        "Membership",
        "Claim",
        "Deliverable",
        "Exclusivity",
        "Clash",
        "FollowerCount",
        "EngagementFigures",
        "NotDuplicates",
        "RosterColumns",
        "RosterLine",
    }


def constraints() -> list[str]:
    return sorted(constraint.name for model in our_models() for constraint in model._meta.constraints)


def test_every_constraint_has_a_name_of_its_own() -> None:
    assert len(set(constraints())) == len(constraints())


def test_every_constraint_has_a_test_that_names_it() -> None:
    """House style: named constraints, each with a test that tries to break it."""
    tests = "\n".join(path.read_text() for path in files(".py", folders=("tests",)))
    families = {"claim_{name}_not_empty": r"claim_\w+_not_empty"}  # named by a pattern in a parametrized test
    named = [re.compile(family) for template, family in families.items() if template in tests]
    unnamed = [name for name in constraints() if name not in tests and not any(one.fullmatch(name) for one in named)]
    assert unnamed == []


# --- one name, five places ------------------------------------------------------------------------------
def test_view_and_address_have_one_name() -> None:
    assert {name: view.__name__ for name, view in views().items() if name.partition(":")[2] != view.__name__} == {}


def test_view_and_template_have_one_name() -> None:
    for name in views():
        app, _colon, view = name.partition(":")
        if name not in WITHOUT_OWN_TEMPLATE:
            get_template(f"{app}/{view}.html")
    assert sorted(WITHOUT_OWN_TEMPLATE.keys() - views().keys()) == []


def test_view_and_tests_have_one_name() -> None:
    tests = "\n".join(path.read_text() for path in files(".py", folders=("tests",)))
    assert [name for name, view in views().items() if not re.search(rf"def test_{view.__name__}(_|\()", tests)] == []


def test_every_list_has_a_query_count_test() -> None:
    tests = "\n".join(path.read_text() for path in files(".py", folders=("tests",)))
    lists = [name.partition(":")[2] for name in views() if name.endswith("_list") and name in MEMBER]
    assert [view for view in lists if not re.search(rf"def test_{view}_\w*quer", tests)] == []


def test_views_are_short() -> None:
    code = {name: view.__code__ for name, view in views().items()}
    lengths = {
        name: max(line or 0 for *_span, line in inner.co_lines()) - inner.co_firstlineno for name, inner in code.items()
    }
    assert {name: length for name, length in lengths.items() if length > MAX_VIEW_LINES} == {}


# --- admin, tasks ---------------------------------------------------------------------------------------
def test_every_admin_page_of_ours_is_a_tenant_admin() -> None:
    """The site takes no other without a word; here the word is said."""
    pages: list[type] = []
    waiting = [ModelAdmin]
    while waiting:
        waiting.extend(found := waiting.pop().__subclasses__())
        pages.extend(found)
    ours = [page for page in pages if page.__module__.partition(".")[0] in OURS]
    assert [page.__name__ for page in ours if not issubclass(page, TenantAdmin)] == []


def test_every_scheduled_task_exists() -> None:
    celery_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sorted(scheduled - celery_app.tasks.keys()) == []
    own = {name for name in celery_app.tasks if not name.startswith("celery.")}
    assert {name for name in own if name.partition(".")[0] not in OURS or name.count(".") != 1} == set()


# --- templates and scripts ------------------------------------------------------------------------------
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\s(on[a-z]+|hx-on[\w:.-]*)\s*=|hx-(vals|headers)='js:|javascript:", re.IGNORECASE)


@pytest.mark.parametrize("path", list(files(".html")), ids=short)
def test_template_has_no_inline_script(path: Path) -> None:
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
    assert INLINE_SCRIPT.findall(text) == []
    assert HANDLER.findall(text) == []


@pytest.mark.parametrize("path", list(files(".html")), ids=short)
def test_template_says_every_word_through_gettext(path: Path) -> None:
    """Words between tags stand in translate or blocktranslate; the name of the product needs no translation."""
    text = re.sub(r"{#.*?#}|{% (comment|blocktranslate\b.*?) %}.*?{% end\w+ %}", "", path.read_text(), flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}|<(style|script|svg|title).*?</\1>|<!--.*?-->", "", text, flags=re.DOTALL)
    words = re.findall(r"[A-Za-z]{2,}(?:[ ,][A-Za-z]+)*", " ".join(re.findall(r">([^<>]*)<", text)))
    words = [word for word in words if word not in {"Meso", "nbsp", "ndash", "mdash", "middot", "hellip"}]
    assert words == []


@pytest.mark.parametrize("path", list(files(".js", folders=("static",))), ids=short)
def test_script_makes_no_code_from_text(path: Path) -> None:
    assert (
        re.findall(r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]|\.innerHTML\s*=|document\.write", path.read_text())
        == []
    )


def test_content_security_policy_is_strict(client: Any, db: None) -> None:
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    assert directives["script-src"] == ["'self'"]
    assert directives["default-src"] == ["'self'"]
    assert "'unsafe-eval'" not in policy


def test_content_security_policy_is_on_every_kind_of_page(client: Any, manager: Membership) -> None:
    client.force_login(manager.user)
    for url in ("/northern/", "/nowhere/", "/admin/", "/accounts/email/"):
        assert "script-src 'self'" in client.get(url)["Content-Security-Policy"], url


# --- documentation --------------------------------------------------------------------------------------
def test_every_module_says_what_it_guarantees() -> None:
    """One sentence at the top; packages that only hold others, app configs and migrations need none."""
    silent = []
    for path in files(".py", folders=OURS):
        if path.name not in {"__init__.py", "apps.py"}:
            module = importlib.import_module(short(path).removesuffix(".py").replace("/", "."))
            if not (module.__doc__ or "").strip():
                silent.append(short(path))
    assert silent == []


def test_ids_are_printed_without_thousands_separators() -> None:
    """Numbers on pages have separators: `?with=2,796` would lead nowhere."""
    bare = re.compile(r"\{\{\s*[\w.]*(?:\.pk|\b(?!auto_|panel_)\w+_id)\s*\}\}")
    assert [short(path) for path in files(".html", folders=("templates",)) if bare.search(path.read_text())] == []
