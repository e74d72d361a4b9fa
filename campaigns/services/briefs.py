"""Who received a brief: each one that leaves the site is recorded with the creators in it."""

from agency.models import User
from campaigns.briefs.snapshot import LEFT_OUT
from campaigns.models import Campaign
from influencers.exports.records import record_export
from influencers.models import DataExport, Influencer


def record_client_brief(*, campaign: Campaign, by: User | None) -> DataExport:
    """The record of a client brief: the campaign, the client who receives it, the creators that it shows."""
    in_brief = campaign.collaborations.exclude(state__in=LEFT_OUT)
    client = campaign.brand.client
    return record_export(
        agency=campaign.agency,
        kind=DataExport.Kind.BRIEF,
        subject=campaign.name,
        recipient=client.name if client else "",
        creators=Influencer.objects.filter(pk__in=in_brief.values("influencer")).order_by("pk"),
        by=by,
    )
