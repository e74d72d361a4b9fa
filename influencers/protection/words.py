"""The words by which a person is known here, and the patterns that find them in texts of others."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet

from influencers.models import Account, Influencer, Merge, Platform
from influencers.protection.fingerprints import Identifier

# Shorter ones may be anybody's: "rose", "top1", "20260501".
LONG_WORD, LONG_MIXTURE, LONG_NUMBER = 8, 5, 9
NOTHING = r"x\Ax"  # a pattern that no text meets


@dataclass(frozen=True, slots=True)
class PersonWords:
    """Names, handles, ids and addresses of one person, of today and of the past, and how to recognise them again.

    `texts` are as people typed them; `spellings` also as addresses and JSON write them.
    """

    texts: frozenset[str]
    identifiers: tuple[Identifier, ...]
    spellings: tuple[str, ...]

    @property
    def distinctive(self) -> list[str]:
        """Words that nobody else uses: they go wherever they stand."""
        return [word for word in self.spellings if is_distinctive(word)]

    @property
    def common(self) -> list[str]:
        """Words that may mean something else: they go as @word, in an address, or in quotation marks."""
        return [word for word in self.spellings if not is_distinctive(word)]

    @property
    def replaced(self) -> list[str]:
        """The distinctive ones as people typed them, for a page."""
        return sorted(text for text in self.texts if is_distinctive(text))

    @property
    def spared(self) -> list[str]:
        """The common ones as people typed them, for a page."""
        return sorted(text for text in self.texts if not is_distinctive(text))

    @property
    def strict(self) -> str:
        """The pattern for texts in which a word too many would do harm."""
        plain = rf"(^|[^[:alnum:]])(?:{either(self.distinctive)})(?![[:alnum:]])"
        return rf"{plain}|([@/=“])(?:{either(self.common)})(?![[:alnum:]])"

    @property
    def loose(self) -> str:
        """The pattern that finds every one of them as a word."""
        return rf"(^|[^[:alnum:]])()(?:{either(self.spellings)})(?![[:alnum:]])"


def words_of(influencer: Influencer) -> PersonWords:
    """All that the roster and its history call the creator. Five queries."""
    names, identifiers = {influencer.name}, set()
    ids = [influencer.pk]
    merges = Merge.objects.filter(kept=influencer, undone_at__isnull=True)
    for merged_id, merged_name in merges.values_list("merged_id", "merged_name"):
        ids.append(merged_id)
        names.add(merged_name)
    emails = {influencer.email}
    phones = {influencer.phone}
    history = apps.get_model("influencers", "InfluencerEvent")._default_manager.filter(pgh_obj_id__in=ids)
    for name, email, phone in history.values_list("name", "email", "phone"):
        names.add(name)
        emails.add(email)
        phones.add(phone)
    accounts = set(Account.objects.filter(influencer=influencer).values_list("platform", "handle", "external_id"))
    history = apps.get_model("influencers", "AccountEvent")._default_manager.filter(influencer_id__in=ids)
    # An account that somebody else has today is known by its handle as theirs.
    history = history.exclude(pgh_obj_id__in=of_others(influencer, Account))
    accounts |= set(history.values_list("platform", "handle", "external_id"))
    for platform, handle, external_id in accounts:
        identifiers.add(Identifier.of_handle(platform, handle))
        identifiers.add(Identifier.of_external_id(platform, external_id or ""))
    identifiers |= {Identifier.of_email(email) for email in emails}
    known = sorted(
        (each for each in identifiers if each.value), key=lambda each: (each.sort, each.platform, each.value)
    )
    texts = names | phones | emails | {handle for _platform, handle, _id in accounts}
    texts |= {external_id for _platform, _handle, external_id in accounts if external_id}
    texts = {text.strip().removeprefix("@") for text in texts} - {""}
    return PersonWords(frozenset(texts), tuple(known), tuple(spelled(texts)))


def of_others(influencer: Influencer, model: type[Model]) -> "QuerySet[Any]":
    """Numbers of the rows that belong to other creators of the agency today: their history is not this one's."""
    rows = model._default_manager.filter(agency_id=influencer.agency_id).exclude(influencer=influencer)
    return rows.order_by().values("pk")


def spelled(texts: Iterable[str]) -> list[str]:
    """Each text as typed, without accents, in an address and in JSON; the longest first, each once whatever its case."""
    plain = sorted(texts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT meso_fold(word) FROM unnest(%s::text[]) AS word", [plain])
        folded = [row[0] for row in cursor.fetchall()]
    found: dict[str, str] = {}
    for text in [*plain, *folded]:
        for spelling in (text, quote_plus(text), quote(text), json.dumps(text)[1:-1]):
            if len(spelling) > 1:
                found.setdefault(spelling.casefold(), spelling)
    return sorted(found.values(), key=lambda word: (-len(word), word))


def is_distinctive(word: str) -> bool:
    """Whether the word can only mean the person: long, or a mixture of letters and signs, and no word of the site."""
    if word.casefold() in reserved():
        return False
    return len(word) >= (LONG_WORD if word.isalpha() else LONG_NUMBER if word.isdigit() else LONG_MIXTURE)


def reserved() -> frozenset[str]:
    """Names of platforms and fields: mappings and filters are full of them."""
    fields = (
        field.name for model in apps.get_app_config("influencers").get_models() for field in model._meta.get_fields()
    )
    return frozenset(Platform.values) | frozenset(fields)


def either(words: Iterable[str]) -> str:
    """An alternation of the words as they are, for regular expressions of PostgreSQL."""
    return "|".join(re.sub(r"\s+", "[[:space:]]+", re.sub(r"([^\w\s])", r"\\\1", word)) for word in words) or NOTHING
