"""Work on creators and their accounts by hand. Imports of many have their own way, with the same rules about handles."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.imports.errors import CellError
from influencers.imports.handles import ProfileLink, handle_key, parse_profile
from influencers.imports.numbers import Count
from influencers.models import Account, Fingerprint, FollowerCount, Influencer
from influencers.protection.fingerprints import Fingerprints, Identifier

DETAILS = frozenset(
    {"kind", "role_type", "languages", "country", "region", "city", "niches", "tags", "email", "phone", "status"}
    | {"management_contact", "management_email", "source", "lawful_basis", "informed_on", "informed_how"}
)


class AlreadyOnRosterError(Refused):
    """The profile belongs to a creator of the roster already, who is `influencer`."""

    def __init__(self, profile: ProfileLink, influencer: Influencer) -> None:
        super().__init__(
            _("@%(handle)s on %(platform)s is on the roster already: %(name)s.")
            % {"handle": profile.handle, "platform": _platform(profile), "name": influencer.name}
        )
        self.influencer = influencer


def create_influencer(
    *, agency: Agency, name: str, profiles: Sequence[str], details: Mapping[str, Any], by: Membership | None
) -> Influencer:
    """A new creator with the accounts that the profile links name; without a name the first handle stands for it.

    Refused, with nothing made, when a link cannot be read, is given twice or is on the roster already, and for anybody but a
    manager when it is of somebody who was erased.
    """
    found = read_profiles(profiles)
    name = name.strip() or (found[0].handle if found else "")
    if not name:
        raise Refused(_("Give a name or paste at least one profile link."))
    influencer = Influencer(agency=agency, name=name, created_by=by.user if by else None, **_known(details))
    try:
        with transaction.atomic():
            _refuse_known(agency, found)
            mind_erased(agency, found, by, email=influencer.email)
            influencer.save()
            for profile in found:
                _new_account(influencer, profile).save()
    except IntegrityError:
        # Somebody else added one of the profiles in the same moment.
        _refuse_known(agency, found)
        raise
    return influencer


@transaction.atomic
def update_influencer(
    *, influencer: Influencer, name: str, details: Mapping[str, Any], by: Membership | None
) -> Influencer:
    """The creator with a new name and new details; what `details` leaves out stays."""
    if not name.strip():
        raise Refused(_("A creator needs a name."))
    changed = _known(details)
    influencer.name = name.strip()
    for field, value in changed.items():
        setattr(influencer, field, value)
    influencer.save(update_fields=["name", *changed])
    return influencer


@transaction.atomic
def set_status(*, influencers: QuerySet[Influencer], status: Influencer.Status, by: Membership | None) -> int:
    """Gives all of them the status; returns how many had another one before."""
    return influencers.exclude(status=status).order_by().update(status=status)


def add_account(
    *,
    influencer: Influencer,
    profile: ProfileLink,
    followers: Count | None = None,
    is_primary: bool = False,
    by: Membership | None,
) -> Account:
    """One more account of the creator, with today's followers if they are known; a primary one replaces the primary one."""
    account = _new_account(influencer, profile, is_primary=is_primary)
    try:
        with transaction.atomic():
            Influencer.objects.select_for_update(no_key=True).get(pk=influencer.pk)
            _refuse_known(influencer.agency, [profile])
            mind_erased(influencer.agency, [profile], by)
            if is_primary:
                influencer.accounts.filter(is_primary=True).update(is_primary=False)
            account.save()
            if followers is not None:
                record_follower_count(account=account, count=followers, by=by)
    except IntegrityError:
        # Somebody else added the profile in the same moment.
        _refuse_known(influencer.agency, [profile])
        raise
    return account


@transaction.atomic
def record_follower_count(*, account: Account, count: Count, by: Membership | None) -> FollowerCount:
    """The account's followers on the agency's calendar day of now, typed by a person; a second one on that day replaces it.

    How roughly it was written is kept with the account, so that pages can mark it.
    """
    day = account.agency.today()
    account.typed_followers, account.typed_followers_step, account.typed_followers_on = count.value, count.step, day
    account.save(update_fields=["typed_followers", "typed_followers_step", "typed_followers_on"])
    row, _is_new = FollowerCount.objects.update_or_create(
        account=account,
        day=day,
        defaults={"agency": account.agency, "followers": count.value, "source": FollowerCount.Source.TYPED},
    )
    account.refresh_from_db(fields=["followers", "followers_on"])
    return row


def read_profiles(lines: Iterable[str]) -> list[ProfileLink]:
    """The profiles that the lines name, empty lines left out; Refused names the line that is none, or that comes twice."""
    found: dict[tuple[str, str], ProfileLink] = {}
    for line in lines:
        if not line.strip():
            continue
        try:
            profile = parse_profile(line)
        except CellError as error:
            raise Refused(
                _("“%(line)s”: %(reason)s") % {"line": line.strip()[:200], "reason": error.message}
            ) from error
        key = (profile.platform, handle_key(profile.handle))
        if key in found:
            raise Refused(
                _("@%(handle)s on %(platform)s is given twice.")
                % {"handle": profile.handle, "platform": _platform(profile)}
            )
        found[key] = profile
    return list(found.values())


def known_account(agency: Agency, profile: ProfileLink) -> Account | None:
    """The account of the agency that the profile names: by the platform's own id where that is known, else by handle."""
    accounts = Account.objects.filter(agency=agency, platform=profile.platform).select_related("influencer")
    if profile.external_id and (account := accounts.filter(external_id=profile.external_id).first()):
        return account
    same_handle = accounts.annotate(low=Lower("handle")).filter(
        Q(low=Lower(Value(profile.handle)))
    )  # as the constraint
    return same_handle.first()


def _refuse_known(agency: Agency, profiles: Iterable[ProfileLink]) -> None:
    for profile in profiles:
        account = known_account(agency, profile)
        if account is not None:
            raise AlreadyOnRosterError(profile, account.influencer)


def mind_erased(agency: Agency, profiles: Iterable[ProfileLink], by: Membership | None, *, email: str = "") -> None:
    """Who was erased comes back only by a manager's hand; all fingerprints of that erasure go, so that imports know them again."""
    known = {Identifier.of_email(email)}
    for profile in profiles:
        known.add(Identifier.of_handle(profile.platform, profile.handle))
        known.add(Identifier.of_external_id(profile.platform, profile.external_id or ""))
    digests = Fingerprints.of(agency.pk).digests_of(known)
    if not digests:
        return
    if by is None or not by.is_manager:
        raise Refused(
            _(
                "Somebody with this profile or address asked to be erased. Ask them first; "
                "then only a manager may add them again."
            )
        )
    erasures = Fingerprint.objects.filter(agency=agency, digest__in=digests).values("erasure")
    Fingerprint.objects.filter(agency=agency, erasure__in=erasures).delete()


def _new_account(influencer: Influencer, profile: ProfileLink, *, is_primary: bool = False) -> Account:
    return Account(
        agency=influencer.agency,
        influencer=influencer,
        platform=profile.platform,
        handle=profile.handle,
        external_id=profile.external_id,
        url=profile.url,
        is_primary=is_primary,
    )


def _known(details: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(details) - DETAILS
    if unknown:
        raise TypeError(f"Not a detail of a creator: {', '.join(sorted(unknown))}")
    return dict(details)


def _platform(profile: ProfileLink) -> str:
    return str(Account(platform=profile.platform).get_platform_display())
