"""A brief as the plain texts that the typst template sets: every word and number ready, nothing left to compute there."""

from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _

from agency.templatetags.meso import UNKNOWN, days_text, percent
from agency.typesetting import placeholder_note
from campaigns.briefs.chart import chart_of
from campaigns.briefs.disclosure import DisclosureRule
from campaigns.briefs.snapshot import AccountLine, ClientBrief, CreatorLine, DeliverableLine, Rate

__all__ = ["client_document", "placeholder_note", "shortened"]

LONG_NAME = 70
"""A longer name is set smaller, and shortened where it is only repeated."""


def client_document(brief: ClientBrief) -> dict[str, Any]:
    """The client brief in words. Every value is a text, a number for the drawing, or a list or dictionary of those."""
    return {
        "words": _words(),
        "agency": brief.agency,
        "agency_short": shortened(brief.agency),
        "brand": brief.brand,
        "campaign": brief.campaign,
        "is_long": len(brief.campaign) > LONG_NAME,
        "running": shortened(f"{brief.brand} · {brief.campaign}"),
        "made": _("Made on %(day)s") % {"day": _day(brief.made_on)},
        "facts": _facts(brief),
        "messages": list(brief.key_messages),
        "dos": brief.dos.strip(),
        "donts": brief.donts.strip(),
        "hashtags": [tag if tag.startswith("#") else f"#{tag}" for tag in brief.hashtags],
        "tracking": brief.tracking.strip(),
        "creators": [_creator(creator) for creator in brief.creators],
        "figures_note": _figures_note(brief),
        "chart": chart_of(brief),
        "rules": [_rule(rule) for rule in brief.disclosure],
        "without_rule": _without_rule(brief.markets_without_rule),
    }


def _words() -> dict[str, str]:
    return {
        "brief": _("Campaign brief"),
        "messages": _("Key messages"),
        "dos": _("Do"),
        "donts": _("Do not"),
        "hashtags": _("Hashtags"),
        "tracking": _("Links and codes"),
        "line_up": _("Line-up"),
        "creator": _("Creator"),
        "account": _("Account"),
        "followers": _("Followers"),
        "tier": _("Tier"),
        "rate": _("Engagement rate"),
        "no_account": _("no account on the roster"),
        "no_creators": _("No creator is in the line-up yet."),
        "deliverables": _("Deliverables"),
        "no_deliverables": _("No deliverable is agreed yet."),
        "what": _("What"),
        "draft": _("Draft due"),
        "feedback": _("Feedback due"),
        "live": _("Goes live"),
        "timeline": _("Timeline"),
        "legend_flight": _("days of the collaboration"),
        "legend_live": _("go-live window"),
        "legend_draft": _("draft due"),
        "disclosure": _("Advertising disclosure"),
        "disclosure_note": _("A reminder of the rules in the markets of this campaign, not legal advice."),
        "market": _("Market"),
        "safe": _("Safe words"),
        "placement": _("Where"),
        "not_enough": _("Not enough"),
        "page": _("Page"),
        "of": _("of"),
    }


def _facts(brief: ClientBrief) -> list[dict[str, str]]:
    facts = [
        (_("Objective"), brief.objective),
        (_("Flight"), days_text(brief.starts_on, brief.ends_on)),
        (_("Markets"), ", ".join(brief.markets) or _("all markets")),
        (_("Creators"), number_format(len(brief.creators), force_grouping=True)),
    ]
    if brief.target_reach is not None:
        facts.append((_("Target reach"), number_format(brief.target_reach, force_grouping=True)))
    if brief.embargo_until is not None:
        facts.append((_("Nothing before"), date_format(brief.embargo_until, "j F Y, H:i")))
    return [{"label": label, "value": value} for label, value in facts]


def _creator(creator: CreatorLine) -> dict[str, Any]:
    return {
        "name": creator.name,
        "state": creator.state,
        "state_label": creator.state_label,
        "accounts": [_account(account) for account in creator.accounts],
        "deliverables": [_deliverable(line) for line in creator.deliverables],
    }


def _account(account: AccountLine) -> dict[str, str]:
    followers, day = UNKNOWN, _("unknown")
    if account.followers is not None:
        followers = number_format(account.followers, force_grouping=True)
        followers = _("about %(count)s") % {"count": followers} if account.is_rounded else followers
        day = _day(account.followers_on) if account.followers_on else _("day unknown")
    return {
        "platform": account.platform,
        "handle": f"@{account.handle}",
        "followers": followers,
        "followers_note": day,
        "tier": account.tier or UNKNOWN,
        "tier_note": account.tier_note,
        "rate": UNKNOWN if account.rate.value is None else str(percent(account.rate.value)),
        "rate_note": _rate_note(account.rate),
    }


def _rate_note(rate: Rate) -> str:
    """What the rate is of, how many posts it rests on and its day; or why there is none."""
    if rate.as_of is None:
        return _("not computed yet")
    day = _day(rate.as_of.date())
    if rate.value is None:
        return _("%(reason)s\nas of %(day)s") % {"reason": rate.reason, "day": day}
    return _("%(base)s, n = %(n)s\nas of %(day)s") % {
        "base": _("of views") if rate.by_views else _("of followers"),
        "n": rate.n,
        "day": day,
    }


def _deliverable(line: DeliverableLine) -> dict[str, str]:
    live = days_text(line.live_from, line.live_to) if line.live_from else UNKNOWN
    if line.live_from and line.live_time:
        live = _("%(days)s, %(time)s") % {"days": live, "time": time_format(line.live_time, "H:i")}
    stays = _("stays until %(day)s") % {"day": _day(line.must_stay_until)} if line.must_stay_until else ""
    return {
        "format": line.format,
        "account": line.account,
        "draft": _day(line.draft_due_on),
        "feedback": _day(line.feedback_due_on),
        "live": live,
        "live_note": stays,
    }


def _figures_note(brief: ClientBrief) -> str:
    note = _(
        "Engagement rate: the median over the newest posts, 12 at most, that are between 3 and 90 days old; n is how many of them "
        "have the rate. Interactions over views on TikTok and YouTube, over followers elsewhere."
    )
    if not brief.tier_scheme:
        return note
    return note + " " + _("Tiers: %(scheme)s.") % {"scheme": brief.tier_scheme}


def _rule(rule: DisclosureRule) -> dict[str, str]:
    return {
        "market": rule.market,
        "rule": rule.rule,
        "safe": rule.safe,
        "placement": rule.placement,
        "not_enough": rule.not_enough,
        "source": _("Source: %(source)s, read on %(day)s") % {"source": rule.source, "day": _day(rule.as_of)},
    }


def _without_rule(markets: tuple[str, ...]) -> str:
    if not markets:
        return ""
    return _("No rule is kept here for %(markets)s: ask a local adviser.") % {"markets": ", ".join(markets)}


def _day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else UNKNOWN


def shortened(text: str, length: int = LONG_NAME) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
