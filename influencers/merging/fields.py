"""Two records field by field: where they differ, whose value is proposed and why, and what they say together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agency.countries import COUNTRIES
from influencers.models import Account, Influencer

KEPT, OTHER = "kept", "other"
# One value stays; a person chooses where both have one.
CHOSEN = (
    *("name", "kind", "role_type", "status", "country", "region", "city", "email", "phone", "management_contact"),
    *("management_email", "source", "lawful_basis", "informed_on", "informed_how"),
)
# Both are kept.
UNITED = ("languages", "niches", "tags")
# The number, who typed it in and when stay the kept one's; the rest is derived by the database or moved row by row.
OWN = ("agency", "created_by", "created_at")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two records differ, as people read both values, and whose is proposed."""

    name: str
    label: str
    kept: str
    other: str
    proposed: str


def label_of(name: str) -> str:
    """The field's name as people read it."""
    field: Any = Influencer._meta.get_field(name)
    label = str(field.verbose_name)
    return label[:1].upper() + label[1:]


def differences(kept: Influencer, other: Influencer) -> list[Difference]:
    """Every chosen field in which they differ. The fuller value is proposed, then that of the record changed last."""
    newer = newer_of(kept, other)
    return [
        Difference(name, label_of(name), shown(kept, name), shown(other, name), proposed(name, kept, other, newer))
        for name in CHOSEN
        if getattr(kept, name) != getattr(other, name)
    ]


def proposed(name: str, kept: Influencer, other: Influencer, newer: str) -> str:
    """Whose value: where one says nothing the other's; “do not work with” is never lost by default; else the newer one's."""
    mine, theirs = getattr(kept, name), getattr(other, name)
    field: Any = Influencer._meta.get_field(name)
    nothing = {"", None, field.get_default()}
    if mine in nothing or theirs == Influencer.Status.BLOCKED:
        return OTHER
    if theirs in nothing or mine == Influencer.Status.BLOCKED:
        return KEPT
    return newer


def newer_of(kept: Influencer, other: Influencer) -> str:
    """Whose record was changed last, by its history, else by when it was made. Two queries."""
    changed = [
        influencer.events.aggregate(at=Max("pgh_created_at"))["at"] or influencer.created_at  # type: ignore[attr-defined]
        for influencer in (kept, other)
    ]
    return KEPT if changed[0] >= changed[1] else OTHER


def shown(influencer: Influencer, name: str) -> str:
    """The value as people read it; empty when there is none."""
    field: Any = Influencer._meta.get_field(name)
    if field.choices:
        return str(getattr(influencer, f"get_{name}_display")())
    value = getattr(influencer, name)
    if name == "country" and value in COUNTRIES:
        return COUNTRIES[value].name
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return "" if value is None else str(value)


def united(kept: Influencer, other: Influencer) -> dict[str, list[str]]:
    """The lists of both, the kept one's first; words that differ only in case count once."""
    return {name: together(getattr(kept, name), getattr(other, name)) for name in UNITED}


def together(first: Iterable[str], second: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for word in [*first, *second]:
        found.setdefault(word.casefold(), word)
    return list(found.values())


def new_values(kept: Influencer, other: Influencer, choices: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the kept record that the choices change; a field that nobody chose keeps what is proposed."""
    newer = newer_of(kept, other)
    values: dict[str, Any] = {}
    for name in CHOSEN:
        mine, theirs = getattr(kept, name), getattr(other, name)
        if mine != theirs and (choices.get(name) or proposed(name, kept, other, newer)) == OTHER:
            values[name] = theirs
    lists = united(kept, other)
    return values | {name: words for name, words in lists.items() if words != getattr(kept, name)}


def proposed_primary(kept: Influencer, other: Influencer) -> Account | None:
    """The kept one's primary account, else the other's; none when neither has one."""
    primaries = Account.objects.filter(influencer__in=[kept, other], is_primary=True)
    found = {account.influencer_id: account for account in primaries}
    return found.get(kept.pk) or found.get(other.pk)


def differs_from_itself(kept: Influencer, other: Influencer) -> str:
    """Why two records can never be one; empty when they can."""
    if kept.pk == other.pk:
        return _("This is the same record twice.")
    duos = Influencer.members.through._default_manager
    people = [kept.pk, other.pk]
    if duos.filter(from_influencer__in=people, to_influencer__in=people).exists():
        return _("One is a member of the other: a duo and its member are two records.")
    if duos.filter(from_influencer__in=people).exists() and duos.filter(to_influencer__in=people).exists():
        return _("One is a duo and the other a member of a duo: a member is one person.")
    return ""
