"""Is the site well? Apps above register what they know, by name."""

import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection

Check = Callable[[], bool]
HEARTBEAT_KEY = "agency.heartbeat"
HEARTBEAT_LATE_SECONDS = 180  # beats come every 30 s; a worker busy with a long range may miss some

_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check to `/healthz`; it says True when all is well, and is asked only while the database answers."""
    _checks[name] = check


def record_heartbeat() -> None:
    """Note that a worker is alive now."""
    cache.set(HEARTBEAT_KEY, time.time(), timeout=HEARTBEAT_LATE_SECONDS)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def worker_is_alive() -> bool:
    """A worker wrote its heartbeat lately."""
    return cache.get(HEARTBEAT_KEY) is not None


def report() -> dict[str, bool | str]:
    """`status` ok, degraded (works, but something is late) or down; and each check by name. Never a name or a count."""
    database, broker = database_answers(), broker_answers()
    lateness = {name: database and check() for name, check in sorted(_checks.items())}
    checks = {"database": database, "broker": broker, "worker": broker and worker_is_alive(), **lateness}
    status = "ok" if all(checks.values()) else "degraded" if database and broker else "down"
    return {"status": status, **checks}
