"""The roster's list and search as a team would otherwise have them: Django's own changelist over the same table."""

from types import SimpleNamespace
from typing import Any

from django.contrib import admin
from django.test import RequestFactory

from bench.timing import timed_with_cpu
from influencers.models import Influencer

VIEWS = {
    "as it opens": "",
    "searched by name": "?q=sorensen",
    "searched, no hit": "?q=zzzz",
    "one status": "?status__exact=active",
    "one country, sorted by name": "?country=DK&o=1",
}
DEEP = "deep in the list"


class InfluencerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Configured as its documentation shows; permissions are out of the way, the tables are the site's own."""

    list_display = ("name", "status", "country", "email")
    list_filter = ("status", "country")
    search_fields = ("name",)
    ordering = ("name",)
    list_per_page = 50
    change_list_template = "admin/change_list.html"  # not the one that the site adds its links to

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    has_change_permission = has_add_permission = has_delete_permission = has_view_permission  # type: ignore[assignment]


def page_times(requests: int) -> dict[str, list[float]]:
    """Milliseconds of each request, by what was asked for."""
    site = admin.AdminSite(name="bench")
    pages = InfluencerAdmin(Influencer, site)
    someone = SimpleNamespace(
        is_active=True, is_staff=True, is_authenticated=True, pk=1, has_perm=lambda *_: True,
        has_module_perms=lambda *_: True, has_usable_password=lambda: False, get_short_name=lambda: "", get_username=lambda: "",
    )  # fmt: skip
    views = {**VIEWS, DEEP: f"?p={max(Influencer.objects.count() // InfluencerAdmin.list_per_page - 1, 1)}"}
    taken: dict[str, list[float]] = {name: [] for name in views}
    for nth in range(requests + 1):
        for name, query in views.items():
            request: Any = RequestFactory().get(f"/{query}")
            request.user = someone
            seconds, _cpu, answer = timed_with_cpu(lambda asked=request: pages.changelist_view(asked).render())
            assert answer.status_code == 200, answer.status_code
            if nth:  # the first round warms up
                taken[name].append(1000 * seconds)
    return taken
