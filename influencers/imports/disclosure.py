"""Whether a post is known to be paid for: by the platform's own flag, or by the words that the law of a country wants.

Words are a first sight, never the only evidence, and their absence proves nothing. So the platform's flag says yes or
no; without it, words say yes; without words it is unknown, even where a caption is there.
"""

import re
import unicodedata
from typing import Literal

from django.utils.translation import gettext as _

from influencers.imports.cells import UNKNOWN_WORDS, Cell, plain_text, shown
from influencers.imports.errors import CellError
from influencers.imports.headers import plain_key

Sponsored = Literal["yes", "no", "unknown"]
SponsoredSource = Literal["platform", "words", ""]

_YES = frozenset(
    {"yes", "y", "true", "1", "paid", "sponsored", "ad", "ja", "sim", "si", "oui", "branded", "paid partnership"}
)
_NO = frozenset(
    {"no", "n", "false", "0", "organic", "not sponsored", "unpaid", "nein", "nee", "nej", "nao", "non", "none"}
)
_UNKNOWN = frozenset({"", *(plain_key(word) for word in UNKNOWN_WORDS - {"none"})})

# Labels by language, domain.md 2.6: as hashtags they count anywhere in the caption.
_HASHTAGS = (
    *("ad", "advert", "sponsored", "paidpartnership"),
    *("advertentie", "reclame", "adv", "spon", "betaaldpartnerschap"),
    *(
        "reklame",
        "annonce",
        "publicit[ée]",
        "collaborationcommerciale",
        "partenariat",
        "werbung",
        "anzeige",
        "publiciteit",
    ),
)
# Words that hardly mean anything else count anywhere too, but only as whole words.
_WORDS = (
    *("paid partnership", "reklame", "publicité", "collaboration commerciale", "partenariat"),
    *("werbung", "anzeige", "advertentie", "publiciteit", "betaald partnerschap"),
)
# In French and Portuguese these are everyday words; the label comes first, so only there they count without the hash.
_OPENING_WORDS = ("annonce", "reclame")
_DISCLOSED = re.compile(
    rf"#(?:{'|'.join(_HASHTAGS)})(?!\w)|(?<![\w#])(?:{'|'.join(_WORDS)})(?!\w)|\A\W*(?:{'|'.join(_OPENING_WORDS)})(?!\w)",
    re.IGNORECASE,
)


def has_disclosure_words(caption: str) -> bool:
    """Say whether a disclosure label stands in the caption as its own word (#ad, not #adventure, not «ad occhi»)."""
    return _DISCLOSED.search(caption if caption.isascii() else unicodedata.normalize("NFKC", caption)) is not None


def read_flag(cell: Cell, *, column: str) -> Sponsored:
    """Return what the platform's flag in the cell says; CellError for a word that is neither yes nor no."""
    key = plain_key(plain_text(cell))
    if key in _YES:
        return "yes"
    if key in _NO:
        return "no"
    if key in _UNKNOWN:
        return "unknown"
    raise CellError(column, shown(cell), _("This is neither yes nor no."))


def sponsored(flag: Sponsored, caption: str) -> tuple[Sponsored, SponsoredSource]:
    """Return whether the post is sponsored and how that is known."""
    if flag != "unknown":
        return flag, "platform"
    return ("yes", "words") if has_disclosure_words(caption) else ("unknown", "")
