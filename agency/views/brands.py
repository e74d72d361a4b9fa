"""Brands: of clients, and rivals without one."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.audience import AGE_BANDS, language_names
from agency.brand_services import create_brand, update_brand
from agency.category_tree import paths
from agency.countries import country_name
from agency.errors import Refused
from agency.forms import BrandForm, SearchForm
from agency.models import Brand
from agency.paging import page_of, pager_links


@require_safe
@agency_member
def brand_list(request: AgencyRequest) -> HttpResponse:
    """Brands that the member may know of; `?kind=client` or `rival` narrows, `?q=` searches names."""
    wanted, kind = SearchForm(request.GET).wanted(), request.GET.get("kind", "")
    visible = Brand.objects.visible_to(request.membership)
    brands = visible.select_related("client").prefetch_related("categories", Prefetch("rivals", queryset=visible))
    if wanted:
        brands = brands.filter(name__icontains=wanted)
    if kind in {"client", "rival"}:
        brands = brands.filter(client__isnull=kind == "rival")
    page = page_of(request, brands)
    context = {"page": page, "pager": pager_links(request, page), "q": wanted, "kind": kind}
    return render(request, "agency/brand_list.html", context)


@require_safe
@agency_member
def brand_detail(request: AgencyRequest, pk: int) -> HttpResponse:
    """What it stands for, rivals, audience; what the apps above add."""
    brand = get_object_or_404(Brand.objects.visible_to(request.membership).select_related("client"), pk=pk)
    ways = paths(request.agency)
    context = {
        "brand": brand,
        "rivals": brand.rivals.visible_to(request.membership).select_related("client"),
        "categories": sorted(ways[pk] for pk in brand.categories.values_list("pk", flat=True)),
        "markets": [(code, country_name(code)) for code in brand.markets],
        "ages": [label for band, label in AGE_BANDS if band in brand.target_ages],
        "languages": [(code, language_names().get(code, code)) for code in brand.languages],
    }
    return render(request, "agency/brand_detail.html", context)


@require_http_methods(["GET", "POST"])
@agency_writer
def brand_create(request: AgencyRequest) -> HttpResponse:
    """Add a brand of a client (`?client=` chooses it), or a rival."""
    form = BrandForm(request.POST or None, initial={"client": request.GET.get("client")}, by=request.membership)
    status = 200
    if request.method == "POST" and form.is_valid():
        client, name = form.cleaned_data["client"], form.cleaned_data["name"]
        try:
            brand = create_brand(
                agency=request.agency, client=client, name=name, facts=form.facts(), by=request.membership
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("Added %(name)s.") % {"name": brand})
            return redirect(brand)
    return render(request, "agency/brand_create.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def brand_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Change a brand."""
    brand = get_object_or_404(Brand.objects.visible_to(request.membership), pk=pk)
    form = BrandForm(request.POST or None, instance=brand, by=request.membership)
    status = 200
    if request.method == "POST" and form.is_valid():
        client, name = form.cleaned_data["client"], form.cleaned_data["name"]
        try:
            brand = update_brand(brand=brand, client=client, name=name, facts=form.facts(), by=request.membership)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("Saved."))
            return redirect(brand)
    return render(request, "agency/brand_update.html", {"form": form, "brand": brand}, status=status)
