"""What `make run` does: services, database, demo, then web, worker and beat until Ctrl-C."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from agency.embedded import locations
from agency.embedded.children import Child, Program, ending, say, stop_children
from agency.embedded.errors import ServiceError, tail
from agency.embedded.guard import Guard
from agency.embedded.services import Use

HOST = "127.0.0.1"
READY_SECONDS = 90
DEMO_LOGINS = ("manager@demo.example", "marketer@demo.example", "viewer@demo.example")


class StopAskedError(Exception):
    """Ctrl-C, a signal to end, or the end of the make that started us."""


class StopAsked:
    """Notes signals, so that they take effect only where `check` is called and no child is lost in between."""

    def __init__(self) -> None:
        self._asked = False
        self._parent = os.getppid() if "MAKELEVEL" in os.environ else None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def check(self) -> None:
        if self._asked or (self._parent is not None and os.getppid() != self._parent):
            raise StopAskedError


def run() -> int:
    """Keeps the site running until it is told to stop; leaves no process behind."""
    began = time.monotonic()
    port = chosen_port()
    url = f"http://{HOST}:{port}"
    with only_copy(url):
        refuse_taken_port(port)
        stop = StopAsked()
        with cleaned_up() as (use, guard):
            try:
                return keep_running(use, guard, stop, url, began)
            except StopAskedError:
                return 0


def keep_running(use: Use, guard: Guard, stop: StopAsked, url: str, began: float) -> int:
    children: list[Child] = []
    try:
        started = use.start()
        if started:
            say(f"{' and '.join(started)} started.")
        for step in preparation():
            take_step(step, guard, stop, children)
        children.extend(Child(program, guard) for program in programs(url))
        wait_until_ready(children[0], stop, url)
        welcome(url, time.monotonic() - began)
        return watch_over(children, stop)
    except StopAskedError:
        say("Stopping …")
        raise
    finally:
        stop_children(children)


def chosen_port() -> int:
    """PORT from the environment, 8000 without."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise ServiceError(f"PORT={given} is no port. Take a number from 1 to 65535: make run PORT=8001")
    return int(given)


@contextmanager
def only_copy(url: str) -> Iterator[None]:
    """One running copy per checkout; the lock goes away with the process, however it ends."""
    path = locations.state_dir() / "run.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise ServiceError(f"Meso already runs from this checkout: {file.read().strip()}") from error
        file.truncate(0)
        file.write(f"{url} (process {os.getpid()})\n")
        file.flush()
        yield


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just freed is free
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise ServiceError(f"Port {port} is reserved for root. Choose another: make run PORT=8001") from error
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise ServiceError(
                f"Port {port} is taken by another program. Try another: make run PORT={other}"
            ) from error


@contextmanager
def cleaned_up() -> Iterator[tuple[Use, Guard]]:
    """A use of the services that ends with the block, or with this process if it is killed."""
    use = Use()
    guard = Guard(use)
    try:
        yield use, guard
    finally:
        use.release()
        guard.dismiss()


def preparation() -> list[Program]:
    """What must be done before the site starts; each is quick when there is nothing to do."""
    manage = [sys.executable, str(locations.CHECKOUT / "manage.py")]
    steps = [Program("migrate", [*manage, "migrate", "--no-input", "--verbosity", "0"])]
    if os.environ.get("SECRET_KEY"):  # production settings; otherwise static files are served as they stand
        steps.append(Program("static", [*manage, "collectstatic", "--no-input", "--verbosity", "0"]))
    if has_demo():
        steps.append(Program("demo", [*manage, "seed_demo"]))
    return steps


def has_demo() -> bool:
    """MESO_DEMO=0 leaves the demo agency out."""
    return os.environ.get("MESO_DEMO", "1") != "0"


def take_step(step: Program, guard: Guard, stop: StopAsked, children: list[Child]) -> None:
    began = time.monotonic()
    child = Child(step, guard)
    children.append(child)
    while not child.has_ended():
        stop.check()
        time.sleep(0.05)
    children.remove(child)
    code = child.wait()
    if code != 0:
        raise ServiceError(f"`manage.py {step.command[2]}` {ending(code)}; its message stands above.")
    say(f"{step.name} done in {time.monotonic() - began:.1f} s.")


def programs(url: str) -> list[Program]:
    """Web first: its end is the end of everything."""
    port = url.rpartition(":")[2]
    python = [sys.executable, "-m"]
    granian = [*python, "granian", "--interface", "wsgi", "--host", HOST, "--port", port, "--blocking-threads", "4"]
    celery = [*python, "celery", "--quiet", "-A", "agency"]
    schedule = str(locations.state_dir() / "celerybeat-schedule")
    return [
        Program("web", [*granian, "agency.wsgi:application"], {"DATABASE_POOL": "1"}, is_vital=True),
        Program("worker", [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]),
        Program("beat", [*celery, "beat", "--loglevel", "INFO", "--schedule", schedule]),
    ]


def wait_until_ready(web: Child, stop: StopAsked, url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers(url):
        stop.check()
        if web.has_ended() or time.monotonic() > deadline:
            raise ServiceError(f"The site did not come up. Its last lines:\n{tail(chr(10).join(web.last_lines))}")
        time.sleep(0.1)


def answers(url: str) -> bool:
    """Whether the site answers at all; what it thinks of its own health is for /healthz to say."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def welcome(url: str, seconds: float) -> None:
    lines = ["", f"Meso runs at {url}  (ready after {seconds:.1f} s)"]
    if has_demo():
        lines += [f"    {login}" for login in DEMO_LOGINS]
        lines += [f"    password: {locations.demo_password()}"]
    for line in [*lines, "Ctrl-C stops it.", ""]:
        say(line)


def watch_over(children: list[Child], stop: StopAsked) -> int:
    """Restarts what may be restarted; returns 1 when a vital program has ended."""
    while True:
        stop.check()
        time.sleep(0.3)
        for child in children:
            if not child.has_ended():
                continue
            if child.program.is_vital:
                code = child.wait()
                name = child.program.name
                say(f"{name} {ending(code)}. Its last lines:\n{tail(chr(10).join(child.last_lines))}")
                return 1
            child.restart_in_time()


def run_with_services(command: list[str]) -> int:
    """Runs a command while the services are up, and returns its exit code."""
    with cleaned_up() as (use, _guard):
        use.start()
        process = subprocess.Popen(command)

        def pass_on(number: int, _frame: FrameType | None) -> None:
            if number != signal.SIGINT:  # Ctrl-C reaches the command by itself
                process.send_signal(number)

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, pass_on)
        code = process.wait()
    return code if code >= 0 else 128 - code
