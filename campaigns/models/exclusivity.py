"""What shuts other work out: clauses of a collaboration, and a creator's own absence."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import Brand, Category, TenantModel
from campaigns.models.collaborations import Collaboration
from influencers.models import Influencer, Platform


class Exclusivity(TenantModel):
    """A clause of a collaboration: for whom, where and how long the creator may not work."""

    class Scope(models.TextChoices):
        FULL = "full", _("no other paid work")
        CATEGORIES = "categories", _("product categories")
        BRANDS = "brands", _("named brands")

    class Anchor(models.TextChoices):
        POSTS = "posts", _("first to last post")
        EACH_POST = "each_post", _("each post")
        FIXED = "fixed", _("fixed dates")
        USAGE = "usage", _("first post until usage rights end")

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="clauses")
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, default=Scope.CATEGORIES)
    categories: "models.ManyToManyField[Category, models.Model]" = models.ManyToManyField(
        Category, blank=True, related_name="clauses", verbose_name=_("categories")
    )
    brands: "models.ManyToManyField[Brand, models.Model]" = models.ManyToManyField(
        Brand, blank=True, related_name="clauses", verbose_name=_("brands")
    )
    platforms: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=12, choices=Platform.choices), default=list, blank=True, help_text=_("Empty: all.")
    )
    markets: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, help_text=_("ISO 3166 country codes. Empty: all.")
    )
    anchor = models.CharField(_("counted from"), max_length=9, choices=Anchor.choices, default=Anchor.POSTS)
    fixed_from = models.DateField(_("from"), null=True, blank=True)
    fixed_to = models.DateField(_("to"), null=True, blank=True)
    days_before = models.PositiveSmallIntegerField(_("days before"), default=0)
    days_after = models.PositiveSmallIntegerField(_("days after"), default=0)
    is_open_ended = models.BooleanField(_("without end"), default=False)

    class Meta:
        verbose_name_plural = "exclusivities"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(anchor="fixed")
                | models.Q(fixed_from__isnull=False, fixed_to__isnull=True, is_open_ended=True)
                | models.Q(fixed_from__isnull=False, fixed_to__isnull=False, fixed_from__lte=models.F("fixed_to")),
                name="exclusivity_fixed_has_dates",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_scope_display())


class Unavailability(TenantModel):
    """Days on which a creator takes no work, first to last. A fact: it is recorded even when a booking stands in it."""

    influencer = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="unavailabilities")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "unavailabilities"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="unavailability_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"
