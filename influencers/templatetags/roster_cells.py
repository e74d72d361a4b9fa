"""The cells of the roster's table. Fifty rows of ten cells are one page: they are written here, not by a template each."""

from collections.abc import Callable, Sequence

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.models import Agency
from agency.templatetags.meso import compact, icon, initials, money, percent, signed_percent, unknown
from influencers.models import Account, Influencer
from influencers.selectors.explained import explain_growth, explain_saturation
from influencers.selectors.roster import RosterRow
from influencers.sorting import HEADINGS
from influencers.templatetags.roster import country, figure_text, language, platform_icon, rate_cell, tier_chip

register = template.Library()
SHOWN_ACCOUNTS, SHOWN_WORDS = 4, 2
STATUS_ICONS = {"active": "circle-check", "blocked": "ban", "paused": "clock", "prospect": "circle-dashed"}


def dash(reason: str | Promise) -> SafeString:
    return SafeString(unknown(str(reason)))


def name_cell(row: RosterRow, url: str) -> SafeString:
    name = row.influencer.name
    handles = " · ".join(f"@{account.handle}" for account in row.accounts[:2])
    return format_html(
        '<td class="roster-who"><div class="d-flex align-items-center gap-2">'
        '<span class="avatar avatar-sm rounded-circle" aria-hidden="true">{}</span><div class="roster-name">'
        '<a class="d-block fw-medium text-reset text-truncate" href="{}" title="{}">{}</a>'
        '<div class="text-secondary small text-truncate">{}</div></div></div></td>',
        initials(name),
        url,
        name,
        name,
        handles,
    )


def count_of(account: Account) -> SafeString:
    return dash(_("followers are unknown")) if account.followers is None else compact(account.followers)


def accounts(row: RosterRow) -> SafeString:
    if not row.accounts:
        return format_html('<div class="accounts">{}</div>', dash(_("no account")))
    shown = format_html_join(
        "",
        '<span class="account">{}<span class="tabular">{}</span></span>',
        ((platform_icon(account.platform), count_of(account)) for account in row.accounts[:SHOWN_ACCOUNTS]),
    )
    more: str = ""
    if len(row.accounts) > SHOWN_ACCOUNTS:
        said = _("more accounts on the profile")
        more = format_html(
            '<span class="text-secondary" title="{}">+{}</span>', said, len(row.accounts) - SHOWN_ACCOUNTS
        )
    return format_html('<div class="accounts">{}{}</div>', shown, more)


def no_figures(row: RosterRow) -> SafeString:
    return dash(_("no figures have been computed yet") if row.accounts else _("no account"))


def rate(row: RosterRow) -> SafeString:
    """The rate, and below it as a bar how it compares with the same platform and tier."""
    cell = rate_cell(row)
    better = row.line.rate_percentile
    if better is None:
        return cell
    whole = int(better * 100)
    said = _("higher than %(percent)s %% of the same platform and tier") % {"percent": whole}
    return format_html(
        '{}<span class="percentile" title="{}"><span style="width:{}%"></span><span class="visually-hidden">{}</span></span>',
        cell,
        said,
        whole,
        said,
    )


def growth(row: RosterRow) -> SafeString:
    if row.figures is None:
        return no_figures(row)
    known = row.figures.growth_30d
    return figure_text(explain_growth(row.figures)) if known is None else signed_percent(known)


def saturation(row: RosterRow) -> SafeString:
    if row.figures is None:
        return no_figures(row)
    known = row.figures.saturation
    return figure_text(explain_saturation(row.figures)) if known is None else percent(known)


def words(every: Sequence[str], missing: str | Promise) -> SafeString:
    """The first words of a list, all of them on hover."""
    shown = ", ".join(every[:SHOWN_WORDS]) if every else dash(missing)
    return format_html('<span class="text-truncate d-block" title="{}">{}</span>', ", ".join(every), shown)


def country_cell(row: RosterRow) -> SafeString:
    code = row.influencer.country
    if not code:
        return dash(_("the country is unknown"))
    return format_html('<span title="{}">{}</span>', country(code), code)


def status(row: RosterRow) -> SafeString:
    value = row.influencer.status
    return format_html(
        '<span class="roster-status roster-status-{}">{}{}</span>',
        value,
        icon(STATUS_ICONS.get(value, "circle-dashed")),
        Influencer.Status(value).label,
    )


def languages(row: RosterRow) -> SafeString:
    return words([language(code) for code in row.influencer.languages], gettext_lazy("no language is set"))


def price(row: RosterRow) -> SafeString:
    """The lowest price that is valid today, and for what."""
    if not row.prices:
        return dash(_("no valid price is known"))
    lowest = row.prices[0]
    others = ", ".join(f"{each.get_kind_display()} {money(each.amount, each.currency)}" for each in row.prices)
    return format_html(
        '<span class="tabular text-nowrap" title="{}">{}</span>', others, money(lowest.amount, lowest.currency)
    )


def as_of(row: RosterRow) -> SafeString:
    if row.figures is None:
        return no_figures(row)
    return format_html('<span class="text-nowrap">{}</span>', date_format(localtime(row.figures.as_of), "j M Y"))


CELLS: dict[str, Callable[[RosterRow], SafeString]] = {
    "accounts": accounts,
    "tier": lambda row: tier_chip(row.tier),
    "rate": rate,
    "growth": growth,
    "saturation": saturation,
    "niche": lambda row: words(row.influencer.niches, gettext_lazy("no niche is set")),
    "country": country_cell,
    "status": status,
    "kind": lambda row: format_html("{}", Influencer.Kind(row.influencer.kind).label),
    "city": lambda row: words(
        [row.influencer.city] if row.influencer.city else [], gettext_lazy("the city is unknown")
    ),
    "region": lambda row: words(
        [row.influencer.region] if row.influencer.region else [], gettext_lazy("the region is unknown")
    ),
    "language": languages,
    "tags": lambda row: words(row.influencer.tags, gettext_lazy("no tag is set")),
    "price": price,
    "as_of": as_of,
}
WORDY = {"niche", "tags", "language", "city", "region"}


def css_of(key: str) -> str:
    if HEADINGS[key].is_number:
        return ' class="text-end"'
    return ' class="roster-niche"' if key in WORDY else ""


@register.simple_tag
def roster_lines(rows: Sequence[RosterRow], keys: Sequence[str], agency: Agency, *, bulk: bool) -> SafeString:
    """The rows of the table: with `bulk` a box to pick each by, the creator, then the chosen columns."""
    parts: list[str] = []
    opening = [(CELLS[key], css_of(key)) for key in keys]
    # One address for all rows: asking for each costs as much as a cell.
    address = reverse("influencers:influencer_detail", args=[agency.slug, 0]).removesuffix("0/")
    pick = _("Pick %(name)s")
    for row in rows:
        url = f"{address}{row.line.pk}/"
        parts.append(f'<tr data-href="{url}">')
        if bulk:
            parts.append(pick_cell(row, pick))
        parts.append(name_cell(row, url))
        parts += (f"<td{css}>{cell(row)}</td>" for cell, css in opening)
        parts.append("</tr>")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped where it is made


def pick_cell(row: RosterRow, pick: str) -> SafeString:
    said = pick % {"name": row.influencer.name}
    return format_html(
        '<td class="w-1"><input type="checkbox" class="form-check-input" name="pick" value="{}" form="bulk-form" aria-label="{}">'
        "</td>",
        row.line.pk,
        said,
    )
