"""Clauses and days in words. Brands that the reader may not know of are never named."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg.types.multirange import Multirange

from agency.models import Brand, Membership
from agency.templatetags.meso import days_text
from campaigns.models import Exclusivity


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
    parts = [scope_text(clause, visible)]
    if clause.days_before:
        parts.append(ngettext("%(n)s day before", "%(n)s days before", clause.days_before) % {"n": clause.days_before})
    if clause.is_open_ended:
        parts.append(_("without end"))
    elif clause.days_after:
        parts.append(ngettext("%(n)s day after", "%(n)s days after", clause.days_after) % {"n": clause.days_after})
    return ", ".join(parts)


def scope_text(clause: Exclusivity, visible: frozenset[int]) -> str:
    """What a clause shuts out."""
    if clause.scope == Exclusivity.Scope.BRANDS:
        brands = list(clause.brands.all())
        names = [brand.name for brand in brands if brand.pk in visible]
        if hidden := len(brands) - len(names):
            names.append(ngettext("%(n)s other brand", "%(n)s other brands", hidden) % {"n": hidden})
        return _("Exclusive against %(brands)s") % {"brands": listed(names)} if names else _("Exclusive")
    names = [category.name for category in clause.categories.all()]
    if clause.scope == Exclusivity.Scope.CATEGORIES and names:
        return _("Exclusive in %(categories)s") % {"categories": listed(names)}
    return _("Fully exclusive")
