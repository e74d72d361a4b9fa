"""A creator: a person or a duo, with or without accounts."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.history import tracked
from agency.models import TenantModel


class InfluencerQuerySet(models.QuerySet["Influencer"]):
    def matching(self, text: str) -> "InfluencerQuerySet":
        """Creators whose name, handles, niches or tags contain every word of the text; accents, case and a leading @ ignored."""
        found = self
        for word in (part.lstrip("@") for part in text.split()):
            found = found.filter(search_text__contains=Func(models.Value(word), function="meso_fold"))
        return found


_InfluencerManager = models.Manager.from_queryset(InfluencerQuerySet)


class OnRosterManager(_InfluencerManager["Influencer"]):
    """Everybody but the erased: of those only an emptied row stays, where a collaboration must point somewhere."""

    def get_queryset(self) -> InfluencerQuerySet:
        return InfluencerQuerySet(self.model, using=self._db).filter(is_erased=False)


@tracked(exclude=("sort_name", "handle_text", "search_text", "is_erased"))
class Influencer(TenantModel):
    """A person or duo on the roster. May exist without any account (an expert known from outside social media)."""

    class Kind(models.TextChoices):
        CREATOR = "creator", _("creator")
        CELEBRITY = "celebrity", _("celebrity")
        JOURNALIST = "journalist", _("journalist")
        EXPERT = "expert", _("academic or expert")
        COMMUNITY = "community", _("community figure")

    class RoleType(models.TextChoices):
        ROLE_MODEL = "role_model", _("role model")
        MENTOR = "mentor", _("mentor")
        EXPERIENCE_EXPERT = "experience_expert", _("experience expert")

    class Status(models.TextChoices):
        PROSPECT = "prospect", _("prospect")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        BLOCKED = "blocked", _("do not work with")

    class LawfulBasis(models.TextChoices):
        LEGITIMATE_INTEREST = "legitimate_interest", _("legitimate interest")
        CONTRACT = "contract", _("contract")
        CONSENT = "consent", _("consent")

    name = models.CharField(_("name"), max_length=200)
    # As lists are sorted by it: accents and case folded, signs and emoji ignored.
    sort_name = models.GeneratedField(
        expression=Func(F("name"), function="meso_sort_name"), output_field=models.TextField(), db_persist=True
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.CREATOR)
    role_type = models.CharField(_("role type"), max_length=20, choices=RoleType.choices, blank=True)
    members: "models.ManyToManyField[Influencer, models.Model]" = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="duos", help_text=_("The people of a duo.")
    )
    languages: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=10), default=list, blank=True
    )
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166 code, e.g. DK."))
    region = models.CharField(_("region"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    niches: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    tags: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True, default="", db_default="")
    management_contact = models.CharField(_("management contact"), max_length=200, blank=True)
    management_email = models.EmailField(_("e-mail address of the management"), blank=True, default="", db_default="")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PROSPECT)
    # Data protection: where the record came from, on what basis it is kept, when the person was told.
    source = models.CharField(_("source of the record"), max_length=200, blank=True)
    lawful_basis = models.CharField(max_length=20, choices=LawfulBasis.choices, default=LawfulBasis.LEGITIMATE_INTEREST)
    informed_on = models.DateField(_("informed on"), null=True, blank=True)
    informed_how = models.CharField(_("informed how"), max_length=200, blank=True, default="", db_default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Set by meso_erase alone: the row of `erased-<number>`, with nothing in it.
    is_erased = models.BooleanField(default=False, db_default=False, editable=False)
    # Kept by a database trigger on accounts; the search column follows from it.
    handle_text = models.TextField(editable=False, default="", db_default="")
    search_text = models.GeneratedField(
        expression=Func(F("name"), F("niches"), F("tags"), F("handle_text"), function="meso_search_text"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = OnRosterManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="influencer_has_name"),
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^([A-Z]{2})?$"), name="influencer_country_iso_3166"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "sort_name", "id"], name="influencer_by_name"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="influencer_search"),
            models.Index(
                fields=["agency", "created_at"],
                condition=models.Q(informed_on__isnull=True, is_erased=False),
                name="influencer_to_inform",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        if self.is_erased:  # no profile to lead to
            return reverse("influencers:influencer_list", args=[self.agency.slug])
        return reverse("influencers:influencer_detail", args=[self.agency.slug, self.pk])
