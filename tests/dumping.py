"""Every row of the roster and of campaigns as the database holds it, to compare before and after."""

import json
from typing import Any

from django.apps import apps
from django.db import connection

# Derived rows get new ids whenever they are derived: they are compared by what they say.
WITHOUT_ID = {"campaigns.Claim"}


def dump(*, without: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table by app.Model; history and the tables of `without` aside."""
    found = {}
    for app in ("influencers", "campaigns"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            label = model._meta.label
            if not hasattr(model, "pgh_created_at") and label not in without:
                found[label] = rows_of(model._meta.db_table, WITHOUT_ID & {label} != set())
    return found


def rows_of(table: str, without_id: bool) -> list[dict[str, Any]]:
    row = "to_jsonb(r) - 'id'" if without_id else "to_jsonb(r)"
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT ({row})::text FROM "{table}" AS r ORDER BY 1')  # noqa: S608 - our own table's name
        return [json.loads(text) for (text,) in cursor.fetchall()]
