"""Words that point to what the law protects most: found whole, in eight languages; near misses pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influencers.fit.words import TOPICS, WORDS, fold, sensitive_words


def found(text: str, *names: str) -> list[tuple[str, str]]:
    return [(word.text, word.topic) for word in sensitive_words(text, names=names)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She spoke about her depression.", [("depression", "health")]),
        ("Hun er gravid og KRÆFT i familien", [("gravid", "health"), ("KRÆFT", "health")]),
        ("Er ist schwanger? Angststörung!", [("schwanger", "health"), ("Angststörung", "health")]),
        ("Angststorung without dots", [("Angststorung", "health")]),
        ("Is zwanger, gaat naar de vakbond", [("zwanger", "health"), ("vakbond", "union")]),
        ("Hon är sjukskriven och facklig", [("sjukskriven", "health"), ("facklig", "union")]),
        ("É evangélica e bolsonarista", [("evangélica", "religion"), ("bolsonarista", "politics")]),
        ("Es judía, de izquierda; sindicalista", [("judía", "religion"), ("sindicalista", "union")]),
        ("Elle est enceinte, d'extrême-droite", [("est enceinte", "health"), ("extrême-droite", "politics")]),
        ("A Muslim, left-wing, and a trade  union member", [
            ("Muslim", "religion"), ("left-wing", "politics"), ("trade  union", "union")]),
        ("He is gay and a Black man", [("gay", "orientation"), ("Black man", "ethnicity")]),
        ("Christian", [("Christian", "religion")]),
        ("Jehovah’s Witness", [("Jehovah’s Witness", "religion")]),
        ("etnisk, homoseksuel", [("etnisk", "ethnicity"), ("homoseksuel", "orientation")]),
        ("ill, ILL and ill again", [("ill", "health")]),
        ("a well-known lesbian_icon", [("lesbian", "orientation")]),
    ],
)  # fmt: skip
def test_sensitive_words_are_found(text: str, words: list[tuple[str, str]]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "healthy food and a health-conscious audience",
        "party dress for the summer party",
        "Black Friday, black coffee, white sneakers",
        "Roxane Gay and Marvin Gaye, Gay Talese",
        "Christian Dior bag",
        "skill, still, illustrated, illustrator",
        "a cycling race, an arms-length union jack",
        "enceinte connectée de Sonos",
        "homogeneous audience, gayest colours",
        "Bosse lives in Islamabad",
        "conservative estimate, liberal use of colour",
        "cooking with cancerian star signs",
        "",
    ],
)
def test_sensitive_words_near_misses_pass(text: str) -> None:
    assert found(text) == []


def test_sensitive_words_of_the_names_pass() -> None:
    assert found("gay reads well", "Bob Gay") == []
    assert found("Queer Eye is the client", "Queer Eye") == []
    assert found("Queer Eye is the client") == [("Queer", "orientation")]


def test_sensitive_word_says_what_it_is_about() -> None:
    assert [word.about for word in sensitive_words("vegan, gay")] == ["sexual orientation"]


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", ["en", "da", "de", "nl", "sv", "pt", "es", "fr"])
def test_every_listed_word_is_found(topic: str, language: str) -> None:
    for word in WORDS[topic][language].split("|"):
        [first, *_rest] = sensitive_words(f"… {word.upper()}, and so on")
        assert fold(first.text) == fold(word.upper())


@given(st.text(max_size=200))
def test_sensitive_words_read_any_text(text: str) -> None:
    for word in sensitive_words(text):
        assert word.text in text
        assert word.topic in TOPICS
