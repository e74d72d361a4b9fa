"""Addresses of the roster and its figures, under `/<agency>/`."""

from django.urls import URLPattern, URLResolver, path

from influencers.views import runs

app_name = "influencers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("figures/", runs.run_list, name="run_list"),
    path("figures/recompute/", runs.run_create, name="run_create"),
    path("figures/<int:pk>/", runs.run_detail, name="run_detail"),
]
