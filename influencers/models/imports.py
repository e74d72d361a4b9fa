"""What was imported, by whom, what came of it, and what it changed, so that it can be taken back."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import TenantModel


class ImportBatch(TenantModel):
    """One import of one file: how it was read, what it changed in numbers, which rows were refused.

    The uploaded file is kept only until the import is applied or given up, its refused rows for a week after that; what is
    left of both lies in the folder `upload`, which is empty when there is nothing.
    """

    class Kind(models.TextChoices):
        ROSTER = "roster", _("roster")
        POSTS = "posts", _("posts")
        FOLLOWERS = "followers", _("follower counts")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKING = "checking", _("being checked")
        APPLYING = "applying", _("being imported")
        APPLIED = "applied", _("imported")
        FAILED = "failed", _("failed")
        UNDOING = "undoing", _("being taken back")
        UNDONE = "undone", _("taken back")
        GIVEN_UP = "given_up", _("given up")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPLIED)
    file_name = models.CharField(max_length=300)
    upload = models.CharField(max_length=200, blank=True, help_text=_("Path below MEDIA_ROOT while it is needed."))
    sha256 = models.CharField(max_length=64)
    detected = models.JSONField(default=dict, help_text=_("Encoding, delimiter, header row, sheet as found out."))
    options = models.JSONField(default=dict, help_text=_("What a person decided about how the file is read."))
    mapping = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    objected: "ArrayField[list[int], list[int]]" = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        help_text=_("Lines that were skipped because the person had asked to be erased."),
    )
    # Live progress, written on a connection of its own while the import's transaction is open.
    done_rows = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    imported_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    left = models.JSONField(default=list, help_text=_("What an undo could not restore, and why."))

    class Meta:
        verbose_name_plural = "import batches"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("influencers:import_detail", args=[self.agency.slug, self.pk])


class ImportChange(models.Model):
    """What one import did to rows of one table: ids that it created, or one row's columns before and after."""

    class Table(models.TextChoices):
        INFLUENCER = "influencer", _("creator")
        ACCOUNT = "account", _("account")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=10, choices=Table.choices)
    line = models.PositiveIntegerField(null=True, help_text=_("Line in the file; empty for a block of created rows."))
    row_id = models.BigIntegerField(null=True, help_text=_("The row that was updated; empty for created rows."))
    created_ids: "ArrayField[list[int], list[int]]" = ArrayField(models.BigIntegerField(), default=list)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(row_id__isnull=False, created_ids=[])
                | (models.Q(row_id__isnull=True) & ~models.Q(created_ids=[])),
                name="import_change_updates_or_creates",
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.table} {self.row_id or len(self.created_ids)}"


class ColumnMapping(TenantModel):
    """Which column means what, kept for files with the same headings."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(max_length=10, choices=ImportBatch.Kind.choices)
    headers: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=500))
    options = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind", "headers"], name="column_mapping_once_per_headers")
        ]

    def __str__(self) -> str:
        return self.name
