"""What campaigns show on pages of other apps. Each panel is empty where there is nothing to show to this member."""

from typing import Any

from django.template.loader import render_to_string

from agency.access import AgencyRequest
from agency.models import Brand
from agency.panels import Panel, register
from campaigns.claims.presence import presence_of
from campaigns.claims.words import clash_text, clause_text, multirange_text, visible_brand_ids
from campaigns.models import Campaign, Clash
from campaigns.selectors.campaigns import campaigns_of_brand, exclusivities_in_force
from campaigns.selectors.creators import absences_of, collaborations_of
from campaigns.selectors.work import clashes_for, due_this_week
from influencers.models import Influencer

SHOWN = 10


def render(request: AgencyRequest, name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"campaigns/panels/{name}.html", context, request)


def collaborations(request: AgencyRequest, influencer: Influencer) -> str:
    """The creator's collaborations that the reader may know of, and absences that are not over."""
    context = {
        "influencer": influencer,
        "collaborations": collaborations_of(influencer, request.membership),
        "absences": absences_of(influencer, request.agency.today()),
    }
    return render(request, "collaborations", context)


def presence(request: AgencyRequest, influencer: Influencer) -> str:
    """Free today, or what takes the creator, and when that changes."""
    today = request.agency.today()
    return render(request, "presence", {"presence": presence_of(influencer, today, request.membership)})


def brand_campaigns(request: AgencyRequest, brand: Brand) -> str:
    """Running and past campaigns, and the exclusivities that the brand's bookings have in force."""
    visible = visible_brand_ids(request.membership)
    clauses = exclusivities_in_force(brand, request.membership, request.agency.today())
    context = {
        "brand": brand,
        "campaigns": campaigns_of_brand(brand, request.membership)[:SHOWN],
        "exclusivities": [
            (clause, clause_text(clause, visible), multirange_text(clause.claims.all()[0].during)) for clause in clauses
        ],
    }
    return render(request, "brand_campaigns", context)


def my_clashes(request: AgencyRequest) -> str:
    """Open clashes in the reader's own campaigns."""
    mine = clashes_for(request.membership).filter(
        state=Clash.State.OPEN, collaboration__campaign__owner=request.membership
    )
    visible = visible_brand_ids(request.membership)
    rows = [(clash, clash_text(clash, visible)) for clash in mine[:SHOWN]]
    return render(request, "my_clashes", {"rows": rows}) if rows else ""


def this_week(request: AgencyRequest) -> str:
    """Go-lives and drafts due in the reader's own campaigns, by day."""
    due = due_this_week(request.membership, request.agency.today())
    return render(request, "this_week", {"due": due}) if due else ""


def start_a_campaign(request: AgencyRequest) -> str:
    """The step after the first brand, for those who may take it."""
    is_done = Campaign.objects.filter(agency=request.agency).exists()
    return "" if is_done or not request.membership.can_write else render(request, "start_a_campaign", {})


def clash_count(request: AgencyRequest) -> str:
    """How many clashes are open, beside the navigation's entry."""
    count = clashes_for(request.membership).filter(state=Clash.State.OPEN).count()
    return render(request, "clash_count", {"count": count}) if count else ""


def bulk_line_up(request: AgencyRequest) -> str:
    """The button by which picked creators go into a line-up; it stands in the roster's bulk bar, which writers see."""
    return render(request, "bulk_line_up", {})


def register_panels() -> None:
    """To be called once, when the app is ready."""
    register("dashboard", Panel(key="my-clashes", order=10, render=my_clashes))
    register("dashboard", Panel(key="this-week", order=20, render=this_week))
    register("first-steps", Panel(key="start-a-campaign", order=30, render=start_a_campaign))
    register("influencer", Panel(key="collaborations", order=10, render=collaborations))
    register("influencer-head", Panel(key="presence", order=10, render=presence))
    register("brand", Panel(key="campaigns", order=10, render=brand_campaigns))
    register("roster-bulk", Panel(key="line-up", order=10, render=bulk_line_up))
    register("nav-clash_list", Panel(key="clash-count", order=10, render=clash_count))
