"""What campaigns hold of a creator: the copy for them, and what becomes of it when they are erased."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.templatetags.meso import days_text
from campaigns.models import Claim, Clash, Collaboration, Deliverable, Exclusivity, Unavailability
from influencers.models import Erasure, Influencer, LegalRetention
from influencers.protection.holdings import Holdings, Outlook, Rows, register
from influencers.protection.rows import RowReader, plain
from influencers.signals import influencer_erasing

RUNNING = (Collaboration.State.OPTION, Collaboration.State.BOOKED, Collaboration.State.LIVE)


def collaborations_of(influencer: Influencer) -> QuerySet[Collaboration]:
    """Theirs alone, not those of a duo they are in."""
    found = Collaboration.objects.filter(influencer=influencer)
    return found.select_related("campaign__brand__client", "influencer").order_by("pk")


def running_work(influencer: Influencer) -> QuerySet[Collaboration]:
    """What is held, booked or live, also as one of a duo."""
    theirs = Q(influencer=influencer) | Q(influencer__members=influencer)
    found = Collaboration.objects.filter(theirs, state__in=RUNNING).select_related("campaign__brand", "influencer")
    return found.distinct().order_by("pk")


def flight(collaboration: Collaboration) -> tuple[date, date]:
    """Its own days, else the campaign's."""
    if collaboration.starts_on and collaboration.ends_on:
        return collaboration.starts_on, collaboration.ends_on
    return collaboration.campaign.starts_on, collaboration.campaign.ends_on


def outlook(influencer: Influencer) -> Outlook:
    """Running work stands in the way; what was booked stays as a number, its contract for as long as the law wants it."""
    obstacles = [
        _("%(creator)s is %(state)s for %(campaign)s, %(days)s: finish or cancel it first.")
        % {
            "creator": each.influencer,
            "state": {"option": _("on option")}.get(each.state, each.get_state_display()),
            "campaign": each.campaign,
            "days": days_text(*flight(each)),
        }
        for each in running_work(influencer)
    ]
    booked = collaborations_of(influencer).filter(booked_at__isnull=False).count()
    proposed = collaborations_of(influencer).filter(booked_at__isnull=True).count()
    lost, kept = [], []
    if proposed:
        lost.append(
            ngettext("%(n)s proposal that was never booked", "%(n)s proposals that were never booked", proposed)
            % {"n": proposed}
        )
    if booked:
        lost.append(_("links, codes, notes and posts of their collaborations, their absences and clashes"))
        kept.append(
            ngettext(
                "%(n)s collaboration without a name: campaign, days, fee and state, so that totals stay true",
                "%(n)s collaborations without a name: campaign, days, fee and state, so that totals stay true",
                booked,
            )
            % {"n": booked}
        )
        kept.append(
            _(
                "name, campaign, days, fee and contract dates of what was booked, %(years)s years, as tax and commercial law ask"
            )
            % {"years": settings.LEGAL_RETENTION_YEARS}
        )
    return Outlook(obstacles, lost, kept)


def copy(influencer: Influencer) -> dict[str, Rows]:
    """Every collaboration with its deliverables, exclusivities and clashes, and every absence."""
    reader = RowReader(influencer.agency_id)
    collaborations = list(collaborations_of(influencer))
    names = {each.pk: each.campaign.name for each in collaborations}
    of_them = {"collaboration__in": collaborations}

    def with_campaign(rows: Iterable[Any]) -> Rows:
        return [{"campaign": names.get(row.collaboration_id, ""), **reader.row(row)} for row in rows]

    return {
        "collaborations": [
            {
                **reader.row(each),
                "campaign": each.campaign.name,
                "brand": each.campaign.brand.name,
                "first_day": plain(flight(each)[0]),
                "last_day": plain(flight(each)[1]),
            }
            for each in collaborations
        ],
        "deliverables": with_campaign(Deliverable.objects.filter(**of_them).order_by("pk")),
        "exclusivities": with_campaign(Exclusivity.objects.filter(**of_them).order_by("pk")),
        "clashes": with_campaign(Clash.objects.filter(influencer=influencer).order_by("pk")),
        "absences": reader.rows(Unavailability.objects.filter(influencer=influencer).order_by("pk")),
    }


