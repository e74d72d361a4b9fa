"""Collaborations: the line-up, the states, and what a booking fixes."""

from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Membership
from campaigns.claims.derive import holds, shifted
from campaigns.claims.store import creators_locked, read_for_claims, retry_on_conflict, write_claims
from campaigns.models import Campaign, Collaboration, Deliverable, Exclusivity
from campaigns.selectors.creators import main_account
from campaigns.services.campaigns import promote
from campaigns.services.rows import assign, same_agency
from influencers.models import Influencer
from influencers.selectors.tiers import default_bands, read_tier

State = Collaboration.State
ENDINGS = {State.DECLINED, State.CANCELLED}
MOVED_DAYS = ["draft_due_on", "feedback_due_on", "live_from", "live_to", "must_stay_until"]

# From a state, where it may go. Agencies skip steps forward; an option may be given back; who declined may be asked again.
TRANSITIONS: dict[str, frozenset[str]] = {
    State.PROPOSED: frozenset(
        {State.APPROVED, State.CONTACTED, State.NEGOTIATING, State.OPTION, State.BOOKED, *ENDINGS}
    ),
    State.APPROVED: frozenset({State.CONTACTED, State.NEGOTIATING, State.OPTION, State.BOOKED, *ENDINGS}),
    State.CONTACTED: frozenset({State.NEGOTIATING, State.OPTION, State.BOOKED, *ENDINGS}),
    State.NEGOTIATING: frozenset({State.OPTION, State.BOOKED, *ENDINGS}),
    State.OPTION: frozenset({State.NEGOTIATING, State.BOOKED, *ENDINGS}),
    State.BOOKED: frozenset({State.LIVE, State.CANCELLED}),
    State.LIVE: frozenset({State.COMPLETED, State.CANCELLED}),
    State.COMPLETED: frozenset(),
    State.DECLINED: frozenset({State.PROPOSED}),
    State.CANCELLED: frozenset({State.PROPOSED}),
}


def moves_from(collaboration: Collaboration) -> list[tuple[str, str]]:
    """The states to which it may move, with their names, in the order of the work."""
    return [(str(value), str(label)) for value, label in State.choices if value in TRANSITIONS[collaboration.state]]


class CollaborationFields(TypedDict, total=False):
    """What may be set on a collaboration; its state is moved."""

    starts_on: date | None
    ends_on: date | None
    fee: Decimal | None
    client_price: Decimal | None
    currency: str
    contract_sent_on: date | None
    contract_signed_on: date | None
    usage_rights_until: date | None
    option_until: datetime | None
    code: str
    link: str


@transaction.atomic
def add_to_line_up(
    *, campaign: Campaign, influencer: Influencer, by: Membership | None, **fields: Unpack[CollaborationFields]
) -> Collaboration:
    """The creator is proposed for the campaign. Nothing is claimed yet. Refused twice, and for creators not to work with."""
    same_agency(campaign.agency_id, influencer, by)
    if influencer.status == Influencer.Status.BLOCKED:
        raise Refused(_("%(creator)s is marked “do not work with”.") % {"creator": influencer})
    fields.setdefault("currency", campaign.currency)
    collaboration = Collaboration(agency_id=campaign.agency_id, campaign=campaign, influencer=influencer)
    assign(collaboration, fields)
    try:
        with transaction.atomic():
            collaboration.save()
    except IntegrityError as error:
        if "collaboration_once_per_campaign" not in str(error):
            raise
        raise Refused(_("%(creator)s is in the line-up already.") % {"creator": influencer}) from error
    return collaboration


@retry_on_conflict
def update_collaboration(
    *, collaboration: Collaboration, by: Membership | None, **fields: Unpack[CollaborationFields]
) -> Collaboration:
    """Change the given fields; claims are derived anew. Raises ClashRefused when the new days clash."""
    with creators_locked(collaboration.agency_id, [collaboration.influencer_id]):
        (collaboration,) = read_for_claims([collaboration.pk])
        assign(collaboration, fields)
        write_claims([collaboration], by=by)
        collaboration.save()
        return collaboration


