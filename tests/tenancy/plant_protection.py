"""An erasure with a fingerprint and what the law keeps, in either agency: the number and the reason are for managers."""

from datetime import date
from typing import TYPE_CHECKING

from agency.models import Agency, Membership
from influencers.models import Erasure, Fingerprint, LegalRetention

if TYPE_CHECKING:
    from tests.tenancy.world import World


def plant_protection(world: "World", agency: Agency, tag: str, manager: Membership) -> None:
    """Somebody was erased by the manager; the tag is that of what managers alone hear."""
    erasure = world.plant(Erasure, tag, agency=agency, number=1, erased_by=manager.user)
    world.plant(Fingerprint, tag, agency=agency, erasure=erasure)
    world.plant(LegalRetention, tag, agency=agency, erasure=erasure, keep_until=date(2031, 12, 31))
