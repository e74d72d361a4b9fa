"""Uploaded files that hold one of a person's words: they are deleted, and their import says why."""

import codecs
import re
import shutil
import zipfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from influencers.models import ImportBatch

CHUNK = 1 << 20
OPEN_STATES = (
    ImportBatch.State.UPLOADED,
    ImportBatch.State.CHECKING,
    ImportBatch.State.APPLYING,
    ImportBatch.State.FAILED,
)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")


def kept_uploads(agency_id: int) -> list[ImportBatch]:
    """The imports of the agency of which files are still there."""
    return list(ImportBatch.objects.filter(agency_id=agency_id).exclude(upload="").order_by("pk"))


def files_of(batch: ImportBatch) -> list[Path]:
    """What lies where the import keeps its files: one file, or a folder of them."""
    place = Path(settings.MEDIA_ROOT, batch.upload)
    return sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]


def delete_upload(batch: ImportBatch, *, because: str = "") -> None:
    """The files go, and the import forgets them; one that was waiting is given up and says why."""
    place = Path(settings.MEDIA_ROOT, batch.upload)
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
    batch.upload = ""
    if batch.state in OPEN_STATES:
        batch.state = ImportBatch.State.GIVEN_UP
    if because:
        batch.error = because
    batch.save(update_fields=["upload", "state", "error"])


def delete_uploads_with(agency_id: int, words: list[str]) -> int:
    """Deletes each upload of the agency that holds one of the words; returns how many. To be called last: files stay gone."""
    deleted = 0
    because = _("The file was deleted: it held data of a person who was erased. Upload it again without them.")
    for batch in kept_uploads(agency_id):
        if any(holds_any(path, words) for path in files_of(batch) if path.exists()):
            delete_upload(batch, because=because)
            deleted += 1
    return deleted


def holds_any(path: Path, words: list[str]) -> bool:
    """Whether the file holds one of the words, whatever the case; of an office file or archive, any of its members.

    Text is tried in the encodings that spreadsheets are saved in; a word is found where it stands between other than letters.
    """
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words), re.IGNORECASE)
    with path.open("rb") as file:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                return any(stream_holds(archive.open(member), pattern) for member in archive.infolist())
        return stream_holds(file, pattern)


def stream_holds(stream: IO[bytes], pattern: re.Pattern[str]) -> bool:
    """Whether the text of the stream, read in any of the encodings, has a match; memory is bounded by two chunks."""
    decoders = {name: codecs.getincrementaldecoder(name)(errors="replace") for name in ENCODINGS}
    ends = dict.fromkeys(ENCODINGS, "")
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        for name, decoder in decoders.items():
            text = ends[name] + decoder.decode(chunk)
            if pattern.search(text):
                return True
            ends[name] = text[-1000:]
    return False
