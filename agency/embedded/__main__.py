"""`python -m agency.embedded <verb>`: the services of this checkout and everything `make run` starts."""

import sys

from agency.embedded import browser, locations, node, probe, run, services, vendor
from agency.embedded.errors import ServiceError

USAGE = """\
usage: python -m agency.embedded <verb>
  run                   start everything: services, database, web, worker, beat
  services              start PostgreSQL and Redis in the background
  stop                  stop them
  status                say what runs
  healthy               exit code 0 when the web process of this machine is well
  with COMMAND …        run a command while PostgreSQL and Redis are up
  node-modules          install the locked front-end packages
  browser               find a Chromium for the browser tests, or install one
  vendor                copy the front-end files from node_modules to var/vendor
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


def healthy() -> int:
    return 0 if probe.is_healthy() else 1


def install_node_modules() -> int:
    node.install_packages()
    return 0


def ensure_browser() -> int:
    browser.ensure_browser()
    return 0


def copy_vendor_files() -> int:
    print(f"{vendor.copy_vendor_files()} files in {vendor.TARGET}")
    return 0


VERBS = {
    "run": run.run,
    "services": start_in_background,
    "stop": stop,
    "status": status,
    "healthy": healthy,
    "node-modules": install_node_modules,
    "browser": ensure_browser,
    "vendor": copy_vendor_files,
}


def main(arguments: list[str]) -> int:
    verb, *rest = arguments or [""]
    try:
        if verb == "with" and rest:
            return run.run_with_services(rest)
        if verb in VERBS and not rest:
            return VERBS[verb]()
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
