"""Addresses of the roster and its figures, under `/<agency>/`."""

from django.urls import URLPattern, URLResolver

app_name = "influencers"
urlpatterns: list[URLPattern | URLResolver] = []
