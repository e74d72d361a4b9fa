"""What workers do for the roster and its figures. Every task may run twice, late, or never: the beat makes up for it."""

from celery import shared_task

from influencers.services import figures, import_care, import_runs, retention


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


# A big file takes its time; the heartbeat tells who lives, so that the limit is only the last resort.
LIMIT = 3600


@shared_task(name="influencers.check_import", time_limit=LIMIT, soft_time_limit=LIMIT - 60)
def check_import(*, batch_id: int) -> None:
    """Finds out what an import would do."""
    import_runs.check_import(batch_id=batch_id)


@shared_task(name="influencers.apply_import", time_limit=LIMIT, soft_time_limit=LIMIT - 60)
def apply_import(*, batch_id: int) -> None:
    """Imports a file, unless somebody does or did."""
    import_runs.apply_import(batch_id=batch_id)


@shared_task(name="influencers.undo_import", time_limit=LIMIT, soft_time_limit=LIMIT - 60)
def undo_import(*, batch_id: int) -> None:
    """Takes an import back, unless somebody does or did."""
    import_runs.undo_import(batch_id=batch_id)


@shared_task(name="influencers.mind_imports")
def mind_imports() -> None:
    """Sends imports that nobody has begun, and says so where a worker vanished."""
    import_care.mind_imports()


@shared_task(name="influencers.forget_old_uploads")
def forget_old_uploads() -> None:
    """Deletes files that nobody came back for."""
    import_care.forget_old_uploads()
