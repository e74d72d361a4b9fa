"""How accounts, tiers and figures look."""

from functools import cache

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from agency.countries import country_name
from agency.templatetags.meso import icon, percent, signed_percent, unknown
from influencers.models import Platform
from influencers.selectors.explained import (
    ExplainedFigure,
    explain_headline,
    headline_name,
)
from influencers.selectors.profile import ProfileAccount
from influencers.selectors.roster import RosterRow
from influencers.selectors.tiers import TierReading

register = template.Library()

ICONS = {
    Platform.INSTAGRAM: "brand-instagram",
    Platform.TIKTOK: "brand-tiktok",
    Platform.YOUTUBE: "brand-youtube",
    Platform.FACEBOOK: "brand-facebook",
    Platform.X: "brand-x",
    Platform.LINKEDIN: "brand-linkedin",
    Platform.TWITCH: "brand-twitch",
    Platform.PODCAST: "microphone",
    Platform.BLOG: "rss",
    Platform.NEWSLETTER: "mail",
}


@register.simple_tag
def platform_icon(platform: str) -> SafeString:
    """The platform's sign with its name for screen readers and on hover."""
    return _platform_icon(platform, get_language())


@cache
def _platform_icon(platform: str, _language: str | None) -> SafeString:
    label = str(Platform(platform).label)  # a word in the language, so kept by language
    sign = icon(ICONS.get(Platform(platform), "world"))
    return format_html('<span title="{}">{}<span class="visually-hidden">{}</span></span>', label, sign, label)


@register.simple_tag
def tier_chip(tier: TierReading) -> SafeString:
    """The tier with its word; a question mark where a rounded count may belong to the neighbour; a dash with the reason."""
    if tier.band is None:
        return SafeString(unknown(tier.reason))
    chip = format_html('<span class="tier tier-{}">{}</span>', tier.rank, tier.name)
    if not tier.is_uncertain:
        return chip
    doubt = _("The count is rounded; it may also be %(neighbour)s.") % {"neighbour": tier.neighbour}
    return format_html(
        '{}<span class="doubt" title="{}">?<span class="visually-hidden">{}</span></span>', chip, doubt, doubt
    )


@register.filter
def figure_text(figure: ExplainedFigure) -> SafeString:
    """The figure in its unit; a dash with the reason where it is empty."""
    if figure.value is None:
        return SafeString(unknown(figure.reason))
    if figure.unit == "rate":
        return percent(figure.value)
    if figure.unit == "growth":
        return signed_percent(figure.value)
    return SafeString(number_format(round(figure.value, 2), 2, force_grouping=True))


@register.filter
def country(code: str) -> str:
    """The name of a country; the code itself where it is not known."""
    return country_name(code)


@register.filter
def language(code: str) -> str:
    """The name of a language; the code itself where it is not known."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@register.simple_tag
def rate_cell(row: RosterRow | ProfileAccount) -> SafeString:
    """The headline rate with what it is measured by, its as-of and n on hover; a dash with the reason where it is empty."""
    figures = row.figures
    account = row.primary if isinstance(row, RosterRow) else row.account
    if account is None:
        return SafeString(unknown(_("no account")))
    if figures is None:
        return SafeString(unknown(_("no figures have been computed yet")))
    headline = explain_headline(figures, account.platform)
    if headline.value is None:
        return figure_text(headline)
    said = _("%(by)s · %(n)s · as of %(day)s") % {
        "by": headline_name(account.platform),
        "n": headline.n,
        "day": date_format(localtime(figures.as_of), "j F Y"),
    }
    return format_html('<span class="tabular" title="{}">{}</span>', said, percent(headline.value))
