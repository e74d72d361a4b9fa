"""Every address of the site, taken from the URLconf, and how its arguments are filled."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, get_resolver, reverse

from agency.models import Brand, Client, Invitation, Membership
from campaigns.models import Campaign, Clash, Collaboration, Deliverable, Exclusivity, Unavailability
from influencers.models import (
    Account,
    BrandFit,
    BrandFitNote,
    FollowerCount,
    ImportBatch,
    Influencer,
    Merge,
    MetricsRun,
    Price,
    SavedView,
    Shortlist,
    TierScheme,
)
from tests.tenancy.world import World

# The one dictionary of arguments: a name that is not here fails the sweep.
ARGUMENTS: dict[str, str] = {
    "agency": "",  # the slug, chosen by the sweep
    "token": "",  # the invitation's, of the world
    "app_label": "agency",
    "url": "no-such-page/",
    "key": "1-abc",
    "uidb36": "1",
    "dimension": "city",
}

# Which model a route's row is of: (name, argument). The sweep fills in an own, a hidden and a foreign row of it.
ROWS: dict[tuple[str, str], type[Model]] = {
    ("agency:member_update", "pk"): Membership,
    ("agency:invitation_cancel", "pk"): Invitation,
    ("agency:client_detail", "pk"): Client,
    ("agency:client_update", "pk"): Client,
    ("agency:brand_detail", "pk"): Brand,
    ("agency:brand_update", "pk"): Brand,
    ("influencers:influencer_detail", "pk"): Influencer,
    ("influencers:influencer_collaborations", "pk"): Influencer,
    ("influencers:influencer_audience", "pk"): Influencer,
    ("influencers:audience_update", "pk"): Account,
    ("influencers:audience_delete", "pk"): Account,
    ("influencers:influencer_history", "pk"): Influencer,
    ("influencers:duo_update", "pk"): Influencer,
    ("influencers:account_update", "pk"): Account,
    ("influencers:account_delete", "pk"): Account,
    ("influencers:follower_count_update", "pk"): FollowerCount,
    ("influencers:influencer_prices", "pk"): Influencer,
    ("influencers:price_create", "pk"): Influencer,
    ("influencers:price_update", "pk"): Price,
    ("influencers:price_delete", "pk"): Price,
    ("influencers:influencer_update", "pk"): Influencer,
    ("influencers:saved_view_update", "pk"): SavedView,
    ("influencers:saved_view_delete", "pk"): SavedView,
    ("influencers:account_create", "pk"): Influencer,
    ("influencers:fit_note_create", "pk"): Influencer,
    ("influencers:fit_note_update", "pk"): BrandFitNote,
    ("influencers:fit_note_add", "pk"): BrandFitNote,
    ("influencers:influencer_fit", "pk"): Influencer,
    ("influencers:brand_fit_update", "pk"): Influencer,
    ("influencers:brand_fit_detail", "pk"): BrandFit,
    ("influencers:brand_ranking", "pk"): Brand,
    ("influencers:brand_fit_top", "pk"): Brand,
    ("influencers:influencer_merge", "pk"): Influencer,
    ("influencers:merge_choose", "pk"): Influencer,
    ("influencers:merge_undo", "pk"): Merge,
    ("influencers:follower_count_create", "pk"): Account,
    ("influencers:import_detail", "pk"): ImportBatch,
    ("influencers:import_columns", "pk"): ImportBatch,
    ("influencers:import_check", "pk"): ImportBatch,
    ("influencers:import_apply", "pk"): ImportBatch,
    ("influencers:import_refused", "pk"): ImportBatch,
    ("influencers:import_undo", "pk"): ImportBatch,
    ("influencers:import_give_up", "pk"): ImportBatch,
    ("influencers:shortlist_detail", "pk"): Shortlist,
    ("influencers:shortlist_update", "pk"): Shortlist,
    ("influencers:shortlist_delete", "pk"): Shortlist,
    ("influencers:shortlist_remove", "pk"): Shortlist,
    ("influencers:influencer_protection", "pk"): Influencer,
    ("influencers:influencer_access", "pk"): Influencer,
    ("influencers:influencer_erase", "pk"): Influencer,
    ("influencers:run_detail", "pk"): MetricsRun,
    ("influencers:tier_scheme_choose", "pk"): TierScheme,
    ("campaigns:campaign_detail", "pk"): Campaign,
    ("campaigns:campaign_update", "pk"): Campaign,
    ("campaigns:campaign_brief", "pk"): Campaign,
    ("campaigns:campaign_brief_pdf", "pk"): Campaign,
    ("campaigns:collaboration_create", "pk"): Campaign,
    ("campaigns:collaboration_check", "pk"): Campaign,
    ("campaigns:collaboration_detail", "pk"): Collaboration,
    ("campaigns:collaboration_update", "pk"): Collaboration,
    ("campaigns:collaboration_move", "pk"): Collaboration,
    ("campaigns:deliverable_create", "pk"): Collaboration,
    ("campaigns:deliverable_update", "pk"): Deliverable,
    ("campaigns:deliverable_delete", "pk"): Deliverable,
    ("campaigns:clause_create", "pk"): Collaboration,
    ("campaigns:clause_update", "pk"): Exclusivity,
    ("campaigns:clause_delete", "pk"): Exclusivity,
    ("campaigns:clash_accept", "pk"): Clash,
    ("campaigns:unavailability_create", "pk"): Influencer,
    ("campaigns:unavailability_delete", "pk"): Unavailability,
}

ADMIN_ROW = re.compile(
    r"^admin:(?P<model>\w+_\w+)_(change|delete|history)$|^admin/(?P<path>\w+/\w+)/<path:object_id>/$"
)


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf. `name` is its full name, or its route if it has none."""

    name: str
    route: str
    arguments: tuple[str, ...]
    is_named: bool

    @property
    def area(self) -> str:
        """Who guards it: "agency" (the access decorators), "admin", or "site"."""
        if self.route.startswith("admin/"):
            return "admin"
        return "agency" if "agency" in self.arguments else "site"

    @property
    def model(self) -> type[Model] | None:
        """The model of the row in the address."""
        if match := ADMIN_ROW.match(self.name):
            wanted = (match["model"] or match["path"].replace("/", "_")).lower()
            return next(model for model in admin.site._registry if model._meta.label_lower.replace(".", "_") == wanted)
        return next((model for (name, _argument), model in ROWS.items() if name == self.name), None)

    def unknown_arguments(self) -> set[str]:
        known = {argument for name, argument in ROWS if name == self.name} | ARGUMENTS.keys()
        if self.area == "admin" and ADMIN_ROW.match(self.name):
            known.add("object_id")
        return set(self.arguments) - known

    def url(self, world: World, *, agency: str, row: Any = None) -> str:
        """The address in the agency, with the row if it takes one."""
        values = {**ARGUMENTS, "agency": agency, "token": world.token}
        pk = getattr(row, "pk", row)
        kwargs = {name: values.get(name, pk) if name in ARGUMENTS else pk for name in self.arguments}
        if self.is_named:
            return reverse(self.name, kwargs=kwargs)
        filled = re.sub(
            r"<path:(\w+)>|\(\?P<(\w+)>\.\*\)\$", lambda match: str(kwargs[match[1] or match[2]]), self.route
        )
        return f"/{filled}"


def addresses() -> Iterator[Address]:
    """Every pattern, however deep it is included."""
    yield from _walk(get_resolver(), "", (), ())


def _walk(resolver: Any, route: str, spaces: tuple[str, ...], outer: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        whole = route + str(pattern.pattern)
        arguments = (*outer, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            name = ":".join((*spaces, pattern.name)) if pattern.name else whole
            yield Address(name, whole, arguments, is_named=bool(pattern.name))
        else:
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern, whole, inner, arguments)
