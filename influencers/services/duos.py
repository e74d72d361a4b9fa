"""Who is in a duo. Members are people: no duo is in a duo. The apps above hear of each change and may refuse it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Membership
from influencers.models import Influencer

PEOPLE_ONLY = "influencer_members_are_people"


def add_member(*, duo: Influencer, member: Influencer, by: Membership) -> None:
    """The creator becomes a member of the duo; somebody who is one already stays one."""
    _check(duo, member, by)
    if member.pk == duo.pk:
        raise Refused(_("A creator cannot be a member of themselves."))
    _refuse_nesting(duo, member)
    try:
        with transaction.atomic():
            duo.members.add(member)
    except IntegrityError as error:
        if PEOPLE_ONLY not in str(error):
            raise
        # One of the two became a duo or a member of one in the same moment.
        raise Refused(_("A duo cannot be a member of a duo.")) from error


def remove_member(*, duo: Influencer, member: Influencer, by: Membership) -> None:
    """The creator leaves the duo; both stay on the roster."""
    _check(duo, member, by)
    with transaction.atomic():
        duo.members.remove(member)


def _refuse_nesting(duo: Influencer, member: Influencer) -> None:
    if member.members.exists():
        raise Refused(_("“%(name)s” is a duo itself. Add its people instead.") % {"name": member.name})
    around = duo.duos.first()
    if around is not None:
        raise Refused(
            _("“%(name)s” is a member of “%(duo)s” and cannot have members.") % {"name": duo.name, "duo": around.name}
        )


def _check(duo: Influencer, member: Influencer, by: Membership) -> None:
    if not by.can_write:
        raise Refused(_("Your role in this agency does not allow this."))
    if not duo.agency_id == member.agency_id == by.agency_id:
        raise Refused(_("This creator is not here."))
