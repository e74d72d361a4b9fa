"""Old and new values of a record's fields, in words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from agency.countries import country_name
from agency.templatetags.meso import percent
from influencers.models import Account, AudienceShare, BrandFitNote, Influencer, Price
from influencers.selectors.audience import part_name

DIMENSION = AudienceShare.Dimension
Names = Mapping[int, str]


def field_label(model: type[models.Model], name: str) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def value_text(model: type[models.Model], name: str, row: Any, names: Names) -> str:
    """The row's value as people read it, empty where there is none; `names` are those of the rows that relations point at."""
    field: Any = model._meta.get_field(name)
    value = getattr(row, field.attname)
    if value is None or value == "" or value == []:
        return ""
    if field.is_relation:
        return names.get(value, _("another one"))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, ArrayField):
        return ", ".join(part_name(DIMENSION.LANGUAGE, each) if name == "languages" else str(each) for each in value)
    if name == "country":
        return country_name(value)
    return _plain(name, value)


def _plain(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, Decimal):
        return str(percent(float(value))) if name == "share" else number_format(value, 2, force_grouping=True)
    if isinstance(value, int):
        return number_format(value, 0, force_grouping=True)
    return str(value)


def subject_text(model: type[models.Model], row: Any, accounts: Names, brands: Names) -> str:
    """What the row is about: “Account @emma on Instagram”; empty for the creator's own facts."""
    if model is Account:
        return _("Account %(account)s on %(platform)s") % {
            "account": f"@{row.handle}",
            "platform": Account(platform=row.platform).get_platform_display(),
        }
    if model is Price:
        kind = Price(kind=row.kind).get_kind_display()
        return _("Price of a deliverable: %(kind)s") % {"kind": kind}
    if model is AudienceShare:
        return _("Audience of %(account)s by %(dimension)s, %(day)s: %(part)s") % {
            "account": accounts.get(row.account_id, _("an account that is gone")),
            "dimension": DIMENSION(row.dimension).label,
            "day": date_format(row.as_of, "j F Y"),
            "part": part_name(row.dimension, row.key),
        }
    if model is BrandFitNote:
        return _("Note on %(brand)s") % {"brand": brands.get(row.brand_id, "")}
    return ""


# What is shown of each table, in this order. What the database derives, ids and the creator that a row belongs to are left out.
SHOWN: dict[type[models.Model], tuple[str, ...]] = {
    Influencer: (
        *("name", "status", "kind", "role_type", "niches", "tags", "country", "region", "city", "languages"),
        *("email", "phone", "management_contact", "management_email"),
        *("source", "lawful_basis", "informed_on", "informed_how"),
    ),
    Account: (
        *("platform", "handle", "external_id", "url", "is_primary", "typed_followers", "typed_followers_on"),
        "influencer",
    ),
    Price: ("kind", "platform", "amount", "currency", "valid_from", "valid_to", "note"),
    AudienceShare: ("share", "source", "as_of"),
    BrandFitNote: ("text", "is_internal", "written_on"),
}
# Contact and data protection are for writers, as on the profile.
FOR_WRITERS = frozenset(SHOWN[Influencer][10:])
