"""The client brief of a campaign: what it will say, and the PDF. No fee or price is ever read for it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from agency.access import AgencyRequest, agency_member
from campaigns.briefs.document import client_document, placeholder_note
from campaigns.briefs.pdf import client_brief_pdf, unprintable_characters
from campaigns.briefs.snapshot import read_client_brief
from campaigns.models import Campaign
from campaigns.services import record_client_brief


def _campaign(request: AgencyRequest, pk: int) -> Campaign:
    visible = Campaign.objects.visible_to(request.membership).select_related("agency", "brand__client")
    return get_object_or_404(visible, pk=pk)


@require_safe
@agency_member
def campaign_brief(request: AgencyRequest, pk: int) -> HttpResponse:
    """What the client brief says now, and which characters it cannot print."""
    campaign = _campaign(request, pk)
    brief = read_client_brief(campaign)
    context = {
        "campaign": campaign,
        "document": client_document(brief),
        "placeholder_note": placeholder_note(unprintable_characters(brief)),
        "deliverable_count": sum(len(creator.deliverables) for creator in brief.creators),
    }
    return render(request, "campaigns/campaign_brief.html", context)


@require_safe
@agency_member
def campaign_brief_pdf(request: AgencyRequest, pk: int) -> HttpResponse:
    """The client brief as a file to download; who took it, and that it is for the client, is recorded."""
    campaign = _campaign(request, pk)
    made = client_brief_pdf(read_client_brief(campaign))
    record_client_brief(campaign=campaign, by=request.user)
    name = slugify(f"{campaign.brand.name} {campaign.name}")[:80] or f"campaign-{campaign.pk}"
    response = HttpResponse(made.content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="brief-{name}.pdf"'
    return response
