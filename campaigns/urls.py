"""Addresses of campaigns, timeline and clashes, under `/<agency>/`."""

from django.urls import URLPattern, URLResolver, path

from campaigns.views import (
    absences,
    briefs,
    campaigns,
    clashes,
    clauses,
    collaborations,
    deliverables,
    line_up,
    timeline,
)

app_name = "campaigns"
urlpatterns: list[URLPattern | URLResolver] = [
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/add/", campaigns.campaign_create, name="campaign_create"),
    path("campaigns/<int:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_update, name="campaign_update"),
    path("campaigns/<int:pk>/line-up/add/", collaborations.collaboration_create, name="collaboration_create"),
    path("campaigns/<int:pk>/check/", collaborations.collaboration_check, name="collaboration_check"),
    path("roster/picked/line-up/", line_up.bulk_line_up, name="bulk_line_up"),
    path("collaborations/<int:pk>/", collaborations.collaboration_detail, name="collaboration_detail"),
    path("collaborations/<int:pk>/edit/", collaborations.collaboration_update, name="collaboration_update"),
    path("collaborations/<int:pk>/move/", collaborations.collaboration_move, name="collaboration_move"),
    path("collaborations/<int:pk>/deliverables/add/", deliverables.deliverable_create, name="deliverable_create"),
    path("deliverables/<int:pk>/edit/", deliverables.deliverable_update, name="deliverable_update"),
    path("deliverables/<int:pk>/drop/", deliverables.deliverable_delete, name="deliverable_delete"),
    path("collaborations/<int:pk>/exclusivities/add/", clauses.clause_create, name="clause_create"),
    path("exclusivities/<int:pk>/edit/", clauses.clause_update, name="clause_update"),
    path("exclusivities/<int:pk>/remove/", clauses.clause_delete, name="clause_delete"),
    path("roster/<int:pk>/absences/add/", absences.unavailability_create, name="unavailability_create"),
    path("absences/<int:pk>/remove/", absences.unavailability_delete, name="unavailability_delete"),
    path("clashes/", clashes.clash_list, name="clash_list"),
    path("clashes/<int:pk>/accept/", clashes.clash_accept, name="clash_accept"),
    path("campaigns/<int:pk>/brief/", briefs.campaign_brief, name="campaign_brief"),
    path("campaigns/<int:pk>/brief.pdf", briefs.campaign_brief_pdf, name="campaign_brief_pdf"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("timeline/items/", timeline.timeline_items, name="timeline_items"),
    path("timeline/table/", timeline.timeline_table, name="timeline_table"),
]
