"""The base of every admin page: rows of other agencies, and of clients hidden from the member, do not exist in it."""

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Agency, Membership, TenantModel, User

Rows = models.QuerySet[Any]
Row = models.Model


@cache
def _leading_to_agency(model: type[Row]) -> tuple["models.ForeignKey[Any, Any]", ...]:
    """The foreign keys of the model that lead to rows of an agency (not to the agency itself, not to its own table)."""
    keys = [
        field
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and field.related_model is not model
    ]
    return tuple(key for key in keys if issubclass(key.related_model, TenantModel))


@cache
def _is_restricted(model: type[Row]) -> bool:
    """Whether rows of the model may be hidden inside their agency: it has `visible_to`, or hangs on a row that has."""
    return hasattr(model._default_manager, "visible_to") or any(
        _is_restricted(key.related_model) for key in _leading_to_agency(model)
    )


def visible_rows(rows: Rows, membership: Membership) -> Rows:
    """Those of the rows that the member may know of; none of a table that cannot be traced to an agency.

    A table with `visible_to` decides itself. Any other row is visible when it is of the member's agency and everything
    that it hangs on is visible.
    """
    model: Any = rows.model
    if hasattr(rows, "visible_to"):
        return rows.visible_to(membership)  # type: ignore[no-any-return]
    if model is Agency:
        return rows.filter(pk=membership.agency_id)
    if model is User:
        return rows.filter(membership__agency_id=membership.agency_id)
    keys = _leading_to_agency(model)
    if issubclass(model, TenantModel):
        rows = rows.filter(agency_id=membership.agency_id)
        keys = tuple(key for key in keys if _is_restricted(key.related_model))
    elif not any(not key.null for key in keys):
        return rows.none()
    for key in keys:
        seen = visible_rows(key.related_model._default_manager.all(), membership)
        condition = models.Q(**{f"{key.name}__in": seen.values("pk")})
        rows = rows.filter(condition | models.Q(**{f"{key.name}__isnull": True}) if key.null else condition)
    return rows


class TenantModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """Gives a new row its agency before validation, so that "once per agency" is said by the form, not by a crash."""

    agency: ClassVar[Agency]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Any = self.instance
        if isinstance(row, TenantModel) and getattr(row, "agency_id", None) is None:
            row.agency = self.agency

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"agency"}  # type: ignore[misc, no-any-return]

    def _save_m2m(self) -> None:
        """Saves the chosen rows and leaves those in place that the member could not see, and so could not unchoose."""
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelMultipleChoiceField) and name in self.cleaned_data:
                offered: Any = field.queryset
                unseen = getattr(self.instance, name).exclude(pk__in=offered.values("pk"))
                self.cleaned_data[name] = [*self.cleaned_data[name], *unseen]
        super()._save_m2m()  # type: ignore[misc]


class TenantRows:
    """What pages and inlines share: which rows there are, which may be chosen, and who may do what."""

    form: Any = TenantModelForm
    admin_site: Any
    model: type[Row]
    raw_id_fields: Any = ()
    may_add = may_change = may_delete = (
        True  # class attributes to switch off; switched on they still need a roster manager
    )

    def for_membership(self, rows: Rows, membership: Membership) -> Rows:
        """The rows that exist for the member; override to narrow further, never to widen."""
        return visible_rows(rows, membership)

    def get_queryset(self, request: Any) -> Rows:
        return self.for_membership(super().get_queryset(request), request.membership)  # type: ignore[misc]

    def get_field_queryset(self, db: str | None, db_field: Any, request: Any) -> Rows:
        """The choices of every foreign key and many-to-many field."""
        rows = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        if rows is None:
            rows = db_field.remote_field.model._default_manager.using(db)
        return self.admin_site.rows(rows.all(), request.membership)  # type: ignore[no-any-return]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """An address typed without its scheme is https."""
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The row's own page, without Django's detour, which answers for rows of every agency."""
        if obj is None or obj.pk is None or not hasattr(obj, "get_absolute_url"):
            return None
        return str(obj.get_absolute_url())

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return getattr(request, "membership", None) is not None

    def has_module_permission(self, request: Any) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_add and self.has_view_permission(request)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_change and self.has_view_permission(request)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return self.may_delete and self.has_view_permission(request)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Refuses `raw_id_fields`: their label shows the name of whatever id was typed, of any agency."""
        found: list[CheckMessage] = super().check(**kwargs)  # type: ignore[misc]
        if self.raw_id_fields:
            found.append(
                Error(
                    "Use autocomplete_fields: raw_id_fields name rows of other agencies.",
                    obj=type(self),
                    id="agency.E001",
                )
            )
        return found


