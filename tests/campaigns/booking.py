"""Bookings as tests speak of them, made through the services."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from agency.models import Agency, Brand, Category, Membership
from campaigns.models import Collaboration
from campaigns.services import add_clause, add_deliverable, add_to_line_up, create_campaign, move_collaboration
from influencers.models import Account, Influencer
from tests.factories import AccountFactory, BrandFactory, CategoryFactory, MembershipFactory


def may(day: int) -> date:
    return date(2026, 5, day)


def june(day: int) -> date:
    return date(2026, 6, day)


class World:
    """An agency with a small tree of categories: drinks › hot › coffee, tea; drinks › cold; fashion."""

    def __init__(self, agency: Agency, by: Membership | None = None) -> None:
        self.agency = agency
        self.by = by
        self.owner = by or MembershipFactory(agency=agency, role=Membership.Role.MANAGER)
        self.drinks = self.category("Drinks")
        self.hot = self.category("Hot drinks", self.drinks)
        self.coffee = self.category("Coffee", self.hot)
        self.tea = self.category("Tea", self.hot)
        self.cold = self.category("Cold drinks", self.drinks)
        self.fashion = self.category("Fashion")

    def category(self, name: str, parent: Category | None = None) -> Category:
        return CategoryFactory(agency=self.agency, name=name, parent=parent)

    def brand(self, name: str, *categories: Category, **fields: Any) -> Brand:
        return BrandFactory(agency=self.agency, name=name, categories=list(categories), **fields)

    def account(self, influencer: Influencer, platform: str = "instagram") -> Account:
        return AccountFactory(agency=self.agency, influencer=influencer, platform=platform)

    def proposal(
        self,
        influencer: Influencer,
        brand: Brand,
        live: Iterable[tuple[date, date]] = (),
        *,
        clauses: Sequence[dict[str, Any]] = (),
        categories: Iterable[Category] = (),
        platform: str = "",
        markets: Sequence[str] = (),
        flight: tuple[date, date] = (may(1), may(31)),
        **fields: Any,
    ) -> Collaboration:
        """A proposed collaboration with its deliverables and clauses."""
        campaign = create_campaign(
            brand=brand,
            owner=self.owner,
            name=f"{brand.name} in May",
            starts_on=flight[0],
            ends_on=flight[1],
            categories=categories,
            markets=markets,
            by=self.by,
        )
        collaboration = add_to_line_up(campaign=campaign, influencer=influencer, by=self.by, **fields)
        account = self.account(influencer, platform) if platform else None
        for first, last in live:
            add_deliverable(collaboration=collaboration, account=account, live_from=first, live_to=last, by=self.by)
        for clause in clauses:
            add_clause(collaboration=collaboration, by=self.by, **clause)
        return collaboration

    def booked(self, *args: Any, state: str = "booked", **options: Any) -> Collaboration:
        return move_collaboration(collaboration=self.proposal(*args, **options), state=state, by=self.by)
