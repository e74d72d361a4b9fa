"""Parting the history of two records that were one for a while: each keeps the rows that speak of its own person.

While a merge stands, rows of history are written under the kept record that hold the other one's values. Left there, an
access export of the one would hold the other's data, and an erasure of either would reach the wrong person.
"""

from typing import Any

from django.db.models import Model

from influencers.merging.rows import Trail, model_of
from influencers.models import Influencer, Merge


def history_of(model: type[Model]) -> type[Model] | None:
    """The model of the rows' history; none for rows that are not tracked."""
    found = (relation.related_model for relation in model._meta.related_objects if relation.field.name == "pgh_obj")
    return next((each for each in found if not isinstance(each, str)), None)


def newest_event(kept: Influencer) -> int:
    """The number of the newest row of the record's history; higher ones came later."""
    rows = history_of(Influencer)._default_manager.filter(pgh_obj_id=kept.pk)  # type: ignore[union-attr]
    return int(rows.order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0)


def part_history(merge: Merge, trail: Trail) -> None:
    """Rows that went back take their history along; the kept record's own forgets the values it had from the other one."""
    for label, ids in trail["moved"].items():
        owner, name = label.rsplit(".", 1)
        events = history_of(model_of(owner))
        if events is not None:
            rows = events._default_manager.filter(pgh_obj_id__in=ids, **{name: merge.kept_id})
            rows.update(**{name: merge.merged_id})
    since: Any = history_of(Influencer)
    since = since._default_manager.filter(pgh_obj_id=merge.kept_id, pgh_id__gt=trail.get("newest_event", 0))
    for name, (before, after) in trail["kept"].items():
        field: Any = Influencer._meta.get_field(name)
        since.filter(**{name: field.to_python(after)}).update(**{name: field.to_python(before)})
