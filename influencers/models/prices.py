"""The price card: what a creator asks for a deliverable, in which period."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.history import tracked
from agency.models import TenantModel
from influencers.models.accounts import Platform
from influencers.models.people import Influencer


@tracked()
class Price(TenantModel):
    """An amount for one kind of deliverable; valid from a day, to a day inclusive or until further notice. Viewers see none."""

    class Kind(models.TextChoices):
        POST = "post", _("post")
        STORY = "story", _("story")
        SHORT = "short", _("short video")
        VIDEO = "video", _("video")
        LIVE = "live", _("live")
        PACKAGE = "package", _("package")
        DAY = "day", _("day")
        USAGE = "usage", _("usage rights")
        OTHER = "other", _("other")

    influencer = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="prices")
    kind = models.CharField(_("deliverable"), max_length=8, choices=Kind.choices)
    platform = models.CharField(
        _("platform"), max_length=12, choices=Platform.choices, blank=True, help_text=_("Empty: any.")
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("Empty: until further notice."))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["kind", "platform", "-valid_from"]
        # The latest price of each kind, for the medians of a tier.
        indexes = [
            models.Index(
                fields=["agency", "influencer", "kind", "platform", "currency", "-valid_from", "-id"],
                include=["amount", "valid_to"],
                name="price_by_influencer_and_kind",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="price_currency_iso_4217"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="price_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount} {self.currency}"
