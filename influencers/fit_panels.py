"""What brand fit shows on the page of a brand: who fits best, and the scorecards with their age. Nothing for viewers."""

from django.template.loader import render_to_string

from agency.access import AgencyRequest
from agency.models import Brand
from agency.panels import Panel, register
from influencers.fit.asked import NORMAL, Asked
from influencers.fit.criteria import CRITERIA
from influencers.fit.ranking import rank
from influencers.fit.scorecards import scorecard, scorecards_for
from influencers.models import Influencer
from influencers.selectors.tiers import default_bands

FEW = 5


def who_fits(request: AgencyRequest, brand: Brand) -> str:
    """The first of the ranking by all criteria, equally weighted, of which at least half is known."""
    if not request.membership.can_write:
        return ""
    weights = {each.key: NORMAL for each in CRITERIA if not each.unusable(brand)}
    bands = default_bands(request.agency)
    asked = Asked(brand, request.membership, request.agency.today(), bands, weights, at_least=-(-len(weights) // 2))
    rows = rank(asked, limit=FEW).rows
    creators = Influencer.objects.select_related("agency").in_bulk([row.influencer_id for row in rows])
    context = {
        "brand": brand,
        "rows": [(row, creators[row.influencer_id]) for row in rows],
        "asked_for": len(weights),
    }
    return render_to_string("influencers/panels/who_fits.html", context, request)


def brand_scorecards(request: AgencyRequest, brand: Brand) -> str:
    """The brand's current scorecards, the most recent first."""
    if not request.membership.can_write:
        return ""
    fits = scorecards_for(brand, request.membership)
    cards = [scorecard(fit, request.agency.today()) for fit in fits[: 2 * FEW]]
    context = {"brand": brand, "cards": cards, "total": fits.count()}
    return render_to_string("influencers/panels/brand_scorecards.html", context, request)


def register_fit_panels() -> None:
    """To be called once, when the app is ready."""
    register("brand", Panel(key="who-fits", order=2, render=who_fits))
    register("brand", Panel(key="scorecards", order=4, render=brand_scorecards))
