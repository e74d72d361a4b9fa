"""Possible clashes: the database cannot be sure, because a campaign is promoted under a broader category than a clause names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from psycopg.types.multirange import Multirange

from agency.models import Category, Membership
from campaigns.claims.derive import Row, Surroundings
from campaigns.claims.words import multirange_text, visible_brand_ids
from campaigns.fields import id_set
from campaigns.models import Claim


@dataclass(frozen=True, slots=True)
class PossibleClash:
    """A stored claim that a row may or may not meet, in a sentence for the reader."""

    claim: Claim
    sentence: str


def possible_clashes(
    rows: Iterable[Row], *, reader: Membership | None, agency_id: int, without: Sequence[int] = ()
) -> list[PossibleClash]:
    """Claims that meet the rows in all but the category, where one side's category stands above the other's clause."""
    surroundings = Surroundings(agency_id)
    visible = visible_brand_ids(reader)
    found: dict[int, PossibleClash] = {}
    for row in rows:
        for claim in near(row, surroundings):
            origin = claim.collaboration
            if origin is not None and origin.pk not in without and claim.pk not in found:
                brand = origin.campaign.brand
                found[claim.pk] = PossibleClash(claim, sentence(claim, brand.name if brand.pk in visible else ""))
    return list(found.values())


def near(row: Row, surroundings: Surroundings) -> Iterator[Claim]:
    """Enforced claims of the other kind that meet the row but for the category, and meet it when the category is widened."""
    widened = categories_near(row, surroundings)
    if widened is None:
        return
    yield from (
        Claim.objects.filter(
            enforced=True,
            influencer_id=row.influencer_id,
            is_exclusive=not row.is_exclusive,
            during__overlap=row.during,
            parties__overlap=row.parties,
            categories__overlap=widened,
            platforms__overlap=row.platforms,
            markets__overlap=row.markets,
        )
        .exclude(categories__overlap=row.categories)
        .select_related("influencer", "collaboration__campaign__brand")
        .order_by("pk")
    )


def categories_near(row: Row, surroundings: Surroundings) -> "Multirange[int] | None":
    """Of an activity what stands below its categories, of a clause what stands above them; None for all."""
    ids = [pk for part in row.categories if part.lower and part.upper for pk in range(part.lower, part.upper)]
    if not ids:
        return None
    return id_set(ancestors(ids, surroundings.agency_id)) if row.is_exclusive else surroundings.branch(ids)


def ancestors(ids: Iterable[int], agency_id: int) -> set[int]:
    """The categories above these, themselves aside."""
    parents = dict(Category.objects.filter(agency_id=agency_id).values_list("pk", "parent_id"))
    start = set(ids)
    found: set[int] = set()
    for pk in start:
        parent = parents.get(pk)
        while parent is not None and parent not in found:
            found.add(parent)
            parent = parents.get(parent)
    return found - start


def sentence(claim: Claim, brand: str) -> str:
    words = {"creator": claim.influencer.name, "brand": brand, "days": multirange_text(claim.during)}
    if not brand:
        text = _("Possible clash with another client of %(creator)s, %(days)s: the categories are near.") % words
    else:
        text = _("Possible clash with %(brand)s of %(creator)s, %(days)s: the categories are near.") % words
    return text + " " + _("Set the campaign's category more precisely.")
