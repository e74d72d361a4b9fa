"""The long work of an import: checking, importing, taking back. Each may be called any number of times; one call does it.

Importing and taking back are one transaction: whoever is killed in the middle leaves nothing behind.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.history import changed_by
from influencers.imports.outcome import Outcome
from influencers.imports.reading_options import ReadingOptions
from influencers.imports.refused_rows import write_refused
from influencers.imports.reports import write_reports
from influencers.imports.roster_merge import forget_staged, merge_roster, planned
from influencers.imports.roster_rows import RosterReading, read_roster
from influencers.imports.sheets import open_sheets
from influencers.imports.undo import undo_roster
from influencers.imports.uploads import forget_upload, report_path, upload_path
from influencers.models import ImportBatch
from influencers.services.import_progress import Heartbeat, claim
from influencers.services.imports import limits, moved_meanwhile, note_outcome, objected_in, origin

logger = logging.getLogger(__name__)
State = ImportBatch.State


class TakenOverError(Exception):
    """The import was given to somebody else meanwhile; what was done here is rolled back."""


def check_import(*, batch_id: int) -> bool:
    """Find out what importing the file would do, with every change in the reports beside it; nothing is changed."""

    def work(batch: ImportBatch, heartbeat: Heartbeat) -> None:
        with reading_of(batch) as reading:
            params = {"agency": batch.agency_id, "day": batch.agency.today()}
            objected = objected_in(batch.agency)
            outcome = planned(reading.rows(), params, objected=objected, progress=heartbeat.tell)
            write_reports(batch.upload)
            forget_staged()
            _write_refused(batch, reading, outcome)
        note_outcome(batch, outcome)
        _settle(batch, State.UPLOADED)

    return _run(batch_id, State.CHECKING, work, otherwise=State.UPLOADED)


def apply_import(*, batch_id: int) -> bool:
    """Import the file in one transaction; afterwards only its refused rows are kept."""
    forgotten: list[str] = []

    def work(batch: ImportBatch, heartbeat: Heartbeat) -> None:
        with reading_of(batch) as reading:
            outcome = merge_roster(
                reading.rows(),
                agency_id=batch.agency_id,
                day=batch.agency.today(),
                source=origin(batch.file_name),
                batch_id=batch.pk,
                objected=objected_in(batch.agency),
                progress=heartbeat.tell,
            )
            _write_refused(batch, reading, outcome)
        note_outcome(batch, outcome)
        forgotten.append(batch.upload)
        batch.upload = batch.upload if outcome.errors else ""
        batch.imported_at = Now()
        _settle(batch, State.APPLIED)

    is_done = _run(batch_id, State.APPLYING, work, otherwise=State.FAILED)
    if is_done:
        for name in forgotten:
            forget_upload(name, but=["refused"])
    return is_done


def undo_import(*, batch_id: int) -> bool:
    """Take the import back in one transaction; what somebody touched since is left and told."""

    def work(batch: ImportBatch, heartbeat: Heartbeat) -> None:
        batch.left = undo_roster(agency_id=batch.agency_id, batch_id=batch.pk, tell=heartbeat.tell)
        batch.undone_at = Now()
        _settle(batch, State.UNDONE)

    return _run(batch_id, State.UNDOING, work, otherwise=State.APPLIED)


@contextmanager
def reading_of(batch: ImportBatch) -> Iterator[RosterReading]:
    """The roster in the kept file, read as a person decided."""
    options = ReadingOptions.from_dict(batch.options)
    path = upload_path(batch.upload)
    if not batch.upload or not path.is_file():
        raise Refused(_("The file is no longer here. Upload it again."))
    with open_sheets(path, filename=batch.file_name, limits=limits(), options=options) as sheets:
        yield read_roster(sheets, mapping=batch.mapping, options=options)


def _run(batch_id: int, state: State, work: Callable[[ImportBatch, Heartbeat], None], *, otherwise: State) -> bool:
    if not claim(batch_id, state):
        return False
    batch = ImportBatch.objects.select_related("agency", "imported_by", "undone_by").get(pk=batch_id)
    by = batch.undone_by_id if state == State.UNDOING else batch.imported_by_id
    error = _("Something went wrong here. Nothing was changed; tell your operator.")
    try:
        with Heartbeat(batch) as heartbeat, transaction.atomic(), changed_by(user=by, batch=batch_id):
            work(batch, heartbeat)
    except TakenOverError:
        logger.warning("Import %s was taken over; what was done here is rolled back.", batch_id)
        return False
    except Refused as refusal:
        error = str(refusal)
    except (IntegrityError, DataError):
        logger.exception("Import %s met something that cannot be stored.", batch_id)
        error = moved_meanwhile()
    except BaseException:
        _stop(batch_id, state, otherwise, error)
        raise
    else:
        return True
    _stop(batch_id, state, otherwise, error)
    return False


def _stop(batch_id: int, state: State, otherwise: State, error: str) -> None:
    ImportBatch.objects.filter(pk=batch_id, state=state).update(state=otherwise, error=error, heartbeat_at=None)


def _settle(batch: ImportBatch, state: State) -> None:
    """Write what came of it; it is undone if somebody else was given the work meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # now, while the heartbeat still goes
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    ours = ImportBatch.objects.select_for_update(no_key=True).filter(pk=batch.pk, state=batch.state)
    if not ours.exists():
        raise TakenOverError
    batch.state, batch.heartbeat_at, batch.done_rows, batch.error = state, None, batch.rows, ""
    batch.save()


def _write_refused(batch: ImportBatch, reading: RosterReading, outcome: Outcome) -> None:
    if outcome.errors:
        write_refused(report_path(batch.upload, "refused"), reading, outcome.errors)
