"""The programs that `run` keeps going, each in its own process group, their output merged line by line."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from agency.embedded import locations
from agency.embedded.guard import GRACE_SECONDS, Guard, group_exists, kill_group

KEPT_LINES = 30
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
QUICK_DEATH_SECONDS = 10.0
printing = threading.Lock()


@dataclass(frozen=True)
class Program:
    """A command to keep going; everything stops when a vital one ends, the others are started again."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    is_vital: bool = False


class Child:
    """One running program."""

    def __init__(self, program: Program, guard: Guard) -> None:
        self.program = program
        self.last_lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._guard = guard
        self._pause = FIRST_PAUSE
        self.start()

    def start(self) -> None:
        self.started_at = time.monotonic()
        self._due_at: float | None = None
        self.process = subprocess.Popen(
            self.program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=locations.CHECKOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.program.environment},
            process_group=0,  # Ctrl-C reaches us alone, and the whole group can be ended
        )
        self._guard.add(self.process.pid)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - opened as a pipe
        with self.process.stdout as output:
            for raw in output:
                line = raw.decode(errors="replace").rstrip()
                self.last_lines.append(line)
                say(line, name=self.program.name)

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def wait(self) -> int:
        """The exit code, once the program has ended and its output is printed."""
        code = self.process.wait()
        self.clear_group()
        self._reader.join(timeout=2)
        return code

    def clear_group(self) -> None:
        """Kills what the ended program left behind."""
        kill_group(self.process.pid)
        self._guard.remove(self.process.pid)

    def restart_in_time(self) -> None:
        """Starts the ended program again after a pause, which grows while it dies at once."""
        now = time.monotonic()
        if self._due_at is None:
            self.clear_group()
            quick = now - self.started_at < QUICK_DEATH_SECONDS
            self._pause = min(self._pause * 2, LONGEST_PAUSE) if quick else FIRST_PAUSE
            self._due_at = now + self._pause
            say(f"{self.program.name} {ending(self.process.returncode)}; starting it again in {self._pause:g} s.")
        elif now >= self._due_at:
            self.start()


def stop_children(children: list[Child]) -> None:
    """Asks all to end, waits for them together, then kills what is left of their groups."""
    for child in children:
        if not child.has_ended():
            child.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline:
        for child in children:
            child.has_ended()  # reaps it
        if not any(group_exists(child.process.pid) for child in children):
            break
        time.sleep(0.05)
    for child in children:
        kill_group(child.process.pid)
        child.wait()


def ending(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def say(text: str, *, name: str = "meso") -> None:
    """Prints one line with its origin; when nobody reads any longer, everything stops."""
    try:
        with printing:
            print(f"{name:<6} | {text}", flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the rest of the process
        os.kill(os.getpid(), signal.SIGTERM)
