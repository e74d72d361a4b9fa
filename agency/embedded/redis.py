"""Starts and stops this checkout's own Redis server, reachable over a Unix socket only."""

import os
import subprocess
import time
from pathlib import Path

from redis import Redis, exceptions

from agency.embedded import locations
from agency.embedded.binaries import redis_server
from agency.embedded.errors import ServiceError, tail

START_SECONDS = 20
STOP_SECONDS = 20


def is_running() -> bool:
    """Whether this checkout's Redis is up, ready or still loading."""
    return state() != "down"


def state() -> str:
    """`ready`, `loading` or `down`."""
    if not locations.redis_socket().exists():
        return "down"
    client = Redis(unix_socket_path=str(locations.redis_socket()), socket_timeout=5)
    try:
        client.ping()
    except exceptions.BusyLoadingError:
        return "loading"
    except exceptions.ConnectionError:
        return "down"
    finally:
        client.close()
    return "ready"


def start() -> None:
    """Starts the server in the background and returns when it answers; running is fine."""
    if state() == "down":
        locations.redis_dir().mkdir(mode=0o700, parents=True, exist_ok=True)
        started = subprocess.run(
            [redis_server(), write_configuration()],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=locations.redis_dir(),
            start_new_session=True,  # Ctrl-C in the terminal is not for the server
            check=False,
        )
        if started.returncode != 0:
            raise ServiceError(f"Redis did not start:\n{tail(started.stdout + started.stderr)}")
    deadline = time.monotonic() + START_SECONDS
    while (found := state()) != "ready":
        if found == "down" and time.monotonic() > deadline:
            log = locations.redis_log()
            end = log.read_text(errors="replace") if log.exists() else "(empty)"
            raise ServiceError(f"Redis did not start. The end of {log}:\n{tail(end)}")
        time.sleep(0.02)


def stop() -> None:
    """Stops the server, its data saved, and waits for it; nothing happens where none runs."""
    if not is_running():
        return
    client = Redis(unix_socket_path=str(locations.redis_socket()))
    process = int(client.info("server")["process_id"])
    client.shutdown()
    client.close()
    deadline = time.monotonic() + STOP_SECONDS
    while process_exists(process):
        if time.monotonic() > deadline:
            raise ServiceError(f"Redis (process {process}) did not stop within {STOP_SECONDS} s.")
        time.sleep(0.02)


def process_exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def write_configuration() -> Path:
    """The server's configuration: nothing on TCP; what is in the queue survives a restart."""
    path = locations.redis_dir() / "redis.conf"
    path.write_text(
        "# Written by Meso at every start.\n"
        "port 0\n"
        f'unixsocket "{locations.redis_socket()}"\n'
        "unixsocketperm 700\n"
        "daemonize yes\n"
        f'pidfile "{locations.redis_dir() / "redis.pid"}"\n'
        f'logfile "{locations.redis_log()}"\n'
        f'dir "{locations.redis_dir()}"\n'
        "appendonly yes\n"
        "appendfsync everysec\n"
    )
    return path
