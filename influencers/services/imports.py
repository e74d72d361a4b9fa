"""Importing files in one step: what the commands and the upload page of posts do, and what the steps of a roster share."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.history import changed_by
from agency.models import Agency, Membership
from influencers.imports.errors import ImportRefused
from influencers.imports.outcome import Outcome
from influencers.imports.post_merge import PostObjected, merge_posts
from influencers.imports.post_rows import PostRow, read_posts
from influencers.imports.reading_options import ReadingOptions
from influencers.imports.roster_merge import merge_roster, planned
from influencers.imports.roster_rows import read_roster
from influencers.imports.roster_staging import Objected
from influencers.imports.roster_types import RosterRow
from influencers.imports.sheets import Sheet, SheetLimits, Sheets, open_sheets
from influencers.models import ImportBatch
from influencers.protection.fingerprints import Fingerprints

Upload = str | Path | IO[bytes]
COUNTS = ("rows", "created", "updated", "unchanged", "skipped", "errors", "objected")


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

    The same file again changes nothing; what it did can be undone. Raises Refused, with nothing changed, for a file that is
    no roster.
    """

    def merge(sheets: Sheets, batch: ImportBatch) -> Outcome:
        reading = read_roster(sheets, platform=platform, mapping=mapping)  # type: ignore[arg-type]
        _refuse_doubtful_headings(sheets, mapping)
        day, objected = agency.today(), objected_in(agency)
        if dry_run:
            return planned(reading.rows(), {"agency": agency.pk, "day": day}, objected=objected)
        return merge_roster(
            reading.rows(),
            agency_id=agency.pk,
            day=day,
            source=origin(filename),
            batch_id=batch.pk,
            objected=objected,
        )

    batch = ImportBatch(agency=agency, kind=ImportBatch.Kind.ROSTER, mapping=dict(mapping or {}))
    if platform:
        batch.options = ReadingOptions(platform=platform).as_dict()  # type: ignore[arg-type]
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

    Posts of an account that the roster lacks are refused by name unless `create_accounts`; those of people who were erased are
    skipped, and told by their lines only. Raises Refused, with nothing changed,
    for a file that lacks what a post needs.
    """

    def merge(sheets: Sheets, _batch: ImportBatch) -> Outcome:
        sheet: Sheet = sheets[0]
        reading = read_posts(sheet, platform=platform, handle=handle, zone=agency.zone)  # type: ignore[arg-type]
        return merge_posts(
            reading.rows(),
            agency_id=agency.pk,
            zone=agency.timezone,
            imported_at=now(),
            create_accounts=create_accounts,
            source=origin(filename),
            objected=post_objected_in(agency),
        )

    batch = ImportBatch(agency=agency, kind=ImportBatch.Kind.POSTS)
    return _imported(batch, merge, file=file, filename=filename, dry_run=dry_run, by=by)


def _refuse_doubtful_headings(sheets: Sheets, mapping: Mapping[str, str] | None) -> None:
    """Where a page would ask whether the first row holds headings, nothing is guessed; who gives a mapping has looked."""
    if not mapping and not all(sheet.facts.is_header_sure for sheet in sheets):
        raise ImportRefused(
            _("It is not certain that row %(row)s holds headings. Say with a mapping what the columns mean.")
            % {"row": f"{sheets.facts.header_row or 1:,}"}
        )


def origin(filename: str) -> str:
    """What a new record says of where it came from."""
    return (_("imported from %(file)s") % {"file": filename})[:200]


def limits() -> SheetLimits:
    """What a file may cost on this site."""
    return SheetLimits(max_bytes=settings.IMPORT_MAX_BYTES, max_unpacked_bytes=settings.IMPORT_MAX_UNPACKED_BYTES)


def moved_meanwhile() -> str:
    """The sentence for what only the database could notice."""
    return _("The roster changed at the same moment, or a value cannot be stored. Nothing was imported; import again.")


def objected_in(agency: Agency) -> Objected | None:
    """Says of a row whether it speaks of somebody who was erased; None where nobody was."""
    fingerprints = Fingerprints.of(agency.pk)
    if fingerprints.is_empty():
        return None

    def objected(row: RosterRow) -> bool:
        return fingerprints.matches(email=row.email) or any(
            fingerprints.matches(platform=account.platform, handle=account.handle, external_id=account.external_id)
            for account in row.accounts
        )

    return objected


def post_objected_in(agency: Agency) -> PostObjected | None:
    """Says of a post whether its account was that of somebody who was erased; None where nobody was."""
    fingerprints = Fingerprints.of(agency.pk)
    if fingerprints.is_empty():
        return None

    def objected(row: PostRow) -> bool:
        return fingerprints.matches(platform=row.platform, handle=row.handle, external_id=row.account_external_id)

    return objected


def note_outcome(batch: ImportBatch, outcome: Outcome) -> None:
    """Write what came of it into the batch, unsaved."""
    answer: dict[str, Any] = outcome.as_dict()
    for name in COUNTS:
        setattr(batch, name, answer.get(name, []))
    outcome.batch = batch.pk


def digest(file: Upload) -> str:
    """The SHA-256 of the file, in hexadecimal digits."""
    if isinstance(file, str | Path):
        with Path(file).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _imported(
    batch: ImportBatch,
    merge: Callable[[Sheets, ImportBatch], Outcome],
    *,
    file: Upload,
    filename: str,
    dry_run: bool,
    by: Membership | None,
) -> Outcome:
    try:
        with open_sheets(file, filename=filename, limits=limits()) as sheets, transaction.atomic():
            batch.file_name = filename[:300]
            batch.sha256 = digest(file)
            batch.detected = sheets.facts.as_dict()
            batch.imported_by = by.user if by else None
            batch.save()
            with changed_by(user=by.user_id if by else None, batch=batch.pk):
                outcome = merge(sheets, batch)
            if dry_run:
                transaction.set_rollback(True)
            else:
                note_outcome(batch, outcome)
                batch.save()
    except (IntegrityError, DataError) as error:
        raise Refused(moved_meanwhile()) from error
    return outcome
