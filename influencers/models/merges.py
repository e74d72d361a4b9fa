"""Two records that are one person: which were merged (and can be parted for a day), which a person said are two."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import TenantModel
from influencers.models.people import Influencer


class Merge(TenantModel):
    """One record taken into another; `undo` holds everything that parting them again needs."""

    kept = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="merges")
    merged_id = models.BigIntegerField(help_text=_("Id of the record that was taken in; it gets it back."))
    merged_name = models.CharField(max_length=200)
    choices = models.JSONField(default=dict, help_text=_("Field by field, whose value stayed."))
    undo = models.JSONField(default=dict)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.merged_name} → {self.kept}"


class NotDuplicates(TenantModel):
    """Two records that look alike and are different people, as somebody said."""

    first = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "not duplicates"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_duplicates_once"),
            models.CheckConstraint(
                condition=models.Q(first_id__lt=models.F("second_id")), name="not_duplicates_lower_id_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
