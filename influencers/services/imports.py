"""Importing files: the same code for the commands and the upload pages."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.imports.outcome import Outcome
from influencers.imports.post_merge import merge_posts
from influencers.imports.post_rows import read_posts
from influencers.imports.roster_merge import merge_roster
from influencers.imports.roster_rows import read_roster
from influencers.imports.sheets import Sheet, SheetLimits, open_sheet
from influencers.models import ImportBatch

Upload = str | Path | IO[bytes]


def import_roster(
    *,
    agency: Agency,
    file: Upload,
    filename: str,
    platform: str | None = None,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    by: Membership | None,
) -> Outcome:
    """Take creators and accounts from a CSV or XLSX file; refused rows are named, all others are in, in one transaction.

    The same file again changes nothing. Raises Refused, with nothing changed, for a file that is no roster.
    """

    def merge(sheet: Sheet) -> Outcome:
        reading = read_roster(sheet, platform=platform, mapping=mapping)  # type: ignore[arg-type]
        return merge_roster(reading.rows(), agency_id=agency.pk, day=agency.today(), source=_origin(filename))

    batch = ImportBatch(agency=agency, kind=ImportBatch.Kind.ROSTER, mapping=dict(mapping or {}))
    return _imported(batch, merge, file=file, filename=filename, dry_run=dry_run, by=by)


def import_posts(
    *,
    agency: Agency,
    file: Upload,
    filename: str,
    platform: str | None = None,
    handle: str | None = None,
    create_accounts: bool = False,
    dry_run: bool = False,
    by: Membership | None,
) -> Outcome:
    """Take posts with their counts; a post that is known gets newer counts, older ones never overwrite.

    Posts of an account that the roster lacks are refused by name unless `create_accounts`. Raises Refused, with nothing changed,
    for a file that lacks what a post needs.
    """

    def merge(sheet: Sheet) -> Outcome:
        reading = read_posts(sheet, platform=platform, handle=handle, zone=agency.zone)  # type: ignore[arg-type]
        return merge_posts(
            reading.rows(),
            agency_id=agency.pk,
            zone=agency.timezone,
            imported_at=now(),
            create_accounts=create_accounts,
            source=_origin(filename),
        )

    batch = ImportBatch(agency=agency, kind=ImportBatch.Kind.POSTS)
    return _imported(batch, merge, file=file, filename=filename, dry_run=dry_run, by=by)


def _origin(filename: str) -> str:
    """What a new record says of where it came from."""
    return (_("imported from %(file)s") % {"file": filename})[:200]


def _imported(
    batch: ImportBatch,
    merge: Callable[[Sheet], Outcome],
    *,
    file: Upload,
    filename: str,
    dry_run: bool,
    by: Membership | None,
) -> Outcome:
    limits = SheetLimits(max_bytes=settings.IMPORT_MAX_BYTES, max_unpacked_bytes=settings.IMPORT_MAX_UNPACKED_BYTES)
    try:
        with open_sheet(file, filename=filename, limits=limits) as sheet, transaction.atomic():
            outcome = merge(sheet)
            if dry_run:
                transaction.set_rollback(True)
            else:
                outcome.batch = _kept(batch, outcome, sheet, file=file, filename=filename, by=by)
    except (IntegrityError, DataError) as error:
        message = _(
            "The roster changed at the same moment, or a value cannot be stored. Nothing was imported; import again."
        )
        raise Refused(message) from error
    return outcome


def _kept(
    batch: ImportBatch, outcome: Outcome, sheet: Sheet, *, file: Upload, filename: str, by: Membership | None
) -> int:
    answer: dict[str, Any] = outcome.as_dict()
    batch.file_name = filename[:300]
    batch.sha256 = _digest(file)
    batch.detected = sheet.facts.as_dict()
    batch.imported_by = by.user if by else None
    for name in ("rows", "created", "updated", "unchanged", "skipped", "errors"):
        setattr(batch, name, answer[name])
    batch.save()
    return batch.pk


def _digest(file: Upload) -> str:
    if isinstance(file, str | Path):
        with Path(file).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
