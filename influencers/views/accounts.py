"""Correcting an account, taking it off the roster, correcting a follower count."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agency.access import AgencyRequest, agency_writer
from agency.errors import Refused
from influencers.forms.accounts import AccountUpdateForm, FollowerCountUpdateForm
from influencers.models import Account, FollowerCount
from influencers.services import AlreadyOnRosterError
from influencers.services.accounts import (
    correct_follower_count,
    delete_account,
    delete_follower_count,
    update_account,
)


def account_of(request: AgencyRequest, pk: int) -> Account:
    return get_object_or_404(Account.objects.select_related("influencer__agency"), agency=request.agency, pk=pk)


@require_http_methods(["GET", "POST"])
@agency_writer
def account_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Correct what an account is called and how it is recognised."""
    account = account_of(request, pk)
    form = AccountUpdateForm(request.POST or None, account=account)
    context: dict[str, Any] = {"form": form, "account": account, "influencer": account.influencer}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            update_account(account=account, **form.cleaned_data, by=request.membership)
        except AlreadyOnRosterError as refusal:
            context["known"] = refusal.influencer
            form.add_error("handle", str(refusal))
            status = 409
        else:
            messages.success(request, _("Saved."))
            return redirect(account.influencer)
    return render(request, "influencers/account_update.html", context, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def account_delete(request: AgencyRequest, pk: int) -> HttpResponse:
    """Take an account off the roster, after saying what goes with it."""
    account = account_of(request, pk)
    context: dict[str, Any] = {"account": account, "influencer": account.influencer}
    status = 200
    if request.method == "POST":
        said = str(account)
        try:
            delete_account(account=account, by=request.membership)
        except Refused as refusal:
            context["refusal"], status = str(refusal), 409
        else:
            messages.success(request, _("%(account)s is off the roster.") % {"account": said})
            return redirect(account.influencer)
    counted = {"counts": account.counts.count(), "posts": account.posts.count(), "shares": account.audience.count()}
    return render(request, "influencers/account_delete.html", {**context, **counted}, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def follower_count_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Correct the followers of a day, or take that day's count away."""
    rows = FollowerCount.objects.select_related("account__influencer__agency")
    count = get_object_or_404(rows, agency=request.agency, pk=pk)
    form = FollowerCountUpdateForm(request.POST or None, initial={"followers": f"{count.followers:,}"})
    day = date_format(count.day, "j F Y")
    if request.method == "POST" and request.POST.get("delete"):
        delete_follower_count(count=count, by=request.membership)
        messages.success(request, _("The count of %(day)s is gone.") % {"day": day})
        return redirect(count.account.influencer)
    if request.method == "POST" and form.is_valid():
        correct_follower_count(count=count, to=form.cleaned_data["followers"], by=request.membership)
        said = {"account": count.account, "followers": f"{count.followers:,}", "day": day}
        messages.success(request, _("%(account)s had %(followers)s followers on %(day)s.") % said)
        return redirect(count.account.influencer)
    context = {"form": form, "count": count, "account": count.account, "influencer": count.account.influencer}
    return render(request, "influencers/follower_count_update.html", context)
