"""What the services of this package share: rows of one agency only, fields checked before they are written."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import TenantModel


def same_agency(agency_id: int, *rows: TenantModel | None) -> None:
    """Refuse rows of another agency: for this one they do not exist."""
    if any(row is not None and row.agency_id != agency_id for row in rows):
        raise Refused(_("That is not in this agency."))


def assign(row: models.Model, fields: Mapping[str, Any]) -> None:
    """Set the fields and check values and paired fields; ValidationError names the field. Relations are checked by the caller."""
    for name, value in fields.items():
        setattr(row, name, value)
    relations = [field.name for field in row._meta.concrete_fields if field.is_relation]
    row.clean_fields(exclude=relations)
    row.validate_constraints(exclude=relations)
