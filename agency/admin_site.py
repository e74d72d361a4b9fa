"""The admin panel: opened by the roster manager's flag, always inside one agency, which the session holds."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from agency.history import changed_by
from agency.models import Membership
from agency.tenant_admin import Rows, TenantAdmin, visible_rows

SESSION_KEY = "admin_agency"


def roster_memberships(user: Any) -> QuerySet[Membership]:
    """The memberships that open the panel. A viewer's flag opens nothing: its pages show fees and internal notes."""
    if not user.is_active:
        return Membership.objects.none()
    flagged = Membership.objects.filter(user=user, is_active=True, is_roster_manager=True)
    return flagged.exclude(role=Membership.Role.VIEWER).select_related("agency", "user").order_by("agency__name")


class MesoAdminSite(admin.AdminSite):
    """Knows no Django permissions: who has the flag in the chosen agency may enter, and sees what their role sees."""

    site_header = site_title = "Meso"
    index_title = gettext_lazy("Admin")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes nothing but a TenantAdmin; the pages of installed packages (groups, e-mail addresses, second factors)
        reach across agencies and are left out."""
        if admin_class is not None and issubclass(admin_class, TenantAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def rows(self, rows: Rows, membership: Membership) -> Rows:
        """Those of the rows that the member may know of, by the rule of the model's own admin page if it has one."""
        model_admin = self._registry.get(rows.model)
        return (
            model_admin.for_membership(rows, membership)
            if isinstance(model_admin, TenantAdmin)
            else visible_rows(rows, membership)
        )

    # --- who may enter, and where -----------------------------------------------------------------------
    def membership_of(self, request: HttpRequest) -> Membership | None:
        """The roster manager's membership in the chosen agency; the only one when there is but one; else None."""
        memberships = roster_memberships(request.user)
        chosen = memberships.filter(agency_id=request.session.get(SESSION_KEY, 0)).first()
        if chosen is not None:
            return chosen
        possible = list(memberships[:2])
        return possible[0] if len(possible) == 1 else None

    def has_permission(self, request: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        if getattr(request, "membership", None) is None:
            request.membership = self.membership_of(request)
            request.agency = request.membership and request.membership.agency
        return request.membership is not None

    def admin_view(  # type: ignore[override] # the stubs want the view's own type back
        self,
        view: Callable[..., HttpResponseBase],
        cacheable: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> Callable[..., HttpResponseBase]:
        """Anonymous: login. Without the flag: 403. Several agencies and none chosen: the choice.

        `/admin/?agency=slug` enters that agency, for links from its pages."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and "agency" in request.GET and request.path == reverse("admin:index"):
                return self._enter(request, request.GET["agency"])
            if request.user.is_authenticated and not self.has_permission(request):
                if not roster_memberships(request.user).exists():
                    raise PermissionDenied(_("The admin panel is for roster managers."))
                return redirect("admin:agency_choose")
            with changed_by(user=request.user.pk):
                return guarded(request, *args, **kwargs)

        return update_wrapper(inner, guarded)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's addresses without `r/…`, which would tell the address of any row of any agency."""
        kept = [pattern for pattern in super().get_urls() if getattr(pattern, "name", None) != "view_on_site"]
        return [path("agency/", self.agency_choose, name="agency_choose"), *kept]

    def agency_choose(self, request: HttpRequest) -> HttpResponse:
        """The agencies whose roster the person manages; a POST puts one of them into the session."""
        memberships = roster_memberships(request.user)
        if request.method == "POST":
            return self._enter(request, request.POST.get("agency", ""))
        if not memberships.exists():
            raise PermissionDenied(_("The admin panel is for roster managers."))
        context = {
            "title": _("Choose an agency"),
            "site_header": self.site_header,
            "site_title": self.site_title,
            "site_url": "/",
        }
        return render(request, "admin/agency_choose.html", {**context, "memberships": memberships})

    def _enter(self, request: HttpRequest, slug: str) -> HttpResponse:
        membership = next((row for row in roster_memberships(request.user) if row.agency.slug == slug), None)
        if membership is None:
            raise PermissionDenied(_("The admin panel is for roster managers."))
        request.session[SESSION_KEY] = membership.agency_id
        return redirect("admin:index")

    # --- pages --------------------------------------------------------------------------------------------
    def each_context(self, request: Any) -> dict[str, Any]:
        site_url = (
            request.agency.get_absolute_url() if self.has_permission(request) else reverse(settings.LOGIN_REDIRECT_URL)
        )
        return {**super().each_context(request), "site_url": site_url}

    def get_log_entries(self, request: Any) -> Any:
        """The person's own actions on rows that still exist for them; looked up only on the page that shows them."""
        return SimpleLazyObject(lambda: self._log_entries(request))

    def _log_entries(self, request: Any) -> QuerySet[LogEntry]:
        latest = LogEntry.objects.filter(user=request.user).select_related("content_type")[:200]
        ids: dict[Any, set[str]] = {}
        for entry in latest:
            ids.setdefault(entry.content_type, set()).add(str(entry.object_id))
        own = Q(pk__in=[])
        for content_type, object_ids in ids.items():
            model = content_type and content_type.model_class()
            if model in self._registry:
                seen = self.rows(model._default_manager.filter(pk__in=object_ids), request.membership)
                own |= Q(content_type=content_type, object_id__in=[str(pk) for pk in seen.values_list("pk", flat=True)])
        return LogEntry.objects.filter(own).select_related("content_type", "user")

    # --- one door -----------------------------------------------------------------------------------------
    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Never a form of its own: the site's login, with its rate limits and second factor, is the only door."""
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")
