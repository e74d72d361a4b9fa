"""Notes on how well a creator fits a brand."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import Brand, Membership, TenantModel
from influencers.models.people import Influencer


class BrandFitNoteQuerySet(models.QuerySet["BrandFitNote"]):
    def visible_to(self, membership: Membership) -> "BrandFitNoteQuerySet":
        """Notes on brands that the member may know of; viewers see no internal ones."""
        notes = self.filter(brand__in=Brand.objects.visible_to(membership).values("pk"))
        return notes if membership.can_write else notes.filter(is_internal=False)


class BrandFitNote(TenantModel):
    """What somebody thought of creator and brand on a day. The creator may ask to read it."""

    influencer = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="fit_notes")
    brand = models.ForeignKey(Brand, on_delete=models.RESTRICT, related_name="fit_notes")
    text = models.TextField(_("note"), max_length=5000)
    is_internal = models.BooleanField(_("internal"), default=True, help_text=_("Viewers do not see internal notes."))
    written_on = models.DateField(_("date"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BrandFitNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-written_on", "-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="fit_note_has_text")]

    def __str__(self) -> str:
        return f"{self.influencer} × {self.brand}"
