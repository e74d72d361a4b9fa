"""Rows as they stand in the database, for whoever may read all of it: every column, colleagues by their role only."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Field, ForeignKey, Model
from django.utils.translation import gettext as _

from agency.models import Brand, Membership, User

Row = dict[str, Any]
# Of the agency, not of the person; and what the database derives for sorting and searching.
LEFT_OUT = frozenset({"agency", "sort_name", "search_text", "handle_text", "is_erased", "pgh_obj"})


class RowReader:
    """Reads rows of one agency. Colleagues are named by their role: their names are not the creator's data."""

    def __init__(self, agency_id: int) -> None:
        members = Membership.objects.filter(agency_id=agency_id)
        self._roles = {member.user_id: str(member.get_role_display()) for member in members}
        self._members = {member.pk: member.user_id for member in members}
        self._brands = dict(Brand.objects.filter(agency_id=agency_id).values_list("pk", "name"))

    def role(self, user_id: int | None) -> str:
        """The role of a colleague in the agency."""
        if user_id is None:
            return _("unknown, or a program")
        return self._roles.get(user_id, _("former member"))

    def row(self, instance: Model, *, without: Iterable[str] = ()) -> Row:
        """Every column of the row by name."""
        left_out = LEFT_OUT | set(without)
        return {
            field.name: self._value(field, getattr(instance, field.attname))
            for field in instance._meta.concrete_fields
            if field.name not in left_out
        }

    def rows(self, instances: Iterable[Model], *, without: Iterable[str] = ()) -> list[Row]:
        """`row` of each."""
        return [self.row(instance, without=without) for instance in instances]

    def _value(self, field: "Field[Any, Any]", value: Any) -> Any:
        if isinstance(field, ForeignKey):
            if field.related_model is User:
                return self.role(value)
            if field.related_model is Membership:
                return self.role(self._members.get(value))
            if field.related_model is Brand:
                return self._brands.get(value, value)
        if field.name == "pgh_context":
            context = value or {}
            return {**context, "user": self.role(context.get("user"))}
        return plain(value)


def plain(value: Any) -> Any:
    """The value as JSON has it: days and times as ISO 8601, amounts as exact text."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str | int | float | bool | list | dict) or value is None:
        return value
    return str(value)
