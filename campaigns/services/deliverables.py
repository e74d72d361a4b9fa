"""Deliverables: what is made and when it goes live. Their days are what a booking claims."""

from datetime import date, time
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Membership
from campaigns.claims.store import creators_locked, read_for_claims, retry_on_conflict, write_claims
from campaigns.models import Collaboration, Deliverable
from campaigns.services.rows import assign, same_agency
from influencers.models import Account, Post


class DeliverableFields(TypedDict, total=False):
    """What may be set on a deliverable."""

    account: Account | None
    format: str
    state: str
    draft_due_on: date | None
    feedback_due_on: date | None
    live_from: date | None
    live_to: date | None
    live_time: time | None
    must_stay_until: date | None
    post: Post | None
    note: str


@retry_on_conflict
def add_deliverable(
    *, collaboration: Collaboration, by: Membership | None, **fields: Unpack[DeliverableFields]
) -> Deliverable:
    """A new deliverable; claims are derived anew. Raises ClashRefused when its days clash."""
    deliverable = Deliverable(agency_id=collaboration.agency_id, collaboration=collaboration)
    return save(deliverable, fields, by=by)


@retry_on_conflict
def update_deliverable(
    *, deliverable: Deliverable, by: Membership | None, **fields: Unpack[DeliverableFields]
) -> Deliverable:  # fmt: skip
    """Change the given fields; claims are derived anew. Raises ClashRefused when the new days clash."""
    return save(deliverable, fields, by=by)


@retry_on_conflict
def drop_deliverable(*, deliverable: Deliverable, by: Membership | None) -> Deliverable:
    """It will not be made: it claims no days any more, and stays in the list. Refused once it is live."""
    return save(deliverable, {"state": Deliverable.State.DROPPED}, by=by)


def save(deliverable: Deliverable, fields: DeliverableFields, *, by: Membership | None) -> Deliverable:
    collaboration = Collaboration.objects.select_related("influencer").get(pk=deliverable.collaboration_id)
    with creators_locked(collaboration.agency_id, [collaboration.influencer_id]):
        before = ""
        if deliverable.pk:
            deliverable = Deliverable.objects.get(pk=deliverable.pk)
            before = deliverable.state
        assign(deliverable, fields)
        check(deliverable, collaboration, before)
        deliverable.save()
        write_claims(read_for_claims([collaboration.pk]), by=by)
        return deliverable


def check(deliverable: Deliverable, collaboration: Collaboration, before: str) -> None:
    """Account and post of this creator; what is live has a day and stays live."""
    same_agency(collaboration.agency_id, deliverable.account, deliverable.post)
    state = Deliverable.State
    people = {collaboration.influencer_id, *collaboration.influencer.members.values_list("pk", flat=True)}
    if deliverable.account and deliverable.account.influencer_id not in people:
        raise Refused(_("%(account)s is not an account of this creator.") % {"account": deliverable.account})
    if deliverable.post and deliverable.post.account_id != deliverable.account_id:
        raise Refused(_("That post is not on the account of this deliverable."))
    if before == state.LIVE and deliverable.state == state.DROPPED:
        raise Refused(_("It is live already: it cannot be dropped."))
    if before == state.LIVE and deliverable.state != state.LIVE:
        raise Refused(_("It is live already: it stays live."))
    if deliverable.state == state.LIVE and deliverable.live_from is None:
        raise Refused(_("Say on which day it went live."))
