"""Brand fit: the tab of a profile, scorecards with their versions, who fits a brand."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.errors import Refused
from agency.htmx import render_partial
from agency.models import Brand
from agency.paging import pager_links
from influencers.fit.asked import NORMAL, Asked
from influencers.fit.criteria import CRITERIA
from influencers.fit.evidence import evidence_of
from influencers.fit.notes import threads_by_brand
from influencers.fit.ranking import Ranked, rank
from influencers.fit.scorecards import changes, current_fits, scorecard, scorecards_of, versions_of
from influencers.forms.fit import BrandChoiceForm, RankingForm, ScorecardForm
from influencers.forms.notes import BrandFitNoteForm
from influencers.models import BrandFit, Influencer
from influencers.selectors.tiers import default_bands
from influencers.services.fit import ScorecardChangedError, score_brand_fit
from influencers.views.profile_frame import profile_frame

PAGE_SIZE = 20
TOP = 5


@require_safe
@agency_member
def influencer_fit(request: AgencyRequest, pk: int) -> HttpResponse:
    """Scorecards, what the data say for the brand of the address, notes; viewers read only the notes that are for them."""
    influencer = get_object_or_404(Influencer.objects.select_related("agency"), agency=request.agency, pk=pk)
    context = profile_frame(request, influencer) | {"threads": threads_by_brand(influencer, request.membership)}
    if request.membership.can_write:
        choice = BrandChoiceForm(request.GET, by=request.membership)
        brand = choice.chosen()
        cards = scorecards_of(influencer, request.membership)
        if brand is None and cards:
            brand = cards[0].fit.brand
            choice.initial["brand"] = brand.pk
        bands = default_bands(request.agency)
        context |= {
            "cards": cards,
            "choice": choice,
            "brand": brand,
            "card": next((card for card in cards if brand and card.fit.brand_id == brand.pk), None),
            "evidence": evidence_of(influencer, brand, request.membership, bands) if brand else [],
            "note_form": BrandFitNoteForm(by=request.membership, influencer=influencer, initial={"brand": brand}),
        }
    return render(request, "influencers/influencer_fit.html", context)


@require_http_methods(["GET", "POST"])
@agency_writer
def brand_fit_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Score the creator for the brand of the address; without one, choose it first."""
    influencer = get_object_or_404(Influencer.objects.select_related("agency"), agency=request.agency, pk=pk)
    choice = BrandChoiceForm(request.GET, by=request.membership)
    brand = choice.chosen()
    context: dict[str, Any] = {"influencer": influencer, "choice": choice, "brand": brand}
    if brand is None:
        return render(request, "influencers/brand_fit_update.html", context)
    current = current_fits(request.membership).filter(influencer=influencer, brand=brand).first()
    form = ScorecardForm(request.POST or None, influencer=influencer, brand=brand, current=current)
    status = 200
    if request.method == "POST" and form.may_be_kept():
        try:
            fit = _score(request, influencer, brand, form)
        except ScorecardChangedError as conflict:
            context["conflict"] = scorecard(conflict.current, request.agency.today()) if conflict.current else None
            form = _again(request, form, influencer, brand, conflict)
            status = 409
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The scorecard for %(brand)s is kept.") % {"brand": brand})
            return redirect("influencers:brand_fit_detail", request.agency.slug, fit.pk)
    context |= {
        "form": form,
        "evidence": evidence_of(influencer, brand, request.membership, default_bands(request.agency)),
    }
    return render(request, "influencers/brand_fit_update.html", context, status=status)


def _score(request: AgencyRequest, influencer: Influencer, brand: Brand, form: ScorecardForm) -> BrandFit:
    given = form.cleaned_data
    return score_brand_fit(
        influencer=influencer,
        brand=brand,
        scores=form.scores(),
        verdict=given["verdict"],
        conditions=given["conditions"],
        expires_on=given["expires_on"],
        by=request.membership,
        expected_version=given["version"],
    )


def _again(
    request: AgencyRequest, form: ScorecardForm, influencer: Influencer, brand: Brand, conflict: ScorecardChangedError
) -> ScorecardForm:
    """The form with all that was typed, on top of the version that somebody else wrote: sent again, it replaces that."""
    data: QueryDict = request.POST.copy()
    data["version"] = str(conflict.current.version) if conflict.current else ""
    again = ScorecardForm(data, influencer=influencer, brand=brand, current=conflict.current)
    again.add_error(None, str(conflict))
    return again


@require_safe
@agency_writer
def brand_fit_detail(request: AgencyRequest, pk: int) -> HttpResponse:
    """One version of a scorecard, what it changed, and the other versions."""
    visible = BrandFit.objects.visible_to(request.membership).select_related("influencer__agency", "brand", "author")
    fit = get_object_or_404(visible, agency=request.agency, pk=pk)
    versions = versions_of(fit)
    before = {later.pk: earlier for later, earlier in zip(versions, [*versions[1:], None], strict=True)}
    context = {
        "fit": fit,
        "influencer": fit.influencer,
        "card": scorecard(fit, request.agency.today()),
        "versions": [(version, changes(before[version.pk], version)) for version in versions],
    }
    return render(request, "influencers/brand_fit_detail.html", context)


@require_safe
@agency_writer
def brand_ranking(request: AgencyRequest, pk: int) -> HttpResponse:
    """The roster ranked for the brand by the criteria of the address, each creator with the parts and their inputs."""
    brand = get_object_or_404(Brand.objects.visible_to(request.membership).select_related("agency", "client"), pk=pk)
    form = RankingForm(request.GET, brand=brand)
    asked = Asked(
        brand, request.membership, request.agency.today(), default_bands(request.agency), form.weights(),
        with_blocked=form.wants_blocked(),
        creators=form.creators(), at_least=form.at_least(),
    )  # fmt: skip
    number = max(1, int(page)) if (page := request.GET.get("page", "")).isdecimal() and len(page) < 9 else 1
    ranking = rank(asked, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    if not ranking.rows and number > 1:  # the list has become shorter
        number, ranking = 1, rank(asked, limit=PAGE_SIZE)
    context = {
        "brand": brand,
        "form": form,
        "lines": form.lines(),
        "rows": with_creators(ranking.rows),
        "found": ranking.found,
        "asked_for": len(asked.weights),
        "pager": pager_links(request, Paginator(range(ranking.found), PAGE_SIZE).get_page(number)),
    }
    return render_partial(request, "influencers/brand_ranking.html", context, partial="brand-ranking-results")


@require_safe
@agency_writer
def brand_fit_top(request: AgencyRequest, pk: int) -> HttpResponse:
    """The first of the ranking by all criteria, equally weighted, of which at least half is known."""
    brand = get_object_or_404(Brand.objects.visible_to(request.membership).select_related("agency"), pk=pk)
    weights = {each.key: NORMAL for each in CRITERIA if not each.unusable(brand)}
    bands, half = default_bands(request.agency), -(-len(weights) // 2)
    asked = Asked(brand, request.membership, request.agency.today(), bands, weights, with_blocked=False, at_least=half)
    context = {"brand": brand, "rows": with_creators(rank(asked, limit=TOP).rows), "asked_for": len(weights)}
    return render(request, "influencers/brand_fit_top.html", context)


def with_creators(rows: list[Ranked]) -> list[tuple[Ranked, Influencer]]:
    """Each place with its creator. One query."""
    creators = Influencer.objects.select_related("agency").in_bulk([row.influencer_id for row in rows])
    return [(row, creators[row.influencer_id]) for row in rows]
