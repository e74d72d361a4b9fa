"""A second process that cleans up when the first one is killed without a chance to do it itself."""

import os
import signal
import time
from contextlib import suppress

from agency.embedded.services import Use

GRACE_SECONDS = 10.0


def end_group(group: int, *, grace: float = GRACE_SECONDS) -> None:
    """Asks the leader of a process group to end, then kills what is left of the group; none left is fine."""
    with suppress(ProcessLookupError):
        os.kill(group, signal.SIGTERM)  # the leader only: Celery's children finish their task when it says so
    deadline = time.monotonic() + grace
    while group_exists(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    kill_group(group)


def kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS says EPERM when only zombies are left
        os.killpg(group, signal.SIGKILL)


def group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


class Guard:
    """Watches its parent through a pipe: if that closes unannounced, it ends the groups and releases the services."""

    def __init__(self, use: Use) -> None:
        """Forks; call it before any thread starts."""
        reading, self._writing = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(self._writing)
            status = 1
            try:
                watch(reading, use)
                status = 0
            finally:
                os._exit(status)
        os.close(reading)

    def add(self, group: int) -> None:
        self._tell(f"+{group}")

    def remove(self, group: int) -> None:
        """Forget a group that has ended, as its number may be given out again."""
        self._tell(f"-{group}")

    def dismiss(self) -> None:
        """Everything is cleaned up: the second process ends too."""
        self._tell("done")
        os.close(self._writing)
        os.waitpid(self._process, 0)

    def _tell(self, line: str) -> None:
        with suppress(BrokenPipeError):  # somebody killed the guard; the work itself goes on
            os.write(self._writing, f"{line}\n".encode())


def watch(reading: int, use: Use) -> None:
    """The second process: lives as long as the pipe is open."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    with os.fdopen(reading) as lines:
        for line in lines:
            if line.startswith("done"):
                return
            change = groups.add if line[0] == "+" else groups.discard
            change(int(line[1:]))
    for group in groups:
        end_group(group)
    use.release()
