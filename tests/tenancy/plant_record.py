"""What the record of a creator holds beside the accounts: audience, price card, and what all of it was before."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from influencers.models import Account, AudienceShare, Influencer, Price

ROSTER_TAG, FEE_TAG, FOREIGN_TAG = "o", "d", "f"


def plant_record(world: Any, agency: Any, tag: str) -> None:
    """The audience of the agency's account and a price of its creator; prices are fees."""
    whose = "foreign" if tag == FOREIGN_TAG else "open"
    influencer, account = world.rows[Influencer][whose], world.rows[Account][whose]
    today = agency.today()
    world.plant(
        AudienceShare, tag, agency=agency, account=account, dimension="city", share=Decimal("0.25"), as_of=today,
    )  # fmt: skip
    world.plant(
        Price, tag if tag == FOREIGN_TAG else FEE_TAG, agency=agency, influencer=influencer, kind="post",
        platform="", currency="EUR", valid_from=today - timedelta(days=9), valid_to=None,
    )  # fmt: skip
