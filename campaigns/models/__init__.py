"""Campaigns, the collaborations in them, and the claims that make clashes impossible."""

from campaigns.models.campaigns import Campaign, CampaignQuerySet
from campaigns.models.claims import Claim, Clash
from campaigns.models.collaborations import Collaboration, CollaborationQuerySet, Deliverable
from campaigns.models.exclusivity import Exclusivity, Unavailability

__all__ = [
    "Campaign",
    "CampaignQuerySet",
    "Claim",
    "Clash",
    "Collaboration",
    "CollaborationQuerySet",
    "Deliverable",
    "Exclusivity",
    "Unavailability",
]
