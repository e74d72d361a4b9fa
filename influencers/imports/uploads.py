"""Where uploaded files lie until they are imported or given up, each with the reports of its check. Never served by URL."""

import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Literal

from django.conf import settings

Report = Literal["created", "updated", "refused"]
FOLDER = "imports"
FILE = "upload"
SUFFIXES: dict[Report, str] = {"created": "created.jsonl", "updated": "updated.jsonl", "refused": "refused.csv"}


def keep_upload(agency_id: int, file: IO[bytes]) -> str:
    """Store the bytes in a folder whose name nobody can guess; the path of the folder below MEDIA_ROOT."""
    name = f"{FOLDER}/{agency_id}/{secrets.token_urlsafe(24)}"
    path = upload_path(name)
    path.parent.mkdir(parents=True)
    file.seek(0)
    with path.open("xb") as kept:
        shutil.copyfileobj(file, kept)
    return name


def upload_path(name: str) -> Path:
    """Where the file of that upload lies."""
    return Path(settings.MEDIA_ROOT, name, FILE)


def report_path(name: str, report: Report) -> Path:
    """Where a report about the upload lies."""
    return Path(settings.MEDIA_ROOT, name, SUFFIXES[report])


def forget_reports(name: str) -> None:
    """Delete what was found out about the upload; the upload stays."""
    for report in SUFFIXES:
        report_path(name, report).unlink(missing_ok=True)


def forget_upload(name: str, *, but: Collection[Report] = ()) -> None:
    """Delete the upload and its reports, but for those named."""
    if not name:
        return
    upload_path(name).unlink(missing_ok=True)
    for report in SUFFIXES:
        if report not in but:
            report_path(name, report).unlink(missing_ok=True)
    folder = upload_path(name).parent
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def strays(in_use: Collection[str], *, older_than_seconds: float) -> Iterator[str]:
    """Yield the uploads that belong to no import any more; young ones may be about to."""
    root = Path(settings.MEDIA_ROOT)
    limit = time.time() - older_than_seconds
    for folder in sorted((root / FOLDER).glob("*/*")):
        name = str(folder.relative_to(root))
        if name not in in_use and folder.stat().st_mtime < limit:
            yield name
