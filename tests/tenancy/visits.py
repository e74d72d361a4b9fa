"""One request by one person, undone afterwards, with all that came out of it: answer, mails, messages to the queue, log."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.forms import BaseForm, BaseFormSet, ModelChoiceField
from django.test import TestCase

from tests.tenancy.addresses import Address
from tests.tenancy.canaries import said
from tests.tenancy.world import World

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/here/"}


@dataclass
class Visit:
    """What came of a request."""

    who: str
    url: str
    method: str
    status: int
    location: str
    heard: set[str]
    logged: set[str]
    text: str = field(repr=False)
    log: str = field(repr=False)
    choices: list[tuple[str, Any]] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.who}: {self.method} {self.url} → {self.status} {self.location}".rstrip()


class LogRecorder(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collects what is logged and what is sent to the workers."""
    recorder, root = LogRecorder(), logging.getLogger()
    sent: list[str] = recorder.lines
    root.addHandler(recorder)
    try:
        with mock.patch(
            "celery.app.task.Task.apply_async", lambda *args, **options: sent.append(repr((args[1:], options)))
        ):
            yield sent
    finally:
        root.removeHandler(recorder)


def visit(
    world: World,
    address: Address,
    who: str,
    *,
    method: str = "GET",
    agency: str | None = None,
    row: Any = None,
    htmx: bool = False,
    query: str = "",
    fields: dict[str, Any] | None = None,
) -> Visit:
    """The request, in a savepoint that is rolled back."""
    url = address.url(world, agency=agency or world.agency.slug, row=row) + query
    cache.clear()
    mail.outbox = []
    with transaction.atomic(), listening() as lines:
        with TestCase.captureOnCommitCallbacks(execute=True):
            response = world.browser(who).generic(
                method, url, **encoded(fields if method == "POST" else None), headers=HTMX if htmx else {}
            )
        text = said(response)
        choices = list(offered(response)) if response.status_code == 200 else []
        transaction.set_rollback(True)
    letters = "\n".join(str(letter.message()) for letter in mail.outbox)
    heard = world.aviary.heard_in(text) | world.aviary.heard_in(letters)
    log = "\n".join(lines)
    logged = world.aviary.heard_in(log)
    location = response.get("Location") or response.get("HX-Redirect") or ""
    if "HX-Location" in response:
        location = json.loads(response["HX-Location"])["path"]
    return Visit(who, url, method, response.status_code, location, heard, logged, text, log, choices)


def encoded(fields: dict[str, Any] | None) -> dict[str, Any]:
    return {"data": urlencode(fields or {}, doseq=True), "content_type": "application/x-www-form-urlencoded"}


def offered(response: Any) -> Iterator[tuple[str, Any]]:
    """Every choice of rows that a form of the page would take: the name of the field and the rows."""
    parts = [part for layer in response.context or [] for part in getattr(layer, "dicts", [layer])]
    values = {id(value): value for part in parts for value in part.values()}
    forms = {id(form): form for value in values.values() for form in forms_in(value)}
    for form in forms.values():
        for name, form_field in form.fields.items():
            if isinstance(form_field, ModelChoiceField):
                yield f"{type(form).__name__}.{name}", form_field.queryset


def forms_in(value: Any) -> Iterator[BaseForm]:
    """The forms that a template got: as such, in a formset, in a filter, in the admin's wrappers."""
    if isinstance(value, BaseForm):
        yield value
    elif isinstance(value, BaseFormSet):
        yield from value.forms
        yield value.empty_form
    else:
        for name in ("form", "formset"):
            inner = getattr(value, name, None)
            if isinstance(inner, BaseForm | BaseFormSet):
                yield from forms_in(inner)