class TenantRelatedFilter(admin.RelatedFieldListFilter):
    """A list filter by a related row that offers only rows which the member may know of."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> Any:
        model = field.remote_field.model
        seen = model_admin.admin_site.rows(model._default_manager.all(), request.membership)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to={"pk__in": seen.values("pk")})


# Also a filter named by its bare field gets this one instead of Django's, which offers every agency's rows.
admin.FieldListFilter.register(lambda field: bool(field.remote_field), TenantRelatedFilter, take_priority=True)


class TenantFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Knows no ids but those of its own rows; Django's also takes the id of any row of the table."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        identity = form.fields.get(form._meta.model._meta.pk.name)
        if isinstance(identity, forms.ModelChoiceField):
            identity.queryset = self.get_queryset()


def form_of(form: type[Any], agency: Agency) -> type[Any]:
    return type(form.__name__, (form,), {"agency": agency})


class TenantInline(TenantRows, admin.TabularInline):  # type: ignore[type-arg]
    """Base of inlines; for stacked ones `template = "admin/edit_inline/stacked.html"`."""

    extra = 0
    formset = TenantFormSet

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = form_of(formset.form, request.agency)
        return formset


class TenantAdmin(TenantRows, admin.ModelAdmin):  # type: ignore[type-arg]
    """Base of admin pages; `MesoAdminSite` takes no other."""

    list_per_page = 50
    save_on_top = True
    delete_only_unused = False  # for what clauses and claims are stated in: pointed at by anything else, it stays

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        return form_of(super().get_form(request, obj, change, **kwargs), request.agency)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Over a relation to many only what `list_filter` offers: hits would tell of rows that the member may not see."""
        offered = {name[0] if isinstance(name, list | tuple) else name for name in self.get_list_filter(request)}
        model, path, to_many = self.model, "", False
        for part in lookup.split(LOOKUP_SEP):
            try:
                field: Any = model._meta.get_field(part)
            except FieldDoesNotExist:  # a transform or a comparison; nothing behind it is a field
                break
            path = f"{path}{LOOKUP_SEP}{part}" if path else part
            to_many = to_many or field.one_to_many or field.many_to_many
            if not field.is_relation:
                break
            model = field.related_model
        return (not to_many or path in offered) and super().lookup_allowed(lookup, value, request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Says a service's refusal; refuses a form of another agency, because a second window may have changed it."""
        agency: Agency = request.agency  # type: ignore[attr-defined]
        if request.POST.get("_agency", agency.slug) != agency.slug:
            self.message_user(
                request, _("You changed to another agency in another window. Nothing was saved."), messages.ERROR
            )
            return HttpResponseRedirect(reverse("admin:index"))
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            return self._refused(request, refusal)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Says a refusal of whatever hears of the deletion; nothing is deleted then."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            return self._refused(request, refusal)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Says a refusal of an action; none of its rows has changed then."""
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except Refused as refusal:
            return self._refused(request, refusal)

    def _refused(self, request: HttpRequest, refusal: Refused) -> HttpResponse:
        self.message_user(request, str(refusal), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(self, objs: Any, request: Any) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """What would go too. What the member may not see is not named, and forbids the deletion."""
        collector: Any = NestedObjects(using="default", origin=objs)
        collector.collect(objs)
        if self.delete_only_unused:
            collector.protected.update(self._users(collector))
        seen = {
            model: set(self.admin_site.rows(model._base_manager.all(), request.membership).values_list("pk", flat=True))
            for model in {type(row) for row in self._collected(collector)}
        }
        hidden = [row for row in self._collected(collector) if row.pk not in seen[type(row)]]

        def label(row: Row) -> str:
            return (
                self._deletion_label(row) if row.pk in seen[type(row)] else _("Something that your role does not show")
            )

        lacking = {
            str(model._meta.verbose_name)
            for model, rows in collector.model_objs.items()
            if any(not self._may_delete(request, row) for row in rows)
        }
        if hidden:
            lacking.add(_("rows that your role does not show"))
        counts = {
            str(model._meta.verbose_name_plural): len([row for row in rows if row.pk in seen[model]])
            for model, rows in collector.model_objs.items()
        }
        nested = collector.nested(label)
        return (
            nested,
            {name: count for name, count in counts.items() if count},
            lacking,
            [label(row) for row in collector.protected],
        )

    def _users(self, collector: Any) -> Iterable[Row]:
        """What else would go: neither the row, nor edited with it, nor one of its own many-to-many choices."""
        own: set[Any] = {self.model, *(inline.model for inline in self.inlines)}
        own |= {field.remote_field.through for field in self.model._meta.many_to_many}
        return [row for model, rows in collector.model_objs.items() if model not in own for row in rows]

    @staticmethod
    def _collected(collector: Any) -> Iterable[Row]:
        for rows in collector.model_objs.values():
            yield from rows
        yield from collector.protected

    def _deletion_label(self, row: Row) -> str:
        name = str(row._meta.verbose_name)
        if not self.admin_site.is_registered(type(row)):
            return f"{name}: {row}"
        url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        return format_html('{}: <a href="{}">{}</a>', name, url, row)

    def _may_delete(self, request: HttpRequest, row: Row) -> bool:
        if not self.admin_site.is_registered(type(row)):
            return True
        return bool(self.admin_site.get_model_admin(type(row)).has_delete_permission(request, row))
