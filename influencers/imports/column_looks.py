"""What a column seems to mean, by the look of its values alone; always a proposal, never taken without a person's yes."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from influencers.imports.cells import Cell, plain_text, words
from influencers.imports.handles import read_platform
from influencers.imports.numbers import looks_like_number
from influencers.imports.places import country_code, language_code
from influencers.imports.profile_addresses import site_platform, url_parts

_EMAIL = re.compile(r"(?:mailto:)?[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_HANDLE = re.compile(r"@[\w.·-]+")
_NAME_AND_HANDLE = re.compile(r".*\w.*\(@?[\w.·-]+\)|.*\w.*\s@[\w.·-]+|@[\w.·-]+\s+\(.*\)")
_PLAIN_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]+")
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’&-]+)+")
# Two of a hundred may be typing errors.
_ENOUGH: Final = 0.98
_FEW_VALUES = 3


def strong_look(values: Sequence[Cell]) -> str:
    """Return the meaning of values that can hardly be anything else: links, e-mail addresses, handles with their @."""
    texts = [text for value in values if (text := words(value))]
    if not texts:
        return ""
    if _all(texts, _EMAIL.fullmatch):
        return "email"
    if _all(texts, _platform_of_link):
        platforms = {_platform_of_link(text) for text in texts} - {""}
        return f"url:{platforms.pop()}" if len(platforms) == 1 else "url"
    if _all(texts, _HANDLE.fullmatch):
        return "handle"
    return "name_handle" if _all(texts, _NAME_AND_HANDLE.fullmatch) else ""


def weak_look(values: Sequence[Cell]) -> str:
    """Return the meaning that values without a heading seem to have, empty where they tell nothing."""
    texts = [text for value in values if (text := plain_text(value))]
    if not texts:
        return ""
    if _all(texts, looks_like_number):
        return "" if _numbers_the_rows(texts) else "followers"
    if _all(texts, _is_platform):
        return "platform"
    if _all(texts, lambda text: language_code(text) is not None and text.islower()):
        return "language"
    if _all(texts, country_code):
        return "country"
    if _all(texts, _FULL_NAME.fullmatch):
        return "name"
    is_repeated = len(set(texts)) * 2 <= len(texts)
    if _all(texts, _PLAIN_HANDLE.fullmatch) and not is_repeated:
        return "handle"
    if is_repeated and len(texts) > _FEW_VALUES:
        return "niche"
    return "name" if sum(1 for text in texts if _FULL_NAME.fullmatch(text)) * 2 >= len(texts) else ""


def _all(texts: Sequence[str], test: Callable[[str], object]) -> bool:
    return sum(1 for text in texts if test(text)) >= len(texts) * _ENOUGH


def _platform_of_link(text: str) -> str:
    parts = url_parts(text)
    platform = site_platform(parts) if parts is not None and parts.segments else None
    return platform or ""


def _is_platform(text: str) -> bool:
    try:
        read_platform(text)
    except ValueError:
        return False
    return True


def _numbers_the_rows(texts: Sequence[str]) -> bool:
    if not all(text.isascii() and text.isdigit() for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return all(after == before + 1 for before, after in pairwise(numbers)) and len(numbers) > 1
