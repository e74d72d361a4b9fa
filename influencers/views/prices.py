"""The price card of a creator. Nothing of it is for viewers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_writer
from agency.errors import Refused
from agency.templatetags.meso import money
from influencers.forms.prices import PriceForm
from influencers.models import Influencer, Price
from influencers.selectors.prices import price_card
from influencers.services.prices import KeptPrice, add_price, change_price, delete_price
from influencers.views.profile_frame import profile_frame


def price_text(price: Price) -> str:
    """“post on Instagram: 1,250.00 EUR”."""
    what = price.get_kind_display()
    if price.platform:
        what = _("%(what)s on %(platform)s") % {"what": what, "platform": price.get_platform_display()}
    return f"{what}: {money(price.amount, price.currency)}"


def say_kept(request: AgencyRequest, kept: KeptPrice) -> None:
    """What was kept, and what that did to the other prices."""
    said = [_("The price is kept.")]
    if kept.ended and kept.ended.valid_to:
        day = date_format(kept.ended.valid_to, "j F Y")
        said.append(
            _("The price before it (%(price)s) ends on %(day)s.") % {"price": price_text(kept.ended), "day": day}
        )
    if kept.until:
        day = date_format(kept.until, "j F Y")
        said.append(_("It ends on %(day)s, because the next one begins the day after.") % {"day": day})
    messages.success(request, " ".join(said))


def of_agency(request: AgencyRequest, pk: int) -> Price:
    return get_object_or_404(Price.objects.select_related("influencer__agency"), agency=request.agency, pk=pk)


@require_safe
@agency_writer
def influencer_prices(request: AgencyRequest, pk: int) -> HttpResponse:
    """What the creator asks: valid now, later, past."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    context = {**profile_frame(request, influencer), "card": price_card(influencer, request.agency.today())}
    return render(request, "influencers/influencer_prices.html", context)


@require_http_methods(["GET", "POST"])
@agency_writer
def price_create(request: AgencyRequest, pk: int) -> HttpResponse:
    """Add a price to the card."""
    influencer = get_object_or_404(Influencer, agency=request.agency, pk=pk)
    form = PriceForm(request.POST or None, agency=request.agency)
    if request.method == "POST" and form.is_valid():
        try:
            say_kept(request, add_price(influencer=influencer, facts=form.facts(), by=request.membership))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("influencers:influencer_prices", request.agency.slug, influencer.pk)
    return render(request, "influencers/price_create.html", {"form": form, "influencer": influencer})


@require_http_methods(["GET", "POST"])
@agency_writer
def price_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Correct a price."""
    price = of_agency(request, pk)
    form = PriceForm(request.POST or None, agency=request.agency, instance=price)
    if request.method == "POST" and form.is_valid():
        try:
            say_kept(request, change_price(price=price, facts=form.facts(), by=request.membership))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("influencers:influencer_prices", request.agency.slug, price.influencer_id)
    context: dict[str, Any] = {"form": form, "price": price, "influencer": price.influencer}
    return render(request, "influencers/price_update.html", context)


@require_http_methods(["GET", "POST"])
@agency_writer
def price_delete(request: AgencyRequest, pk: int) -> HttpResponse:
    """Take a price off the card, after a question."""
    price = of_agency(request, pk)
    if request.method == "POST":
        said = price_text(price)
        delete_price(price=price, by=request.membership)
        messages.success(request, _("“%(price)s” is off the price card. The history keeps it.") % {"price": said})
        return redirect("influencers:influencer_prices", request.agency.slug, price.influencer_id)
    return render(request, "influencers/price_delete.html", {"price": price, "influencer": price.influencer})
