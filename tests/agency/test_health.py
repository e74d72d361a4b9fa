"""The probe: what is gone, what is late, and that it tells nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client as Browser

from agency import health
from agency.models import Agency
from agency.tasks import heartbeat


@pytest.fixture(autouse=True)
def _own_checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(health, "_checks", {})
    return


def probe() -> tuple[int, dict[str, Any]]:
    answer = Browser().get("/healthz")
    return answer.status_code, answer.json()


class Gone:
    """A connection to something that is not there."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def cursor(self) -> None:
        raise self.error

    def ping(self) -> None:
        raise self.error

    def close(self) -> None:
        pass


@pytest.mark.django_db
def test_healthz_is_ok_while_a_worker_beats() -> None:
    heartbeat()
    health.register("nightly", lambda: True)
    assert probe() == (200, {"status": "ok", "database": True, "broker": True, "worker": True, "nightly": True})


@pytest.mark.django_db
def test_healthz_is_degraded_without_a_worker() -> None:
    cache.delete(health.HEARTBEAT_KEY)
    assert probe() == (200, {"status": "degraded", "database": True, "broker": True, "worker": False})


@pytest.mark.django_db
def test_healthz_is_degraded_when_the_night_is_late() -> None:
    heartbeat()
    health.register("nightly", lambda: False)
    assert probe() == (
        200,
        {"status": "degraded", "database": True, "broker": True, "worker": True, "nightly": False},
    )


@pytest.mark.django_db
def test_healthz_is_down_without_database_and_asks_no_further_check(monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat()
    health.register("nightly", lambda: pytest.fail("asked without a database"))
    monkeypatch.setattr(health, "connection", Gone(OperationalError("no server")))
    assert probe() == (503, {"status": "down", "database": False, "broker": True, "worker": True, "nightly": False})


@pytest.mark.django_db
def test_healthz_is_down_without_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis.Redis, "from_url", lambda *_args, **_kwargs: Gone(redis.ConnectionError("no server")))
    monkeypatch.setattr(health, "worker_is_alive", lambda: pytest.fail("asked without a broker"))
    assert probe() == (503, {"status": "down", "database": True, "broker": False, "worker": False})


def test_heartbeat_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts: list[int] = []
    monkeypatch.setattr(type(cache._connections["default"]), "set", lambda *_a, timeout: timeouts.append(timeout))
    heartbeat()
    assert timeouts == [180]


def test_healthz_names_no_agency(agency: Agency) -> None:
    answer = Browser().get("/healthz")
    assert agency.name not in answer.content.decode()
    assert "no-cache" in answer["Cache-Control"]
    assert Browser().post("/healthz").status_code == 405


def test_favicon_leads_to_the_mark(client: Browser) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/mark.svg")
