"""What the roster can be narrowed to. The address keeps it, so a filtered roster can be linked, saved and exported."""

from influencers.filters.roster import Chip, RosterFilter, matching_lines

__all__ = ["Chip", "RosterFilter", "matching_lines"]
