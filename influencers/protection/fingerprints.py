"""Keyed fingerprints of the identifiers of erased people: an import recognises them, nobody can read them.

Fingerprinted are handles and ids on a platform and the creator's own e-mail address. Names are not: many people share one, and
an import would skip a namesake. Nor is the management's e-mail address, which belongs to all of its creators.
"""

import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.encoding import force_bytes

from influencers.models import Erasure, Fingerprint

LABEL = b"meso.influencers.fingerprint.v1"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One way to recognise a person: `sort` is `handle`, `id` or `email`; an e-mail address has no platform."""

    sort: str
    platform: str
    value: str

    @classmethod
    def of_handle(cls, platform: str, handle: str) -> "Identifier":
        return cls("handle", platform, folded(handle).removeprefix("@"))

    @classmethod
    def of_external_id(cls, platform: str, external_id: str) -> "Identifier":
        return cls("id", platform, external_id.strip())

    @classmethod
    def of_email(cls, email: str) -> "Identifier":
        return cls("email", "", folded(email))

    def digest(self, key: bytes) -> bytes:
        # NUL cannot be in a text of the database: no two identifiers give the same message.
        return hmac.digest(key, f"{self.sort}\0{self.platform}\0{self.value}".encode(), "sha256")


def folded(text: str) -> str:
    """As two spellings of one handle or address are the same."""
    return unicodedata.normalize("NFC", text.strip()).casefold()


def derived_key(secret: str | bytes) -> bytes:
    """A key of its own for fingerprints, so that a digest tells nothing about other uses of the site's secret."""
    return hmac.digest(force_bytes(secret), LABEL, "sha256")


class Fingerprints:
    """All fingerprints of an agency, read once: to ask about 100,000 rows costs no further query."""

    def __init__(self, digests: Iterable[str]) -> None:
        self._digests = frozenset(map(bytes.fromhex, digests))
        self._keys = [derived_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]

    @classmethod
    def of(cls, agency_id: int) -> "Fingerprints":
        """Those of the agency's erased people. One query."""
        return cls(Fingerprint.objects.filter(agency_id=agency_id).values_list("digest", flat=True))

    def is_empty(self) -> bool:
        """Whether nobody was erased: then every answer is no."""
        return not self._digests

    def matches(
        self, *, platform: str = "", handle: str | None = "", external_id: str | None = "", email: str | None = ""
    ) -> bool:
        """Whether one of them belongs to somebody who was erased; a handle or id counts on its own platform only."""
        if not self._digests:
            return False
        return (
            (bool(handle) and self._knows(Identifier.of_handle(platform, handle or "")))
            or (bool(external_id) and self._knows(Identifier.of_external_id(platform, external_id or "")))
            or (bool(email) and self._knows(Identifier.of_email(email or "")))
        )

    def digests_of(self, identifiers: Iterable[Identifier]) -> set[str]:
        """Those that are kept of the identifiers, as they are stored."""
        digests = (identifier.digest(key) for identifier in identifiers if identifier.value for key in self._keys)
        return {digest.hex() for digest in digests if digest in self._digests}

    def _knows(self, identifier: Identifier) -> bool:
        return any(identifier.digest(key) in self._digests for key in self._keys)


def keep_fingerprints(erasure: Erasure, identifiers: Iterable[Identifier]) -> int:
    """Keeps a digest of each under the erasure, by today's key; one that is kept already stays with its erasure."""
    key = derived_key(settings.SECRET_KEY)
    rows = {identifier.digest(key).hex() for identifier in identifiers if identifier.value}
    Fingerprint.objects.bulk_create(
        [Fingerprint(agency_id=erasure.agency_id, erasure=erasure, digest=digest) for digest in sorted(rows)],
        ignore_conflicts=True,
    )
    return len(rows)
