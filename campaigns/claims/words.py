"""Clauses and days in words. Brands that the reader may not know of are never named."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg.types.multirange import Multirange

from agency.models import Brand, Membership
from agency.templatetags.meso import days_text
from campaigns.models import Clash, Exclusivity


def last_day(end: date | None) -> date | None:
    """The last day of a half-open period."""
    return None if end is None else end - timedelta(days=1)


def multirange_text(days: "Multirange[date]") -> str:
    """3–17 May 2026, 1 June 2026."""
    return ", ".join(days_text(part.lower, last_day(part.upper)) for part in days)


def listed(names: Iterable[str]) -> str:
    """tea, coffee and cocoa."""
    *rest, last = [*names]
    return _("%(names)s and %(last)s") % {"names": ", ".join(rest), "last": last} if rest else last


def visible_brand_ids(reader: Membership | None) -> frozenset[int]:
    """Brands that may be named to the reader; to nobody in particular, none."""
    return frozenset(Brand.objects.visible_to(reader).values_list("pk", flat=True)) if reader else frozenset()


def clause_text(clause: Exclusivity, visible: frozenset[int]) -> str:
    """Exclusive in hot drinks, 14 days after."""
    if clause.scope == Exclusivity.Scope.BRANDS:
        named = [(brand.pk, brand.name) for brand in clause.brands.all()]
    else:
        named = [(category.pk, category.name) for category in clause.categories.all()]
    return _clause_words(clause, named, visible)


def clause_texts(ids: Collection[int], visible: frozenset[int]) -> dict[int, str]:
    """The texts of thousands of clauses, in three queries and without an object for each."""
    named: dict[int, list[tuple[int, str]]] = {}
    scopes = Exclusivity.Scope
    for scope, relation, name in (
        (scopes.BRANDS, Exclusivity.brands, "brand"),
        (scopes.CATEGORIES, Exclusivity.categories, "category"),
    ):
        rows = relation.through._default_manager.filter(exclusivity__in=ids, exclusivity__scope=scope).order_by(
            f"{name}__name"
        )
        for clause_id, pk, text in rows.values_list("exclusivity_id", f"{name}_id", f"{name}__name"):
            named.setdefault(clause_id, []).append((pk, text))
    clauses = Exclusivity.objects.filter(pk__in=ids).values_list(
        "pk", "scope", "days_before", "days_after", "is_open_ended", named=True
    )
    return {clause.pk: _clause_words(clause, named.get(clause.pk, []), visible) for clause in clauses}


def _clause_words(clause: Any, named: Sequence[tuple[int, str]], visible: frozenset[int]) -> str:
    """`clause` has scope, days_before, days_after and is_open_ended; `named` are the brands or categories of its scope."""
    parts = [_scope_words(clause.scope, named, visible)]
    if clause.days_before:
        parts.append(ngettext("%(n)s day before", "%(n)s days before", clause.days_before) % {"n": clause.days_before})
    if clause.is_open_ended:
        parts.append(_("without end"))
    elif clause.days_after:
        parts.append(ngettext("%(n)s day after", "%(n)s days after", clause.days_after) % {"n": clause.days_after})
    return ", ".join(parts)


def _scope_words(scope: str, named: Sequence[tuple[int, str]], visible: frozenset[int]) -> str:
    """What a clause shuts out."""
    if scope == Exclusivity.Scope.BRANDS:
        names = [name for pk, name in named if pk in visible]
        if hidden := len(named) - len(names):
            names.append(ngettext("%(n)s other brand", "%(n)s other brands", hidden) % {"n": hidden})
        return _("Exclusive against %(brands)s") % {"brands": listed(names)} if names else _("Exclusive")
    if scope == Exclusivity.Scope.CATEGORIES and named:
        return _("Exclusive in %(categories)s") % {"categories": listed(name for _pk, name in named)}
    return _("Fully exclusive")


def clash_text(clash: Clash, visible: frozenset[int]) -> str:
    """Emma is away 4–6 May 2026, but booked for Northwind Coffee."""
    words = {
        "creator": clash.influencer.name,
        "days": multirange_text(clash.during),
        "brand": clash.collaboration.campaign.brand.name,
    }
    if clash.unavailability_id:
        return _("%(creator)s is away %(days)s, but booked for %(brand)s.") % words
    if clash.against and clash.against.campaign.brand_id in visible:
        words["other"] = clash.against.campaign.brand.name
        return _("%(creator)s is booked for %(brand)s and for %(other)s %(days)s: exclusivity.") % words
    return _("%(creator)s is booked for %(brand)s, but not available %(days)s: exclusivity.") % words
