"""The meanings that a column of a roster can have, as a select box offers them."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from influencers.imports.handles import PlatformName

PLATFORM_LABELS: dict[PlatformName, str] = {
    "instagram": "Instagram",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "facebook": "Facebook",
    "x": "X",
    "linkedin": "LinkedIn",
    "twitch": "Twitch",
    "podcast": _("Podcast"),  # type: ignore[dict-item]
    "blog": _("Blog"),  # type: ignore[dict-item]
    "newsletter": _("Newsletter"),  # type: ignore[dict-item]
    "other": _("Other"),  # type: ignore[dict-item]
}
Label = str | Promise
Choices = tuple[tuple[Label, tuple[tuple[str, Label], ...]], ...]

_PERSON: tuple[tuple[str, Label], ...] = (
    ("name", _("Name")),
    ("first_name", _("First name")),
    ("last_name", _("Last name")),
    ("name_handle", _("Name and handle in one cell")),
    ("niche", _("Niche")),
    ("tags", _("Tags")),
    ("language", _("Language")),
    ("country", _("Country")),
    ("region", _("Region")),
    ("city", _("City")),
    ("email", _("E-mail")),
    ("status", _("Status")),
)
_ACCOUNT: tuple[tuple[str, Label], ...] = (
    ("platform", _("Platform")),
    ("handle", _("Handle")),
    ("url", _("Profile link")),
    ("followers", _("Followers")),
    ("total_views", _("Total views")),
    ("external_id", _("Account id")),
    ("title:youtube", _("YouTube channel's title")),
)
_PER_PLATFORM: tuple[tuple[str, Label], ...] = (
    ("handle", _("handle")),
    ("url", _("profile link")),
    ("followers", _("followers")),
    ("external_id", _("account id")),
    ("name_handle", _("name and handle in one cell")),
)

# In groups, as Django's choices take them; the empty meaning leaves the column out.
ROSTER_MEANINGS: Choices = (
    (_("Nothing"), (("", _("Leave out")),)),
    (_("Person"), _PERSON),
    (_("Account"), _ACCOUNT),
    *(
        (
            label,
            tuple(
                (f"{meaning}:{platform}", format_lazy("{platform} {meaning}", platform=label, meaning=what))
                for meaning, what in _PER_PLATFORM
            ),
        )
        for platform, label in PLATFORM_LABELS.items()
        if platform != "other"
    ),
)
_LABELS: dict[str, Label] = {meaning: label for _group, choices in ROSTER_MEANINGS for meaning, label in choices}


def meaning_label(meaning: str) -> str:
    """Return what a person reads for the meaning."""
    return str(_LABELS[meaning])
