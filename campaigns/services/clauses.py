"""Clauses: what a booking shuts out."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Brand, Category, Membership
from campaigns.claims.derive import holds
from campaigns.claims.store import creators_locked, read_for_claims, retry_on_conflict, write_claims
from campaigns.models import Collaboration, Exclusivity
from campaigns.services.rows import assign, same_agency

Scope = Exclusivity.Scope


class ClauseFields(TypedDict, total=False):
    """What may be set on a clause."""

    scope: str
    platforms: Sequence[str]
    markets: Sequence[str]
    anchor: str
    fixed_from: date | None
    fixed_to: date | None
    days_before: int
    days_after: int
    is_open_ended: bool


@retry_on_conflict
def add_clause(
    *,
    collaboration: Collaboration,
    categories: Iterable[Category] = (),
    brands: Iterable[Brand] = (),
    by: Membership | None,
    **fields: Unpack[ClauseFields],
) -> Exclusivity:
    """A new clause; claims are derived anew. Raises ClashRefused when it would shut out what is booked already."""
    clause = Exclusivity(agency_id=collaboration.agency_id, collaboration=collaboration)
    return save(clause, fields, list(categories), list(brands), by=by)


@retry_on_conflict
def update_clause(
    *,
    clause: Exclusivity,
    categories: Iterable[Category] | None = None,
    brands: Iterable[Brand] | None = None,
    by: Membership | None,
    **fields: Unpack[ClauseFields],
) -> Exclusivity:
    """Change the given fields; claims are derived anew. Raises ClashRefused when it would shut out what is booked already."""
    return save(
        clause,
        fields,
        None if categories is None else list(categories),
        None if brands is None else list(brands),
        by=by,
    )


@retry_on_conflict
def remove_clause(*, clause: Exclusivity, by: Membership | None) -> None:
    """The clause no longer shuts out anything."""
    collaboration = Collaboration.objects.select_related("influencer").get(pk=clause.collaboration_id)
    with creators_locked(collaboration.agency_id, [collaboration.influencer_id]):
        Exclusivity.objects.filter(pk=clause.pk).delete()
        write_claims(read_for_claims([collaboration.pk]), by=by)


def save(
    clause: Exclusivity,
    fields: ClauseFields,
    categories: list[Category] | None,
    brands: list[Brand] | None,
    *,
    by: Membership | None,
) -> Exclusivity:
    collaboration = Collaboration.objects.select_related("campaign", "influencer").get(pk=clause.collaboration_id)
    with creators_locked(collaboration.agency_id, [collaboration.influencer_id]):
        collaboration.refresh_from_db(fields=["state", "usage_rights_until"])
        same_agency(collaboration.agency_id, *(categories or []), *(brands or []))
        if clause.pk:
            clause = Exclusivity.objects.get(pk=clause.pk)
        assign(clause, fields)
        clause.save()
        if categories is not None:
            clause.categories.set(categories)
        if brands is not None:
            clause.brands.set(brands)
        check(clause, collaboration)
        write_claims(read_for_claims([collaboration.pk]), by=by)
        return clause


def check(clause: Exclusivity, collaboration: Collaboration) -> None:
    """The scope names what it is about, never the own brand; rights that it counts from have an end once somebody is held."""
    categories, brands = clause.categories.exists(), set(clause.brands.values_list("pk", flat=True))
    if clause.scope == Scope.CATEGORIES and not categories:
        raise Refused(_("Choose the categories that are shut out."))
    if clause.scope == Scope.BRANDS and not brands:
        raise Refused(_("Choose the brands that are shut out."))
    if clause.scope == Scope.FULL and categories:
        raise Refused(_("A full exclusivity has no categories. Choose the scope “product categories” instead."))
    if collaboration.campaign.brand_id in brands:
        raise Refused(_("The campaign's own brand cannot be shut out."))
    unknown_end = clause.anchor == Exclusivity.Anchor.USAGE and not clause.is_open_ended
    if unknown_end and collaboration.usage_rights_until is None and holds(collaboration):
        raise Refused(_("Say until when the usage rights run, or that the exclusivity has no end."))
