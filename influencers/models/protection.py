"""Erasure: who was erased by number, keyed fingerprints against their return, and the few facts that the law keeps."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import TenantModel


class Erasure(TenantModel):
    """A person who was erased; `number` is what stands in their place everywhere: `erased-<number>`."""

    number = models.PositiveIntegerField()
    reason = models.CharField(_("reason"), max_length=200)
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    erased_at = models.DateTimeField(default=timezone.now)
    counts = models.JSONField(default=dict, help_text=_("How many rows of each table were deleted or redacted."))

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="erasure_number_once_per_agency")]

    def __str__(self) -> str:
        return f"erased-{self.number}"


class Fingerprint(TenantModel):
    """A keyed hash of a handle, id or e-mail address of an erased person: recognises them, says nothing about them."""

    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="fingerprints")
    digest = models.CharField(max_length=64, help_text=_("HMAC-SHA-256 with the site's key."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "digest"], name="fingerprint_once_per_agency")]

    def __str__(self) -> str:
        return self.digest[:8]


class LegalRetention(TenantModel):
    """Contract and fee of an erased person's collaboration, as tax and commercial law want them kept. No page reads it."""

    erasure = models.ForeignKey(Erasure, on_delete=models.RESTRICT, related_name="retained")
    facts = models.JSONField(help_text=_("Name, campaign, dates, fee, contract."))
    keep_until = models.DateField(help_text=_("Deleted by the retention job afterwards."))

    def __str__(self) -> str:
        return f"{self.erasure} until {self.keep_until}"
