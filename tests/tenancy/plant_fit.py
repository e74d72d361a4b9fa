"""Scorecards of the open client (internal), of the confidential one and of the foreign agency; a note that adds to another."""

from datetime import timedelta
from typing import TYPE_CHECKING

from agency.models import Brand
from influencers.models import BrandFit, BrandFitNote, BrandFitScore, Influencer

if TYPE_CHECKING:
    from tests.tenancy.world import World

# "i" is what colleagues write for colleagues, "s" the confidential client, "f" the other agency.
WHOSE = (("open", "i", "manager"), ("secret", "s", "manager"), ("foreign", "f", "outsider"))


def plant_fit(world: "World") -> None:
    """Two versions of a scorecard each, so that what changed is swept too."""
    for whose, tag, author in WHOSE:
        influencer = world.rows[Influencer]["foreign" if whose == "foreign" else "open"]
        brand, agency = world.rows[Brand][whose], influencer.agency
        facts = {"agency": agency, "influencer": influencer, "brand": brand, "author": world.people[author].user}
        today = agency.today()
        for version, is_current in ((1, False), (2, True)):
            fit = world.plant(
                BrandFit, tag, **facts, version=version, is_current=is_current, verdict="conditions", written_on=today,
                expires_on=today + timedelta(days=300),
            )  # fmt: skip
            world.plant(BrandFitScore, tag, fit=fit, criterion="topic", score=3)
        first = world.rows[BrandFitNote][whose]
        world.plant(BrandFitNote, tag, **facts, written_on=today, adds_to=first, is_internal=True)
