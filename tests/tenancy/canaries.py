"""Canaries: unmistakable words and amounts, planted in every text and amount of a row, that tell whose row they were in."""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from pypdf import PdfReader

WORD = re.compile(r"zq[a-z]\d{4}")
AMOUNT = re.compile(r"(?<!\d)83\d{6}(?!\d)")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[,.\u00a0\u202f\u2009' ](?=\d{3}(?!\d))")

ROSTER_LINE = ("sort_name", "status", "country", "kind", "region", "city", "languages", "niches", "tags", "search_text",
               "platforms", "followers")  # fmt: skip
# What cannot carry a canary, and why.
EXEMPT = {
    "agency.Agency.timezone": "must be a known zone",
    "agency.Agency.currency": "must be three capital letters",
    "agency.User.password": "a hash; never printed by any template of ours or of allauth",
    "agency.Brand.markets": "country codes of two letters",
    "agency.Brand.target_ages": "bands from a list",
    "agency.Brand.languages": "language codes of two letters",
    "campaigns.Campaign.currency": "must be three capital letters",
    "campaigns.Campaign.markets": "country codes of two letters",
    "campaigns.Collaboration.currency": "must be three capital letters",
    "campaigns.Exclusivity.markets": "country codes of two letters",
    "campaigns.Clash.rule": "names one of our own rules",
    "influencers.AudienceShare.share": "a fraction of the whole",
    "influencers.Price.currency": "must be three capital letters",
    "influencers.Account.typed_followers_step": "a rounding step",
    "influencers.Account.followers": "kept by a trigger from counts that are canaries",
    "influencers.Influencer.country": "a country code of two letters",
    "influencers.Influencer.handle_text": "kept by a trigger from handles that are canaries",
    **{f"influencers.RosterLine.{name}": "kept by triggers from rows that carry canaries" for name in ROSTER_LINE},
    "influencers.SavedView.columns": "our own names of columns",
    "influencers.RosterColumns.columns": "our own names of columns",
    "influencers.MetricsRange.low": "ids of accounts",
    "influencers.MetricsRange.high": "ids of accounts",
    "influencers.Merge.merged_id": "the number of a record",
    "influencers.Merge.choices": "our own words: kept or other",
    "influencers.Merge.undo": "the rows of the merged record, whose canaries are their own",
    "influencers.ImportBatch.options": "a platform or a delimiter; the sheet's name is in `detected`",
    "influencers.ImportBatch.left": "ids and our own words for why",
    "influencers.ImportChange.row_id": "the id of a row",
    "influencers.ImportBatch.mapping": "our own column names; the file's are in `errors`",
}

EVENT_FIELDS = {"currency", "share", "country", "markets", "target_ages", "languages", "typed_followers_step"}
TRACKED = ("Influencer", "Account", "Price", "AudienceShare", "BrandFitNote")
EVENT_MODELS = ("agency.BrandEvent", *(f"influencers.{name}Event" for name in TRACKED))
EXEMPT |= {
    f"{model}.{name}": reason
    for model in EVENT_MODELS
    for name, reason in (
        ("id", "the id of the row"),
        ("pgh_label", "changed or deleted"),
        ("pgh_context", "ids of people and imports"),
    )
}
# What the row itself cannot carry, its events cannot either.
EXEMPT |= {
    f"{model}.{name}": reason
    for model in EVENT_MODELS
    for base, reason in list(EXEMPT.items())
    if base.rpartition(".")[0] == model.removesuffix("Event") and (name := base.rpartition(".")[2]) in EVENT_FIELDS
}


@dataclass(frozen=True)
class Canary:
    """Where a word or amount was planted: `tag` says who may hear it (see `world.MAY_HEAR`)."""

    mark: str
    tag: str
    field: str


class Aviary:
    """All canaries of a world."""

    def __init__(self) -> None:
        self.by_mark: dict[str, Canary] = {}

    def word(self, tag: str, field: str) -> str:
        return self._add(f"zq{tag}{len(self.by_mark):04d}", tag, field)

    def amount(self, tag: str, field: str) -> int:
        """Eight digits that begin with 83, in no row of numbers."""
        return int(self._add(f"83{(len(self.by_mark) * 7919 + 104_729) % 1_000_000:06d}", tag, field))

    def _add(self, mark: str, tag: str, field: str) -> str:
        assert mark not in self.by_mark
        self.by_mark[mark] = Canary(mark, tag, field)
        return mark

    def heard_in(self, text: str) -> set[str]:
        """The marks that occur in the text, whatever the case and the thousands separators."""
        lowered = text.lower()
        amounts = AMOUNT.findall(BETWEEN_DIGITS.sub("", lowered)) + AMOUNT.findall(lowered)
        return {mark for mark in [*WORD.findall(lowered), *amounts] if mark in self.by_mark}

    def fill(self, model: type[models.Model], tag: str, given: dict[str, Any]) -> dict[str, Any]:
        """A canary for every text and amount of the model that is not given and not exempt."""
        planted = dict(given)
        for field in carriers(model):
            if field.name not in given:
                planted[field.name] = self._value(field, tag)
        return planted

    def _value(self, field: Any, tag: str) -> Any:
        name = label(field)
        if isinstance(field, ArrayField):
            return [self.word(tag, name)]
        if isinstance(field, models.JSONField):
            return {"canary": self.word(tag, name)}
        if isinstance(field, models.BigIntegerField | models.DecimalField):
            return self.amount(tag, name)
        if isinstance(field, models.URLField):
            return f"https://example.com/{self.word(tag, name)}"
        if isinstance(field, models.EmailField):
            return f"{self.word(tag, name)}@example.com"
        return self.word(tag, name)


def label(field: Any) -> str:
    return f"{field.model._meta.label}.{field.name}"


def is_carrier(field: Any) -> bool:
    """A text, list of texts, JSON, file or amount that people write or import."""
    if field.primary_key or field.is_relation or field.choices or isinstance(field, models.GeneratedField):
        return False
    if isinstance(field, ArrayField):
        return isinstance(field.base_field, models.CharField) and not field.base_field.choices
    kinds = (
        models.CharField,
        models.TextField,
        models.JSONField,
        models.FileField,
        models.DecimalField,
        models.BigIntegerField,
    )
    return isinstance(field, kinds)


def carriers(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if is_carrier(field) and label(field) not in EXEMPT]


def said(response: Any) -> str:
    """Everything that an answer says: status line, headers, cookies, and the body in whatever format it is."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return "\n".join([headers, str(response.cookies), *texts_of(body, response.get("Content-Type", ""))])


def texts_of(body: bytes, content_type: str) -> Iterable[str]:
    """The texts of a body: the pages of a PDF, the members of a zip or an office file, else the body itself."""
    if "pdf" in content_type:
        reader = PdfReader(io.BytesIO(body))
        yield str({key: value for key, value in (reader.metadata or {}).items() if "Date" not in key})
        yield from (page.extract_text() for page in reader.pages)
    elif body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield name
                yield from texts_of(archive.read(name), "")
    else:
        yield body.decode("utf-8", "replace")
