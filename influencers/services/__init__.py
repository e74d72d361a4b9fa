"""Work on the roster: each function is atomic, says no in a sentence, and is told by whom it is called."""

from influencers.services.notes import write_fit_note
from influencers.services.people import (
    AlreadyOnRosterError,
    add_account,
    create_influencer,
    known_account,
    read_profiles,
    record_follower_count,
    update_influencer,
)
from influencers.services.tiers import choose_tier_scheme, seed_tier_schemes

__all__ = [
    "AlreadyOnRosterError",
    "add_account",
    "choose_tier_scheme",
    "create_influencer",
    "known_account",
    "read_profiles",
    "record_follower_count",
    "seed_tier_schemes",
    "update_influencer",
    "write_fit_note",
]
