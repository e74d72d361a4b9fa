"""A campaign of a brand."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import Brand, Category, Membership, TenantModel


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, membership: Membership) -> "CampaignQuerySet":
        """Campaigns of brands that the member may know of."""
        return self.filter(agency_id=membership.agency_id, brand__in=Brand.objects.visible_to(membership).values("pk"))


class Campaign(TenantModel):
    """What a brand wants said, when, and by whom."""

    class Objective(models.TextChoices):
        AWARENESS = "awareness", _("awareness")
        BRANDING = "branding", _("branding")
        LAUNCH = "launch", _("launch")
        AMBASSADOR = "ambassador", _("ambassador")
        NICHE = "niche", _("niche")
        ENGAGEMENT = "engagement", _("engagement")
        CONTENT = "content", _("content")
        SALES = "sales", _("sales")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        ARCHIVED = "archived", _("archived")

    brand = models.ForeignKey(Brand, on_delete=models.RESTRICT, related_name="campaigns", verbose_name=_("brand"))
    owner = models.ForeignKey(Membership, on_delete=models.RESTRICT, related_name="campaigns", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=200)
    objective = models.CharField(_("objective"), max_length=12, choices=Objective.choices, default=Objective.AWARENESS)
    categories: "models.ManyToManyField[Category, models.Model]" = models.ManyToManyField(
        Category,
        blank=True,
        related_name="campaigns",
        verbose_name=_("promoted categories"),
        help_text=_("Empty: the brand's."),
    )
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.DRAFT)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    budget = models.DecimalField(_("budget"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    target_reach = models.PositiveBigIntegerField(_("target reach"), null=True, blank=True)
    markets: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        help_text=_("ISO 3166 country codes, e.g. DK, NL. Empty: all."),
    )
    key_messages: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, size=3, verbose_name=_("key messages")
    )
    dos = models.TextField(_("do"), blank=True)
    donts = models.TextField(_("do not"), blank=True)
    hashtags: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=100), default=list, blank=True
    )
    tracking = models.TextField(_("links and codes"), blank=True)
    embargo_until = models.DateTimeField(_("nothing before"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="campaign_flight_in_order"
            ),
            models.CheckConstraint(condition=models.Q(budget__gte=0), name="campaign_budget_not_negative"),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="campaign_currency_iso_4217"
            ),
            models.CheckConstraint(condition=models.Q(key_messages__len__lte=3), name="campaign_three_key_messages"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("campaigns:campaign_detail", args=[self.agency.slug, self.pk])
