"""What a creator's profile and the line-up show of bookings and absences."""

from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from agency.models import Membership
from campaigns.fields import day_set
from campaigns.models import Campaign, Claim, Collaboration, Unavailability
from influencers.models import Account, Influencer

MATCHES = 20


def collaborations_of(influencer: Influencer, reader: Membership) -> QuerySet[Collaboration]:
    """The creator's collaborations that the reader may know of, latest first; of a person also those of their duos."""
    people = Q(influencer=influencer) | Q(influencer__members=influencer)
    return (
        Collaboration.objects.visible_to(reader)
        .filter(people)
        .select_related("campaign__brand", "influencer")
        .annotate(first=Coalesce("starts_on", "campaign__starts_on"), last=Coalesce("ends_on", "campaign__ends_on"))
        .order_by("-first", "-pk")
        .distinct()
    )


def absences_of(influencer: Influencer, today: date) -> QuerySet[Unavailability]:
    """Absences that are not over, of the creator and, for a duo, of its members."""
    people = Q(influencer=influencer) | Q(influencer__duos=influencer)
    rows = Unavailability.objects.filter(people, agency_id=influencer.agency_id, ends_on__gte=today)
    return rows.select_related("influencer").distinct().order_by("starts_on", "pk")


def claims_of_day(influencer: Influencer, day: date) -> QuerySet[Claim]:
    """What takes the creator or shuts others out on that day."""
    claims = Claim.objects.filter(influencer=influencer, enforced=True, during__overlap=day_set([(day, day)]))
    return claims.select_related("collaboration__campaign__brand", "clause", "unavailability").order_by(
        "is_exclusive", "pk"
    )


def claims_from(influencer: Influencer, day: date) -> QuerySet[Claim]:
    """Everything that takes the creator on that day or later."""
    return Claim.objects.filter(influencer=influencer, enforced=True, during__overlap=day_set([(day, None)]))


def creators_to_add(campaign: Campaign, text: str) -> QuerySet[Influencer]:
    """The first creators whose name, handle, niche or tag fits the words, and who are not in the line-up yet."""
    creators = Influencer.objects.filter(agency_id=campaign.agency_id).exclude(collaborations__campaign=campaign)
    creators = creators.exclude(status=Influencer.Status.BLOCKED).matching(text)
    return creators.prefetch_related("accounts").order_by("sort_name", "pk")[:MATCHES]


def main_account(influencer: Influencer) -> Account | None:
    """The account by which the creator's size is told: the primary one, else the largest. Reads prefetched accounts."""
    accounts = sorted(influencer.accounts.all(), key=lambda row: (not row.is_primary, -(row.followers or -1), row.pk))
    return accounts[0] if accounts else None
