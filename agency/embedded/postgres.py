"""Starts and stops this checkout's own PostgreSQL server, reachable over a Unix socket only."""

import os
import pwd
import shutil
import subprocess
import textwrap
from pathlib import Path

import psycopg

from agency.embedded import locations
from agency.embedded.binaries import ServerUser, postgres_bin, server_user
from agency.embedded.errors import ServiceError, tail

START_SECONDS = 120  # a server that was killed replays its log first


def is_running() -> bool:
    """Whether this checkout's server is up, ready or not."""
    if not (locations.database_dir() / "postmaster.pid").exists():
        return False
    return run_program("pg_ctl", "status", "-D", locations.database_dir()).returncode == 0


def start() -> None:
    """Makes the cluster and database where there is none and returns when the server answers; running is fine."""
    user = server_user()
    if not (locations.database_dir() / "PG_VERSION").exists():
        create_cluster(user)
    check_version()
    write_configuration(user)
    if not is_running():
        started = run_program(
            "pg_ctl", "start", "-w", "-t", START_SECONDS, "-D", locations.database_dir(), "-l", locations.database_log()
        )
        if started.returncode != 0:
            log = locations.database_log()
            end = log.read_text(errors="replace") if log.exists() else started.stdout + started.stderr
            raise ServiceError(f"PostgreSQL did not start. The end of {log}:\n{tail(end)}")
    create_database()


def stop() -> None:
    """Stops the server and waits for it; nothing happens where none runs."""
    if is_running():
        stopped = run_program("pg_ctl", "stop", "-w", "-t", 60, "-m", "fast", "-D", locations.database_dir())
        if stopped.returncode != 0 and is_running():
            raise ServiceError(f"PostgreSQL did not stop:\n{tail(stopped.stdout + stopped.stderr)}")


def run_program(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs as the server's user, without the caller's PG* variables."""
    return subprocess.run(
        [str(postgres_bin() / name), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=locations.service_home(),
        env={key: value for key, value in os.environ.items() if not key.startswith("PG")},
        start_new_session=True,  # Ctrl-C in the terminal is not for the server
        check=False,
        **server_user().run_as(),
    )


def create_cluster(user: ServerUser) -> None:
    """Makes the data folder; half of one (an interrupted first start) is never taken for a whole one."""
    unfinished = locations.database_dir().with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if locations.runs_as_root():
        os.chown(unfinished, user.uid, user.gid)
    made = run_program(
        "initdb",
        "--pgdata", unfinished,
        "--username", locations.DATABASE_USER,
        "--encoding", "UTF8",
        "--no-locale",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--auth-local=peer",
        "--auth-host=reject",
    )  # fmt: skip
    if made.returncode != 0:
        raise ServiceError(f"PostgreSQL could not make its data folder:\n{tail(made.stdout + made.stderr)}")
    unfinished.rename(locations.database_dir())


def check_version() -> None:
    """A data folder is only opened by the release that made it."""
    kept = (locations.database_dir() / "PG_VERSION").read_text().strip()
    ours = run_program("postgres", "--version").stdout.split()[2].split(".")[0]
    if kept != ours:
        raise ServiceError(
            f"{locations.database_dir()} was made by PostgreSQL {kept}, this environment has PostgreSQL {ours}. "
            "See `Upgrade` in docs/operations.md, or delete the folder to start anew."
        )


def write_configuration(user: ServerUser) -> None:
    """Writes our settings at every start, so that a new version of Meso brings its own to an old folder."""
    folder = locations.database_dir()
    settings = f"""\
        # Written by Meso at every start; your own settings belong after the include in postgresql.conf.
        listen_addresses = ''
        port = {locations.DATABASE_PORT}
        unix_socket_directories = '{quoted(locations.socket_dir())}'
        unix_socket_permissions = 0700
        max_connections = 200
        shared_buffers = 256MB
        effective_cache_size = 1GB
        work_mem = 16MB
        maintenance_work_mem = 128MB
        max_wal_size = 2GB
        synchronous_commit = on
        random_page_cost = 1.1
        jit = off
        timezone = 'UTC'
        log_timezone = 'UTC'
        log_line_prefix = '%m [%p] %d '
        log_lock_waits = on
        # What people are called must not outlive them in a log: no statements, no values. Errors are told to the site, which
        # logs their class and place.
        log_min_messages = log
        log_min_error_statement = panic
        log_error_verbosity = terse
        log_statement = none
        log_min_duration_statement = -1
        log_parameter_max_length = 0
        log_parameter_max_length_on_error = 0
        """
    peers = sorted({pwd.getpwuid(os.geteuid()).pw_name, user.name})
    files = {
        "meso.conf": textwrap.dedent(settings),
        "pg_hba.conf": "local all all peer map=meso\n",
        "pg_ident.conf": "".join(f"meso {peer} {locations.DATABASE_USER}\n" for peer in peers),
    }
    main = folder / "postgresql.conf"
    if "include 'meso.conf'" not in main.read_text():
        files["postgresql.conf"] = main.read_text() + "\ninclude 'meso.conf'\n"
    for name, text in files.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        if locations.runs_as_root():
            os.chown(path, user.uid, user.gid)


def quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def create_database() -> None:
    """Makes the empty database at the first start."""
    url = locations.database_url()
    with psycopg.connect(url, dbname="postgres", autocommit=True, connect_timeout=10) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [locations.DATABASE]).fetchone()
        if not known:
            connection.execute(f'CREATE DATABASE "{locations.DATABASE}"')
