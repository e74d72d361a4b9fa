"""What happens in this app and may matter to apps above it."""

from django.dispatch import Signal

agency_created = Signal()
"""Sent inside the transaction that creates an agency; argument `agency`. Apps seed their own defaults."""

brand_moving = Signal()
"""Sent under the agency's exclusive lock before a brand gets another client.

Arguments: `brand`, `client` (the new one or None), `by`. A receiver raises `Refused` to forbid it: a clause spares the
brands of its own client, so claims may depend on it."""

category_moving = Signal()
"""Sent under the agency's exclusive lock before a category gets another parent.

Arguments: `category`, `parent` (the new one or None), `by`. A receiver raises `Refused` to forbid it: a clause covers a
category with everything below it, so claims may depend on it."""

brand_moved = Signal()
"""Sent, still under the lock, after a brand got another client or a new brand its first; arguments `brand`, `by`.

Receivers derive the claims of the client's brands anew, because a clause spares the brands of its own client."""

category_moved = Signal()
"""Sent, still under the lock, after a category was added or got another parent; arguments `category`, `by`.

Receivers derive the claims on the categories above it anew, because a clause covers what stands below."""
