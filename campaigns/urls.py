"""Addresses of campaigns, timeline and clashes, under `/<agency>/`."""

from django.urls import URLPattern, URLResolver, path

from campaigns.views import briefs, timeline

app_name = "campaigns"
urlpatterns: list[URLPattern | URLResolver] = [
    path("campaigns/<int:pk>/brief/", briefs.campaign_brief, name="campaign_brief"),
    path("campaigns/<int:pk>/brief.pdf", briefs.campaign_brief_pdf, name="campaign_brief_pdf"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("timeline/items/", timeline.timeline_items, name="timeline_items"),
    path("timeline/table/", timeline.timeline_table, name="timeline_table"),
]
