"""The roster: people, their accounts, posts, figures, brand fit and imports."""

from influencers.models.accounts import Account, FollowerCount, Platform, Post
from influencers.models.figures import EngagementFigures, MetricsRange, MetricsRun
from influencers.models.fit import BrandFitNote
from influencers.models.imports import ImportBatch
from influencers.models.people import Influencer, InfluencerQuerySet
from influencers.models.tiers import TierBand, TierScheme

__all__ = [
    "Account",
    "BrandFitNote",
    "EngagementFigures",
    "FollowerCount",
    "ImportBatch",
    "Influencer",
    "InfluencerQuerySet",
    "MetricsRange",
    "MetricsRun",
    "Platform",
    "Post",
    "TierBand",
    "TierScheme",
]
