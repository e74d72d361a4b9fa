"""Audience shares as people paste them: one part a line, with its percentage."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.models import Agency
from influencers.forms.prices import day_input
from influencers.imports.places import country_code, language_code
from influencers.models import AGE_BANDS, AudienceShare
from influencers.selectors.audience import DayOfShares

DIMENSIONS = AudienceShare.Dimension
# The part ends where a sign or a space is followed by nothing but a number: "DK 62%", "Denmark: 62,5", "65+\t4". A comma behind a
# digit belongs to a number, unless the digits are an age band.
LINE = re.compile(
    r"(?P<part>.+?)(?:\s*[:;=|\t]\s*|(?<![\d\s])\s*,\s*|(?<=\d\d[-–]\d\d),\s*|\s+)"
    r"(?P<number>\d{1,3}(?:[.,]\d{1,4})?)\s*(?P<sign>%?)"
)
MANY_LINES, LONG_PART = 200, 100
THE_REST = frozenset({"other", "others", "other countries", "other cities", "rest", "unknown", "others/unknown", "n/a"})
GENDER_WORDS = {
    "women": ("women", "woman", "female", "females", "f", "w"),
    "men": ("men", "man", "male", "males", "m"),
    "other": ("other", "others", "other or unknown", "unknown", "unspecified", "non-binary", "diverse", "x"),
}
GENDER_KEYS = {word: key for key, words in GENDER_WORDS.items() for word in words}
EXAMPLES = {
    DIMENSIONS.COUNTRY: "Denmark 62.5 %\nSE 20 %",
    DIMENSIONS.CITY: "København 31 %\nAarhus 12 %",
    DIMENSIONS.AGE: "18-24 30 %\n25-34 45 %",
    DIMENSIONS.GENDER: "Women 71 %\nMen 28 %",
    DIMENSIONS.LANGUAGE: "Danish 70 %\nen 22 %",
}


def read_part(dimension: str, text: str) -> str | None:
    """The key under which the part is kept; None if the text names no part of this dimension."""
    if dimension == DIMENSIONS.COUNTRY:
        return country_code(text)
    if dimension == DIMENSIONS.LANGUAGE:
        return language_code(text)
    if dimension == DIMENSIONS.GENDER:
        return GENDER_KEYS.get(text.casefold())
    if dimension == DIMENSIONS.AGE:
        band = re.sub(r"\s+", "", re.sub(r"[‐‑‒–—−]|\bto\b", "-", text.casefold())).removesuffix("years")
        return band if band in dict(AGE_BANDS) else None
    return text if len(text) <= LONG_PART else None


def _why_not(dimension: str, text: str) -> str:
    known = {
        DIMENSIONS.COUNTRY.value: _("“%(text)s” is no country that is known here. Use its code, e.g. DK."),
        DIMENSIONS.LANGUAGE.value: _("“%(text)s” is no language that is known here. Use its code, e.g. da."),
        DIMENSIONS.GENDER.value: _("“%(text)s” is none of women, men, other."),
        DIMENSIONS.AGE.value: _("“%(text)s” is no age band. There are: %(bands)s."),
        DIMENSIONS.CITY.value: _("“%(text)s” is longer than 100 characters."),
    }
    bands = ", ".join(str(label) for _key, label in AGE_BANDS)
    return known[dimension] % {"text": text[:120], "bands": bands}


def read_shares(dimension: str, text: str) -> dict[str, Decimal]:
    """The fractions by part that the lines give in percent; ValidationError names each line that is none.

    A line for the rest ("others 8 %") is left out: the rest is what the other lines leave.
    """
    found: dict[str, Decimal] = {}
    errors: list[str] = []
    signs = ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MANY_LINES:
        raise forms.ValidationError(_("These are more than %(most)d lines.") % {"most": MANY_LINES})
    for line in lines:
        read = LINE.fullmatch(line)
        if read is None:
            errors.append(_("“%(line)s” is no part with its percentage.") % {"line": line[:120]})
            continue
        part, signs = " ".join(read["part"].split()), signs + read["sign"]
        if dimension != DIMENSIONS.GENDER and part.casefold() in THE_REST:
            continue
        key = read_part(dimension, part)
        if key is None:
            errors.append(_why_not(dimension, part))
        elif key.casefold() in {other.casefold() for other in found}:
            errors.append(_("“%(part)s” is given twice.") % {"part": part})
        else:
            found[key] = Decimal(read["number"].replace(",", ".")) / 100
    if not errors and found and not signs and sum(found.values()) <= Decimal("0.01"):
        errors.append(_("Write percentages: 62 %, not 0.62. Together these are 1 or less."))
    if errors:
        raise forms.ValidationError(errors)
    return found


def shares_text(day: DayOfShares) -> str:
    """The lines that `read_shares` reads back."""
    return "\n".join(f"{part.name} {(part.share * 100).normalize():f} %" for part in day.parts)


class AudienceForm(forms.Form):
    """What one source says of one dimension on one day."""

    shares = forms.CharField(
        label=gettext_lazy("Shares"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One part a line, with its percentage. What is missing to 100 % is shown as others or unknown."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("Where they come from, e.g. the creator's Instagram insights."),
    )
    as_of = forms.DateField(label=gettext_lazy("As of"), widget=day_input())

    def __init__(
        self, *args: Any, dimension: str, agency: Agency, day: DayOfShares | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.dimension, self.agency = dimension, agency
        self.fields["shares"].widget.attrs["placeholder"] = EXAMPLES[DIMENSIONS(dimension)]
        self.fields["as_of"].initial = day.as_of if day else agency.today()
        if day:
            self.fields["shares"].initial = shares_text(day)
            self.fields["source"].initial = day.sources[0]

    def clean_shares(self) -> dict[str, Decimal]:
        found = read_shares(self.dimension, self.cleaned_data["shares"])
        if not found:
            raise forms.ValidationError(_("Give at least one share."))
        return found

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if day > self.agency.today():
            raise forms.ValidationError(_("Shares cannot be dated in the future."))
        return day


class AudienceDayForm(forms.Form):
    """One of the days of which shares are known."""

    as_of = forms.TypedChoiceField(label=gettext_lazy("Shares as of"), coerce=date.fromisoformat)

    def __init__(self, *args: Any, days: Sequence[DayOfShares], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (day.as_of.isoformat(), f"{date_format(day.as_of, 'j F Y')} · {', '.join(day.sources)}") for day in days
        ]
        self.fields["as_of"].choices = choices  # type: ignore[attr-defined]
