"""The embedded services as a pair: who uses them, who started them, who stops them.

Each user (`run`, `with`) holds a shared lock while it needs the services; the last one stops them. `make services` asks
to keep them, `make stop` takes that back. A service whose URL is set in the environment is not ours and left alone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import IO

from agency.embedded import locations, postgres, redis
from agency.embedded.binaries import server_user
from agency.embedded.folders import prepare_folders


def own_services() -> dict[str, ModuleType]:
    """The services that this checkout runs by itself, by name."""
    ours: dict[str, ModuleType] = {}
    if not os.environ.get("DATABASE_URL"):
        ours["PostgreSQL"] = postgres
    if not os.environ.get("REDIS_URL"):
        ours["Redis"] = redis
    return ours


def kept_file() -> Path:
    return locations.service_home() / "services.kept"


def users_file() -> Path:
    return locations.service_home() / "services.users"


@contextmanager
def locked(name: str) -> Iterator[IO[str]]:
    """One process at a time changes the services."""
    locations.service_home().mkdir(parents=True, exist_ok=True)
    with (locations.service_home() / name).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def start_services(*, keep: bool) -> list[str]:
    """Starts what is not running and returns its names. Kept services outlive their users."""
    ours = own_services()
    if not ours:
        return []
    with locked("services.lock"):
        prepare_folders(server_user())
        started = [name for name, service in ours.items() if not service.is_running()]
        if started:
            kept_file().unlink(missing_ok=True)  # left behind by a machine that went down
        for service in ours.values():
            service.start()
        if keep:
            kept_file().touch()
    return started


def stop_services() -> bool:
    """What `make stop` does: nobody keeps the services any longer. False if somebody still uses them."""
    with locked("services.lock"):
        kept_file().unlink(missing_ok=True)
        return stop_if_unused()


def stop_if_unused() -> bool:
    """Stops the services unless they are kept or used; the caller holds the services' lock."""
    if kept_file().exists():
        return False
    with users_file().open("a+") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        for service in reversed(own_services().values()):
            service.stop()
    return True


class Use:
    """A user of the services, from its start to `release`; a forked process inherits the use until both released."""

    def __init__(self) -> None:
        locations.service_home().mkdir(parents=True, exist_ok=True)
        self._file = users_file().open("a+")
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def start(self) -> list[str]:
        return start_services(keep=False)

    def close(self) -> None:
        """Gives up this process's hold only."""
        self._file.close()

    def release(self) -> None:
        """Ends the use and stops the services if nobody else uses or keeps them."""
        with suppress(ValueError):  # closed already
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self.close()
        with locked("services.lock"):
            stop_if_unused()
