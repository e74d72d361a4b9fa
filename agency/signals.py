"""What happens in this app and may matter to apps above it."""

from django.dispatch import Signal

agency_created = Signal()
"""Sent inside the transaction that creates an agency; argument `agency`. Apps seed their own defaults."""
