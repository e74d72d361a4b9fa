"""Admin pages of clients, brands and the tree of categories."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agency.brand_services import BrandFacts, create_brand, create_category, move_category, save_named, update_brand
from agency.category_tree import tree
from agency.models import Brand, Category, Client, ClientContact
from agency.tenant_admin import TenantAdmin, TenantInline

EM_SPACE = "\u2003"


class ContactInline(TenantInline):
    model = ClientContact
    fields = ("name", "email", "role")


@admin.register(Client)
class ClientAdmin(TenantAdmin):
    """Who may see a client is for managers, as on the site."""

    list_display = ("name", "is_confidential")
    list_filter = ("is_confidential",)
    search_fields = ("name",)
    filter_horizontal = ("team",)
    inlines = (ContactInline,)
    delete_only_unused = True

    def get_fields(self, request: Any, obj: Client | None = None) -> Any:
        return ("name", "is_confidential", "team") if request.membership.is_manager else ("name",)

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        save_named(obj)


@admin.register(Brand)
class BrandAdmin(TenantAdmin):
    list_display = ("name", "client")
    list_filter = ("client",)
    list_select_related = ("client",)
    search_fields = ("name",)
    autocomplete_fields = ("client", "categories", "rivals")
    fields = ("name", "client", "categories", "rivals", "markets", "target_audience", "values", "no_go_topics")
    delete_only_unused = True

    def save_model(self, request: Any, obj: Brand, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Through the service, which derives the claims that depend on it anew, or refuses."""
        taken = ("categories", "rivals", "markets", "values", "no_go_topics", "target_audience")
        facts = BrandFacts(**{name: form.cleaned_data[name] for name in taken})
        if change:
            update_brand(brand=obj, client=obj.client, name=obj.name, facts=facts, by=request.membership)
        else:
            obj.pk = create_brand(
                agency=request.agency, client=obj.client, name=obj.name, facts=facts, by=request.membership
            ).pk


class TreeList(ChangeList):
    """Rows in the order of the tree, whatever the address says."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        return ["place", "pk"]


@admin.register(Category)
class CategoryAdmin(TenantAdmin):
    """The tree of product categories, indented."""

    list_display = ("indented", "parent")
    list_select_related = ("parent",)
    list_per_page = 200
    sortable_by = ()
    search_fields = ("name",)
    autocomplete_fields = ("parent",)
    fields = ("name", "parent")
    delete_only_unused = True

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        """With `place` (the row's number in the tree) and `depth`."""
        rows: QuerySet[Any] = super().get_queryset(request)
        places = [(category.pk, place, depth) for place, (category, depth) in enumerate(tree(request.agency))]
        annotated: QuerySet[Any] = rows.annotate(
            place=Case(*(When(pk=pk, then=Value(place)) for pk, place, _depth in places), output_field=IntegerField()),
            depth=Case(*(When(pk=pk, then=Value(depth)) for pk, _place, depth in places), output_field=IntegerField()),
        )
        return annotated

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TreeList

    @admin.display(description=_("name"))
    def indented(self, category: Any) -> str:
        return f"{EM_SPACE * category.depth}{category.name}"

    def save_model(self, request: Any, obj: Category, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Through the services, which derive the claims that depend on it anew, or refuse."""
        if not change:
            obj.pk = create_category(agency=request.agency, name=obj.name, parent=obj.parent, by=request.membership).pk
        elif "parent" in form.changed_data:
            move_category(category=obj, parent=obj.parent, by=request.membership)
        if change and "name" in form.changed_data:
            save_named(obj)
