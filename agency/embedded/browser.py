"""Finds the Chromium that the browser tests drive, and installs one where that is a matter of one command."""

import os
import shutil
import subprocess
from pathlib import Path

from agency.embedded import locations
from agency.embedded.errors import ServiceError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),)


def find_browser() -> Path | None:
    """The Chromium named by CHROMIUM, else the first one on this machine."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    on_path = [Path(found) for name in NAMES if (found := shutil.which(name))]
    return next((path for path in (*on_path, *PLACES) if path.exists()), None)


def ensure_browser() -> Path:
    """A Chromium, installed by the package manager if we may."""
    found = find_browser()
    if found is None and locations.runs_as_root() and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        apt_get = ["apt-get", "--quiet=2", "--yes", "--no-install-recommends"]
        for arguments in (["update"], ["install", "chromium"]):
            subprocess.run([*apt_get, *arguments], stdout=subprocess.DEVNULL, env=environment, check=False)
        found = find_browser()
    if found is None:
        raise ServiceError(
            "The browser tests need Chromium. Install it (apt-get install chromium, dnf install chromium, "
            "brew install --cask google-chrome), or name one: CHROMIUM=/path/to/chrome make test"
        )
    return found
