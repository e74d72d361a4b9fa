"""What bookings say about brand fit: work for the brand, and for its rivals in the last twelve months."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from agency.models import Brand, Category, Membership
from campaigns.models import Collaboration
from influencers.fit.work import Work, register_work
from influencers.models import Influencer


class Bookings:
    """Options and bookings of campaigns that the reader may know of; what is only hidden behind "not available" is not told."""

    def rivals_of(self, brand: Brand, reader: Membership, since: date) -> Iterable[int]:
        """Of a duo's work each member knows."""
        rows = lasting(holding(reader).filter(for_rivals(brand)), since).order_by()
        alone: Iterable[int] = rows.values_list("influencer_id", flat=True)
        together = Influencer.objects.filter(duos__collaborations__in=rows).values_list("pk", flat=True)
        return {*alone, *together}

    def work(self, brand: Brand, reader: Membership, since: date, influencers: Collection[int]) -> Iterable[Work]:
        people = Q(influencer__in=influencers) | Q(influencer__members__in=influencers)
        booked = holding(reader).filter(people)
        wanted = Q(pk__in=lasting(booked.filter(for_rivals(brand)), since).values("pk")) | Q(campaign__brand=brand)
        rows = with_days(booked.filter(wanted)).select_related("campaign__brand", "agency")
        for row in rows.prefetch_related("influencer__members").distinct():
            for pk in {row.influencer_id, *(member.pk for member in row.influencer.members.all())} & {*influencers}:
                yield self._told(row, pk, brand)

    def _told(self, row: Any, influencer_id: int, brand: Brand) -> Work:
        return Work(
            influencer_id=influencer_id,
            is_rival=row.campaign.brand_id != brand.pk,
            brand=row.campaign.brand.name,
            what=row.campaign.name,
            state=row.get_state_display(),
            first=row.first,
            last=row.last,
            url=row.get_absolute_url(),
        )


def holding(reader: Membership) -> QuerySet[Collaboration]:
    """What holds a creator, as far as the reader may know of it."""
    return Collaboration.objects.visible_to(reader).holding()


def with_days(rows: QuerySet[Collaboration]) -> QuerySet[Any]:
    """Adds `first` and `last`, the days of the collaboration, else of its campaign."""
    return rows.annotate(
        first=Coalesce("starts_on", "campaign__starts_on"), last=Coalesce("ends_on", "campaign__ends_on")
    )


def lasting(rows: QuerySet[Collaboration], since: date) -> QuerySet[Any]:
    """Those that were not over on the day."""
    return with_days(rows).filter(last__gte=since)


def for_rivals(brand: Brand) -> Q:
    """Campaigns of listed rivals, and those that promote what the brand sells: a category of its own, above or below.

    Other brands of the same client count only where they are listed as rivals.
    """
    listed = Q(campaign__brand__in=list(brand.rivals.values_list("pk", flat=True)))
    own = set(brand.categories.values_list("pk", flat=True))
    touching = Category.with_descendants(brand.agency_id, own) | ancestors(brand.agency_id, own)
    same_field = Q(campaign__pk__in=_campaigns_in(touching)) & ~Q(campaign__brand=brand)
    if brand.client_id is not None:
        same_field &= ~Q(campaign__brand__client=brand.client_id) | Q(campaign__brand__client__isnull=True)
    return listed | same_field


def _campaigns_in(categories: set[int]) -> QuerySet[Collaboration, int]:
    promoted = Collaboration.objects.filter(campaign__categories__in=categories)
    return promoted.values_list("campaign", flat=True)


def ancestors(agency_id: int, categories: set[int]) -> set[int]:
    """Ids of everything above the categories, within one agency."""
    parents = dict(Category.objects.filter(agency_id=agency_id).values_list("pk", "parent_id"))
    found: set[int] = set()
    waiting = list(categories)
    while waiting:
        parent = parents.get(waiting.pop())
        if parent is not None and parent not in found:
            found.add(parent)
            waiting.append(parent)
    return found


def register_evidence() -> None:
    """To be called once, when the app is ready."""
    register_work("bookings", Bookings())
