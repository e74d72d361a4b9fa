"""The cut-off as people write it."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from agency.models import Agency


def read_cutoff(text: str, agency: Agency) -> datetime:
    """The instant meant by a day (its start in the agency's zone) or an instant with offset; else ValueError."""
    text = text.strip()
    try:
        return agency.start_of(date.fromisoformat(text))
    except ValueError:
        pass  # no day; an instant, then
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            _("“%(text)s” is neither a day nor an instant. Write 2026-05-31 or 2026-05-31T00:00Z.") % {"text": text}
        ) from error
    if instant.tzinfo is None:
        raise ValueError(
            _("“%(text)s” says no offset from UTC. Write 2026-05-31T00:00Z or 2026-05-31.") % {"text": text}
        )
    return instant
