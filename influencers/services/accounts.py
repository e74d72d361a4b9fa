"""Corrections of accounts and of their follower counts."""

from typing import cast

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Membership
from influencers.imports.handles import PlatformName, ProfileLink
from influencers.imports.numbers import Count
from influencers.models import Account, FollowerCount, Influencer
from influencers.services.people import AlreadyOnRosterError, known_account, mind_erased


def update_account(
    *, account: Account, handle: str, url: str, external_id: str | None, is_primary: bool, by: Membership
) -> Account:
    """The account under another handle, address or id; a primary one replaces the primary one.

    Refused when another account of the platform has the handle or the id, or somebody who was erased had it.
    """
    _check(by)
    platform = cast("PlatformName", account.platform)
    wanted = ProfileLink(platform=platform, handle=handle, external_id=external_id or None, url=url)
    _refuse_another(account, wanted)
    try:
        with transaction.atomic():
            Influencer.objects.select_for_update(no_key=True).get(pk=account.influencer_id)
            if (account.handle, account.external_id) != (wanted.handle, wanted.external_id):
                mind_erased(account.agency, [wanted], by)
            if is_primary:
                account.influencer.accounts.filter(is_primary=True).exclude(pk=account.pk).update(is_primary=False)
            account.handle, account.url, account.is_primary = wanted.handle, wanted.url, is_primary
            account.external_id = wanted.external_id
            account.save(update_fields=["handle", "url", "external_id", "is_primary"])
    except IntegrityError:
        # Somebody else gave another account this handle or id in the same moment.
        _refuse_another(account, wanted)
        raise
    return account


def delete_account(*, account: Account, by: Membership) -> None:
    """Takes the account off the roster with its counts, posts, figures and audience; the history keeps the account itself.

    Refused while deliverables were agreed for it.
    """
    _check(by)
    try:
        with transaction.atomic():
            account.delete()
    except (ProtectedError, RestrictedError, IntegrityError) as error:
        raise Refused(
            _("%(account)s stays: deliverables were agreed for it. Move or delete those first.") % {"account": account}
        ) from error


@transaction.atomic
def correct_follower_count(*, count: FollowerCount, to: Count, by: Membership) -> FollowerCount:
    """Another number for that day, typed by a person; the account's own typed count follows when it is of that day."""
    _check(by)
    count.followers, count.source = to.value, FollowerCount.Source.TYPED
    count.save(update_fields=["followers", "source"])
    account = count.account
    if account.typed_followers_on == count.day:
        account.typed_followers, account.typed_followers_step = to.value, to.step
        account.save(update_fields=["typed_followers", "typed_followers_step"])
    return count


@transaction.atomic
def delete_follower_count(*, count: FollowerCount, by: Membership) -> None:
    """Takes the count of that day away, for days that were counted wrong."""
    _check(by)
    count.delete()


def _refuse_another(account: Account, wanted: ProfileLink) -> None:
    same_id = ProfileLink(platform=wanted.platform, handle="", external_id=wanted.external_id, url="")
    same_handle = ProfileLink(platform=wanted.platform, handle=wanted.handle, external_id=None, url="")
    for profile in (same_handle, same_id) if wanted.external_id else (same_handle,):
        other = known_account(account.agency, profile)
        if other is not None and other.pk != account.pk:
            raise AlreadyOnRosterError(wanted, other.influencer)


def _check(by: Membership) -> None:
    if not by.can_write:
        raise Refused(_("Your role in this agency does not allow this."))
