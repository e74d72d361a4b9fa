"""What workers do for the roster and its figures. Every task may run twice, late, or never: the beat makes up for it."""

from celery import shared_task

from influencers.services import figures, retention


@shared_task(name="influencers.compute_range")
def compute_range(*, range_id: int) -> None:
    """Computes one range of a run unless somebody else holds it or it is done."""
    figures.compute_range(range_id=range_id)


@shared_task(name="influencers.nudge_ranges")
def nudge_ranges() -> None:
    """Sends every range that nobody holds: a killed worker costs a minute."""
    figures.send_free_ranges()


@shared_task(name="influencers.choose_nightly_runs")
def choose_nightly_runs() -> None:
    """Starts the nightly runs that are due."""
    figures.start_nightly_runs()


@shared_task(name="influencers.apply_retention")
def apply_retention() -> None:
    """Deletes what no agency needs any more."""
    retention.apply_everywhere()
