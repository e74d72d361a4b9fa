"""The steps of a roster import that a person takes: upload, columns, check, import, take back, give up."""

from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.imports.preview import Preview, preview_roster
from influencers.imports.questions import answered
from influencers.imports.reading_options import ReadingOptions
from influencers.imports.refused_rows import without_reason
from influencers.imports.sheets import open_sheets
from influencers.imports.uploads import forget_reports, forget_upload, keep_upload, report_path, upload_path
from influencers.models import ColumnMapping, ImportBatch
from influencers.services.import_runs import check_import
from influencers.services.imports import digest, limits

State = ImportBatch.State
# A nudge that nobody takes is sent again by the beat.
NUDGE_LIFETIME = 120
TASKS = {
    State.CHECKING: "influencers.check_import",
    State.APPLYING: "influencers.apply_import",
    State.UNDOING: "influencers.undo_import",
}


def start_import(
    *, agency: Agency, file: IO[bytes], filename: str, platform: str | None = None, by: Membership
) -> ImportBatch:
    """Keep the file until it is imported or given up, with the mapping saved for its headings; Refused if it is no table."""
    given = ReadingOptions(platform=platform) if platform else ReadingOptions()  # type: ignore[arg-type]
    with open_sheets(file, filename=filename, limits=limits(), options=given) as sheets:
        saved = saved_mapping(agency, [list(sheet.headers) for sheet in sheets])
        facts = sheets.facts.as_dict()
    batch = ImportBatch(
        agency=agency,
        kind=ImportBatch.Kind.ROSTER,
        state=State.UPLOADED,
        file_name=filename[:300],
        sha256=digest(file),
        detected=facts,
        options=given.as_dict(),
        imported_by=by.user,
    )
    if saved is not None:
        batch.options = {**saved.options, **batch.options}
        batch.mapping = saved.mapping
        batch.detected["saved_mapping"] = saved.name
    batch.upload = keep_upload(agency.pk, file)
    batch.save()
    return batch


def saved_mapping(agency: Agency, headers: list[list[str]]) -> ColumnMapping | None:
    """What the agency keeps for files with these headings; a column of reasons that we put there does not count."""
    wanted = [header for sheet in headers for header in without_reason(sheet)]
    kept = ColumnMapping.objects.filter(agency=agency, kind=ImportBatch.Kind.ROSTER, headers=wanted)
    return kept.first() if any(wanted) else None


def preview_of(batch: ImportBatch) -> Preview:
    """What the file says as it is to be read now; Refused when it cannot be read so."""
    return _previewed(batch, ReadingOptions.from_dict(batch.options), batch.mapping)


def kept_file(batch: ImportBatch) -> Any:
    """The path of the upload; Refused when it is gone."""
    if not batch.upload or not upload_path(batch.upload).is_file():
        raise Refused(_("The file is no longer here. Upload it again."))
    return upload_path(batch.upload)


def decide_columns(
    *,
    batch: ImportBatch,
    options: ReadingOptions,
    mapping: Mapping[str, str],
    answers: Mapping[str, str],
    by: Membership,
) -> Preview:
    """Read the file in this way from now on, with these answers; what was checked before does not count any more.

    `mapping` is what a person chose; what is only proposed for the other columns stays a proposal until the check is asked for.
    """
    batch = _open(batch)
    asked = _previewed(batch, options, mapping)
    options, told = answered(asked.questions, answers, options, mapping)
    preview = _previewed(batch, options, told) if answers else asked
    batch.options, batch.mapping = options.as_dict(), told
    batch.detected = {**batch.detected, **preview.facts.as_dict()}
    batch.imported_by = by.user
    batch.error = ""
    forget_reports(batch.upload)
    batch.save()
    return preview


def _previewed(batch: ImportBatch, options: ReadingOptions, mapping: Mapping[str, str]) -> Preview:
    file = kept_file(batch)
    return preview_roster(file, filename=batch.file_name, limits=limits(), options=options, mapping=mapping)


def _headings(batch: ImportBatch, options: ReadingOptions) -> list[str]:
    """The headings by which a mapping of this file is found again, of all its sheets, without our own column of reasons."""
    with open_sheets(kept_file(batch), filename=batch.file_name, limits=limits(), options=options) as sheets:
        return [header for sheet in sheets for header in without_reason(sheet.headers)]


