"""What apps above narrow the roster by. They register it in `AppConfig.ready`; the roster never learns who that was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise

from agency.models import Membership
from influencers.models import RosterLine

Lines = QuerySet[RosterLine, RosterLine]
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """A filter of another app: `fields` are made anew for each reader; `lead` is the field without which it does nothing.

    `apply` narrows the lines in the database; `told` says in words what it asks for, as the chip shows it.
    """

    key: str
    label: str | Promise
    lead: str
    fields: Callable[[Membership], dict[str, forms.Field]]
    apply: Callable[[Lines, Answers, Membership], Lines]
    told: Callable[[Answers], str]


_slots: dict[str, Slot] = {}


def register(slot: Slot) -> None:
    """Add a filter to the roster; the same key again replaces it."""
    _slots[slot.key] = slot


def registered() -> list[Slot]:
    """The filters of other apps, in the order of their keys."""
    return [_slots[key] for key in sorted(_slots)]
