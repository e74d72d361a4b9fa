"""Texts and amounts that no page shows, and why they are kept: their canaries cannot be heard by anybody."""

NEVER_SHOWN: dict[str, str] = {}
