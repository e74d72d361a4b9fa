"""Where a word that an erasure spares stands in notes on others: somebody has to read these."""

from django.db.models import Count

from influencers.models import BrandFitNote, Influencer
from influencers.protection.words import PersonWords, either


def spared_mentions(influencer: Influencer, words: PersonWords) -> list[tuple[Influencer, int]]:
    """Other creators and in how many notes on them a spared word stands, by name. Two queries."""
    if not words.spared:
        return []
    pattern = rf"(^|[^[:alnum:]])(?:{either(words.common)})(?![[:alnum:]])"
    notes = BrandFitNote.objects.filter(agency_id=influencer.agency_id, text__iregex=pattern)
    notes = notes.exclude(influencer=influencer).order_by()
    counts = dict(notes.values_list("influencer").annotate(notes=Count("pk")))
    return [(other, counts[other.pk]) for other in Influencer.objects.filter(pk__in=counts).order_by("name", "pk")]
