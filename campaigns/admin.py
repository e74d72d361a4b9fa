"""Admin pages of campaigns and bookings. Bookings are read here and made on the site, where clashes are refused with a sentence."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agency.tenant_admin import TenantAdmin, TenantInline
from campaigns.claims.words import multirange_text
from campaigns.models import Campaign, Claim, Clash, Collaboration, Deliverable, Exclusivity, Unavailability


class ReadOnlyInline(TenantInline):
    may_add = may_change = may_delete = False
    extra = 0


class DeliverableInline(ReadOnlyInline):
    model = Deliverable
    fields = ("format", "account", "state", "live_from", "live_to")


class ExclusivityInline(ReadOnlyInline):
    model = Exclusivity
    fields = ("scope", "anchor", "days_before", "days_after", "is_open_ended")


def on_the_site(row: Model, url_name: str, slug: str) -> SafeString:
    """A link to the page where it is changed."""
    return format_html(
        '<a href="{}">{}</a>', reverse(f"campaigns:{url_name}", args=[slug, row.pk]), _("open on the site")
    )


class ReadOnlyAdmin(TenantAdmin):
    """Seen here, changed on the site. An absence goes with the creator it belongs to, never on its own."""

    may_add = may_change = False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        page = request.resolver_match.url_name if request.resolver_match else ""
        return page.startswith("influencers_influencer_") and self.has_view_permission(request)


@admin.register(Campaign)
class CampaignAdmin(TenantAdmin):
    """Texts may be corrected; what bookings claim is changed on the site."""

    may_add = may_delete = False
    list_display = ("name", "brand", "status", "starts_on", "ends_on", "owner")
    list_filter = ("status", "objective", "brand")
    list_select_related = ("brand", "owner__user", "agency")
    search_fields = ("name",)
    date_hierarchy = "starts_on"
    fields = ("site", "brand", "starts_on", "ends_on", "name", "key_messages", "dos", "donts", "hashtags", "tracking")
    readonly_fields = ("site", "brand", "starts_on", "ends_on")

    @admin.display(description=_("on the site"))
    def site(self, campaign: Campaign) -> SafeString:
        return on_the_site(campaign, "campaign_detail", campaign.agency.slug)


@admin.register(Collaboration)
class CollaborationAdmin(ReadOnlyAdmin):
    list_display = ("influencer", "campaign", "state", "booked_at")
    list_filter = ("state", "campaign")
    list_select_related = ("influencer", "campaign", "agency")
    search_fields = ("influencer__name", "campaign__name")
    date_hierarchy = "booked_at"
    inlines = (DeliverableInline, ExclusivityInline)
    fields = (
        "site",
        "campaign",
        "influencer",
        "state",
        "starts_on",
        "ends_on",
        "fee",
        "client_price",
        "currency",
        "usage_rights_until",
        "tier_at_booking",
        "booked_at",
        "booked_by",
    )
    readonly_fields = ("site",)

    @admin.display(description=_("on the site"))
    def site(self, collaboration: Collaboration) -> SafeString:
        return on_the_site(collaboration, "collaboration_detail", collaboration.agency.slug)


@admin.register(Unavailability)
class UnavailabilityAdmin(ReadOnlyAdmin):
    list_display = ("influencer", "starts_on", "ends_on", "reason")
    list_select_related = ("influencer",)
    search_fields = ("influencer__name",)
    date_hierarchy = "starts_on"


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    """What PostgreSQL compares; derived, never typed."""

    list_display = ("influencer", "days", "is_exclusive", "enforced", "collaboration", "unavailability")
    list_filter = ("is_exclusive", "enforced")
    list_select_related = ("influencer", "collaboration__influencer", "collaboration__campaign", "unavailability")
    search_fields = ("influencer__name",)
    fields = (
        "influencer",
        "collaboration",
        "clause",
        "unavailability",
        "is_exclusive",
        "enforced",
        "days",
        "party_ids",
        "category_ids",
        "platform_numbers",
        "market_numbers",
    )
    readonly_fields = ("days", "party_ids", "category_ids", "platform_numbers", "market_numbers")

    @admin.display(description=_("days"))
    def days(self, claim: Claim) -> str:
        return multirange_text(claim.during)

    @admin.display(description=_("brands"))
    def party_ids(self, claim: Claim) -> str:
        return numbers_text(claim.parties)

    @admin.display(description=_("categories"))
    def category_ids(self, claim: Claim) -> str:
        return numbers_text(claim.categories)

    @admin.display(description=_("platforms"))
    def platform_numbers(self, claim: Claim) -> str:
        return numbers_text(claim.platforms)

    @admin.display(description=_("markets"))
    def market_numbers(self, claim: Claim) -> str:
        return numbers_text(claim.markets)


@admin.register(Clash)
class ClashAdmin(ReadOnlyAdmin):
    list_display = ("influencer", "collaboration", "rule", "state", "found_at")
    list_filter = ("state", "rule")
    list_select_related = ("influencer", "collaboration__influencer", "collaboration__campaign")
    search_fields = ("influencer__name",)
    fields = ("influencer", "collaboration", "against", "unavailability", "rule", "state", "reason", "decided_by")


def numbers_text(numbers: Any) -> str:
    """A set of ids: 3–5, 9; open ends as all below or above."""
    parts = [(part.lower, None if part.upper is None else part.upper - 1) for part in numbers]
    return ", ".join(
        str(low)
        if low is not None and low == high
        else f"{'…' if low is None else low}–{'…' if high is None else high}"
        for low, high in parts
    )
