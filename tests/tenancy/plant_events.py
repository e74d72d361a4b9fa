"""The history of every tracked row: what it was before carries canaries too."""

from typing import Any

from agency.models import Brand
from influencers.models import Account, AudienceShare, BrandFitNote, Influencer, Price
from tests.tenancy.canaries import carriers


def plant_events(world: Any) -> None:
    """Every tracked row was once otherwise: its events carry canaries of their own, with the tag of the row's."""
    for model in (Influencer, Account, Price, AudienceShare, BrandFitNote, Brand):
        event: Any = model.pgh_event_model  # type: ignore[attr-defined]
        for row in model._base_manager.filter(agency__in=[world.agency, world.foreign]):
            now = {field.name: getattr(row, field.name) for field in carriers(event)}
            marks = world.aviary.heard_in(str(list(now.values())))
            tag = world.aviary.by_mark[min(marks)].tag
            before = {field.name: world.aviary._value(field, tag) for field in carriers(event)}
            # From what it is to what it was and back: two events, of which the second keeps what it was.
            model._base_manager.filter(pk=row.pk).update(**before)
            model._base_manager.filter(pk=row.pk).update(**now)
