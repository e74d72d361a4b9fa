"""Rules that the sweep does not miss, and what tests them instead (or why nothing can)."""

SURVIVORS: dict[str, str] = {}
