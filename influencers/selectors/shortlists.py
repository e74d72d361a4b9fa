"""Lists of picked creators as pages show them."""

from django.db.models import Count, Q

from agency.models import Membership
from influencers.models import Shortlist
from influencers.models.roster import ShortlistQuerySet


def shortlist_rows(reader: Membership) -> ShortlistQuerySet:
    """The lists that the reader sees, with `size`, how many creators are on each; one query."""
    rows: ShortlistQuerySet = (
        Shortlist.objects.visible_to(reader)
        .select_related("agency", "owner__user")
        .annotate(size=Count("entries", filter=Q(entries__influencer__is_erased=False)))
        .order_by("name", "pk")
    )
    return rows
