"""Clients, their brands, the rivals of those, and the tree of product categories."""

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency.history import tracked
from agency.models.tenants import Membership, TenantModel

NAME_IN_USE = _("This name is in use already. If you cannot find it, ask a manager.")  # whose it is may be secret


class Category(TenantModel):
    """A node of the agency's tree of product categories; exclusivity is stated in these."""

    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "agency",
                "parent",
                Lower("name"),
                nulls_distinct=False,
                name="category_name_once_per_parent",
                violation_error_message=NAME_IN_USE,
            ),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="category_not_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def with_descendants(cls, agency_id: int, roots: Iterable[int]) -> set[int]:
        """Ids of the given categories and of everything below them, within one agency."""
        children: dict[int, list[int]] = {}
        for pk, parent_id in cls.objects.filter(agency_id=agency_id).values_list("pk", "parent_id"):
            if parent_id is not None:
                children.setdefault(parent_id, []).append(pk)
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.add(pk)
                waiting.extend(children.get(pk, ()))
        return found


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, membership: Membership) -> "ClientQuerySet":
        """Clients that the member may know of: the rule of `BrandQuerySet.visible_to`."""
        clients = self.filter(agency_id=membership.agency_id)
        if membership.is_manager:
            return clients
        on_team = models.Q(pk__in=membership.clients.values("pk"))
        if membership.can_write:
            return clients.filter(models.Q(is_confidential=False) | on_team)
        return clients.filter(on_team)


class Client(TenantModel):
    """A company that the agency works for."""

    name = models.CharField(_("name"), max_length=200)
    is_confidential = models.BooleanField(
        _("confidential"),
        default=False,
        help_text=_("Only managers and the client's team see it, its brands and its work."),
    )
    team: "models.ManyToManyField[Membership, models.Model]" = models.ManyToManyField(
        Membership, blank=True, related_name="clients", verbose_name=_("team")
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "agency", Lower("name"), name="client_name_once_per_agency", violation_error_message=NAME_IN_USE
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("agency:client_detail", args=[self.agency.slug, self.pk])


class ClientContact(TenantModel):
    """A person at the client."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"), blank=True)
    role = models.CharField(_("role"), max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name


class BrandQuerySet(models.QuerySet["Brand"]):
    def visible_to(self, membership: Membership) -> "BrandQuerySet":
        """Brands that the member may know of.

        Managers: all of the agency. Marketers: brands without a client (rivals), of clients that are not confidential, and of
        clients in whose team they are. Viewers: only of clients in whose team they are. This one predicate decides everywhere.
        """
        brands = self.filter(agency_id=membership.agency_id)
        if membership.is_manager:
            return brands
        on_team = models.Q(client__in=membership.clients.values("pk"))
        if membership.can_write:
            return brands.filter(models.Q(client__isnull=True) | models.Q(client__is_confidential=False) | on_team)
        return brands.filter(on_team)


@tracked()
class Brand(TenantModel):
    """A brand of a client, or a rival without one."""

    client = models.ForeignKey(
        Client,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="brands",
        help_text=_("Empty for a rival."),
    )
    name = models.CharField(_("name"), max_length=200)
    categories: "models.ManyToManyField[Category, models.Model]" = models.ManyToManyField(
        Category, blank=True, related_name="brands", verbose_name=_("categories")
    )
    rivals: "models.ManyToManyField[Brand, models.Model]" = models.ManyToManyField(
        "self", symmetrical=True, blank=True, verbose_name=_("rivals")
    )
    markets: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, help_text=_("ISO 3166 country codes, e.g. DK, NL.")
    )
    values = models.TextField(_("values"), blank=True)
    no_go_topics = models.TextField(_("no-go topics"), blank=True)
    target_audience = models.TextField(_("target audience"), blank=True)
    # The part of it that figures can be held against; countries are the markets above.
    target_ages: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=8), default=list, blank=True, help_text=_("Age bands, e.g. 18-24, 25-34.")
    )
    target_women_percent = models.PositiveSmallIntegerField(
        _("women in the target audience (%)"), null=True, blank=True, help_text=_("Empty: no preference.")
    )
    languages: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, help_text=_("Language codes, e.g. da, en.")
    )
    niches: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, help_text=_("Niches that suit the brand.")
    )

    objects: ClassVar = BrandQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "agency", Lower("name"), name="brand_name_once_per_agency", violation_error_message=NAME_IN_USE
            ),
            models.CheckConstraint(
                condition=models.Q(target_women_percent__lte=100), name="brand_women_percent_to_100"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("agency:brand_detail", args=[self.agency.slug, self.pk])
