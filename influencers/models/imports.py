"""What was imported, by whom, and what came of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import TenantModel


class ImportBatch(TenantModel):
    """One import of one file: how it was read, what it changed in numbers, which rows were refused."""

    class Kind(models.TextChoices):
        ROSTER = "roster", _("roster")
        POSTS = "posts", _("posts")
        FOLLOWERS = "followers", _("follower counts")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    file_name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    detected = models.JSONField(default=dict, help_text=_("Encoding, delimiter, header row, sheet as found out."))
    mapping = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "import batches"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
