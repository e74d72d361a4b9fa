"""Tasks of the base app."""

from celery import shared_task

from agency import health


@shared_task(name="agency.heartbeat")
def heartbeat() -> None:
    """A worker is alive; `/healthz` reads it."""
    health.record_heartbeat()
