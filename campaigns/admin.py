"""Admin pages of campaigns: to look up and to follow to the site. Bookings change only through the services of the site."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agency.templatetags.meso import days_text
from agency.tenant_admin import TenantAdmin, TenantInline
from campaigns.claims.words import multirange_text
from campaigns.models import Campaign, Claim, Clash, Collaboration, Deliverable, Exclusivity, Unavailability


class ReadOnlyAdmin(TenantAdmin):
    """Rows that only services write."""

    may_add = may_change = may_delete = False


class ReadOnlyInline(TenantInline):
    may_add = may_change = may_delete = False
    extra = 0


@admin.display(description=_("on the site"))
def on_site(row: Campaign | Collaboration) -> SafeString:
    """The page where it can be changed."""
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), _("Open"))


@admin.display(description=_("flight"), ordering="starts_on")
def flight(row: Campaign) -> str:
    return days_text(row.starts_on, row.ends_on)


@admin.display(description=_("days"))
def claimed_days(row: Claim | Clash) -> str:
    return multirange_text(row.during)


class CollaborationInline(ReadOnlyInline):
    model = Collaboration
    fields = ("influencer", "state", "starts_on", "ends_on")


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ("name", "brand", "status", flight, "owner", on_site)
    list_filter = ("status", "objective")
    list_select_related = ("brand", "owner__user", "agency")
    search_fields = ("name", "brand__name")
    date_hierarchy = "starts_on"
    inlines = (CollaborationInline,)


class DeliverableInline(ReadOnlyInline):
    model = Deliverable
    fields = ("format", "account", "state", "draft_due_on", "live_from", "live_to")


class ExclusivityInline(ReadOnlyInline):
    model = Exclusivity
    fields = ("scope", "anchor", "days_before", "days_after", "is_open_ended")


@admin.register(Collaboration)
class CollaborationAdmin(ReadOnlyAdmin):
    list_display = ("influencer", "campaign", "state", "booked_at", on_site)
    list_filter = ("state",)
    list_select_related = ("influencer", "campaign", "agency")
    search_fields = ("influencer__name", "campaign__name")
    inlines = (DeliverableInline, ExclusivityInline)


@admin.register(Unavailability)
class UnavailabilityAdmin(ReadOnlyAdmin):
    list_display = ("influencer", "starts_on", "ends_on", "reason")
    list_select_related = ("influencer",)
    search_fields = ("influencer__name", "reason")
    date_hierarchy = "starts_on"


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("influencer", "collaboration", "is_exclusive", "enforced", claimed_days)
    list_filter = ("is_exclusive", "enforced")
    list_select_related = ("influencer", "collaboration__influencer", "collaboration__campaign")
    search_fields = ("influencer__name",)


@admin.register(Clash)
class ClashAdmin(ReadOnlyAdmin):
    list_display = ("influencer", "collaboration", "rule", "state", claimed_days, "found_at")
    list_filter = ("state", "rule")
    list_select_related = ("influencer", "collaboration__influencer", "collaboration__campaign")
    search_fields = ("influencer__name",)
