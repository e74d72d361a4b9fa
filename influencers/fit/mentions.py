"""Unpaid mentions of a brand in a creator's captions: the sign of somebody who likes it already."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.timezone import now

from agency.models import Brand
from influencers.fit.words import fold
from influencers.models import Influencer, Post

LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Posts of the last 12 months: those that name the brand unpaid, those of which nobody knows, and how many were read."""

    unpaid: Sequence[Post]
    unknown: Sequence[Post]
    read: int


def naming(brand: Brand) -> re.Pattern[str]:
    """The brand's name as a word or handle: Fjordlys Coffee, @fjordlyscoffee, #fjordlys_coffee, Fjordlys-Coffee’s."""
    words = re.findall(r"[^\W_]+", fold(brand.name))
    spelled = r"[\W_]*".join(re.escape(word) for word in words)
    return re.compile(rf"(?<![^\W_]){spelled or '(?!)'}(?![^\W_])")


def mentions_of(influencer: Influencer, brand: Brand) -> Mentions:
    """One query; captions are compared without case and accents."""
    since = now() - LOOKS_BACK
    posts = Post.objects.filter(account__influencer=influencer, posted_at__gte=since, is_deleted=False)
    name, read = naming(brand), 0
    found: dict[str, list[Post]] = {Post.Sponsored.NO: [], Post.Sponsored.UNKNOWN: [], Post.Sponsored.YES: []}
    for post in posts.exclude(caption="").select_related("account").order_by("-posted_at", "-pk"):
        read += 1
        if name.search(fold(post.caption)):
            found[post.is_sponsored].append(post)
    return Mentions(found[Post.Sponsored.NO], found[Post.Sponsored.UNKNOWN], read)
