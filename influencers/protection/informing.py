"""Who still has to be told that they are on the roster, and until when (GDPR article 14: within a month)."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agency.models import Agency
from influencers.models import Influencer


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many were not informed yet, how many of those should have been."""

    total: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to inform somebody, and how many days are left (negative: it is over)."""

    day: date
    left: int


def month_later(day: date) -> date:
    """The same day of the next month, the last of that month where there is none."""
    year, month = divmod(day.year * 12 + day.month, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def deadline_of(influencer: Influencer, agency: Agency) -> Deadline:
    """A month after the record was made, on the agency's calendar."""
    last = month_later(influencer.created_at.astimezone(agency.zone).date())
    return Deadline(last, (last - agency.today()).days)


def waiting(agency: Agency) -> QuerySet[Influencer]:
    """Creators who were not informed yet, the oldest record first."""
    return Influencer.objects.filter(agency=agency, informed_on__isnull=True).order_by("created_at", "pk")


def overdue_before(agency: Agency) -> datetime:
    """Records made before this instant have their month behind them."""
    today = agency.today()
    year, month = divmod(today.year * 12 + today.month - 2, 12)
    day = date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
    while month_later(day) >= today:
        day = date.fromordinal(day.toordinal() - 1)
    return agency.start_of(date.fromordinal(day.toordinal() + 1))


def count_waiting(agency: Agency) -> Waiting:
    """Both counts. Two queries on the index of those who wait."""
    found = waiting(agency).order_by()
    return Waiting(found.count(), found.filter(created_at__lt=overdue_before(agency)).count())


def information_text(agency: Agency) -> tuple[str, str]:
    """Subject and body of what article 14 wants said; to be copied, and completed where it is in brackets."""
    subject = _("Your profile in the roster of %(agency)s") % {"agency": agency.name}
    body = _(
        "Hello [name],\n\n"
        "%(agency)s is an agency for influencer marketing. We keep a record of you, because we look for creators who fit the "
        "brands that we work for.\n\n"
        "What we keep: your name, your public profiles with their follower counts and figures on public posts, contact details of "
        "you or your management, prices if known, and our notes on which brands you may suit.\n"
        "Where it comes from: [your public profiles, a list that …].\n"
        "On what basis: our legitimate interest in finding partners for campaigns (article 6(1)(f) GDPR).\n"
        "Who receives it: clients to whom we propose you for a campaign.\n"
        "How long: until you object, or when we have not needed it for two years.\n\n"
        "You may ask for a copy, have it corrected or erased, restrict how we use it, and object at any time: answer this message. "
        "You may also complain to the data-protection authority of your country.\n\n"
        "[your name]\n%(agency)s, [address of the agency and of its data-protection officer]"
    ) % {"agency": agency.name}
    return subject, body
