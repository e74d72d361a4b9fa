"""The PDF, read back by another program."""

import io
import re
import threading
from dataclasses import replace
from datetime import date

import pypdf
import pytest

from campaigns.briefs.pdf import BriefFile, client_brief_pdf, unprintable_characters
from campaigns.briefs.snapshot import ClientBrief, read_client_brief
from campaigns.models import Campaign
from tests.campaigns.briefs.conftest import NASTY


@pytest.fixture
def brief(campaign: Campaign) -> ClientBrief:
    return read_client_brief(campaign)


def text_of(made: BriefFile) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.content)).pages)


def dense(text: str) -> str:
    """Without white space: a long text is broken into lines where it fits."""
    return re.sub(r"\s", "", text)


def test_typed_text_is_printed_as_typed(brief: ClientBrief) -> None:
    printed = dense(text_of(client_brief_pdf(brief)))

    assert printed.count(dense(NASTY)) == 2  # a key message and a name in the line-up
    assert dense("Spring #launch of *cold* brew @home") in printed
    assert dense("Fjord Coffee $50 *off*") in printed
    assert "A" * 200 in printed
    assert "https://fjord.example/?utm_campaign=" + "spring" * 30 in printed
    assert "😀" in printed
    assert "Noalcohol▯▯" in printed


def test_arabic_is_printed_with_all_its_letters(brief: ClientBrief) -> None:
    printed = text_of(client_brief_pdf(replace(brief, key_messages=("مرحبا",), creators=())))

    # Their order is the reader's affair: letters are placed from right to left, some from two glyphs.
    assert {letter for letter in printed if "\u0600" <= letter <= "\u06ff"} == set("مرحبا")


def test_figures_days_and_reasons_are_printed(brief: ClientBrief) -> None:
    printed = dense(text_of(client_brief_pdf(brief)))

    for text in (
        "3–17 May 2026", "500,000", "2 May 2026, 09:00", "54,321", "20 Apr 2026",
        "about 1,200,000", "day unknown", "macro", "at booking", "3.13 %",
        "of followers, n = 9", "as of 1 May 2026", "views are unknown", "4–6 May 2026, 18:30", "stays until 1 Aug 2026",
        "no account on the roster", "Reklame or Annonce", "read on 22 Nov 2026", "No rule is kept here for Brazil", "Tiers: HIB.",
        "#ad", "Northern Lights", "Page 1 of",
    ):  # fmt: skip
        assert dense(text) in printed, text


def test_no_fee_no_price_and_nobody_who_declined_is_printed(brief: ClientBrief) -> None:
    content = client_brief_pdf(brief).content
    printed = text_of(client_brief_pdf(brief))

    for canary in ("98,765", "98765", "87,654", "87654", "Declined Canary", "Cancelled Canary"):
        assert canary not in printed
        assert canary.encode() not in content


def test_pages_are_counted_and_placeholders_reported(brief: ClientBrief) -> None:
    made = client_brief_pdf(brief)

    assert made.pages == len(pypdf.PdfReader(io.BytesIO(made.content)).pages)
    assert made.placeholders == ("字", "漢")
    assert unprintable_characters(brief) == ("字", "漢")
    assert "2charactersthatthefontsofthisdocumentlack:U+5B57,U+6F22." in dense(text_of(made))


def test_the_title_is_as_typed(brief: ClientBrief) -> None:
    reader = pypdf.PdfReader(io.BytesIO(client_brief_pdf(brief).content))

    assert reader.metadata is not None
    assert reader.metadata.title == "Campaign brief · Fjord Coffee $50 *off* · Spring #launch of *cold* brew @home"
    assert reader.metadata.author == "Northern Lights"


def test_an_empty_campaign_prints_on_one_page(brief: ClientBrief) -> None:
    bare = replace(
        brief, creators=(), key_messages=(), dos="", donts="", hashtags=(), tracking="", disclosure=(), markets_without_rule=(),
        markets=(), target_reach=None, embargo_until=None,
    )  # fmt: skip

    made = client_brief_pdf(bare)

    assert (made.pages, made.placeholders) == (1, ())
    printed = dense(text_of(made))
    assert "Nocreatorisintheline-upyet." in printed
    assert "Nodeliverableisagreedyet." in printed
    assert "allmarkets" in printed
    assert "Timeline" not in printed


def test_sixty_creators_fill_pages_whose_number_is_right(brief: ClientBrief) -> None:
    many = replace(brief, creators=tuple(replace(brief.creators[0], name=f"Creator {n}") for n in range(60)))

    made = client_brief_pdf(many)

    assert made.pages == len(pypdf.PdfReader(io.BytesIO(made.content)).pages)
    assert made.pages > 3
    assert f"Page{made.pages}of{made.pages}" in dense(text_of(made))


def test_a_year_long_campaign_prints(brief: ClientBrief) -> None:
    printed = text_of(client_brief_pdf(replace(brief, ends_on=date(2027, 12, 31))))

    assert dense("3 May 2026 – 31 December 2027") in dense(printed)


def test_threads_do_not_disturb_one_another(brief: ClientBrief) -> None:
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.append(client_brief_pdf(brief).pages)) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [made[0]] * 4
