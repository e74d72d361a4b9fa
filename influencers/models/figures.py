"""Engagement figures by account and cut-off, and the runs that compute them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import TenantModel
from influencers.models.accounts import Account


class MetricsRun(TenantModel):
    """One recomputation of an agency's figures as of one instant."""

    class Kind(models.TextChoices):
        NIGHTLY = "nightly", _("nightly")
        MANUAL = "manual", _("on demand")

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    day = models.DateField(help_text=_("Calendar day of the cut-off in the agency's time zone."))
    as_of = models.DateTimeField(help_text=_("The cut-off T: only what happened up to it counts."))
    formula_version = models.PositiveSmallIntegerField()
    replace = models.BooleanField(default=False, help_text=_("Overwrite rows of the same cut-off."))
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    accounts = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "day"], condition=models.Q(kind="nightly"), name="metrics_run_one_nightly_per_day"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="finished") | models.Q(finished_at__isnull=False),
                name="metrics_run_finished_has_time",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-as_of"], name="metrics_run_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("influencers:run_detail", args=[self.agency.slug, self.pk])

    @property
    def seconds(self) -> float | None:
        """How long it took from its first range to its end; None while it is not over."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class MetricsRange(models.Model):
    """Accounts `low` to `high` (ids, inclusive) of a run. Who works on it holds a lease; without a live one anybody may."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        LEASED = "leased", _("being computed")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    run = models.ForeignKey(MetricsRun, on_delete=models.CASCADE, related_name="ranges")
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    accounts = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "low"], name="metrics_range_once_per_low"),
            models.CheckConstraint(condition=models.Q(low__lte=models.F("high")), name="metrics_range_low_to_high"),
        ]
        indexes = [models.Index(fields=["state", "leased_until"], name="metrics_range_open")]

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


class EngagementFigures(TenantModel):
    """The figures of one account as of one instant, by one version of the formulas. Rates are fractions; null is unknown."""

    class Reason(models.TextChoices):
        NOT_APPLICABLE = "not_applicable", _("this platform has no engagement rate")
        NO_POSTS = "no_posts", _("no posts between 3 and 90 days old")
        LIKES_HIDDEN = "likes_hidden", _("likes or comments are hidden or missing")
        VIEWS_UNKNOWN = "views_unknown", _("views are unknown")
        FOLLOWERS_UNKNOWN = "followers_unknown", _("followers are unknown")
        TOO_FEW_POSTS = "too_few_posts", _("fewer than 5 posts with a rate")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="figures", db_index=False)
    as_of = models.DateTimeField()
    formula_version = models.PositiveSmallIntegerField()
    run = models.ForeignKey(MetricsRun, on_delete=models.SET_NULL, null=True, related_name="figures", db_index=False)
    computed_at = models.DateTimeField()
    followers = models.BigIntegerField(null=True)
    window_posts = models.PositiveSmallIntegerField()
    headline_rate = models.FloatField(null=True)
    headline_reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    er_followers_n = models.PositiveSmallIntegerField()
    er_followers_median = models.FloatField(null=True)
    er_followers_mean = models.FloatField(null=True)
    er_followers_p25 = models.FloatField(null=True)
    er_followers_p75 = models.FloatField(null=True)
    er_views_n = models.PositiveSmallIntegerField()
    er_views_median = models.FloatField(null=True)
    er_views_mean = models.FloatField(null=True)
    er_views_p25 = models.FloatField(null=True)
    er_views_p75 = models.FloatField(null=True)
    er_reach_n = models.PositiveSmallIntegerField()
    er_reach_median = models.FloatField(null=True)
    er_reach_mean = models.FloatField(null=True)
    er_reach_p25 = models.FloatField(null=True)
    er_reach_p75 = models.FloatField(null=True)
    posts_per_week = models.FloatField(null=True)
    saturation = models.FloatField(null=True)
    saturation_known = models.PositiveIntegerField(help_text=_("Posts of the last 90 days with known sponsorship."))
    sponsored_to_organic = models.FloatField(null=True)
    comment_like_ratio = models.FloatField(null=True)
    reply_rate = models.FloatField(null=True)
    view_rate = models.FloatField(null=True)
    reach_rate = models.FloatField(null=True)
    growth_30d = models.FloatField(null=True)
    growth_from = models.DateField(null=True)
    growth_to = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "engagement figures"
        constraints = [
            models.UniqueConstraint(fields=["account", "as_of", "formula_version"], name="figures_once_per_cutoff"),
            models.CheckConstraint(
                condition=models.Q(headline_rate__isnull=False, headline_reason="")
                | (models.Q(headline_rate__isnull=True) & ~models.Q(headline_reason="")),
                name="figures_headline_or_reason",
            ),
        ]
        indexes = [models.Index(fields=["agency", "as_of"], name="figures_by_cutoff")]

    def __str__(self) -> str:
        return f"{self.account_id} as of {self.as_of}"
