"""Campaigns: list, add, change, and the page with the line-up."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.category_tree import paths
from agency.countries import country_name
from agency.errors import Refused
from agency.htmx import render_partial
from agency.paging import page_of, pager_links
from campaigns.claims.line_up import line_up
from campaigns.forms import CampaignForm, CampaignListFilter
from campaigns.models import Campaign
from campaigns.selectors.campaigns import campaign_rows, fees_booked
from campaigns.services import create_campaign, update_campaign
from campaigns.views.refusing import tell


@require_safe
@agency_member
def campaign_list(request: AgencyRequest) -> HttpResponse:
    """Campaigns of brands that the member may know of; `?brand=`, `?status=` and `?q=` narrow."""
    form = CampaignListFilter(request.GET, reader=request.membership)
    page = page_of(request, campaign_rows(request.membership, form.wanted()))
    context = {
        "form": form,
        "page": page,
        "pager": pager_links(request, page),
        "is_narrowed": any(form.cleaned_data.values()),
    }
    return render_partial(request, "campaigns/campaign_list.html", context, partial="campaign-table")


@require_safe
@agency_member
def campaign_detail(request: AgencyRequest, pk: int) -> HttpResponse:
    """What is to be said, and the line-up with states, days, fees and clashes."""
    campaign = get_object_or_404(
        Campaign.objects.visible_to(request.membership).select_related("brand", "owner__user"), pk=pk
    )
    ways = paths(request.agency)
    sees_fees = request.membership.can_see_fees
    context = {
        "campaign": campaign,
        "rows": line_up(campaign, request.membership),
        "categories": sorted(ways[category.pk] for category in campaign.categories.all()),
        "markets": [(code, country_name(code)) for code in campaign.markets],
        "budget": campaign.budget if sees_fees else None,
        "fees_booked": fees_booked(campaign) if sees_fees else None,
    }
    return render(request, "campaigns/campaign_detail.html", context)


@require_http_methods(["GET", "POST"])
@agency_writer
def campaign_create(request: AgencyRequest) -> HttpResponse:
    """A new campaign; `?brand=` chooses the brand."""
    initial = {"brand": request.GET.get("brand"), "owner": request.membership, "currency": request.agency.currency}
    form = CampaignForm(request.POST or None, initial=initial, by=request.membership)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            campaign = create_campaign(**form.facts(), by=request.membership)
        except Refused as refusal:
            status = tell(form, refusal)
        else:
            messages.success(request, _("Added %(name)s. Now add creators to the line-up.") % {"name": campaign})
            return redirect("campaigns:campaign_detail", request.agency.slug, campaign.pk)
    return render(request, "campaigns/campaign_create.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def campaign_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Change a campaign; what would make its bookings clash is refused with the sentence."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.membership), pk=pk)
    name = campaign.name
    form = CampaignForm(request.POST or None, instance=campaign, by=request.membership)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            update_campaign(campaign=campaign, **form.facts(), by=request.membership)
        except Refused as refusal:
            status = tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:campaign_detail", request.agency.slug, campaign.pk)
    context = {"form": form, "campaign": campaign, "name": name}
    return render(request, "campaigns/campaign_update.html", context, status=status)
