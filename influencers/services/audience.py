"""Work on audience shares: what one source says of one dimension on one day. Other days stay as they are: they are the history."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Membership
from agency.templatetags.meso import percent
from influencers.models import Account, AudienceShare

WHOLE = Decimal(1)


@transaction.atomic
def record_audience(
    *, account: Account, dimension: str, shares: Mapping[str, Decimal], source: str, as_of: date, by: Membership
) -> int:
    """The shares (fractions by part) of the dimension on that day; they replace what was known for that day.

    Returns how many there are. Refused without shares or a source, for a day to come, for a share below 0, and above 100 % in all.
    """
    _check(by)
    if not shares:
        raise Refused(_("Give at least one share."))
    if not source.strip():
        raise Refused(_("Say where the shares come from."))
    if as_of > account.agency.today():
        raise Refused(_("Shares cannot be dated in the future."))
    if min(shares.values()) < 0:
        raise Refused(_("A share cannot be less than 0 %."))
    total = sum(shares.values(), Decimal(0))
    if total > WHOLE:
        raise Refused(_("These add up to %(total)s. An audience is 100 %% at most.") % {"total": percent(float(total))})
    # Of two people who write the same day at the same moment the second replaces what the first wrote.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    known = {row.key: row for row in account.audience.filter(dimension=dimension, as_of=as_of)}
    gone = [row.pk for key, row in known.items() if key not in shares]
    account.audience.filter(pk__in=gone).delete()
    for key, share in shares.items():
        row = known.get(key) or AudienceShare(
            agency=account.agency, account=account, dimension=dimension, key=key, as_of=as_of
        )
        if row.pk is None or (row.share, row.source) != (share, source.strip()):
            row.share, row.source = share, source.strip()
            row.save()
    return len(shares)


@transaction.atomic
def delete_audience(*, account: Account, dimension: str, as_of: date, by: Membership) -> int:
    """Takes away what was known of the dimension on that day; the history of changes keeps it. Returns how many shares went."""
    _check(by)
    deleted, _per_table = account.audience.filter(dimension=dimension, as_of=as_of).delete()
    if not deleted:
        raise Refused(_("There are no shares of that day."))
    return deleted


def _check(by: Membership) -> None:
    if not by.can_write:
        raise Refused(_("Your role in this agency does not allow this."))
