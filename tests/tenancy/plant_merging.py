"""A record that was merged into another within the day: only those who look after the roster may read its name, or part them."""

from typing import Any

from influencers.models import Influencer, Merge, NotDuplicates
from influencers.services.merging import merge_influencers
from tests.tenancy.canaries import label

FOREIGN_TAG = "f"


def plant_merging(world: Any, agency: Any, tag: str, manager: Any) -> None:
    """A real merge, so that it can be undone; and two creators whom somebody told apart."""
    whose = "foreign" if tag == FOREIGN_TAG else "open"
    kept = world.rows[Influencer][whose]
    name = world.aviary.word(tag, label(Merge._meta.get_field("merged_name")))
    twin = Influencer.objects.create(agency=agency, name=name)
    merge = merge_influencers(kept=kept, merged=twin, choices={"name": "kept", "status": "kept"}, by=manager)
    world.rows[Merge].setdefault(whose, merge)
    other = Influencer.objects.filter(agency=agency).exclude(pk=kept.pk).order_by("pk")[0]
    NotDuplicates.objects.create(
        agency=agency, first_id=min(kept.pk, other.pk), second_id=max(kept.pk, other.pk), said_by=manager.user
    )
