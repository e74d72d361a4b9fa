"""One import in a process of its own, so that its memory is its own: `python -m bench.roster_import FILE` prints JSON."""

import json
import os
import sys
from pathlib import Path

import django

from bench.timing import timed


def peak_mib() -> float:
    """The most memory this program has had at once. Not ru_maxrss, which counts the program that started this one too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def main(file: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")
    django.setup()
    from agency.models import Agency  # noqa: PLC0415 - models can be imported only now
    from influencers.services.imports import import_roster  # noqa: PLC0415

    agency = Agency.objects.get()
    before = peak_mib()
    seconds, outcome = timed(lambda: import_roster(agency=agency, file=file, filename=file.name, by=None))
    answer = outcome.as_dict()
    json.dump(
        {**answer, "errors": len(answer["errors"]), "seconds": seconds, "before": before, "peak": peak_mib()},
        sys.stdout,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