def still_points_at(influencer: Influencer) -> bool:
    """Whether collaborations stay that need a row to point at."""
    return collaborations_of(influencer).exists()


def in_use(agency_id: int, since: datetime) -> Iterable[int]:
    """Whoever was ever booked, is held or booked now, or got into a line-up since then."""
    needed = Q(booked_at__isnull=False) | Q(state__in=RUNNING) | Q(created_at__gte=since)
    found = Collaboration.objects.filter(needed, agency_id=agency_id).order_by()
    duos = found.values("influencer")
    members = Influencer.members.through._default_manager.filter(from_influencer__in=duos)
    return set(found.values_list("influencer_id", flat=True)) | set(members.values_list("to_influencer_id", flat=True))


def keep_until(collaboration: Collaboration) -> date:
    """The last day of the year in which it ended, so many years on."""
    year = max(flight(collaboration)[1], collaboration.created_at.date()).year
    return date(year + settings.LEGAL_RETENTION_YEARS, 12, 31)


def legal_facts(collaboration: Collaboration) -> dict[str, Any]:
    """What tax and commercial law want of a booking: who, for whom, when, what, for how much, by which contract."""
    campaign = collaboration.campaign
    first, last = flight(collaboration)
    return {
        "name": collaboration.influencer.name,
        "collaboration": collaboration.pk,
        "campaign": campaign.name,
        "brand": campaign.brand.name,
        "client": campaign.brand.client.name if campaign.brand.client else "",
        "state": collaboration.state,
        "first_day": plain(first),
        "last_day": plain(last),
        "booked_at": plain(collaboration.booked_at),
        "fee": plain(collaboration.fee),
        "client_price": plain(collaboration.client_price),
        "currency": collaboration.currency,
        "contract_sent_on": plain(collaboration.contract_sent_on),
        "contract_signed_on": plain(collaboration.contract_signed_on),
        "usage_rights_until": plain(collaboration.usage_rights_until),
        "deliverables": [
            {
                "format": each.format,
                "state": each.state,
                "live_from": plain(each.live_from),
                "live_to": plain(each.live_to),
            }
            for each in collaboration.deliverables.order_by("pk")
        ],
    }


def on_erasing(sender: type[Influencer], *, influencer: Influencer, erasure: Erasure, **_signal: Any) -> dict[str, int]:
    """Proposals go; bookings lose whatever leads to the person; contract and fee move to where no page reads them."""
    counts: dict[str, int] = {}
    booked = list(collaborations_of(influencer).filter(booked_at__isnull=False))
    LegalRetention.objects.bulk_create(
        LegalRetention(
            agency_id=erasure.agency_id, erasure=erasure, facts=legal_facts(each), keep_until=keep_until(each)
        )
        for each in booked
    )
    Claim.objects.filter(Q(influencer=influencer) | Q(collaboration__influencer=influencer)).delete()
    for gone in (
        Unavailability.objects.filter(influencer=influencer),
        collaborations_of(influencer).filter(booked_at__isnull=True),
        Clash.objects.filter(influencer=influencer).exclude(collaboration__in=booked),
    ):
        for table, count in gone.delete()[1].items():
            counts[table] = counts.get(table, 0) + count
    Clash.objects.filter(influencer=influencer).exclude(reason="").update(reason=str(erasure))
    Deliverable.objects.filter(collaboration__in=booked).update(account=None, post=None, note="")
    Collaboration.objects.filter(influencer=influencer).update(code="", link="", option_until=None)
    return {**counts, "kept_without_a_name": len(booked), "kept_by_law": len(booked)}


def connect() -> None:
    """To be called once, when the app is ready."""
    influencer_erasing.connect(on_erasing, dispatch_uid="campaigns.influencer_erasing")
    register(Holdings(key="campaigns", copy=copy, outlook=outlook, still_points_at=still_points_at, in_use=in_use))
