"""Addresses of the roster and its figures, under `/<agency>/`."""

from django.urls import URLPattern, URLResolver, path

from influencers.views import audience, finding, fit, history, imports, notes, prices, profile, roster, runs, tiers

app_name = "influencers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("roster/", roster.influencer_list, name="influencer_list"),
    path("roster/filters/", finding.roster_filters, name="roster_filters"),
    path("roster/columns/", finding.roster_columns, name="roster_columns"),
    path("roster/views/add/", finding.saved_view_create, name="saved_view_create"),
    path("roster/views/<int:pk>/edit/", finding.saved_view_update, name="saved_view_update"),
    path("roster/views/<int:pk>/delete/", finding.saved_view_delete, name="saved_view_delete"),
    path("roster/add/", roster.influencer_create, name="influencer_create"),
    path("roster/<int:pk>/", profile.influencer_detail, name="influencer_detail"),
    path("roster/<int:pk>/collaborations/", profile.influencer_collaborations, name="influencer_collaborations"),
    path("roster/<int:pk>/audience/", audience.influencer_audience, name="influencer_audience"),
    path("roster/accounts/<int:pk>/audience/<slug:dimension>/", audience.audience_update, name="audience_update"),
    path(
        "roster/accounts/<int:pk>/audience/<slug:dimension>/delete/", audience.audience_delete, name="audience_delete"
    ),
    path("roster/<int:pk>/history/", history.influencer_history, name="influencer_history"),
    path("roster/<int:pk>/prices/", prices.influencer_prices, name="influencer_prices"),
    path("roster/<int:pk>/prices/add/", prices.price_create, name="price_create"),
    path("roster/prices/<int:pk>/edit/", prices.price_update, name="price_update"),
    path("roster/prices/<int:pk>/delete/", prices.price_delete, name="price_delete"),
    path("roster/<int:pk>/edit/", roster.influencer_update, name="influencer_update"),
    path("roster/<int:pk>/accounts/add/", profile.account_create, name="account_create"),
    path("roster/<int:pk>/notes/add/", notes.fit_note_create, name="fit_note_create"),
    path("roster/notes/<int:pk>/edit/", notes.fit_note_update, name="fit_note_update"),
    path("roster/notes/<int:pk>/add/", notes.fit_note_add, name="fit_note_add"),
    path("roster/<int:pk>/fit/", fit.influencer_fit, name="influencer_fit"),
    path("roster/<int:pk>/fit/score/", fit.brand_fit_update, name="brand_fit_update"),
    path("roster/fit/<int:pk>/", fit.brand_fit_detail, name="brand_fit_detail"),
    path("brands/<int:pk>/ranking/", fit.brand_ranking, name="brand_ranking"),
    path("roster/accounts/<int:pk>/followers/", profile.follower_count_create, name="follower_count_create"),
    path("settings/tiers/", tiers.tier_scheme_list, name="tier_scheme_list"),
    path("settings/tiers/<int:pk>/choose/", tiers.tier_scheme_choose, name="tier_scheme_choose"),
    path("roster/import/", imports.roster_import, name="roster_import"),
    path("roster/import/posts/", imports.post_import, name="post_import"),
    path("roster/imports/", imports.import_list, name="import_list"),
    path("roster/imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("figures/", runs.run_list, name="run_list"),
    path("figures/recompute/", runs.run_create, name="run_create"),
    path("figures/<int:pk>/", runs.run_detail, name="run_detail"),
]
