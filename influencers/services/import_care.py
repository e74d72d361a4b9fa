"""What the beat does for imports: nothing that was begun is forgotten, nothing that was uploaded is kept for ever."""

from datetime import timedelta

from django.utils.timezone import now
from django.utils.translation import gettext as _

from influencers.imports.uploads import forget_upload, strays
from influencers.models import ImportBatch
from influencers.services.import_progress import STALE
from influencers.services.import_steps import TASKS, send

State = ImportBatch.State
KEPT = timedelta(days=7)
# Where an import goes on from when whoever worked on it has vanished, and what is said then.
AFTER = {State.CHECKING: State.UPLOADED, State.APPLYING: State.FAILED, State.UNDOING: State.APPLIED}


def mind_imports() -> int:
    """Send what nobody has begun to the workers again, and say so where a worker vanished; how many imports that were."""
    interrupted = {
        State.CHECKING: _("The check was interrupted. Check again."),
        State.APPLYING: _("The import was interrupted. Nothing was changed; import again."),
        State.UNDOING: _("Taking back was interrupted. Nothing was changed; try again."),
    }
    minded = 0
    for state in TASKS:
        waiting = ImportBatch.objects.filter(state=state, heartbeat_at__isnull=True)
        for batch_id in waiting.values_list("pk", flat=True):
            send(batch_id, state)
            minded += 1
        vanished = ImportBatch.objects.filter(state=state, heartbeat_at__lt=now() - STALE)
        minded += vanished.update(state=AFTER[state], heartbeat_at=None, error=interrupted[state])
    return minded


def forget_old_uploads() -> int:
    """Delete uploads that waited for a week, the refused rows of imports of a week ago, and files of no import; how many."""
    limit = now() - KEPT
    forgotten = 0
    idle = [State.UPLOADED, State.FAILED, State.APPLIED, State.UNDONE]
    old = ImportBatch.objects.filter(state__in=idle, imported_at__lt=limit).exclude(upload="")
    for batch_id, name in list(old.values_list("pk", "upload")):
        rows = ImportBatch.objects.filter(pk=batch_id, upload=name, state__in=idle)
        rows.filter(state__in=[State.UPLOADED, State.FAILED]).update(state=State.GIVEN_UP)
        rows = ImportBatch.objects.filter(pk=batch_id, upload=name).exclude(state=State.APPLYING)
        forget_upload(name)
        forgotten += rows.update(upload="")
    in_use = set(ImportBatch.objects.exclude(upload="").values_list("upload", flat=True))
    for name in list(strays(in_use, older_than_seconds=KEPT.total_seconds())):
        forget_upload(name)
        forgotten += 1
    return forgotten