def save_mapping(*, batch: ImportBatch, name: str, by: Membership) -> ColumnMapping:
    """Keep how this file is read for files with the same headings; an earlier one for them is replaced."""
    options = ReadingOptions.from_dict(batch.options)
    headers = _headings(batch, options)
    if not any(headers):
        raise Refused(_("A file without headings cannot be recognised again."))
    # The delimiter and the encoding are found out anew: the same headings may come in another kind of file.
    kept = replace(options, delimiter=None, encoding=None).as_dict()
    saved, _is_new = ColumnMapping.objects.update_or_create(
        agency=by.agency,
        kind=ImportBatch.Kind.ROSTER,
        headers=headers,
        defaults={"name": name[:100], "options": kept, "mapping": batch.mapping, "updated_at": now()},
    )
    return saved


def is_checked(batch: ImportBatch) -> bool:
    """Whether the dry run of the file as it is to be read now has been done."""
    return batch.state == State.UPLOADED and bool(batch.upload) and report_path(batch.upload, "created").is_file()


def request_check(*, batch: ImportBatch, preview: Preview, by: Membership) -> ImportBatch:
    """Find out what importing would do: at once for a small file, by a worker for a big one. What was proposed is agreed to."""
    batch = _open(batch)
    if not preview.is_ready:
        raise Refused(_("Answer the questions first."))
    is_small = kept_file(batch).stat().st_size <= settings.IMPORT_CHECKED_AT_ONCE_BYTES
    ImportBatch.objects.filter(pk=batch.pk, state=State.UPLOADED).update(
        state=State.CHECKING, mapping=preview.mapping, heartbeat_at=None, done_rows=0, error="", imported_by=by.user
    )
    if is_small:
        check_import(batch_id=batch.pk)
    else:
        send(batch.pk, State.CHECKING)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def request_apply(*, batch: ImportBatch, by: Membership) -> ImportBatch:
    """Hand the import to the workers; Refused unless it was checked, or failed with nothing changed."""
    kept_file(batch)
    ready = ImportBatch.objects.filter(pk=batch.pk, state__in=[State.UPLOADED, State.FAILED])
    if batch.state == State.UPLOADED and not is_checked(batch):
        raise Refused(_("Check first what this file would change."))
    if not ready.update(state=State.APPLYING, heartbeat_at=None, done_rows=0, error="", imported_by=by.user):
        raise Refused(_("This file is being imported already, or was."))
    _remember_answers(batch, by=by)
    send(batch.pk, State.APPLYING)
    batch.refresh_from_db()
    return batch


def _remember_answers(batch: ImportBatch, *, by: Membership) -> None:
    """What was decided about the columns serves the next file with these headings, the mended refused rows among them."""
    options = ReadingOptions.from_dict(batch.options)
    headers = _headings(batch, options)
    if not (batch.mapping and any(headers)):
        return
    answers = {"mapping": batch.mapping, "updated_at": now()}
    # Sheet and heading row belong to this file; refused rows come back as a file of their own.
    found = {"name": batch.file_name[:100], "options": ReadingOptions(platform=options.platform).as_dict()}
    ColumnMapping.objects.update_or_create(
        agency=by.agency,
        kind=ImportBatch.Kind.ROSTER,
        headers=headers,
        defaults=answers,
        create_defaults={**answers, **found},
    )


@transaction.atomic
def request_undo(*, batch: ImportBatch, by: Membership) -> ImportBatch:
    """Hand taking the import back to the workers; Refused unless it is an applied roster."""
    applied = ImportBatch.objects.filter(pk=batch.pk, kind=ImportBatch.Kind.ROSTER, state=State.APPLIED)
    if not batch.changes.exists():
        raise Refused(_("This import changed nothing that could be taken back."))
    if not applied.update(state=State.UNDOING, heartbeat_at=None, done_rows=0, error="", undone_by=by.user):
        raise Refused(_("This import cannot be taken back: it is not applied."))
    send(batch.pk, State.UNDOING)
    batch.refresh_from_db()
    return batch


def give_up_import(*, batch: ImportBatch, by: Membership) -> None:
    """Delete the file; nothing of it was imported."""
    waiting = ImportBatch.objects.filter(pk=batch.pk, state__in=[State.UPLOADED, State.FAILED])
    if not waiting.update(state=State.GIVEN_UP, upload="", imported_by=by.user):
        raise Refused(_("Only an import that has not begun can be given up."))
    forget_upload(batch.upload)


def send(batch_id: int, state: str) -> None:
    """Nudge the workers after the commit. A lost or late message harms nothing: the row says what is to be done."""

    def nudge() -> None:
        current_app.send_task(TASKS[State(state)], kwargs={"batch_id": batch_id}, expires=NUDGE_LIFETIME)

    transaction.on_commit(nudge, robust=True)


def _open(batch: ImportBatch) -> ImportBatch:
    """The batch as it stands; Refused unless it waits for a person."""
    batch.refresh_from_db()
    if batch.state != State.UPLOADED:
        raise Refused(_("This file is being imported already, or was."))
    return batch
