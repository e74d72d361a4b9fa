"""What is known of an account's audience: shares by country, city, age, gender and language, each with its source and day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.history import tracked
from agency.models import TenantModel
from influencers.models.accounts import Account

GENDERS = (("women", _("women")), ("men", _("men")), ("other", _("other or unknown")))


@tracked()
class AudienceShare(TenantModel):
    """A part of an account's audience as a fraction of the whole, as one source gave it on one day; the latest day counts."""

    class Dimension(models.TextChoices):
        COUNTRY = "country", _("country")
        CITY = "city", _("city")
        AGE = "age", _("age")
        GENDER = "gender", _("gender")
        LANGUAGE = "language", _("language")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="audience", db_index=False)
    dimension = models.CharField(_("dimension"), max_length=8, choices=Dimension.choices)
    key = models.CharField(_("part"), max_length=100, help_text=_("DK, København, 18-24, women, da …"))
    share = models.DecimalField(_("share"), max_digits=7, decimal_places=6, help_text=_("Fraction of the audience."))
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(_("as of"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "dimension", "key", "as_of"], name="audience_share_once_per_part_and_day"
            ),
            models.CheckConstraint(
                condition=models.Q(share__gte=0) & models.Q(share__lte=1), name="audience_share_is_fraction"
            ),
            models.CheckConstraint(
                condition=~models.Q(key="") & ~models.Q(source=""), name="audience_share_has_source"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "dimension", "key", "share"], name="audience_share_by_part"),
            # Ranking a whole roster for a brand reads one dimension of all accounts, the latest day first, from this alone.
            models.Index(
                fields=["agency", "dimension", "account", "-as_of"],
                include=["key", "share"],
                name="audience_share_by_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.dimension} {self.key}"
