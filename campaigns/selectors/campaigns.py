"""Campaigns as lists show them."""

from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from agency.models import Brand, Membership
from campaigns.fields import day_set
from campaigns.models import Campaign, Collaboration, Exclusivity

ENDED = [Collaboration.State.DECLINED, Collaboration.State.CANCELLED]
HELD = [Collaboration.State.BOOKED, Collaboration.State.LIVE, Collaboration.State.COMPLETED]


def campaign_rows(reader: Membership, condition: Q) -> QuerySet[Campaign]:
    """Campaigns with the size of the line-up and how many of it are booked, newest first."""
    return (
        Campaign.objects.visible_to(reader)
        .filter(condition)
        .select_related("brand")
        .annotate(
            in_line_up=Count("collaborations", filter=~Q(collaborations__state__in=ENDED)),
            booked=Count("collaborations", filter=Q(collaborations__state__in=HELD)),
        )
        .order_by("-starts_on", "-pk")
    )


def campaigns_of_brand(brand: Brand, reader: Membership) -> QuerySet[Campaign]:
    """The brand's campaigns, newest first."""
    return campaign_rows(reader, Q(brand=brand))


def exclusivities_in_force(brand: Brand, reader: Membership, today: date) -> QuerySet[Exclusivity]:
    """Clauses of the brand's bookings that shut out on a day from today on."""
    return (
        Exclusivity.objects.filter(
            collaboration__in=Collaboration.objects.visible_to(reader).filter(campaign__brand=brand),
            claims__enforced=True,
            claims__during__overlap=day_set([(today, None)]),
        )
        .select_related("collaboration__influencer", "collaboration__campaign")
        .prefetch_related("categories", "brands", "claims")
        .distinct()
        .order_by("collaboration__influencer__sort_name", "pk")
    )


def fees_booked(campaign: Campaign) -> Decimal:
    """The fees of what is booked, in the campaign's currency; amounts in others are never added."""
    rows = campaign.collaborations.filter(state__in=HELD, currency=campaign.currency)
    return rows.aggregate(total=Sum("fee"))["total"] or Decimal(0)
