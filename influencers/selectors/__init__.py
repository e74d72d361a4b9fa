"""Reads: what pages, exports and briefs ask of the roster."""
