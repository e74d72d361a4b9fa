"""What every tab of a profile shares: the head, and the tabs that this member may open."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.access import AgencyRequest
from influencers.models import Influencer
from influencers.selectors.profile import HeadAccount, duo_of, head_accounts, lists_of
from influencers.selectors.tiers import default_bands


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the profile; tabs for writers are not there for viewers, whose requests get 403."""

    url_name: str
    label: Promise
    for_writers: bool = False


TABS = (
    Tab("influencer_detail", _("Overview")),
    Tab("influencer_fit", _("Brand fit")),
    Tab("influencer_collaborations", _("Collaborations")),
    Tab("influencer_audience", _("Audience")),
    Tab("influencer_prices", _("Prices"), for_writers=True),
    Tab("influencer_protection", _("Data protection"), for_writers=True),
    Tab("influencer_history", _("History")),
)


def tabs_for(request: AgencyRequest, influencer: Influencer) -> list[dict[str, Any]]:
    """The tabs that the member may open, in order; `is_here` is the page that was asked for."""
    allowed = [tab for tab in TABS if request.membership.can_write or not tab.for_writers]
    found = [
        (reverse(f"influencers:{tab.url_name}", args=[request.agency.slug, influencer.pk]), tab) for tab in allowed
    ]
    return [{"url": url, "label": tab.label, "is_here": url == request.path} for url, tab in found]


def profile_frame(
    request: AgencyRequest, influencer: Influencer, accounts: Iterable[HeadAccount] | None = None
) -> dict[str, Any]:
    """The context of `influencers/profile/frame.html`. Every tab's view passes it on with its own."""
    shown = head_accounts(influencer, default_bands(request.agency)) if accounts is None else accounts
    return {
        "influencer": influencer,
        "head_accounts": list(shown),
        "head_duo": duo_of(influencer),
        "head_lists": lists_of(influencer, request.membership),
        "tabs": tabs_for(request, influencer),
    }
