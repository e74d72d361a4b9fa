"""The one SQL statement that computes the figures of a range of accounts and writes them."""

from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction

from influencers.models import MetricsRange

FORMULA_VERSION = 1  # raise it whenever a figure changes its meaning; old rows keep theirs

STATEMENT = Path(__file__).with_name("figures.sql").read_text(encoding="utf-8")
RIPE_AFTER = timedelta(hours=72)
WINDOW = timedelta(days=90)
MONTH = timedelta(days=28)


@transaction.atomic
def write_figures(part: MetricsRange) -> int:
    """Computes and writes the figures of every account of the range, as of the run's cut-off; returns the rows written.

    Rows of the same account, cut-off and formula version that another run wrote stay as they are, unless this one
    replaces.
    """
    run = part.run
    with connection.cursor() as cursor:
        # Compiling costs more than the statement takes.
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(
            STATEMENT,
            {
                "agency": run.agency_id,
                "low": part.low,
                "high": part.high,
                "as_of": run.as_of,
                "ripe_until": run.as_of - RIPE_AFTER,
                "window_from": run.as_of - WINDOW,
                "month_from": run.as_of - MONTH,
                "day": run.day,
                "zone": run.agency.timezone,
                "version": run.formula_version,
                "run": run.pk,
                "replace": run.replace,
            },
        )
        return int(cursor.rowcount)
