"""What every page's frame needs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agency import panels
from agency.models import Agency, Membership


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation: address name (higher apps by string only), icon, label, and what else counts as being there."""

    url_name: str
    icon: str
    label: Any
    below: tuple[str, ...] = ()
    managers_only: bool = False

    @property
    def slot(self) -> str:
        """The slot for a count beside the label, e.g. `nav-clash_list`."""
        return f"nav-{self.url_name.partition(':')[2]}"


NAVIGATION = (
    Place("agency:dashboard", "home", _("Dashboard")),
    Place("influencers:influencer_list", "users", _("Roster")),
    Place("agency:brand_list", "building-store", _("Brands"), below=("clients/",)),
    Place("campaigns:campaign_list", "briefcase", _("Campaigns"), below=("collaborations/",)),
    Place("campaigns:timeline", "timeline", _("Timeline")),
    Place("campaigns:clash_list", "alert-triangle", _("Clashes")),
    Place("agency:member_list", "settings", _("Settings"), managers_only=True),
)
SETTINGS_TABS = (
    Place("agency:member_list", "users", _("People"), managers_only=True),
    Place("agency:agency_update", "building", _("Agency"), managers_only=True),
    Place("influencers:tier_scheme_list", "list", _("Tiers")),
    Place("influencers:erasure_list", "shield", _("Erasures"), managers_only=True),
)


def address(url_name: str, slug: str) -> str:
    """The address of a page of the agency; empty when the app of the page is not installed."""
    try:
        return reverse(url_name, args=[slug])
    except NoReverseMatch:
        return ""


def entries(places: tuple[Place, ...], membership: Membership, path: str) -> list[dict[str, Any]]:
    """The places that the member may go to; the longest address that the path starts with is where they are."""
    slug = membership.agency.slug
    home = reverse("agency:dashboard", args=[slug])
    found = []
    for place in places:
        url = address(place.url_name, slug)
        if url and (membership.is_manager or not place.managers_only):
            roots = (url, *(home + part for part in place.below))
            near = max((len(root) for root in roots if path.startswith(root)), default=0)
            near = near if url != home or path == home else 0
            found.append({"url": url, "icon": place.icon, "label": place.label, "slot": place.slot, "near": near})
    nearest = max((entry["near"] for entry in found), default=0)
    for entry in found:
        entry["is_here"] = entry["near"] == nearest > 0
    return found


def lazy_badge(slot: str, request: HttpRequest) -> Any:
    """The small count beside an entry, as safe HTML made when it is first shown."""
    return SimpleLazyObject(lambda: SafeString("".join(panels.rendered(slot, request))))


def frame(request: HttpRequest) -> dict[str, Any]:
    """`agency`, `membership`, the navigation and the agencies to switch to, on pages of an agency; nothing elsewhere."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return {}
    navigation = entries(NAVIGATION, membership, request.path)
    for entry in navigation:
        # Shown in two places of the page, counted once, and only if the page has a frame.
        entry["badge"] = lazy_badge(entry["slot"], request)
    return {
        "agency": membership.agency,
        "membership": membership,
        "navigation": navigation,
        "settings_tabs": entries(SETTINGS_TABS, membership, request.path),
        "search_url": address("influencers:influencer_list", membership.agency.slug),
        "other_agencies": Agency.objects.of_user(membership.user).exclude(pk=membership.agency_id).order_by("name"),
    }
