"""Where uploaded files lie until they are imported or given up, and the reports of a check beside them. Never served by URL."""

import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Literal

from django.conf import settings

Report = Literal["created", "updated", "refused"]
FOLDER = "imports"
SUFFIXES: dict[Report, str] = {"created": "created.jsonl", "updated": "updated.jsonl", "refused": "refused.csv"}


def keep_upload(agency_id: int, file: IO[bytes]) -> str:
    """Store the bytes under a name that nobody can guess; its path below MEDIA_ROOT."""
    name = f"{FOLDER}/{agency_id}/{secrets.token_urlsafe(24)}"
    path = upload_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.seek(0)
    with path.open("xb") as kept:
        shutil.copyfileobj(file, kept)
    return name


def upload_path(name: str) -> Path:
    """Where the upload of that name lies."""
    return Path(settings.MEDIA_ROOT, name)


def report_path(name: str, report: Report) -> Path:
    """Where a report about the upload lies."""
    return upload_path(f"{name}.{SUFFIXES[report]}")


def forget_reports(name: str) -> None:
    """Delete what was found out about the upload; the upload stays."""
    for report in SUFFIXES:
        report_path(name, report).unlink(missing_ok=True)


def forget_upload(name: str, *, but: Collection[Report] = ()) -> None:
    """Delete the upload and its reports, but for those named."""
    upload_path(name).unlink(missing_ok=True)
    for report in SUFFIXES:
        if report not in but:
            report_path(name, report).unlink(missing_ok=True)


def strays(in_use: Collection[str], *, older_than_seconds: float) -> Iterator[Path]:
    """Yield the files that belong to no import any more; young ones may be about to."""
    root = Path(settings.MEDIA_ROOT)
    limit = time.time() - older_than_seconds
    for path in sorted((root / FOLDER).glob("*/*")):
        name = str(path.relative_to(root))
        if not any(name == used or name.startswith(f"{used}.") for used in in_use) and path.stat().st_mtime < limit:
            yield path
