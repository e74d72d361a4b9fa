"""The application server: granian, as the site is started, against gunicorn with the same processes and threads."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command

from agency.models import Membership
from bench.progress import say
from bench.table import Result, Row, at_least
from bench.timing import median_ratio, percentile

HOST = "127.0.0.1"
CLIENTS = 8
REQUESTS = 120  # in each round, by all clients together
WARM_UP = 40
ROUNDS = 5
PROCESSES = (1, 2)  # as `make run` starts it, and as the image does
THREADS = 4
READY_SECONDS = 60
NAMES = ("granian", "gunicorn")


def run(scale: float) -> Result:
    call_command("seed_demo", stdout=sys.stderr)
    manager = Membership.objects.filter(agency__is_demo=True, role=Membership.Role.MANAGER).select_related(
        "agency", "user"
    )[0]
    path = f"/{manager.agency.slug}/roster/"
    cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(manager)}"
    requests = max(round(REQUESTS * scale), 2 * CLIENTS)
    rounds = max(round(ROUNDS * scale), 2)
    rows: list[Row] = []
    size = 0
    for processes in PROCESSES:
        rates: dict[str, list[float]] = {name: [] for name in NAMES}
        slow: dict[str, list[float]] = {name: [] for name in NAMES}
        computed: dict[str, list[float]] = {name: [] for name in NAMES}
        with started("granian", processes) as first, started("gunicorn", processes) as second:
            servers = dict(zip(NAMES, (first, second), strict=True))
            for port, _process in servers.values():
                size = max(size, ask(port, path, cookie, WARM_UP)[2])
            for number in range(rounds):
                for name in NAMES[:: -1 if number % 2 else 1]:  # who goes first changes
                    port, process = servers[name]
                    before = cpu_seconds(process)
                    rate, seconds, _size = ask(port, path, cookie, requests)
                    computed[name].append(1000 * (cpu_seconds(process) - before) / len(seconds))
                    rates[name].append(rate)
                    slow[name].append(1000 * percentile(seconds, 0.95))
        rows += rows_of(processes, rates, slow, computed)
        say(", ".join(f"{name} {median(rates[name]):.1f}/s" for name in NAMES))
    setting = (
        f"Roster page of the demo ({size:,} bytes), logged in, {CLIENTS} clients that keep their connection, {THREADS} threads "
        f"per process; medians of {rounds} interleaved rounds of {requests} requests. "
        "Clients, servers and PostgreSQL share the cores."
    )
    return Result("server", tuple(rows), setting)


def rows_of(
    processes: int, rates: dict[str, list[float]], slow: dict[str, list[float]], computed: dict[str, list[float]]
) -> list[Row]:
    kind = "1 process" if processes == 1 else f"{processes} processes"
    rows = [Row(f"{name}, {kind}", median(rates[name]), "requests/s") for name in NAMES]
    rows += [Row(f"{name}, {kind}, p95", median(slow[name]), "ms") for name in NAMES]
    rows += [Row(f"{name}, {kind}, CPU for a request", median(computed[name]), "ms") for name in NAMES]
    ratio = median_ratio(rates["granian"], rates["gunicorn"])
    rows.append(Row(f"granian ÷ gunicorn, requests/s, {kind}", ratio, "×", at_least(0.95), "gunicorn (gthread)"))
    return rows


def session_of(member: Membership) -> str:
    """The key of a logged-in session."""
    session = SessionStore()
    session[SESSION_KEY] = str(member.user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def command_of(name: str, port: int, processes: int) -> list[str]:
    python = [sys.executable, "-m"]
    if name == "granian":
        options = ["--interface", "wsgi", "--host", HOST, "--port", str(port), "--log-level", "warning"]
        options += ["--workers", str(processes), "--blocking-threads", str(THREADS)]
    else:
        options = ["--bind", f"{HOST}:{port}", "--log-level", "warning", "--keep-alive", "30"]
        options += ["--worker-class", "gthread", "--workers", str(processes), "--threads", str(THREADS)]
    return [*python, name, *options, "agency.wsgi:application"]


@contextmanager
def started(name: str, processes: int) -> Iterator[tuple[int, int]]:
    """The port and the process of a running server, which ends with the block."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "DATABASE_POOL": "1"}
    server = subprocess.Popen(command_of(name, port, processes), env=environment, stdout=sys.stderr)
    try:
        wait_until_ready(server, port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(30)


def wait_until_ready(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not come up.")


def cpu_seconds(server: int) -> float:
    """What the process and those that it started have computed so far."""
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            process = int(entry.parent.name)
            _state, parent, *fields = entry.read_text(encoding="utf-8").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # somebody else's process, ended meanwhile
        if server in (process, int(parent)):
            ticks += int(fields[9]) + int(fields[10])  # utime and stime
    return ticks / os.sysconf("SC_CLK_TCK")


def ask(port: int, path: str, cookie: str, requests: int) -> tuple[float, Sequence[float], int]:
    """Requests per second over all clients, the seconds of each request, and the size of a page."""
    seconds: list[float] = []
    sizes: list[int] = []
    ready = threading.Barrier(CLIENTS + 1)

    def client() -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        connection.connect()
        ready.wait()
        for _ in range(requests // CLIENTS):
            began = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            body = answer.read()
            seconds.append(time.perf_counter() - began)
            if answer.status == 200:
                sizes.append(len(body))
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - began
    assert len(sizes) == requests // CLIENTS * CLIENTS, "not every answer was the page"
    return len(sizes) / taken, seconds, max(sizes)
