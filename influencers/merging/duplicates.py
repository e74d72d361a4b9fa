"""Which creators look like one person, and what speaks for it and against it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import FloatField, Func, Q, QuerySet, TextField, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.models import Agency
from influencers.models import Account, Influencer, NotDuplicates

STATEMENT = Path(__file__).with_name("duplicates.sql").read_text(encoding="utf-8")
LIMIT = 500
SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Two records, and why they may be one person or two; sentences for people."""

    first: Influencer
    second: Influencer
    speaks_for: list[str]
    speaks_against: list[str]


def likely_pairs(agency: Agency) -> list[tuple[int, int]]:
    """The ids of the likeliest pairs, best first, lower id first in each; those that somebody told apart are left out."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"agency": agency.pk, "limit": LIMIT})
        return [(first, second) for first, second in cursor.fetchall()]


def still_open(agency: Agency, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of the pairs those whose records both exist and that nobody told apart since. Two queries."""
    pairs = list(pairs)
    ids = {pk for pair in pairs for pk in pair}
    alive = set(Influencer.objects.filter(agency=agency, is_erased=False, pk__in=ids).values_list("pk", flat=True))
    apart = set(NotDuplicates.objects.filter(agency=agency, first__in=ids).values_list("first_id", "second_id"))
    return [pair for pair in pairs if alive.issuperset(pair) and pair not in apart]


def suspicions(agency: Agency, pairs: Sequence[tuple[int, int]]) -> list[Suspicion]:
    """The pairs with their reasons. Two queries."""
    ids = {pk for pair in pairs for pk in pair}
    people = Influencer.objects.filter(agency=agency).select_related("line").prefetch_related("accounts").in_bulk(ids)
    return [
        Suspicion(a, b, reasons_for(a, b), reasons_against(a, b))
        for a, b in ((people[first], people[second]) for first, second in pairs)
    ]


def reasons_for(a: Influencer, b: Influencer) -> list[str]:
    """Why they may be one person, strongest first."""
    found = []
    if a.email and a.email.lower() == b.email.lower():
        found.append(_("the same e-mail address"))
    mine, theirs = handles(a), handles(b)
    if shared := sorted(mine & theirs):
        found.append(_("the same handle: %(handles)s") % {"handles": ", ".join(shared)})
    if a.sort_name == b.sort_name:
        found.append(_("the same name"))
    elif sorted(a.sort_name.split()) == sorted(b.sort_name.split()):
        found.append(_("the same words in the name"))
    else:
        found.append(_("names alike"))
    name, other_name = squeezed(a.sort_name), squeezed(b.sort_name)
    named = sorted(({name} & theirs) | ({other_name} & mine))
    if named and not shared and name != other_name:
        found.append(_("a handle that is the other's name: %(handles)s") % {"handles": ", ".join(named)})
    if a.country and a.country == b.country:
        found.append(_("the same country"))
    return found


def reasons_against(a: Influencer, b: Influencer) -> list[str]:
    """Why they may be two people."""
    found = []
    if a.country and b.country and a.country != b.country:
        found.append(_("different countries"))
    names = {account.platform: account.get_platform_display() for account in a.accounts.all()}
    both = sorted(
        str(names[platform]) for platform in {account.platform for account in b.accounts.all()} & names.keys()
    )
    if both:
        said = {"platforms": ", ".join(both)}
        found.append(
            ngettext("both have an account on %(platforms)s", "both have accounts on %(platforms)s", len(both)) % said
        )
    if a.email and b.email and a.email.lower() != b.email.lower():
        found.append(_("different e-mail addresses"))
    if a.kind != b.kind:
        found.append(_("different kinds"))
    return found


def handles(influencer: Influencer) -> set[str]:
    """Its handles without case and signs; very short ones say nothing."""
    keys = {squeezed(account.handle) for account in influencer.accounts.all()}
    return {key for key in keys if len(key) > 3}


def squeezed(text: str) -> str:
    return SIGNS.sub("", text.lower())


def like(influencer: Influencer, text: str = "", *, count: int = 20) -> QuerySet[Influencer]:
    """Other creators that match the text, or without one those whose name or handles are most alike."""
    others: QuerySet[Influencer] = Influencer.objects.filter(agency=influencer.agency_id, is_erased=False)
    others = others.exclude(pk=influencer.pk)
    if text.strip():
        matching = others & Influencer.objects.matching(text)
        return matching.order_by("sort_name", "pk")[:count]
    own = [squeezed(account.handle) for account in influencer.accounts.all()]
    lowered = Func("handle", function="lower")
    key = Func(
        lowered, Value(r"[^[:alnum:]]+"), Value(""), Value("g"), function="regexp_replace", output_field=TextField()
    )
    accounts = Account.objects.filter(agency=influencer.agency_id).annotate(key=key)
    same = accounts.filter(key__in=[*own, squeezed(influencer.sort_name)], key__regex=".{4}").values("influencer")
    alike = Func("sort_name", Value(influencer.sort_name), function="similarity", output_field=FloatField())
    found = others.annotate(alike=alike).filter(Q(alike__gte=0.4) | Q(pk__in=same))
    return found.order_by("-alike", "pk")[:count]
