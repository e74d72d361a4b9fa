"""How well a creator fits a brand: scorecards with a reason per criterion, and dated notes."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.history import tracked
from agency.models import Brand, Membership, TenantModel
from influencers.models.people import Influencer

NOTE_EDITABLE = timedelta(days=1)


class BrandFitQuerySet(models.QuerySet["BrandFit"]):
    def visible_to(self, membership: Membership) -> "BrandFitQuerySet":
        """Scorecards on brands that the member may know of; viewers, who read no internal notes, read none."""
        fits = self.filter(agency_id=membership.agency_id)
        if not membership.can_write:
            return fits.none()
        return fits.filter(brand__in=Brand.objects.visible_to(membership).values("pk"))

    def current(self) -> "BrandFitQuerySet":
        return self.filter(is_current=True)


class BrandFit(TenantModel):
    """One version of the scorecard of a creator for a brand. Never changed: an edit is the next version."""

    class Verdict(models.TextChoices):
        FITS = "fits", _("fits")
        CONDITIONS = "conditions", _("fits with conditions")
        UNFIT = "unfit", _("does not fit")
        NOT_ASSESSED = "not_assessed", _("not assessed")

    influencer = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="brand_fits")
    brand = models.ForeignKey(Brand, on_delete=models.RESTRICT, related_name="brand_fits")
    version = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True, help_text=_("The newest version."))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices, default=Verdict.NOT_ASSESSED)
    conditions = models.TextField(_("conditions"), max_length=2000, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    written_on = models.DateField(_("date"))
    expires_on = models.DateField(_("valid until"), help_text=_("Afterwards it counts as not assessed."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BrandFitQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["influencer", "brand", "version"], name="brand_fit_version_once"),
            models.UniqueConstraint(
                fields=["influencer", "brand"], condition=models.Q(is_current=True), name="brand_fit_one_current"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_on__gte=models.F("written_on")), name="brand_fit_expires_after_date"
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict="conditions") | ~models.Q(conditions=""), name="brand_fit_names_conditions"
            ),
        ]
        indexes = [
            models.Index(fields=["brand", "verdict"], condition=models.Q(is_current=True), name="brand_fit_of_brand")
        ]

    def __str__(self) -> str:
        return f"{self.influencer} × {self.brand} v{self.version}"

    def has_expired(self, today: date) -> bool:
        """Whether it counts no longer on that day."""
        return self.expires_on < today


class BrandFitScore(models.Model):
    """One criterion of a scorecard: 0 (against it) to 4 (speaks for it), never without a reason; unscored ones have no row."""

    class Criterion(models.TextChoices):
        TOPIC = "topic", _("topic and niche")
        AUDIENCE = "audience", _("audience match")
        VALUES = "values", _("values")
        TONE = "tone", _("tone and aesthetics")
        CREDIBILITY = "credibility", _("credibility and transparency")
        LOAD = "load", _("commercial load")
        RIVALS = "rivals", _("past or running rival work")
        LOCALITY = "locality", _("locality")

    fit = models.ForeignKey(BrandFit, on_delete=models.CASCADE, related_name="scores", db_index=False)
    criterion = models.CharField(_("criterion"), max_length=12, choices=Criterion.choices)
    score = models.PositiveSmallIntegerField(_("score"))
    reason = models.TextField(_("reason"), max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fit", "criterion"], name="brand_fit_score_once_per_criterion"),
            models.CheckConstraint(condition=models.Q(score__range=(0, 4)), name="brand_fit_score_0_to_4"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="brand_fit_score_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.score}"


class BrandFitNoteQuerySet(models.QuerySet["BrandFitNote"]):
    def visible_to(self, membership: Membership) -> "BrandFitNoteQuerySet":
        """Notes on brands that the member may know of; viewers see no internal ones."""
        notes = self.filter(brand__in=Brand.objects.visible_to(membership).values("pk"))
        return notes if membership.can_write else notes.filter(is_internal=False)


@tracked()
class BrandFitNote(TenantModel):
    """What somebody thought of creator and brand on a day. The creator may ask to read it.

    Its author may correct it for a day; afterwards it grows only by additions.
    """

    influencer = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="fit_notes")
    brand = models.ForeignKey(Brand, on_delete=models.RESTRICT, related_name="fit_notes")
    text = models.TextField(_("note"), max_length=5000)
    is_internal = models.BooleanField(_("internal"), default=True, help_text=_("Viewers do not see internal notes."))
    written_on = models.DateField(_("date"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    adds_to = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="additions", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BrandFitNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-written_on", "-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="fit_note_has_text")]

    def __str__(self) -> str:
        return f"{self.influencer} × {self.brand}"
