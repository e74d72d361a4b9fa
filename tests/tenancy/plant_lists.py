"""Lists of picked creators, one of them nobody else's business, and the records of what left the site."""

from typing import Any

from influencers.models import DataExport, Influencer, Shortlist, ShortlistEntry

ROSTER_TAG, INTERNAL_TAG, SECRET_TAG, FOREIGN_TAG = "o", "i", "s", "f"


def plant_lists(world: Any, agency: Any, tag: str, owner: Any) -> None:
    """A shared list with a creator on it, an own one, an export. Of exports only managers read, and access requests tell."""
    influencer = world.rows[Influencer]["foreign" if tag == FOREIGN_TAG else "open"]
    shared = world.plant(Shortlist, tag, agency=agency, owner=owner, is_shared=True)
    entry = ShortlistEntry.objects.create(shortlist=shared, influencer=influencer)
    world.rows[ShortlistEntry].setdefault("foreign" if tag == FOREIGN_TAG else "open", entry)
    own = tag if tag == FOREIGN_TAG else SECRET_TAG
    world.plant(Shortlist, own, agency=agency, owner=owner, is_shared=False)
    kept = tag if tag == FOREIGN_TAG else INTERNAL_TAG
    world.plant(DataExport, kept, agency=agency, kind="roster", influencer_ids=[influencer.pk], made_by=owner.user)
