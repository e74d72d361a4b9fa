"""The filters as the panel shows them: in groups, answers with their counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from influencers.filters import slots
from influencers.filters.counts import Answer
from influencers.filters.roster import RosterFilter

WRITTEN = frozenset({"niche", "tag"})
GROUPS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("Who"), ("q", "status", "kind", "niche", "tag", "list")),
    (_("Where"), ("country", "region", "city", "language")),
    (_("Size and platform"), ("platform", "tier", "followers_from", "followers_to")),
    (
        _("Figures"),
        ("rate", "rate_from", "rate_to", "percentile_from", "saturation_to", "growth_from", "growth_to", "older"),
    ),
    (
        _("Audience of the main account"),
        (
            "audience_country", "audience_country_share", "audience_age", "audience_age_share", "audience_gender",
            "audience_gender_share",
        ),
    ),
    (_("Brand fit and notes"), ("brand", "verdict", "notes")),
    (_("Price valid today"), ("price_kind", "price_currency", "price_from", "price_to")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PanelField:
    """A field; with `answers` it is a choice among these, or a line that suggests them where it `is_written`."""

    bound: forms.BoundField
    answers: list[Answer] = field(default_factory=list)
    is_counted: bool = False
    is_written: bool = False

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen, of a fixed choice; Django's widget would render a template for each country."""
        fixed = self.bound.field
        if not isinstance(fixed, forms.ChoiceField) or isinstance(fixed, forms.ModelChoiceField):
            return []
        chosen = self.bound.value() or ""
        choices: Any = fixed.choices
        return [(value, str(label), value == chosen) for value, label in choices]

    @property
    def markup(self) -> SafeString:
        """The field's own input. The list page may hold it a second time, so its id is the panel's."""
        return self.bound.as_widget(attrs={"id": f"panel-{self.bound.name}"})


@dataclass(frozen=True, slots=True)
class Section:
    label: str | Promise
    fields: list[PanelField]


def sections(found: RosterFilter, answers: Mapping[str, list[Answer]]) -> list[Section]:
    """The groups with the fields that this reader has; filters of other apps each a group of its own."""
    groups = [*GROUPS, *((slot.label, tuple(slot.fields(found.membership))) for slot in slots.registered())]
    filled = []
    for label, names in groups:
        own = [panel_field(found, name, answers) for name in names if name in found.form.fields]
        if own:
            filled.append(Section(label, own))
    return filled


def panel_field(found: RosterFilter, name: str, answers: Mapping[str, list[Answer]]) -> PanelField:
    bound = found.form[name]
    return PanelField(bound, answers.get(name, []), is_counted=name in answers, is_written=name in WRITTEN)
