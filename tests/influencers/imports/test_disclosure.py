"""Whether a post says that it is paid for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influencers.imports.disclosure import has_disclosure_words, read_flag, sponsored
from influencers.imports.errors import CellError


@pytest.mark.parametrize(
    "caption",
    [
        "#ad so good",
        "so good #AD",
        "great #sponsored🔥",
        "thanks #paidpartnership, yes",
        "＃ad with a wide hash",
        "mooi #advertentie",
        "#reclame",
        "fijn #spon #adv",
        "Reklame for Acme",
        "Tak. REKLAME",
        "Annonce: ny kjole",
        "[annonce] ny kjole",
        "Une collaboration commerciale avec Acme",
        "Publicité",
        "publicite\u0301 avec Acme",
        "#publicite",
        "en partenariat avec Acme",
        "Werbung | neu",
        "Anzeige\nneu",
        "line\n#Werbung",
        "Paid partnership with Acme",
    ],
)
def test_caption_with_a_label(caption: str) -> None:
    assert has_disclosure_words(caption)


@pytest.mark.parametrize(
    "caption",
    [
        "",
        "an ad is an ad",
        "Scrivi ad occhi chiusi",
        "#adventure #adidas #advertising",
        "my #adorable cat",
        "official sponsor of the cup",
        "sponsored by nobody",
        "#tiktokpartner",
        "grosse annonce demain",
        "Não reclame de tudo",
        "Werbungsfrei",
        "#werbungfrei",
        "Reklamer",
        "#ad_free",
    ],
)
def test_caption_without_a_label(caption: str) -> None:
    assert not has_disclosure_words(caption)


@given(st.text(alphabet="abcd #é\n", max_size=30), st.text(alphabet="abcd #é\n", max_size=30))
def test_label_between_spaces_is_always_seen(before: str, after: str) -> None:
    assert has_disclosure_words(f"{before} #ad {after}")


@pytest.mark.parametrize(
    ("cell", "flag"),
    [
        ("yes", "yes"),
        ("TRUE", "yes"),
        (True, "yes"),
        (1, "yes"),
        ("Sim", "yes"),
        ("Paid partnership", "yes"),
        ("no", "no"),
        (False, "no"),
        (0, "no"),
        ("não", "no"),
        ("none", "no"),
        ("", "unknown"),
        (None, "unknown"),
        ("N/A", "unknown"),
    ],
)
def test_flag_of_the_platform(cell: str | bool | int | None, flag: str) -> None:
    assert read_flag(cell, column="Sponsored") == flag


def test_flag_that_is_neither_yes_nor_no_is_an_error() -> None:
    with pytest.raises(CellError, match="neither yes nor no"):
        read_flag("maybe", column="Sponsored")


def test_flag_comes_before_words_and_silence_is_unknown() -> None:
    assert sponsored("no", "#ad") == ("no", "platform")
    assert sponsored("yes", "") == ("yes", "platform")
    assert sponsored("unknown", "#ad") == ("yes", "words")
    assert sponsored("unknown", "my day") == ("unknown", "")