@retry_on_conflict
def move_collaboration(
    *, collaboration: Collaboration, state: str, by: Membership | None, shift_days: int = 0
) -> Collaboration:
    """Move to another state, if given together with all days so many days later.

    An option or a booking writes claims: ClashRefused when PostgreSQL refuses them. Booking freezes the tier and notes who
    booked when. Refused where the table of transitions has no way.
    """
    with creators_locked(collaboration.agency_id, [collaboration.influencer_id]):
        (collaboration,) = read_for_claims([collaboration.pk])
        check_transition(collaboration, state)
        if shift_days:
            collaboration = shifted_by(collaboration, shift_days)
        before, collaboration.state = collaboration.state, state
        if state in {State.OPTION, State.BOOKED}:
            check_bookable(collaboration)
        write_claims([collaboration], by=by)
        if state == State.BOOKED:
            note_booking(collaboration, by)
        elif before in ENDINGS:
            collaboration.booked_at, collaboration.booked_by, collaboration.tier_at_booking = None, None, ""
        collaboration.save()
        return collaboration


@retry_on_conflict
def shift_collaboration(*, collaboration: Collaboration, days: int, by: Membership | None) -> Collaboration:
    """Put the flight and everything planned so many days later (negative: earlier). What is live or has fixed dates stays."""
    with creators_locked(collaboration.agency_id, [collaboration.influencer_id]):
        (collaboration,) = read_for_claims([collaboration.pk])
        collaboration = shifted_by(collaboration, days)
        write_claims([collaboration], by=by)
        return collaboration


def check_transition(collaboration: Collaboration, state: str) -> None:
    """Refused where there is no way, and back from a cancellation after content went live."""
    if state not in TRANSITIONS[collaboration.state]:
        raise Refused(
            _("A collaboration that is “%(before)s” cannot become “%(after)s”.")
            % {"before": collaboration.get_state_display(), "after": State(state).label}
        )
    if collaboration.state == State.CANCELLED and holds(collaboration):
        raise Refused(_("Content of this collaboration went live: it stays on record."))


def note_booking(collaboration: Collaboration, by: Membership | None) -> None:
    """Who booked when, and the tier of the creator's main account as it is read today."""
    collaboration.booked_at = timezone.now()
    collaboration.booked_by = by
    bands = default_bands(collaboration.campaign.agency)
    collaboration.tier_at_booking = read_tier(bands, main_account(collaboration.influencer)).name


def check_bookable(collaboration: Collaboration) -> None:
    """What a booking needs beyond free days: a creator to work with, a category, an end of the rights that a clause counts from."""
    if collaboration.influencer.status == Influencer.Status.BLOCKED:
        raise Refused(_("%(creator)s is marked “do not work with”.") % {"creator": collaboration.influencer})
    if not collaboration.campaign.categories.all():
        promote(collaboration.campaign, [])
    counts_from_rights = any(
        clause.anchor == Exclusivity.Anchor.USAGE and not clause.is_open_ended for clause in collaboration.clauses.all()
    )
    if counts_from_rights and collaboration.usage_rights_until is None:
        raise Refused(
            _("An exclusivity lasts until the usage rights end: say until when they run, or that it has no end.")
        )


def shifted_by(collaboration: Collaboration, days: int) -> Collaboration:
    """Own flight and planned deliverables are put later; the campaign's flight becomes an own one. Saved and read again."""
    settled = {Deliverable.State.LIVE, Deliverable.State.DROPPED}
    deliverables = [row for row in collaboration.deliverables.all() if row.state not in settled]
    for row in deliverables:
        for name in MOVED_DAYS:
            day = getattr(row, name)
            setattr(row, name, day and shifted(day, days))
    Deliverable.objects.bulk_update(deliverables, MOVED_DAYS)
    campaign = collaboration.campaign
    if collaboration.starts_on or not any(row.live_from for row in deliverables):
        collaboration.starts_on = shifted(collaboration.starts_on or campaign.starts_on, days)
        collaboration.ends_on = shifted(collaboration.ends_on or campaign.ends_on, days)
        collaboration.save()
    (fresh,) = read_for_claims([collaboration.pk])
    return fresh
