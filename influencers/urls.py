"""Addresses of the roster and its figures, under `/<agency>/`."""

from django.urls import URLPattern, URLResolver, path

from influencers.views import imports, runs

app_name = "influencers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("roster/import/", imports.roster_import, name="roster_import"),
    path("roster/import/posts/", imports.post_import, name="post_import"),
    path("roster/imports/", imports.import_list, name="import_list"),
    path("roster/imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("figures/", runs.run_list, name="run_list"),
    path("figures/recompute/", runs.run_create, name="run_create"),
    path("figures/<int:pk>/", runs.run_detail, name="run_detail"),
]
