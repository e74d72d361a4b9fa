"""Real Celery programs on the test's database, with queues of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection

CHECKOUT = Path(__file__).resolve().parents[3]


class Program:
    """A Celery program in a process group of its own, so that killing it kills its children too."""

    def __init__(self, log: Path, *arguments: str, lease_seconds: float) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))},
            "DATABASE_URL": database_url(),
            "MESO_QUEUE_PREFIX": settings.QUEUE_PREFIX,
            "METRICS_LEASE_SECONDS": str(lease_seconds),
        }
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "agency", *arguments],
                cwd=CHECKOUT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def end(self, number: int) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        self.process.wait(30)


def worker(log: Path, *, processes: int = 1, lease_seconds: float = 60) -> Program:
    options = ("--loglevel", "INFO", "--without-gossip", "--without-mingle")
    return Program(log, "worker", "--pool", "prefork", "-c", str(processes), *options, lease_seconds=lease_seconds)


def beat(log: Path) -> Program:
    return Program(log, "beat", "--schedule", str(log.with_suffix(".schedule")), lease_seconds=60)


@contextmanager
def killed_at_the_end(program: Program) -> Iterator[Program]:
    try:
        yield program
    finally:
        program.end(signal.SIGKILL)


def database_url() -> str:
    """The test database as a URL."""
    database = connection.settings_dict
    user = quote(database["USER"], safe="")
    password = f":{quote(database['PASSWORD'], safe='')}" if database["PASSWORD"] else ""
    host = quote(database["HOST"], safe="")
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{user}{password}@{host}{port}/{database['NAME']}"


def wait_until(is_so: Callable[[], bool], what: str, *, seconds: float, log: Path) -> float:
    """How many seconds it took; a failure that shows the end of the log if it takes too long."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > seconds:
            tail = log.read_text(errors="replace")[-3000:]
            raise AssertionError(f"Not within {seconds} s: {what}\n{tail}")
        time.sleep(0.05)
    return time.monotonic() - began


def forget_messages() -> None:
    """Deletes what the test left in its queues."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter(f"{settings.QUEUE_PREFIX}*"):
            client.delete(key)
