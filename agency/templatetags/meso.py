"""How numbers, days, icons and states look, the same on every page."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from agency import panels

register = template.Library()
UNKNOWN = "–"
CENT = Decimal("0.01")


@cache
def icon_markup(name: str) -> str:
    svg = (settings.VENDOR_DIR / "icons" / f"{name}.svg").read_text()
    return re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL).strip()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the Tabler set, inline, hidden from screen readers (the text beside it speaks)."""
    svg = icon_markup(name).replace('class="', f'class="{css} ' if css else 'class="', 1)
    return mark_safe(svg.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1))  # noqa: S308 - our own vendored file


@register.simple_tag
def unknown(reason: str = "") -> SafeString:
    """An en dash that says on hover, and to screen readers, why the value is not there."""
    reason = reason or _("unknown")
    dash = '<span class="unknown" title="{}"><span aria-hidden="true">–</span><span class="visually-hidden">{}</span></span>'
    return format_html(dash, reason, reason)


@register.filter
def thousands(value: int | None, reason: str = "") -> SafeString:
    """12,431; unknown as a dash with its reason."""
    if value is None:
        return SafeString(unknown(reason))
    return SafeString(number_format(value, 0, use_l10n=True, force_grouping=True))


def compact_text(value: int) -> str:
    """12.4K, 10.4M, 312K: rounded to three digits at most."""
    for step, unit in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if value >= step - step // 2000:  # 999,500 is 1M, not 1000K
            scaled = Decimal(value) / step
            text = f"{scaled:.0f}" if scaled >= 100 else f"{scaled:.1f}".removesuffix(".0")
            return f"{text}{unit}"
    return str(value)


@register.filter
def compact(value: int | None, reason: str = "") -> SafeString:
    """12.4K with the exact count on hover."""
    if value is None:
        return SafeString(unknown(reason))
    exact = number_format(value, 0, force_grouping=True)
    return format_html('<span title="{}">{}</span>', exact, compact_text(value))


@register.filter
def percent(value: float | None, reason: str = "") -> SafeString:
    """A fraction as 3.14 %; unknown as a dash with its reason."""
    if value is None:
        return SafeString(unknown(reason))
    rounded = (Decimal(str(value)) * 100).quantize(CENT, ROUND_HALF_UP)  # Django's number_format would cut off
    return SafeString(number_format(rounded, 2, force_grouping=True) + " %")


@register.filter
def signed_percent(value: float | None, reason: str = "") -> SafeString:
    """A growth as +3.14 % or −3.14 %."""
    if value is None:
        return SafeString(unknown(reason))
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return SafeString(sign + percent(abs(value)))


@register.filter
def money(value: Decimal | None, currency: str = "") -> SafeString:
    """1,250.00 EUR; unknown as a dash."""
    if value is None:
        return SafeString(unknown())
    return format_html("{} {}", number_format(value, 2, force_grouping=True), currency)


def days_text(first: date | None, last: date | None) -> str:
    """3–17 May 2026; 28 May – 3 June 2026; an open end as "from 3 May 2026"."""
    if first is None:
        return UNKNOWN
    if last is None:
        return _("from %(day)s") % {"day": date_format(first, "j F Y")}
    if first == last:
        return date_format(first, "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_format(last, 'j F Y')}"
    pattern = "j F" if first.year == last.year else "j F Y"
    return f"{date_format(first, pattern)} – {date_format(last, 'j F Y')}"


@register.simple_tag
def days(first: date | None, last: date | None) -> str:
    return days_text(first, last)


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, *objects: Any) -> SafeString:
    """The panels that other apps registered for this place."""
    return SafeString("".join(panels.rendered(name, context["request"], *objects)))


@register.filter
def initials(name: Any) -> str:
    """Of "Emma van Dijk" ED; of one word its first letter."""
    words = [word for word in re.split(r"[\s@._-]+", str(name)) if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
