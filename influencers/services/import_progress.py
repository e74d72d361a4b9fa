"""Who works on an import, and how far it is: seen by others while the import's own transaction is still open."""

import threading
from datetime import timedelta
from types import TracebackType

from django.db import connection
from django.db.models.functions import Now
from django.utils.timezone import now

from influencers.models import ImportBatch

BEAT_SECONDS = 1.0
# Whoever has not been heard of for so long is taken for dead.
STALE = timedelta(seconds=60)


def claim(batch_id: int, state: str) -> bool:
    """Whether the work is ours now: of any number of messages for it one worker gets it."""
    waiting = ImportBatch.objects.filter(pk=batch_id, state=state, heartbeat_at__isnull=True)
    return waiting.update(heartbeat_at=Now(), done_rows=0) == 1


def is_stale(batch: ImportBatch) -> bool:
    """Whether whoever worked on it has not been heard of for a minute."""
    return batch.heartbeat_at is not None and batch.heartbeat_at < now() - STALE


class Heartbeat:
    """A block during which a thread with its own connection says every second that we live, and how many rows are done."""

    def __init__(self, batch: ImportBatch) -> None:
        self._rows = ImportBatch.objects.filter(pk=batch.pk, state=batch.state)
        self._done = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"import-{batch.pk}", daemon=True)

    def tell(self, done: int) -> None:
        """So many rows are done."""
        self._done = done

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._stop.wait(BEAT_SECONDS):
                self._rows.update(heartbeat_at=Now(), done_rows=self._done)
        finally:
            connection.close()
