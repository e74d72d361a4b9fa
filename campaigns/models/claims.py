"""Claims: what a booking takes and what a clause shuts out, in the one table on which PostgreSQL refuses a clash."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.models import Membership, TenantModel
from campaigns.fields import DateMultirangeField, IntegerMultirangeField
from campaigns.models.collaborations import Collaboration
from campaigns.models.exclusivity import Exclusivity, Unavailability
from influencers.models import Influencer

SETS = ("during", "parties", "categories", "platforms", "markets")


class Claim(TenantModel):
    """One activity, or one clause that shuts others out. Sets are multiranges; *all* and *unknown* are both `{(,)}`.

    Two enforced rows of one creator, one exclusive and one not, never share a day, a party, a category, a platform and a market
    at once: the constraint `claim_no_clash` refuses it on every write path.
    """

    influencer = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="claims", db_index=False)
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, null=True, related_name="claims")
    clause = models.ForeignKey(Exclusivity, on_delete=models.CASCADE, null=True, related_name="claims", db_index=False)
    unavailability = models.ForeignKey(Unavailability, on_delete=models.CASCADE, null=True, related_name="claims")
    is_exclusive = models.BooleanField()
    enforced = models.BooleanField(default=True)
    during = DateMultirangeField()
    parties = IntegerMultirangeField()
    categories = IntegerMultirangeField()
    platforms = IntegerMultirangeField()
    markets = IntegerMultirangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="claim_no_clash",
                index_type="GIST",
                expressions=[
                    ("influencer", RangeOperators.EQUAL),
                    ("is_exclusive", RangeOperators.NOT_EQUAL),
                    *((name, RangeOperators.OVERLAPS) for name in SETS),
                ],
                condition=Q(enforced=True),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(Func(name, function="NOT isempty", output_field=models.BooleanField())),
                    name=f"claim_{name}_not_empty",
                )
                for name in SETS
            ),
            models.CheckConstraint(
                condition=Q(collaboration__isnull=False, unavailability__isnull=True)
                | Q(collaboration__isnull=True, clause__isnull=True, unavailability__isnull=False, is_exclusive=True),
                name="claim_one_origin",
            ),
            models.CheckConstraint(
                condition=Q(unavailability__isnull=False) | Q(is_exclusive=Q(clause__isnull=False)),
                name="claim_exclusive_from_clause",
            ),
        ]
        indexes = [models.Index(fields=["influencer"], name="claim_by_influencer")]

    def __str__(self) -> str:
        return f"{self.influencer_id} {self.during}"


class Clash(TenantModel):
    """Something that should not be: a fact that stands against a booking. Open until resolved, or accepted with a reason."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        RESOLVED = "resolved", _("resolved")

    influencer = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="clashes")
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="clashes")
    against = models.ForeignKey(Collaboration, on_delete=models.CASCADE, null=True, related_name="clashes_against")
    unavailability = models.ForeignKey(Unavailability, on_delete=models.CASCADE, null=True, related_name="clashes")
    rule = models.CharField(max_length=20)
    during = DateMultirangeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "clashes"
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "against", "unavailability"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="clash_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | (~Q(reason="") & Q(decided_at__isnull=False)),
                name="clash_accepted_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.during}"
