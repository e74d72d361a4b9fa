"""Who changed what: every update and delete of a tracked row keeps the row as it was, whoever wrote it and by whatever path.

The events are written by row-level database triggers: their condition costs next to nothing for rows that stay as they are, while
statement-level ones join old and new rows by a nested loop, whose time grows with the square of a bulk update. Who did it comes
from `changed_by`, which the access decorators enter for every request; commands and tasks enter it themselves. Addresses of pages
and search words are never kept.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def tracked(*, exclude: Sequence[str] = ()) -> Callable[[M], M]:
    """Keep the old row of every update and delete in a model `<Name>Event`; `exclude` names columns that the database derives."""
    return pghistory.track(  # type: ignore[no-any-return]
        pghistory.UpdateEvent("changed", row=pghistory.Old),
        pghistory.DeleteEvent("deleted"),
        exclude=list(exclude),
        obj_field=pghistory.ObjForeignKey(related_name="events", db_index=True),
        context_field=pghistory.ContextJSONField(),
        # An agency that is removed takes its history along; all other references may outlive what they point at.
        attrs={
            "agency": models.ForeignKey("agency.Agency", models.CASCADE, db_constraint=False, related_name="+"),
        },
    )


def changed_by(*, user: int | None, **facts: Any) -> AbstractContextManager[Any]:
    """Everything written inside is kept with the id of the user and the facts, such as `batch=17`."""
    return pghistory.context(user=user, **facts)
