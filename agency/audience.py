"""The parts of a target audience that figures can be held against: age bands and languages, as brands name them."""

import re
from functools import cache

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

AGE_BANDS = (
    ("13-17", "13–17"),
    ("18-24", "18–24"),
    ("25-34", "25–34"),
    ("35-44", "35–44"),
    ("45-54", "45–54"),
    ("55-64", "55–64"),
    ("65+", "65+"),
)
CODE = re.compile(r"[a-z]{2}")


@cache
def language_names() -> dict[str, str]:
    """English name by ISO 639-1 code, of the languages that Django knows."""
    return {code: facts["name"] for code, facts in LANG_INFO.items() if CODE.fullmatch(code) and "name" in facts}


def validate_language(code: str) -> None:
    """Refuse what is no language code of two letters."""
    if code not in language_names():
        raise ValidationError(_("“%(code)s” is no language code. Example: da."), params={"code": code})
