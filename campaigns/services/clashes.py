"""Clashes: what nobody can mend may be accepted by a manager, with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Membership
from campaigns.models import Clash


@transaction.atomic
def accept_clash(*, clash: Clash, reason: str, by: Membership) -> Clash:
    """The clash stays, and stands to be read with its reason. Only a manager may, and only while it is open."""
    clash = Clash.objects.select_for_update(of=("self",)).get(pk=clash.pk)
    if not by.is_manager or by.agency_id != clash.agency_id:
        raise Refused(_("Only a manager of the agency accepts a clash."))
    if clash.state != Clash.State.OPEN:
        raise Refused(_("This clash is not open any more."))
    if not reason.strip():
        raise Refused(_("Say why it is accepted."))
    clash.state, clash.reason = Clash.State.ACCEPTED, reason.strip()
    clash.decided_by, clash.decided_at = by, timezone.now()
    clash.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return clash
