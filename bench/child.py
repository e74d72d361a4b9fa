"""One benchmark in this process: `python -m bench.child NAME SCALE FILE` writes its result to the file."""

import importlib
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

import django
from django.core.management import call_command

from bench.table import Result


def main(name: str, scale: float, answer: Path) -> None:
    signal.signal(signal.SIGTERM, stop)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    result: Result = importlib.import_module(f"bench.{name}").run(scale)
    answer.write_text(json.dumps(result.as_dict(), ensure_ascii=False), encoding="utf-8")


def stop(number: int, _frame: FrameType | None) -> NoReturn:
    """Leaves through every `finally`: a server that this benchmark started ends with it."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
