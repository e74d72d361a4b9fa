"""What brand fit shows on the page of a brand: who fits best, and the scorecards with their age. Nothing for viewers."""

from django.template.loader import render_to_string

from agency.access import AgencyRequest
from agency.models import Brand
from agency.panels import Panel, register
from influencers.fit.scorecards import scorecard, scorecards_for

FEW = 10


def who_fits(request: AgencyRequest, brand: Brand) -> str:
    """Where the first of the ranking appear."""
    if not request.membership.can_write:
        return ""
    return render_to_string("influencers/panels/who_fits.html", {"brand": brand}, request)


def brand_scorecards(request: AgencyRequest, brand: Brand) -> str:
    """The brand's current scorecards, the most recent first."""
    if not request.membership.can_write:
        return ""
    fits = scorecards_for(brand, request.membership)
    cards = [scorecard(fit, request.agency.today()) for fit in fits[:FEW]]
    context = {"brand": brand, "cards": cards, "total": fits.count()}
    return render_to_string("influencers/panels/brand_scorecards.html", context, request)


def register_fit_panels() -> None:
    """To be called once, when the app is ready."""
    register("brand", Panel(key="who-fits", order=2, render=who_fits))
    register("brand", Panel(key="scorecards", order=4, render=brand_scorecards))
