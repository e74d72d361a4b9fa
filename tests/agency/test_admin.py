"""The admin panel: who may enter, and that rows of others do not exist in any of its corners."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.sites import NotRegistered
from django.contrib.auth.models import Group
from django.core.checks import run_checks
from django.test import Client as Browser
from django.urls import reverse

from agency.admin_site import MesoAdminSite
from agency.models import Agency, Brand, Category, Client, ClientContact, Membership, User
from agency.tenant_admin import TenantAdmin, visible_rows
from campaigns.models import Deliverable
from influencers.models import TierBand
from tests.factories import (
    AgencyFactory,
    BrandFactory,
    CampaignFactory,
    CategoryFactory,
    ClientFactory,
    CollaborationFactory,
    DeliverableFactory,
    ExclusivityFactory,
    MembershipFactory,
    TierBandFactory,
    TierSchemeFactory,
)

pytestmark = pytest.mark.django_db
Login = Callable[..., Browser]


@pytest.fixture
def roster_manager(agency: Agency) -> Membership:
    """A marketer with the flag."""
    return MembershipFactory(agency=agency, role="marketer", is_roster_manager=True, user__name="Rosa")


@pytest.fixture
def panel(roster_manager: Membership, login: Login) -> Browser:
    return login(roster_manager)


def add(browser: Browser, page: str, **fields: Any) -> Any:
    """POST of an add form, with the empty inlines that the page would send."""
    management = {"contacts-TOTAL_FORMS": 0, "contacts-INITIAL_FORMS": 0}
    return browser.post(reverse(f"admin:{page}_add"), {**management, **fields})


# --- who may enter --------------------------------------------------------------------------------------
def test_admin_sends_anonymous_to_the_one_login_page(client: Browser, db: None) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_admin_login_is_no_second_door(client: Browser, method: str, manager: Membership) -> None:
    manager.user.set_password("correct horse")
    manager.user.save()
    credentials = {"username": manager.user.email, "password": "correct horse"}
    answer = getattr(client, method)("/admin/login/?next=/admin/agency/client/", credentials)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_admin_login_when_logged_in_goes_to_the_panel(panel: Browser) -> None:
    assert panel.get("/admin/login/")["Location"] == "/admin/"


@pytest.mark.parametrize("url", ["/admin/", "/admin/agency/client/", "/admin/agency/", "/admin/autocomplete/"])
def test_admin_is_closed_without_the_flag(
    url: str, manager: Membership, marketer: Membership, viewer: Membership, outsider: Membership, login: Login
) -> None:
    for who in (manager, marketer, viewer, outsider):
        assert login(who).get(url).status_code == 403
        assert login(who).post(url).status_code == 403


def test_admin_flag_opens_nothing_for_a_viewer_or_who_is_inactive(agency: Agency, login: Login) -> None:
    for fields in ({"role": "viewer"}, {"is_active": False}):
        who = MembershipFactory(agency=agency, is_roster_manager=True, **fields)
        assert login(who).get("/admin/").status_code == 403
    gone = MembershipFactory(agency=agency, is_roster_manager=True, user__is_active=False)
    assert login(gone).get("/admin/").status_code == 302  # not even logged in


def test_admin_permissions_of_django_open_nothing(login: Login) -> None:
    superuser = User.objects.create_superuser("root@example.com", "x")
    assert login(superuser).get("/admin/").status_code == 403


def test_admin_serves_only_tables_of_an_agency() -> None:
    assert isinstance(admin.site._wrapped if hasattr(admin.site, "_wrapped") else admin.site, MesoAdminSite)
    assert [type(page) for page in admin.site._registry.values() if not isinstance(page, TenantAdmin)] == []
    with pytest.raises(NotRegistered):
        admin.site.get_model_admin(Group)


# --- which agency ---------------------------------------------------------------------------------------
def test_admin_of_two_agencies_asks_which(
    roster_manager: Membership, agency: Agency, other_agency: Agency, login: Login
) -> None:
    MembershipFactory(agency=other_agency, user=roster_manager.user, is_roster_manager=True)
    ClientFactory(agency=agency, name="Northern client")
    ClientFactory(agency=other_agency, name="Faraway client")
    panel = login(roster_manager)
    assert panel.get("/admin/agency/client/")["Location"] == reverse("admin:agency_choose")
    page = panel.get(reverse("admin:agency_choose")).content.decode()
    assert "Northern Lights" in page
    assert "Far Away" in page

    assert panel.post(reverse("admin:agency_choose"), {"agency": "faraway"})["Location"] == "/admin/"
    page = panel.get("/admin/agency/client/").content.decode()
    assert "Faraway client" in page
    assert "Northern client" not in page

    assert panel.get("/admin/?agency=northern")["Location"] == "/admin/"
    assert "Northern client" in panel.get("/admin/agency/client/").content.decode()


def test_admin_of_a_foreign_agency_cannot_be_entered(panel: Browser, other_agency: Agency) -> None:
    assert panel.get("/admin/?agency=faraway").status_code == 403
    assert panel.post(reverse("admin:agency_choose"), {"agency": "faraway"}).status_code == 403


def test_admin_closes_when_the_flag_of_the_chosen_agency_is_taken(panel: Browser, roster_manager: Membership) -> None:
    assert panel.get("/admin/?agency=northern").status_code == 302
    assert panel.get("/admin/").status_code == 200
    Membership.objects.filter(pk=roster_manager.pk).update(is_roster_manager=False)
    assert panel.get("/admin/").status_code == 403


def test_admin_refuses_a_form_that_was_opened_in_another_agency(panel: Browser) -> None:
    answer = add(panel, "agency_client", name="Wrong place", _agency="faraway")
    assert answer["Location"] == "/admin/"
    assert Client.objects.count() == 0
    assert "Nothing was saved" in panel.get("/admin/").content.decode()


def test_admin_leads_back_to_the_site_and_out(panel: Browser) -> None:
    page = panel.get("/admin/").content.decode()
    assert 'href="/northern/"' in page
    assert 'href="/accounts/logout/"' in page
    assert panel.post("/admin/logout/")["Location"] == "/accounts/logout/"
    assert panel.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    assert panel.get("/admin/password_change/done/")["Location"] == "/accounts/password/change/"


# --- rows -----------------------------------------------------------------------------------------------
@pytest.fixture
def foreign(other_agency: Agency) -> Brand:
    return BrandFactory(agency=other_agency, name="Foreign brand", client__name="Foreign client")


@pytest.fixture
def secret(agency: Agency) -> Brand:
    return BrandFactory(agency=agency, name="Secret brand", client__name="Secret client", client__is_confidential=True)


@pytest.mark.parametrize("action", ["change", "delete", "history"])
@pytest.mark.parametrize("which", ["foreign", "secret"])
def test_admin_knows_no_row_of_others(panel: Browser, action: str, which: str, request: pytest.FixtureRequest) -> None:
    brand = request.getfixturevalue(which)
    urls = [
        reverse(f"admin:agency_brand_{action}", args=[brand.pk]),
        reverse(f"admin:agency_client_{action}", args=[brand.client_id]),
    ]
    for url in urls:
        for answer in (panel.get(url), panel.post(url, {"post": "yes", "name": "Stolen"})):
            assert (answer.status_code, answer["Location"]) == (302, "/admin/")  # as for an id that never was
    assert sorted(Brand.objects.values_list("name", flat=True)) == [brand.name]


def test_admin_lists_filters_and_searches_only_visible_rows(
    panel: Browser, agency: Agency, foreign: Brand, secret: Brand
) -> None:
    BrandFactory(agency=agency, name="Open brand", client__name="Open client")
    for query in ("", "?q=brand", f"?client__id__exact={foreign.client_id}", f"?client__id__exact={secret.client_id}"):
        page = panel.get("/admin/agency/brand/" + query).content.decode()
        assert "Foreign" not in page
        assert "Secret" not in page
    assert "Open client" in panel.get("/admin/agency/brand/").content.decode()


def test_admin_list_filter_offers_only_visible_rows(
    panel: Browser, agency: Agency, foreign: Brand, secret: Brand
) -> None:
    for name in ("Open client", "Second client"):
        BrandFactory(agency=agency, client__name=name)
    filters = panel.get("/admin/agency/brand/").context["cl"].filter_specs
    assert [label for spec in filters for _pk, label in spec.lookup_choices] == ["Open client", "Second client"]


def test_admin_autocomplete_offers_only_visible_rows(
    panel: Browser, agency: Agency, foreign: Brand, secret: Brand
) -> None:
    BrandFactory(agency=agency, name="Open brand")
    query = {"app_label": "agency", "model_name": "brand", "field_name": "rivals", "term": "brand"}
    results = panel.get("/admin/autocomplete/", query).json()["results"]
    assert [row["text"] for row in results] == ["Open brand"]


@pytest.mark.parametrize("field", ["client", "rivals", "categories"])
def test_admin_form_takes_no_row_of_others(panel: Browser, field: str, foreign: Brand, secret: Brand) -> None:
    chosen = {"client": foreign.client_id, "rivals": secret.pk, "categories": CategoryFactory(agency=foreign.agency).pk}
    answer = add(panel, "agency_brand", name="Mine", **{field: chosen[field]})
    assert answer.status_code == 200
    assert set(answer.context["adminform"].form.errors) == {field}
    page = answer.content.decode()
    assert "Foreign" not in page
    assert "Secret" not in page


def test_admin_action_leaves_rows_of_others(panel: Browser, foreign: Brand) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [foreign.pk], "post": "yes"}
    panel.post("/admin/agency/brand/", chosen)
    assert Brand.objects.count() == 1


def test_admin_manager_sees_confidential_rows(agency: Agency, secret: Brand, login: Login) -> None:
    chief = MembershipFactory(agency=agency, role="manager", is_roster_manager=True)
    assert "Secret brand" in login(chief).get("/admin/agency/brand/").content.decode()


def test_admin_view_on_site_has_no_detour(panel: Browser, agency: Agency) -> None:
    client = ClientFactory(agency=agency)
    page = panel.get(reverse("admin:agency_client_change", args=[client.pk])).content.decode()
    assert f'href="{client.get_absolute_url()}"' in page
    assert panel.get(f"/admin/r/1/{client.pk}/").status_code == 404


# --- saving ---------------------------------------------------------------------------------------------
def test_admin_sets_the_agency_of_the_row_and_of_its_inlines(panel: Browser, agency: Agency) -> None:
    inline = {
        "contacts-TOTAL_FORMS": 1,
        "contacts-0-name": "Kim",
        "contacts-0-email": "kim@example.com",
        "contacts-0-role": "",
    }
    answer = add(panel, "agency_client", name="New", _agency="northern", **inline)
    assert answer.status_code == 302
    assert [(row.name, row.agency) for row in Client.objects.all()] == [("New", agency)]
    assert [(row.name, row.agency) for row in ClientContact.objects.all()] == [("Kim", agency)]


def test_admin_says_that_a_name_is_taken(panel: Browser, agency: Agency) -> None:
    ClientFactory(agency=agency, name="Twice")
    answer = add(panel, "agency_client", name="twice")
    assert answer.status_code == 200
    assert answer.context["adminform"].form.non_field_errors()
    assert Client.objects.count() == 1


def test_admin_says_the_refusal_of_a_service(panel: Browser, agency: Agency) -> None:
    secret = ClientFactory(agency=agency, name="Secret", is_confidential=True)
    BrandFactory(agency=agency, name="Taken", client=secret)
    parent = CategoryFactory(agency=agency, name="Drinks")
    child = CategoryFactory(agency=agency, name="Coffee", parent=parent)
    url = reverse("admin:agency_category_change", args=[parent.pk])
    answer = panel.post(url, {"name": "Drinks", "parent": child.pk})
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert "cannot stand below itself" in panel.get(url).content.decode()
    assert Category.objects.get(pk=parent.pk).parent is None


def test_admin_leaves_who_sees_a_client_to_managers(
    panel: Browser, agency: Agency, roster_manager: Membership, login: Login
) -> None:
    client = ClientFactory(agency=agency, name="Open")
    url = reverse("admin:agency_client_change", args=[client.pk])
    fields = {
        "name": "Open",
        "is_confidential": "on",
        "team": roster_manager.pk,
        "contacts-TOTAL_FORMS": 0,
        "contacts-INITIAL_FORMS": 0,
    }
    assert panel.post(url, fields).status_code == 302
    client.refresh_from_db()
    assert (client.is_confidential, client.team.count()) == (False, 0)

    chief = MembershipFactory(agency=agency, role="manager", is_roster_manager=True)
    assert login(chief).post(url, fields).status_code == 302
    client.refresh_from_db()
    assert (client.is_confidential, list(client.team.all())) == (True, [roster_manager])


def test_admin_keeps_rivals_that_the_author_cannot_see(panel: Browser, agency: Agency, secret: Brand) -> None:
    brand = BrandFactory(agency=agency, name="Open", rivals=[secret])
    shown = BrandFactory(agency=agency, name="Shown")
    url = reverse("admin:agency_brand_change", args=[brand.pk])
    assert panel.post(url, {"name": "Open", "client": brand.client_id, "rivals": [shown.pk]}).status_code == 302
    assert set(brand.rivals.all()) == {secret, shown}


def test_admin_brand_and_category_are_made_by_the_services(panel: Browser, agency: Agency) -> None:
    top = CategoryFactory(agency=agency, name="Drinks")
    assert add(panel, "agency_category", name="Coffee", parent=top.pk).status_code == 302
    coffee = Category.objects.get(name="Coffee")
    assert (coffee.parent, coffee.agency) == (top, agency)
    assert add(panel, "agency_brand", name="Bean", categories=[coffee.pk], markets="DK").status_code == 302
    brand = Brand.objects.get(name="Bean")
    assert (brand.agency, list(brand.categories.all()), brand.markets) == (agency, [coffee], ["DK"])

    url = reverse("admin:agency_category_change", args=[coffee.pk])
    assert panel.post(url, {"name": "Kaffe", "parent": ""}).status_code == 302
    coffee.refresh_from_db()
    assert (coffee.name, coffee.parent) == ("Kaffe", None)


def test_admin_shows_categories_as_a_tree(panel: Browser, agency: Agency) -> None:
    drinks = CategoryFactory(agency=agency, name="Drinks")
    CategoryFactory(agency=agency, name="Books")
    CategoryFactory(agency=agency, name="Coffee", parent=drinks)
    rows = panel.get("/admin/agency/category/?o=1").context["cl"].result_list
    assert [(row.name, row.depth) for row in rows] == [("Books", 0), ("Drinks", 0), ("Coffee", 1)]


# --- deleting -------------------------------------------------------------------------------------------
def test_admin_delete_names_nothing_hidden_and_is_refused(panel: Browser, agency: Agency, secret: Brand) -> None:
    category = CategoryFactory(agency=agency, name="Coffee")
    CampaignFactory(agency=agency, brand=secret, name="Secret launch", categories=[category])
    url = reverse("admin:agency_category_delete", args=[category.pk])
    answer = panel.get(url)
    assert "Secret" not in answer.content.decode()
    assert answer.context["protected"] == ["Something that your role does not show"]
    assert panel.post(url, {"post": "yes"}).status_code == 200
    assert Category.objects.count() == 1


def test_admin_deletes_only_what_nothing_is_stated_in(panel: Browser, agency: Agency) -> None:
    coffee, tea = (CategoryFactory(agency=agency, name=name) for name in ("Coffee", "Tea"))
    ExclusivityFactory(agency=agency).categories.set([coffee])
    for category in (coffee, tea):
        panel.post(reverse("admin:agency_category_delete", args=[category.pk]), {"post": "yes"})
    assert list(Category.objects.all()) == [coffee]
    chosen = {"action": "delete_selected", "_selected_action": [coffee.pk], "post": "yes"}
    panel.post("/admin/agency/category/", chosen)
    assert list(Category.objects.all()) == [coffee]


def test_admin_client_goes_with_its_contacts(panel: Browser, agency: Agency) -> None:
    client = ClientFactory(agency=agency)
    ClientContact.objects.create(agency=agency, client=client, name="Kim")
    answer = panel.get(reverse("admin:agency_client_delete", args=[client.pk]))
    assert dict(answer.context["model_count"]) == {"clients": 1, "client contacts": 1}
    panel.post(reverse("admin:agency_client_delete", args=[client.pk]), {"post": "yes"})
    assert (Client.objects.count(), ClientContact.objects.count()) == (0, 0)


# --- the log --------------------------------------------------------------------------------------------
def test_admin_log_shows_only_rows_that_exist_for_the_person(
    roster_manager: Membership, agency: Agency, other_agency: Agency, secret: Brand, login: Login
) -> None:
    MembershipFactory(agency=other_agency, user=roster_manager.user, is_roster_manager=True)
    panel = login(roster_manager)
    for slug in ("northern", "faraway"):
        panel.get(f"/admin/?agency={slug}")
        assert add(panel, "agency_client", name=f"Client of {slug}").status_code == 302
        panel.get("/admin/")  # shows the message of success, which names the row
    LogEntry.objects.log_actions(roster_manager.user_id, [secret.client], 2, single_object=True, change_message="")
    assert LogEntry.objects.count() == 3

    shown = panel.get("/admin/").content.decode()
    assert "Client of faraway" in shown
    assert "Client of northern" not in shown
    panel.get("/admin/?agency=northern")
    shown = panel.get("/admin/").content.decode()
    assert "Client of northern" in shown
    assert "Client of faraway" not in shown
    assert "Secret client" not in shown


# --- the rule itself ------------------------------------------------------------------------------------
def test_visible_rows_follows_what_a_row_hangs_on(
    agency: Agency, marketer: Membership, manager: Membership, secret: Brand, outsider: Membership
) -> None:
    own = DeliverableFactory(agency=agency)
    hidden = DeliverableFactory(
        agency=agency,
        collaboration=CollaborationFactory(agency=agency, campaign=CampaignFactory(agency=agency, brand=secret)),
    )
    band = TierBandFactory(scheme=TierSchemeFactory(agency=agency))
    TierBandFactory(scheme=TierSchemeFactory(agency=outsider.agency))
    assert list(visible_rows(Deliverable.objects.all(), marketer)) == [own]
    assert set(visible_rows(Deliverable.objects.all(), manager)) == {own, hidden}
    assert list(visible_rows(Deliverable.objects.all(), outsider)) == []
    assert list(visible_rows(TierBand.objects.all(), marketer)) == [band]
    assert list(visible_rows(Agency.objects.all(), marketer)) == [agency]
    assert outsider.user not in visible_rows(User.objects.all(), marketer)
    assert list(visible_rows(Group.objects.all(), marketer)) == []


def test_tenant_admin_refuses_raw_ids(agency: Agency) -> None:
    class RawAdmin(TenantAdmin):
        raw_id_fields = ("client",)

    found = RawAdmin(Brand, admin.site).check()
    assert [error.id for error in found] == ["agency.E001"]
    assert [error for error in run_checks() if error.id == "agency.E001"] == []


def test_an_agency_made_by_accident_cannot_be_chosen(panel: Browser) -> None:
    AgencyFactory(name="Third", slug="third")
    assert "Third" not in panel.get(reverse("admin:agency_choose")).content.decode()
