"""Agencies, who belongs to them, and the base of every row that belongs to one."""

import zoneinfo
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from agency.models.users import User

RESERVED_SLUGS = frozenset({"admin", "accounts", "api", "brief", "calendar", "healthz", "static", "media"})


def validate_agency_slug(slug: str) -> None:
    """Refuse the first path segments that the site itself uses."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is an address of the site itself. Choose another."), params={"slug": slug})


def validate_timezone(name: str) -> None:
    """Refuse a name that the time zone database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is no time zone. Example: Europe/Copenhagen."), params={"name": name})


class AgencyQuerySet(models.QuerySet["Agency"]):
    def of_user(self, user: "User") -> "AgencyQuerySet":
        """Agencies that the user is a member of."""
        return self.filter(membership__user=user, membership__is_active=True)


class Agency(models.Model):
    """One tenant. Its slug is the first segment of every address of its pages."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=50, unique=True, validators=[validate_agency_slug])
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_timezone])
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    is_demo = models.BooleanField(_("demo agency"), default=False, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "agencies"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug__in=sorted(RESERVED_SLUGS)), name="agency_slug_not_reserved"
            ),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="agency_currency_iso_4217"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("agency:dashboard", args=[self.slug])

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    def today(self) -> date:
        """The calendar day now, in the agency's time zone."""
        return now().astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The first instant of a calendar day in the agency's time zone."""
        return datetime.combine(day, time.min, tzinfo=self.zone)


class TenantModel(models.Model):
    """Base of every row that belongs to an agency."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, editable=False)

    class Meta:
        abstract = True


class Membership(TenantModel):
    """A user's place in one agency. Roles are ordered: viewer < marketer < manager."""

    class Role(models.TextChoices):
        VIEWER = "viewer", _("viewer")
        MARKETER = "marketer", _("marketer")
        MANAGER = "manager", _("manager")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    is_roster_manager = models.BooleanField(_("roster manager"), default=False, help_text=_("Opens the admin panel."))
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "user"], name="membership_once_per_agency"),
            models.CheckConstraint(
                condition=models.Q(role__in=["viewer", "marketer", "manager"]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_manager(self) -> bool:
        return self.role == self.Role.MANAGER

    @property
    def can_write(self) -> bool:
        return self.role in {self.Role.MARKETER, self.Role.MANAGER}

    @property
    def keeps_roster(self) -> bool:
        """May do to the roster what one record cannot take back: merge, erase."""
        return self.is_manager or (self.is_roster_manager and self.can_write)

    @property
    def can_see_fees(self) -> bool:
        """Viewers see neither fees nor internal notes."""
        return self.can_write


def invitation_expiry() -> datetime:
    return now() + timedelta(days=settings.INVITATION_DAYS)


class Invitation(TenantModel):
    """An e-mailed link by which one address may join one agency, once, until it expires."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role.choices, default=Membership.Role.MARKETER)
    is_roster_manager = models.BooleanField(_("roster manager"), default=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField(default=invitation_expiry, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "agency",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True),
                name="invitation_open_once_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > now()
