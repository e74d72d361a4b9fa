"""The site's addresses. Everything of an agency stands under its slug."""

from django.contrib import admin
from django.urls import include, path

from agency.views import agencies, brands, clients, dashboard, health, invitations, members, pictures

handler403 = "agency.views.errors.permission_denied"
handler404 = "agency.views.errors.page_not_found"
handler500 = "agency.views.errors.server_error"

app_patterns = (
    [
        path("", agencies.agency_select, name="agency_select"),
        path("favicon.ico", pictures.favicon, name="favicon"),
        path("healthz", health.healthz, name="healthz"),
        path("accounts/invitation/<str:token>/", invitations.invitation_accept, name="invitation_accept"),
        path("<slug:agency>/", dashboard.dashboard, name="dashboard"),
        path("<slug:agency>/settings/", members.member_list, name="member_list"),
        path("<slug:agency>/settings/members/<int:pk>/", members.member_update, name="member_update"),
        path("<slug:agency>/settings/invite/", invitations.invitation_create, name="invitation_create"),
        path("<slug:agency>/settings/invite/<int:pk>/cancel/", invitations.invitation_cancel, name="invitation_cancel"),
        path("<slug:agency>/settings/agency/", members.agency_update, name="agency_update"),
        path("<slug:agency>/clients/", clients.client_list, name="client_list"),
        path("<slug:agency>/clients/add/", clients.client_create, name="client_create"),
        path("<slug:agency>/clients/<int:pk>/", clients.client_detail, name="client_detail"),
        path("<slug:agency>/clients/<int:pk>/edit/", clients.client_update, name="client_update"),
        path("<slug:agency>/brands/", brands.brand_list, name="brand_list"),
        path("<slug:agency>/brands/add/", brands.brand_create, name="brand_create"),
        path("<slug:agency>/brands/<int:pk>/", brands.brand_detail, name="brand_detail"),
        path("<slug:agency>/brands/<int:pk>/edit/", brands.brand_update, name="brand_update"),
    ],
    "agency",
)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("<slug:agency>/", include("influencers.urls")),
    path("<slug:agency>/", include("campaigns.urls")),
    path("", include(app_patterns)),
]
