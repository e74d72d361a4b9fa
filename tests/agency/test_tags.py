"""Numbers, days, icons, initials: the same on every page."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import engines
from django.utils.html import strip_tags

from agency.templatetags import meso


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


def test_icon_is_inline_and_hidden_from_screen_readers() -> None:
    svg = render("{% icon 'check' 'big' %}")
    assert svg.startswith('<svg aria-hidden="true" focusable="false"')
    assert 'class="big icon' in svg
    assert "<!--" not in svg


def test_unknown_is_a_dash_with_a_reason_that_is_escaped() -> None:
    dash = render("{% unknown why %}", why="<likes> hidden")
    assert 'title="&lt;likes&gt; hidden"' in dash
    assert strip_tags(dash) == "–&lt;likes&gt; hidden"
    assert strip_tags(render("{% unknown %}")) == "–unknown"


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("{{ value|thousands }}", 12431, "12,431"),
        ("{{ value|thousands }}", 0, "0"),
        ("{{ value|thousands:'no count' }}", None, "–no count"),
        ("{{ value|compact }}", 0, "0"),
        ("{{ value|compact }}", 999, "999"),
        ("{{ value|compact }}", 1000, "1K"),
        ("{{ value|compact }}", 12431, "12.4K"),
        ("{{ value|compact }}", 312_499, "312K"),
        ("{{ value|compact }}", 999_499, "999K"),
        ("{{ value|compact }}", 999_500, "1M"),
        ("{{ value|compact }}", 10_400_000, "10.4M"),
        ("{{ value|compact }}", 258_000_000, "258M"),
        ("{{ value|compact }}", 999_500_000, "1B"),
        ("{{ value|compact:'no count' }}", None, "–no count"),
        ("{{ value|percent }}", 0.0314, "3.14 %"),
        ("{{ value|percent }}", 0.031449999, "3.14 %"),
        ("{{ value|percent }}", 0.03145, "3.15 %"),
        ("{{ value|percent }}", 0, "0.00 %"),
        ("{{ value|percent }}", 12.5, "1,250.00 %"),
        ("{{ value|percent:'too few posts' }}", None, "–too few posts"),
        ("{{ value|signed_percent }}", 0.05, "+5.00 %"),
        ("{{ value|signed_percent }}", -0.05, "−5.00 %"),
        ("{{ value|signed_percent }}", 0, "0.00 %"),
        ("{{ value|signed_percent:'one count only' }}", None, "–one count only"),
        ("{{ value|money:'EUR' }}", Decimal("1250"), "1,250.00 EUR"),
        ("{{ value|money:'EUR' }}", None, "–unknown"),
        ("{{ value|initials }}", "Emma van Dijk", "ED"),
        ("{{ value|initials }}", "åse", "Å"),
        ("{{ value|initials }}", "mark@frame.example", "ME"),
        ("{{ value|initials }}", "🙂", ""),
    ],
)
def test_filters(template: str, value: object, text: str) -> None:
    assert strip_tags(render(template, value=value)) == text


def test_compact_keeps_the_exact_value_on_hover() -> None:
    assert render("{{ 12431|compact }}") == '<span title="12,431">12.4K</span>'


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (None, None, "–"),
        (None, date(2026, 5, 3), "–"),
        (date(2026, 5, 3), None, "from 3 May 2026"),
        (date(2026, 5, 3), date(2026, 5, 3), "3 May 2026"),
        (date(2026, 5, 3), date(2026, 5, 17), "3–17 May 2026"),
        (date(2026, 5, 28), date(2026, 6, 3), "28 May – 3 June 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 – 3 January 2027"),
    ],
)
def test_days(first: date | None, last: date | None, text: str) -> None:
    assert meso.days_text(first, last) == text
    assert render("{% days first last %}", first=first, last=last) == text
