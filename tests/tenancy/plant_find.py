"""What members keep of the roster for themselves: a saved view that is shared in the agency, chosen columns."""

from typing import Any

from influencers.models import RosterColumns, SavedView

ROSTER_TAG, FOREIGN_TAG = "o", "f"


def plant_find(world: Any) -> None:
    """A shared view and chosen columns in either agency."""
    for tag, agency, owner in ((ROSTER_TAG, world.agency, "manager"), (FOREIGN_TAG, world.foreign, "outsider")):
        member = world.people[owner]
        words = world.aviary.word(tag, "influencers.SavedView.query")
        world.plant(SavedView, tag, agency=agency, owner=member, is_shared=True, query=f"q={words}", columns=["tags"])
        world.plant(RosterColumns, tag, agency=agency, membership=member, columns=["status", "country"])
