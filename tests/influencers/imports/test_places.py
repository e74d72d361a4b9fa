"""Countries and languages."""

import pytest

from agency.countries import COUNTRIES
from influencers.imports.places import LANGUAGE_CODES, country_code, language_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DK", "DK"),
        ("dk", "DK"),
        ("Denmark", "DK"),
        ("Österreich", "AT"),
        ("U.S.A.", "US"),
        ("UK", "GB"),
        ("Côte d’Ivoire", "CI"),
        ("Brasil", "BR"),
        ("DEU", "DE"),
        ("Türkiye", "TR"),
        ("Atlantis", None),
        ("", None),
        ("XX", None),
    ],
)
def test_country(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_every_country_is_known_by_its_own_name() -> None:
    assert {code: country_code(country.name) for code, country in COUNTRIES.items()} == {
        code: code for code in COUNTRIES
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("en", "en"),
        ("EN-gb", "en"),
        ("pt_BR", "pt"),
        ("Français", "fr"),
        ("Dansk", "da"),
        ("Klingon", None),
        ("xx", None),
    ],
)
def test_language(text: str, code: str | None) -> None:
    assert language_code(text) == code
    assert code is None or code in LANGUAGE_CODES
