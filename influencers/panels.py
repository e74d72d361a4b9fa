"""What the roster shows on pages of other apps."""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from agency.access import AgencyRequest
from agency.panels import Panel, register
from influencers.models import Influencer, Merge
from influencers.protection.informing import count_waiting
from influencers.selectors.roster import without_rate
from influencers.services.merging import UNDOABLE, undoable_merges


def creators_without_figures(request: AgencyRequest) -> str:
    """How many creators have no engagement rate; empty while the roster is, or when all have one."""
    total = Influencer.objects.filter(agency=request.agency).count()
    lacking = without_rate(request.agency).count() if total else 0
    if not lacking:
        return ""
    context = {"lacking": lacking, "total": total}
    return render_to_string("influencers/panels/creators_without_figures.html", context, request)


def to_inform(request: AgencyRequest) -> str:
    """How many creators were not told yet that they are on the roster, for those who may tell them."""
    if not request.membership.can_write:
        return ""
    counts = count_waiting(request.agency)
    return render_to_string("influencers/panels/to_inform.html", {"counts": counts}, request) if counts.total else ""


def import_a_roster(request: AgencyRequest) -> str:
    """The first step of an agency without creators, for those who may take it."""
    if not request.membership.can_write or Influencer.objects.filter(agency=request.agency).exists():
        return ""
    return render_to_string("influencers/panels/import_a_roster.html", {}, request)


def merged_lately(request: AgencyRequest, influencer: Influencer) -> str:
    """What was merged into this record within a day, with the way back, for those who may go it."""
    if not request.membership.keeps_roster:
        return ""
    merges = undoable_merges(influencer)
    context = {"merges": [{"merge": merge, "until": until_text(merge)} for merge in merges]}
    return render_to_string("influencers/panels/merged_lately.html", context, request) if merges else ""


def until_text(merge: Merge) -> str:
    """Tomorrow 14:03; today 14:03 when the day is nearly over."""
    until = timezone.localtime(merge.merged_at + UNDOABLE, merge.agency.zone)
    is_today = until.date() == merge.agency.today()
    return (_("today %(time)s") if is_today else _("tomorrow %(time)s")) % {"time": f"{until:%H:%M}"}


def register_panels() -> None:
    """To be called once, when the app is ready."""
    register("dashboard", Panel(key="creators-without-figures", order=60, render=creators_without_figures))
    register("dashboard", Panel(key="to-inform", order=50, render=to_inform))
    register("influencer-head", Panel(key="merged-lately", order=5, render=merged_lately))
    register("first-steps", Panel(key="import-a-roster", order=10, render=import_a_roster))
