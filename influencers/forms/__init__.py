"""Forms of the roster; each takes what it needs to narrow its choices to what the member may see."""

from influencers.forms.notes import BrandFitNoteForm
from influencers.forms.people import (
    AccountForm,
    FollowerCountForm,
    FollowersField,
    InfluencerForm,
    LanguagesField,
    NewInfluencerForm,
    WordsField,
    country_choices,
    read_count,
)

__all__ = [
    "AccountForm",
    "BrandFitNoteForm",
    "FollowerCountForm",
    "FollowersField",
    "InfluencerForm",
    "LanguagesField",
    "NewInfluencerForm",
    "WordsField",
    "country_choices",
    "read_count",
]
