"""Work on agencies and the people in them; clients and brands: `agency/brand_services.py`."""

import hashlib
import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from agency.category_seed import seed_categories
from agency.errors import Refused
from agency.models import Agency, Invitation, Membership, User
from agency.signals import agency_created


@transaction.atomic
def create_agency(
    *, name: str, slug: str, timezone: str, currency: str, manager_email: str, is_demo: bool = False
) -> tuple[Agency, Membership]:
    """A new agency with its categories, the defaults of the apps above, and one manager (who also runs the roster).

    Raises ValidationError, naming the field, when a value is refused; then nothing was made.
    """
    agency = Agency(name=name, slug=slug, timezone=timezone, currency=currency, is_demo=is_demo)
    agency.full_clean()
    agency.save()
    email = manager_email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)  # the operator vouches for it
    manager = Membership.objects.create(agency=agency, user=user, role=Membership.Role.MANAGER, is_roster_manager=True)
    seed_categories(agency)
    agency_created.send(sender=Agency, agency=agency)
    return agency, manager


@transaction.atomic
def update_agency(*, agency: Agency, name: str, timezone: str, currency: str, by: Membership | None) -> Agency:
    """New name, time zone and currency; ValidationError, naming the field, when a value is refused."""
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    agency.name, agency.timezone, agency.currency = name, timezone, currency
    agency.full_clean()
    agency.save()
    return agency


def lock_people(agency_id: int) -> None:
    """Changes of who belongs to an agency happen one after the other."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency_id)


@transaction.atomic
def update_member(
    *, member: Membership, role: str, is_roster_manager: bool, is_active: bool, by: Membership | None
) -> Membership:  # fmt: skip
    """Role, roster-manager flag, active or not. Refused when the agency would be left without an active manager."""
    lock_people(member.agency_id)
    member = Membership.objects.select_related("user").get(pk=member.pk)
    stays_manager = is_active and role == Membership.Role.MANAGER
    others = Membership.objects.filter(agency_id=member.agency_id, role=Membership.Role.MANAGER, is_active=True)
    if member.is_active and member.is_manager and not stays_manager and not others.exclude(pk=member.pk).exists():
        raise Refused(
            _("%(name)s is the last manager of this agency. Make somebody else a manager first.") % {"name": member}
        )
    member.role, member.is_roster_manager, member.is_active = role, is_roster_manager, is_active
    member.save()
    return member


def hash_token(token: str) -> str:
    """Only this is stored: who reads the database cannot accept an invitation."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_member(
    *, agency: Agency, email: str, role: str, is_roster_manager: bool, site: str, by: Membership
) -> Invitation:  # fmt: skip
    """An invitation, mailed after the commit with a link on `site` (scheme and host). A former one to the address ends.

    Refused when the address already belongs to an active member.
    """
    lock_people(agency.pk)
    email = email.strip().lower()
    if Membership.objects.filter(agency=agency, user__email=email, is_active=True).exists():
        raise Refused(_("%(email)s already belongs to this agency.") % {"email": email})
    Invitation.objects.filter(agency=agency, email__iexact=email, accepted_at=None).delete()
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        agency=agency,
        email=email,
        role=role,
        is_roster_manager=is_roster_manager,
        token_hash=hash_token(token),
        invited_by=by.user,
    )
    link = site + reverse("agency:invitation_accept", args=[token])
    transaction.on_commit(lambda: mail_invitation(invitation=invitation, link=link))
    return invitation


def mail_invitation(*, invitation: Invitation, link: str) -> None:
    """The letter with the link."""
    context: dict[str, Any] = {"invitation": invitation, "link": link}
    subject = _("%(agency)s invites you to Meso") % {"agency": invitation.agency}
    send_mail(
        " ".join(subject.split()),
        render_to_string("agency/mail/invitation.txt", context),
        None,
        [invitation.email],
    )


@transaction.atomic
def cancel_invitation(*, invitation: Invitation, by: Membership) -> None:
    """The link stops working. Refused once it was used."""
    deleted, _rows = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()
    if not deleted:
        raise Refused(_("%(email)s has already joined.") % {"email": invitation.email})


def invitation_by_token(token: str) -> Invitation:
    """The invitation of a link, in whatever state; Invitation.DoesNotExist when there is none."""
    return Invitation.objects.select_related("agency", "invited_by").get(token_hash=hash_token(token))


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User) -> Membership:
    """The invited person becomes a member, once; the link proved that the address is theirs.

    Refused when it is not open any more, or the user's address is another one.
    """
    lock_people(invitation.agency_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not invitation.is_open:
        raise Refused(_("This invitation was used already, or it expired."))
    if user.email.lower() != invitation.email.lower():
        raise Refused(_("This invitation is for %(email)s.") % {"email": invitation.email})
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    member, is_new = Membership.objects.get_or_create(
        agency_id=invitation.agency_id,
        user=user,
        defaults={"role": invitation.role, "is_roster_manager": invitation.is_roster_manager},
    )
    if not is_new and not member.is_active:
        member.role, member.is_roster_manager, member.is_active = invitation.role, invitation.is_roster_manager, True
        member.save()
    return member


@transaction.atomic
def accept_invitation_as_new_user(*, invitation: Invitation, name: str, password: str) -> Membership:
    """A new login with that name and password, and its membership. Refused when the address has a login already."""
    lock_people(invitation.agency_id)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Refused(_("%(email)s already has a login. Log in to join.") % {"email": invitation.email})
    user = User.objects.create_user(invitation.email, password, name=name)
    return accept_invitation(invitation=invitation, user=user)
