"""The audience of a creator's accounts."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.errors import Refused
from influencers.forms.audience import AudienceDayForm, AudienceForm
from influencers.models import Account, AudienceShare, Influencer
from influencers.selectors.audience import DayOfShares, audience_of, days_of_shares
from influencers.services.audience import delete_audience, record_audience
from influencers.views.profile_frame import profile_frame


def asked(request: AgencyRequest, pk: int, dimension: str) -> tuple[Account, list[DayOfShares]]:
    """The account and what is known of the dimension; 404 where there is no such dimension."""
    if dimension not in AudienceShare.Dimension.values:
        raise Http404
    account = get_object_or_404(Account.objects.select_related("influencer__agency"), agency=request.agency, pk=pk)
    return account, days_of_shares(dimension, account.audience.filter(dimension=dimension))


def day_asked(request: AgencyRequest) -> date | None:
    """The day in `?as_of=`; None when it is none."""
    try:
        return parse_date(request.GET.get("as_of", ""))
    except ValueError:
        return None


def context_of(account: Account, dimension: str, form: Any) -> dict[str, Any]:
    label = AudienceShare.Dimension(dimension).label
    return {"form": form, "account": account, "influencer": account.influencer, "dimension": dimension, "label": label}


@require_safe
@agency_member
def influencer_audience(request: AgencyRequest, pk: int) -> HttpResponse:
    """Who follows the creator's accounts, as far as a source says so."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    frame = profile_frame(request, influencer)
    context = {**frame, "audiences": audience_of([each.account for each in frame["head_accounts"]])}
    return render(request, "influencers/influencer_audience.html", context)


@require_http_methods(["GET", "POST"])
@agency_writer
def audience_update(request: AgencyRequest, pk: int, dimension: str) -> HttpResponse:
    """Enter the shares of a day, or correct those of a day that is known."""
    account, days = asked(request, pk, dimension)
    wanted = day_asked(request)
    day = next((known for known in days if known.as_of == wanted), None)
    form = AudienceForm(request.POST or None, dimension=dimension, agency=request.agency, day=day)
    if request.method == "POST" and form.is_valid():
        try:
            record_audience(account=account, dimension=dimension, **form.cleaned_data, by=request.membership)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = {"account": account, "day": date_format(form.cleaned_data["as_of"], "j F Y")}
            messages.success(request, _("The shares of %(account)s as of %(day)s are kept.") % said)
            return redirect("influencers:influencer_audience", request.agency.slug, account.influencer_id)
    context = {**context_of(account, dimension, form), "day": day, "days": days}
    return render(request, "influencers/audience_update.html", context)


@require_http_methods(["GET", "POST"])
@agency_writer
def audience_delete(request: AgencyRequest, pk: int, dimension: str) -> HttpResponse:
    """Take away the shares of one day, after a question."""
    account, days = asked(request, pk, dimension)
    form = AudienceDayForm(request.POST or None, days=days, initial={"as_of": day_asked(request)})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["as_of"]
        delete_audience(account=account, dimension=dimension, as_of=day, by=request.membership)
        said = {"account": account, "day": date_format(day, "j F Y")}
        messages.success(request, _("The shares of %(account)s as of %(day)s are gone. The history keeps them.") % said)
        return redirect("influencers:influencer_audience", request.agency.slug, account.influencer_id)
    return render(request, "influencers/audience_delete.html", context_of(account, dimension, form))
