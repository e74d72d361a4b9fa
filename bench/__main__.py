"""`python -m bench [NAME …]`: runs benchmarks one after the other, each in a process and a database of its own.

Prints a Markdown table for each and a last line of JSON. Exit code 0 when every target is met, 1 when one is missed or a
benchmark did not finish, 2 for a wrong call. SCALE (0 to 1, default 1) makes the data smaller.
"""

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import psycopg

from bench.database import BusyError, alone_on_the_server, own_database
from bench.table import Result

NAMES = ("figures", "booking", "server", "roster")
STOP_SECONDS = 20


class UsageError(ValueError):
    """A call that names no benchmark or no scale."""


def main(arguments: Sequence[str]) -> int:
    try:
        names, scale = chosen(arguments), read_scale(os.environ.get("SCALE"))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    try:
        with alone_on_the_server() as connection:
            facts = facts_of(connection, scale)
            print(heading(facts), flush=True)
            results = []
            for name in names:
                results.append(run_one(connection, name, scale))
                print(results[-1].markdown(), flush=True)
    except BusyError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(json.dumps(summary(results, facts), ensure_ascii=False))
    return 0 if all(result.is_met for result in results) else 1


def stop(number: int, _frame: FrameType | None) -> NoReturn:
    """Leaves through every `finally`, so that databases and processes go too."""
    sys.exit(128 + number)


def chosen(arguments: Sequence[str]) -> list[str]:
    """The benchmarks asked for; all without a name."""
    unknown = [name for name in arguments if name not in NAMES]
    if unknown:
        raise UsageError(f"There is no benchmark {unknown[0]!r}. There are: {', '.join(NAMES)}.")
    return list(arguments or NAMES)


def read_scale(text: str | None) -> float:
    try:
        scale = float(text or "1")
    except ValueError as error:
        raise UsageError(f"SCALE={text} is no number. Example: SCALE=0.1") from error
    if not 0 < scale <= 1:
        raise UsageError(f"SCALE={text} is not above 0 and at most 1.")
    return scale


def run_one(connection: "psycopg.Connection[Any]", name: str, scale: float) -> Result:
    """The benchmark's result; one that ends with an error is a result too."""
    with own_database(connection, name) as url, tempfile.TemporaryDirectory(prefix="meso-bench-") as folder:
        answer = Path(folder) / "result.json"
        command = [sys.executable, "-m", "bench.child", name, repr(scale), str(answer)]
        # Our stdout is for tables; whatever the benchmark says while it works goes to stderr.
        process = subprocess.Popen(command, env=environment(url, folder), stdout=sys.stderr)
        try:
            code = process.wait()
        finally:
            end(process)
        if code != 0:
            return Result(name, failure=f"exit code {code}; its message stands on stderr.")
        return Result.from_dict(name, json.loads(answer.read_text(encoding="utf-8")))


def environment(url: str, folder: str) -> dict[str, str]:
    """The site's environment but for the database, files and queues, which are this run's own."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "MEDIA_ROOT": f"{folder}/media",
        "MESO_QUEUE_PREFIX": f"bench-{os.getpid()}-",  # nudges never reach the workers of a running site
        "LOG_LEVEL": "WARNING",
    }


def end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def facts_of(connection: "psycopg.Connection[Any]", scale: float) -> dict[str, Any]:
    """When and on what this was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "scale": scale,
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "python": platform.python_version(),
        "postgresql": connection.info.parameter_status("server_version"),
    }


def heading(facts: Mapping[str, Any]) -> str:
    return (
        f"Measured {facts['measured_at']} at scale {facts['scale']:g}: {facts['cores']} cores, {facts['memory_gib']} GiB, "
        f"Python {facts['python']}, PostgreSQL {facts['postgresql']}.\n"
    )


def summary(results: Sequence[Result], facts: Mapping[str, Any]) -> dict[str, Any]:
    met = all(result.is_met for result in results)
    return {**facts, "met": met, "benchmarks": {result.name: result.as_dict() for result in results}}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
