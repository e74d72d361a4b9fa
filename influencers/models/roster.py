"""How people look at the roster: one line per creator as lists show it, saved views, shortlists, chosen columns."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import Agency, Membership, TenantModel
from influencers.models.accounts import Account, Platform
from influencers.models.people import Influencer

BIGINT = 9_223_372_036_854_775_807
# Beyond every value of a rate or a growth; an unknown one sorts as the lower or the upper, so that it comes last both ways.
NO_COUNT, NO_RATE, NO_RATE_RISING = -1, -2.0, 1e308


def _both_ways(column: str, lowest: float, highest: float, name: str) -> list[models.Index]:
    """The two indexes that let a list be read in either direction with unknown values last."""
    return [
        models.Index(F("agency"), Coalesce(F(column), lowest), F("influencer"), name=f"roster_line_{name}_down"),
        models.Index(F("agency"), Coalesce(F(column), highest), F("influencer"), name=f"roster_line_{name}_up"),
    ]


class RosterLine(TenantModel):
    """What lists sort and filter by, of the account that speaks for the creator. Kept by database triggers; never written here.

    The primary account speaks, else the largest. Figures are those of its newest cut-off. `rate_percentile` is the share
    (0 to 1) of accounts on the same platform and in the same tier whose headline rate is lower; it is set after each run,
    null where fewer than 30 accounts have a rate. `region` and `city` are folded (no accents, no case), as one searches them.
    """

    # Triggers write and delete lines together with their creator: a check of each row's keys would say it once more.
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, editable=False, db_constraint=False)
    influencer = models.OneToOneField(
        Influencer, on_delete=models.CASCADE, primary_key=True, related_name="line", db_constraint=False
    )
    sort_name = models.TextField()
    status = models.CharField(max_length=10)
    country = models.CharField(max_length=2)
    # What the creator's own row says too: a filter over a hundred thousand must not join.
    kind = models.CharField(max_length=12, default="")
    region = models.TextField(default="")
    city = models.TextField(default="")
    languages: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=10), default=list)
    niches: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=60), default=list)
    tags: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=60), default=list)
    search_text = models.TextField(default="")
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    platform = models.CharField(max_length=12, choices=Platform.choices, blank=True)
    platforms: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=12), default=list)
    followers = models.BigIntegerField(null=True)
    headline_rate = models.FloatField(null=True)
    growth_30d = models.FloatField(null=True)
    saturation = models.FloatField(null=True)
    figures_as_of = models.DateTimeField(null=True)
    rate_percentile = models.FloatField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "sort_name", "influencer"], name="roster_line_name"),
            *_both_ways("followers", NO_COUNT, BIGINT, "followers"),
            *_both_ways("headline_rate", NO_RATE, NO_RATE_RISING, "rate"),
            *_both_ways("growth_30d", NO_RATE, NO_RATE_RISING, "growth"),
        ]

    def __str__(self) -> str:
        return self.sort_name


class SavedView(TenantModel):
    """Filters, sort and columns of the roster under a name; shared with the agency or one's own."""

    name = models.CharField(_("name"), max_length=100)
    query = models.TextField(_("filters"), blank=True, help_text=_("The query string of the roster's address."))
    columns: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_shared = models.BooleanField(_("for everybody in the agency"), default=False)
    owner = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="saved_views")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once_per_owner")]

    def __str__(self) -> str:
        return self.name


class ShortlistQuerySet(models.QuerySet["Shortlist"]):
    def visible_to(self, membership: Membership) -> "ShortlistQuerySet":
        """Lists shared with the agency, and one's own."""
        own_or_shared = models.Q(is_shared=True) | models.Q(owner=membership)
        return self.filter(own_or_shared, agency_id=membership.agency_id)


class Shortlist(TenantModel):
    """A list of picked creators."""

    name = models.CharField(_("name"), max_length=100)
    is_shared = models.BooleanField(_("for everybody in the agency"), default=True)
    owner = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="shortlists")
    influencers: "models.ManyToManyField[Influencer, ShortlistEntry]" = models.ManyToManyField(
        Influencer, through="ShortlistEntry", related_name="shortlists"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ShortlistQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="shortlist_name_once_per_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("influencers:shortlist_detail", args=[self.agency.slug, self.pk])

    def can_be_changed_by(self, membership: Membership) -> bool:
        """Its owner, and managers where it is shared; colleagues read a shared list and add to it."""
        is_own = self.owner_id == membership.pk
        return membership.can_write and (is_own or (self.is_shared and membership.is_manager))


class ShortlistEntry(models.Model):
    """One creator on a list."""

    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="entries", db_index=False)
    influencer = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="shortlist_entries")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shortlist", "influencer"], name="shortlist_entry_once")]

    def __str__(self) -> str:
        return f"{self.shortlist_id}: {self.influencer_id}"


class RosterColumns(TenantModel):
    """Which columns of the roster a member chose, in order."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="roster_columns")
    columns: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=30))

    def __str__(self) -> str:
        return ", ".join(self.columns)


class DataExport(TenantModel):
    """Whose data left the site, in what form, to whom: a creator may ask who received it."""

    class Kind(models.TextChoices):
        ROSTER = "roster", _("roster as a spreadsheet")
        BRIEF = "brief", _("campaign brief")
        ACCESS = "access", _("copy for the creator")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    recipient = models.CharField(_("recipient"), max_length=200, blank=True)
    subject = models.CharField(
        _("what"), max_length=300, help_text=_("The filter, list or campaign, never a person's name.")
    )
    influencer_ids: "ArrayField[list[int], list[int]]" = ArrayField(models.BigIntegerField(), default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.made_at:%Y-%m-%d}"
