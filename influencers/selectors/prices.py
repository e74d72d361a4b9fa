"""The price card by what is valid when."""

from dataclasses import dataclass
from datetime import date

from influencers.models import Influencer, Price


@dataclass(frozen=True, slots=True)
class PriceCard:
    """Prices that are valid on the day, that begin later, and that are over."""

    now: list[Price]
    later: list[Price]
    past: list[Price]

    def __bool__(self) -> bool:
        return bool(self.now or self.later or self.past)


def price_card(influencer: Influencer, today: date) -> PriceCard:
    """All prices of the creator; what begins next comes first among the later ones, what ended last among the past. One query."""
    card = PriceCard([], [], [])
    for price in influencer.prices.all():
        if price.valid_from > today:
            card.later.append(price)
        elif price.valid_to is not None and price.valid_to < today:
            card.past.append(price)
        else:
            card.now.append(price)
    card.later.sort(key=lambda price: price.valid_from)
    card.past.sort(key=lambda price: price.valid_to or price.valid_from, reverse=True)
    return card
