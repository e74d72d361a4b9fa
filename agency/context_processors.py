"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest

from agency.models import Agency

# Address name, icon, label: pages of higher apps are named by strings only.
NAVIGATION = (
    ("agency:dashboard", "home", "Dashboard"),
    ("influencers:influencer_list", "users", "Roster"),
    ("agency:brand_list", "building-store", "Brands"),
    ("campaigns:campaign_list", "briefcase", "Campaigns"),
    ("campaigns:timeline", "timeline", "Timeline"),
    ("campaigns:clash_list", "alert-triangle", "Clashes"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """`agency`, `membership`, the navigation and the agencies to switch to, on pages of an agency; nothing elsewhere."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "agency": membership.agency,
        "membership": membership,
        "navigation": [
            {"url_name": url_name, "icon": icon, "label": label, "is_here": here == url_name}
            for url_name, icon, label in NAVIGATION
        ],
        "other_agencies": Agency.objects.of_user(membership.user).exclude(pk=membership.agency_id).order_by("name"),
    }
