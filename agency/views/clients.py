"""Clients and their people; brands: `agency/views/brands.py`."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import AgencyRequest, agency_member, agency_writer
from agency.brand_services import create_client, update_client
from agency.errors import Refused
from agency.forms import ClientForm, ContactFormSet, SearchForm, contacts_of
from agency.models import Client
from agency.paging import page_of, pager_links


@require_safe
@agency_member
def client_list(request: AgencyRequest) -> HttpResponse:
    """Clients that the member may know of."""
    wanted = SearchForm(request.GET).wanted()
    clients = Client.objects.visible_to(request.membership).prefetch_related("brands")
    page = page_of(request, clients.filter(name__icontains=wanted) if wanted else clients)
    context = {"page": page, "pager": pager_links(request, page), "q": wanted}
    return render(request, "agency/client_list.html", context)


@require_safe
@agency_member
def client_detail(request: AgencyRequest, pk: int) -> HttpResponse:
    """Brands, contacts and who may see the client."""
    client = get_object_or_404(Client.objects.visible_to(request.membership), pk=pk)
    context = {
        "client": client,
        "brands": client.brands.prefetch_related("categories"),
        "contacts": client.contacts.order_by("name") if request.membership.can_write else [],
        "team": client.team.select_related("user").order_by("user__name"),
    }
    return render(request, "agency/client_detail.html", context)


@require_http_methods(["GET", "POST"])
@agency_writer
def client_create(request: AgencyRequest) -> HttpResponse:
    """Add a client."""
    form = ClientForm(request.POST or None, by=request.membership)
    contacts = ContactFormSet(request.POST or None, prefix="contacts")
    status = 200
    if request.method == "POST" and form.is_valid() and contacts.is_valid():
        people = contacts_of(contacts)
        try:
            client = create_client(agency=request.agency, **form.facts(), contacts=people, by=request.membership)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("Added %(name)s.") % {"name": client})
            return redirect(client)
    return render(request, "agency/client_create.html", {"form": form, "contacts": contacts}, status=status)


@require_http_methods(["GET", "POST"])
@agency_writer
def client_update(request: AgencyRequest, pk: int) -> HttpResponse:
    """Change a client."""
    client = get_object_or_404(Client.objects.visible_to(request.membership), pk=pk)
    people = [*client.contacts.order_by("name").values("name", "email", "role")]
    form = ClientForm(request.POST or None, instance=client, by=request.membership)
    contacts = ContactFormSet(request.POST or None, prefix="contacts", initial=people)
    status = 200
    if request.method == "POST" and form.is_valid() and contacts.is_valid():
        try:
            update_client(client=client, **form.facts(), contacts=contacts_of(contacts), by=request.membership)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("Saved."))
            return redirect(client)
    context = {"form": form, "contacts": contacts, "client": client}
    return render(request, "agency/client_update.html", context, status=status)
