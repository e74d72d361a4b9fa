"""A creator's part in a campaign, and what they deliver."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import Brand, Membership, TenantModel
from campaigns.models.campaigns import Campaign
from influencers.models import Account, Influencer, Post


class CollaborationQuerySet(models.QuerySet["Collaboration"]):
    def visible_to(self, membership: Membership) -> "CollaborationQuerySet":
        """Collaborations for brands that the member may know of."""
        return self.filter(
            agency_id=membership.agency_id, campaign__brand__in=Brand.objects.visible_to(membership).values("pk")
        )

    def holding(self) -> "CollaborationQuerySet":
        """Collaborations whose state holds the creator: they have claims."""
        return self.filter(state__in=Collaboration.HOLDING_STATES)


class Collaboration(TenantModel):
    """Campaign × influencer. Only `campaigns.services` changes its state."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved by client")
        CONTACTED = "contacted", _("contacted")
        NEGOTIATING = "negotiating", _("negotiating")
        OPTION = "option", _("option")
        BOOKED = "booked", _("booked")
        LIVE = "live", _("live")
        COMPLETED = "completed", _("completed")
        DECLINED = "declined", _("declined")
        CANCELLED = "cancelled", _("cancelled")

    HOLDING_STATES = (State.OPTION, State.BOOKED, State.LIVE, State.COMPLETED)

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="collaborations")
    influencer = models.ForeignKey(Influencer, on_delete=models.RESTRICT, related_name="collaborations")
    state = models.CharField(_("state"), max_length=11, choices=State.choices, default=State.PROPOSED)
    starts_on = models.DateField(_("first day"), null=True, blank=True, help_text=_("Empty: the campaign's."))
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty: the campaign's."))
    fee = models.DecimalField(_("fee"), max_digits=12, decimal_places=2, null=True, blank=True)
    client_price = models.DecimalField(_("price to the client"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    contract_sent_on = models.DateField(_("contract sent"), null=True, blank=True)
    contract_signed_on = models.DateField(_("contract signed"), null=True, blank=True)
    usage_rights_until = models.DateField(_("usage rights until"), null=True, blank=True)
    option_until = models.DateTimeField(_("option until"), null=True, blank=True)
    code = models.CharField(_("code"), max_length=60, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    tier_at_booking = models.CharField(max_length=60, blank=True, editable=False)
    booked_at = models.DateTimeField(null=True, editable=False)
    booked_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CollaborationQuerySet.as_manager()

    class Meta:
        ordering = ["influencer__sort_name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "influencer"], name="collaboration_once_per_campaign"),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True, ends_on__isnull=True)
                | models.Q(starts_on__isnull=False, ends_on__isnull=False, starts_on__lte=models.F("ends_on")),
                name="collaboration_flight_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(fee__gte=0) & models.Q(client_price__gte=0), name="collaboration_money_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="collaboration_currency_iso_4217"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["booked", "live", "completed"]) | models.Q(booked_at__isnull=False),
                name="collaboration_booked_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.influencer} × {self.campaign}"

    def get_absolute_url(self) -> str:
        return reverse("campaigns:collaboration_detail", args=[self.agency.slug, self.pk])


class Deliverable(TenantModel):
    """One thing to make: where, in what form, by when, live from which day to which."""

    class Format(models.TextChoices):
        POST = "post", _("post")
        REEL = "reel", _("reel")
        STORY = "story", _("story")
        VIDEO = "video", _("video")
        SHORT = "short", _("short video")
        LIVE = "live", _("live")
        ARTICLE = "article", _("article")
        EPISODE = "episode", _("episode")
        OTHER = "other", _("other")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        DRAFTED = "drafted", _("draft in")
        FEEDBACK = "feedback", _("feedback given")
        APPROVED = "approved", _("approved")
        LIVE = "live", _("live")
        DROPPED = "dropped", _("dropped")

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="deliverables")
    account = models.ForeignKey(Account, on_delete=models.RESTRICT, null=True, blank=True, related_name="deliverables")
    format = models.CharField(_("format"), max_length=8, choices=Format.choices, default=Format.POST)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PLANNED)
    draft_due_on = models.DateField(_("draft due"), null=True, blank=True)
    feedback_due_on = models.DateField(_("feedback due"), null=True, blank=True)
    live_from = models.DateField(_("goes live from"), null=True, blank=True)
    live_to = models.DateField(_("to"), null=True, blank=True)
    live_time = models.TimeField(_("hour"), null=True, blank=True)
    must_stay_until = models.DateField(_("must stay until"), null=True, blank=True)
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliverables")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["live_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(live_from__isnull=True, live_to__isnull=True)
                | models.Q(live_from__isnull=False, live_to__isnull=False, live_from__lte=models.F("live_to")),
                name="deliverable_live_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()} {self.live_from or ''}".strip()
