"""`python -m agency.embedded <verb>`: the services of this checkout and everything `make run` starts."""

import sys

from agency.embedded import locations, services
from agency.embedded.errors import ServiceError

USAGE = """\
usage: python -m agency.embedded <verb>
  services              start PostgreSQL and Redis in the background
  stop                  stop them
  status                say what runs
"""


def start_in_background() -> int:
    started = services.start_services(keep=True)
    print(f"Started {' and '.join(started)}." if started else "Already running.")
    print(f"DATABASE_URL={locations.database_url()}\nREDIS_URL={locations.redis_url()}")
    return 0


def stop() -> int:
    if services.stop_services():
        print("Stopped.")
    else:
        print("A running copy or test still uses the services; they stop with it.")
    return 0


def status() -> int:
    for name, service in services.own_services().items():
        print(f"{name}: {'running' if service.is_running() else 'stopped'}")
    return 0


VERBS = {"services": start_in_background, "stop": stop, "status": status}


def main(arguments: list[str]) -> int:
    verb = VERBS.get(arguments[0]) if arguments else None
    if verb is None:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        return verb()
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
