"""The profile of a creator: accounts, figures, curves, posts; collaborations; adding an account, typing a follower count."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.htmx import render_partial
from agency.paging import page_of, pager_links
from influencers.forms import AccountForm, FollowerCountForm
from influencers.models import Account, Influencer
from influencers.selectors.profile import (
    HeadAccount,
    curves_as_json,
    follower_curves,
    posts_as_json,
    posts_of,
    profile_accounts,
)
from influencers.selectors.tiers import default_bands
from influencers.services import AlreadyOnRosterError, add_account, record_follower_count
from influencers.services.merging import kept_instead_of
from influencers.views.profile_frame import profile_frame

POSTS_ON_A_PAGE = 30


def overview(request: AgencyRequest, influencer: Influencer) -> dict[str, Any]:
    """What the first tab shows to this member."""
    accounts = profile_accounts(influencer, default_bands(request.agency))
    curves = follower_curves([each.account for each in accounts], today=request.agency.today())
    posts = page_of(request, posts_of(influencer), POSTS_ON_A_PAGE)
    head = [HeadAccount(each.account, each.tier) for each in accounts]
    return {
        **profile_frame(request, influencer, head),
        "accounts": accounts,
        "curves": curves,
        "curve_points": curves_as_json(curves),
        "posts": posts,
        "post_points": posts_as_json(list(posts)),
        "pager": pager_links(request, posts),
    }


@require_safe
@agency_member
def influencer_detail(request: AgencyRequest, pk: int) -> HttpResponse:
    """All that the agency knows of a creator, as far as the member may see it; a merged record leads to the kept one."""
    influencer = Influencer.objects.filter(agency=request.agency, pk=pk).first() or kept_instead_of(request.agency, pk)
    if influencer is None:
        raise Http404
    if influencer.pk != pk:
        return redirect(influencer)
    context = overview(request, influencer)
    return render_partial(request, "influencers/influencer_detail.html", context, partial="influencer-detail-posts")


@require_safe
@agency_member
def influencer_collaborations(request: AgencyRequest, pk: int) -> HttpResponse:
    """What other apps know of the creator's work: their panels decide what the member may see."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    return render(request, "influencers/influencer_collaborations.html", profile_frame(request, influencer))


@require_http_methods(["GET", "POST"])
@agency_writer
def account_create(request: AgencyRequest, pk: int) -> HttpResponse:
    """Add an account to a creator."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    form = AccountForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "influencer": influencer}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            account = add_account(
                influencer=influencer,
                profile=form.link(),
                followers=form.cleaned_data["followers"],
                is_primary=form.cleaned_data["is_primary"],
                by=request.membership,
            )
        except AlreadyOnRosterError as refusal:
            context["known"] = refusal.influencer
            form.add_error("profile", str(refusal))
            status = 409
        else:
            messages.success(request, _("Added %(account)s.") % {"account": account})
            return redirect(influencer)
    return render(request, "influencers/account_create.html", context, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def follower_count_create(request: AgencyRequest, pk: int) -> HttpResponse:
    """Type today's follower count of an account."""
    account = get_object_or_404(Account.objects.select_related("influencer"), agency=request.agency, pk=pk)
    form = FollowerCountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = record_follower_count(account=account, count=form.cleaned_data["followers"], by=request.membership)
        said = {"account": account, "followers": f"{count.followers:,}"}
        messages.success(request, _("%(account)s has %(followers)s followers today.") % said)
        return redirect(account.influencer)
    context = {"form": form, "account": account, "influencer": account.influencer, "today": request.agency.today()}
    return render(request, "influencers/follower_count_create.html", context)
