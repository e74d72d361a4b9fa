"""Logs carry places and classes of errors, never what people typed or are called."""

import io
import logging
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, transaction

from agency.embedded import postgres
from agency.log_lines import PlainLines, said
from agency.models import Agency
from tests.factories import BrandFactory

NAME = "Quilla Fjord"


def logged(raising: Callable[[], object]) -> str:
    """What the site's handler writes about an error."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainLines("%(levelname)s %(message)s"))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        raising()
    except Exception:
        logger.exception("Row %s failed.", 7)
    return stream.getvalue()


def test_the_message_of_an_error_stays_out_and_its_place_goes_in() -> None:
    def raising() -> None:
        raise ValueError(f"{NAME} is no number")

    text = logged(raising)

    assert text.startswith("ERROR Row 7 failed.\n")
    assert text.rstrip().endswith("ValueError")
    assert f'File "{__file__}"' in text
    assert NAME not in text


def test_what_caused_it_is_told_in_the_same_way() -> None:
    def raising() -> None:
        try:
            {}[NAME]
        except KeyError as error:
            raise RuntimeError(NAME) from error

    text = logged(raising)

    assert text.index("KeyError\nthen\n") < text.index("RuntimeError")
    assert NAME not in text


def test_what_is_hidden_on_purpose_stays_hidden() -> None:
    def raising() -> None:
        try:
            {}[NAME]
        except KeyError:
            raise RuntimeError(NAME) from None

    assert "KeyError" not in logged(raising)


@pytest.mark.parametrize("kind", [OSError, OperationalError, ImproperlyConfigured, ImportError])
def test_errors_that_speak_of_machines_keep_their_first_line(kind: type[Exception]) -> None:
    assert said(kind("no such host\nDETAIL: Quilla")).endswith(": no such host")


@pytest.mark.django_db
def test_an_error_of_the_database_is_told_by_code_and_constraint(agency: Agency) -> None:
    BrandFactory(agency=agency, name=NAME)

    def raising() -> None:
        with transaction.atomic():
            BrandFactory(agency=agency, name=NAME)

    text = logged(raising)

    assert "django.db.utils.IntegrityError: 23505 brand_name_once_per_agency" in text
    assert "Quilla" not in text


@pytest.mark.django_db
def test_a_value_that_the_database_cannot_read_stays_out() -> None:
    def raising() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s::text::integer", [NAME])

    text = logged(raising)

    assert "django.db.utils.DataError: 22P02" in text
    assert "Quilla" not in text


def test_what_celery_copies_of_the_error_stays_out() -> None:
    try:
        int(NAME)
    except ValueError:
        context = {
            "name": "influencers.task",
            "id": "1",
            "description": "raised unexpected",
            "exc": f"ValueError('{NAME}')",
        }
        record = logging.LogRecord(
            "celery.app.trace", logging.ERROR, __file__, 1, "Task %(name)s[%(id)s] %(description)s: %(exc)s", (context,),
            sys.exc_info(),
        )  # fmt: skip

    text = PlainLines("%(message)s").format(record)

    assert text.startswith("Task influencers.task[1] raised unexpected: ValueError\n")
    assert NAME not in text


def test_the_site_logs_by_it(settings: pytest.FixtureRequest) -> None:
    assert settings.LOGGING["formatters"]["line"]["()"] == "agency.log_lines.PlainLines"


def test_the_embedded_server_logs_no_statement_and_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "postgresql.conf").write_text("")
    monkeypatch.setattr(postgres.locations, "database_dir", lambda: tmp_path)

    postgres.write_configuration(postgres.server_user())

    lines = {line.strip() for line in (tmp_path / "meso.conf").read_text().splitlines()}
    assert {
        "log_min_messages = log", "log_min_error_statement = panic", "log_error_verbosity = terse", "log_statement = none",
        "log_min_duration_statement = -1", "log_parameter_max_length = 0", "log_parameter_max_length_on_error = 0",
    } <= lines  # fmt: skip


@pytest.mark.django_db
def test_the_running_server_accepts_these_settings() -> None:
    """Each name is a setting of PostgreSQL with that value among its choices."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, enumvals FROM pg_settings WHERE name = ANY(%s)", [["log_min_messages", "log_error_verbosity"]]
        )
        known = dict(cursor.fetchall())
    assert "log" in known["log_min_messages"]
    assert "terse" in known["log_error_verbosity"]
