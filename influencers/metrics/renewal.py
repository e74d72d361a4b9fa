"""Keeps a lease alive while its range is computed."""

import logging
import threading
from types import TracebackType

from django.db import connection

from influencers.metrics.runs import Lease, lease_length, renew_lease

logger = logging.getLogger(__name__)


class RenewedLease:
    """A block during which a thread with its own connection renews the lease three times per length of it."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"lease-{lease.part.pk}", daemon=True)

    def __enter__(self) -> "RenewedLease":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _renew(self) -> None:
        try:
            while not self._stop.wait(lease_length().total_seconds() / 3):
                if not renew_lease(self.lease):
                    logger.warning("Range %s was taken over; what is computed here is thrown away.", self.lease.part.pk)
                    return
        finally:
            connection.close()
