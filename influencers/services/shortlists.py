"""Lists of picked creators: who may change them, who is on them."""

from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.models import Influencer, Shortlist, ShortlistEntry

ADD = """
INSERT INTO influencers_shortlistentry (shortlist_id, influencer_id, added_at)
SELECT %s, unnest(%s::bigint[]), now() ON CONFLICT DO NOTHING
"""


def create_shortlist(*, agency: Agency, name: str, is_shared: bool, by: Membership) -> Shortlist:
    """A new list of `by`'s; Refused when they have one of that name."""
    return _saved(Shortlist(agency=agency, owner=by, name=name, is_shared=is_shared))


def update_shortlist(*, shortlist: Shortlist, name: str, is_shared: bool, by: Membership) -> Shortlist:
    """Another name, shared or not; Refused to others than its owner and managers."""
    refuse_strangers(shortlist, by)
    shortlist.name, shortlist.is_shared = name, is_shared
    return _saved(shortlist)


def delete_shortlist(*, shortlist: Shortlist, by: Membership) -> None:
    """The list is gone, its creators stay on the roster; Refused to others than its owner and managers."""
    refuse_strangers(shortlist, by)
    shortlist.delete()


@transaction.atomic
def add_to_shortlist(*, shortlist: Shortlist, creators: QuerySet[Any], by: Membership) -> int:
    """All of them (rows whose keys are ids of creators) are on the list; returns how many were not before."""
    if not Shortlist.objects.visible_to(by).filter(pk=shortlist.pk).exists():
        raise Refused(_("That list is not there any more."))
    people = Influencer.objects.filter(agency=shortlist.agency_id, pk__in=creators.order_by().values("pk"))
    with connection.cursor() as cursor:
        cursor.execute(ADD, [shortlist.pk, list(people.order_by("pk").values_list("pk", flat=True))])
        added: int = cursor.rowcount
    return added


@transaction.atomic
def remove_from_shortlist(*, shortlist: Shortlist, creators: QuerySet[Any], by: Membership) -> int:
    """None of them is on the list; returns how many were. Refused to others than its owner and managers."""
    refuse_strangers(shortlist, by)
    entries = ShortlistEntry.objects.filter(shortlist=shortlist, influencer__in=creators.order_by().values("pk"))
    return entries.delete()[0]


def refuse_strangers(shortlist: Shortlist, by: Membership) -> None:
    """Colleagues add to a shared list; what is on it and what it is called is its owner's business, and the managers'."""
    if not shortlist.can_be_changed_by(by):
        raise Refused(_("Only %(owner)s or a manager may change this list.") % {"owner": shortlist.owner})


def _saved(shortlist: Shortlist) -> Shortlist:
    try:
        with transaction.atomic():
            shortlist.save()
    except IntegrityError as error:
        if "shortlist_name_once_per_owner" not in str(error):
            raise
        words = {"owner": shortlist.owner, "name": shortlist.name}
        raise Refused(_("%(owner)s has a list “%(name)s” already.") % words) from error
    return shortlist
