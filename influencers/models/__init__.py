"""The roster: people, their accounts, audience, prices, posts, figures, brand fit, imports and what data protection asks for."""

from agency.audience import AGE_BANDS
from influencers.models.accounts import Account, FollowerCount, Platform, Post
from influencers.models.audience import GENDERS, AudienceShare
from influencers.models.figures import EngagementFigures, MetricsRange, MetricsRun
from influencers.models.fit import NOTE_EDITABLE, BrandFit, BrandFitNote, BrandFitScore
from influencers.models.imports import ColumnMapping, ImportBatch, ImportChange
from influencers.models.merges import Merge, NotDuplicates
from influencers.models.people import Influencer, InfluencerQuerySet
from influencers.models.prices import Price
from influencers.models.protection import Erasure, Fingerprint, LegalRetention
from influencers.models.roster import DataExport, RosterColumns, RosterLine, SavedView, Shortlist, ShortlistEntry
from influencers.models.tiers import TierBand, TierScheme

__all__ = [
    "AGE_BANDS",
    "GENDERS",
    "NOTE_EDITABLE",
    "Account",
    "AudienceShare",
    "BrandFit",
    "BrandFitNote",
    "BrandFitScore",
    "ColumnMapping",
    "DataExport",
    "EngagementFigures",
    "Erasure",
    "Fingerprint",
    "FollowerCount",
    "ImportBatch",
    "ImportChange",
    "Influencer",
    "InfluencerQuerySet",
    "LegalRetention",
    "Merge",
    "MetricsRange",
    "MetricsRun",
    "NotDuplicates",
    "Platform",
    "Post",
    "Price",
    "RosterColumns",
    "RosterLine",
    "SavedView",
    "Shortlist",
    "ShortlistEntry",
    "TierBand",
    "TierScheme",
]
