"""Booking as people write it: ask whether the days are free, then save. The comparison, not part of the site."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from campaigns.models import Collaboration

HOLDING = Collaboration.HOLDING_STATES


@transaction.atomic
def book(collaboration: Collaboration, first: date, last: date, days_after: int) -> bool:
    """Books unless a booking of the creator with a common category lies within the days; says whether it did."""
    categories = list(collaboration.campaign.categories.values_list("pk", flat=True))
    in_the_way = Collaboration.objects.filter(
        Q(clauses__categories__in=categories) | Q(campaign__categories__in=categories),
        influencer=collaboration.influencer_id,
        state__in=HOLDING,
        starts_on__lte=last.fromordinal(last.toordinal() + days_after),
        ends_on__gte=first.fromordinal(first.toordinal() - days_after),
    )
    if in_the_way.exists():
        return False
    collaboration.state = Collaboration.State.BOOKED
    collaboration.starts_on, collaboration.ends_on = first, last
    collaboration.booked_at = timezone.now()
    collaboration.save()
    return True
