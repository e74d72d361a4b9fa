"""Brand pages."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from agency import panels
from agency.category_tree import paths, tree
from agency.forms import EM_SPACE
from agency.models import Agency, Brand, Membership
from tests.agency.test_brand_services import refusing  # noqa: F401 - a fixture
from tests.agency.test_members import queries_of_frame
from tests.factories import BrandFactory, CategoryFactory, ClientFactory

Login = Callable[..., Browser]


def shown(page: Any) -> list[str]:
    return [brand.name for brand in page.context["page"]]


@pytest.fixture
def secret(agency: Agency) -> Brand:
    """A brand of a confidential client, rival of an open one."""
    brand = BrandFactory(agency=agency, name="CANARY-BRAND", client__name="CANARY-CLIENT", client__is_confidential=True)
    BrandFactory(agency=agency, name="Open", client__name="Known", rivals=[brand])
    return brand


# --- reading ----------------------------------------------------------------------------------------
def test_brand_list_never_names_what_one_may_not_know(
    login: Login, secret: Brand, manager: Membership, marketer: Membership, viewer: Membership
) -> None:
    url = reverse("agency:brand_list", args=["northern"])
    assert shown(login(manager).get(url)) == ["CANARY-BRAND", "Open"]
    page = login(marketer).get(url)
    assert (shown(page), "CANARY" in page.content.decode()) == (["Open"], False)
    page = login(viewer).get(url)
    assert (shown(page), "CANARY" in page.content.decode()) == ([], False)


def test_brand_list_search_kind_and_empty_states(login: Login, marketer: Membership) -> None:
    browser, url = login(marketer), reverse("agency:brand_list", args=["northern"])
    assert "No brand yet" in browser.get(url).content.decode()
    BrandFactory(agency=marketer.agency, name="Bean")
    BrandFactory(agency=marketer.agency, name="Bean rival", client=None)
    assert shown(browser.get(url)) == ["Bean", "Bean rival"]
    assert shown(browser.get(url, {"kind": "client"})) == ["Bean"]
    assert shown(browser.get(url, {"kind": "rival"})) == ["Bean rival"]
    assert shown(browser.get(url, {"kind": "nonsense", "q": "RIVAL"})) == ["Bean rival"]
    assert "No brand fits" in browser.get(url, {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_brand_list_query_count(
    login: Login, manager: Membership, rows: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    category = CategoryFactory(agency=manager.agency)
    for _number in range(rows):
        rival = BrandFactory(agency=manager.agency, client=None)
        BrandFactory(agency=manager.agency, categories=[category], rivals=[rival])
    browser = login(manager)
    with django_assert_num_queries(queries_of_frame() + 4):  # count, brands with clients, categories, rivals
        browser.get(reverse("agency:brand_list", args=["northern"]))


@pytest.fixture
def _brand_panel() -> Iterator[None]:
    def render(request: Any, brand: Brand) -> str:
        return f"<p>panel of {brand.name}</p>"

    panels.register("brand", panels.Panel("test", 1, render))
    yield
    del panels._slots["brand"]["test"]


@pytest.mark.usefixtures("_brand_panel")
def test_brand_detail(login: Login, marketer: Membership) -> None:
    drinks = CategoryFactory(agency=marketer.agency, name="Drinks")
    tea = CategoryFactory(agency=marketer.agency, name="Tea", parent=drinks)
    brand = BrandFactory(
        agency=marketer.agency, name="Leaf", markets=["DK", "NL"], categories=[tea], values="calm\nfair"
    )
    page = login(marketer).get(brand.get_absolute_url())
    assert page.context["categories"] == ["Drinks › Tea"]
    assert page.context["markets"] == [("DK", "Denmark"), ("NL", "Netherlands")]
    assert "<p>panel of Leaf</p>" in page.content.decode()


def test_brand_detail_rivals_that_one_may_not_know_do_not_exist(
    login: Login, secret: Brand, manager: Membership, marketer: Membership
) -> None:
    url = Brand.objects.get(name="Open").get_absolute_url()
    assert list(login(manager).get(url).context["rivals"]) == [secret]
    page = login(marketer).get(url)
    assert (list(page.context["rivals"]), "CANARY" in page.content.decode()) == ([], False)


@pytest.mark.parametrize("name", ["brand_detail", "brand_update"])
def test_brand_pages_of_what_one_may_not_know_are_404(
    login: Login, secret: Brand, marketer: Membership, outsider: Membership, name: str
) -> None:
    foreign = BrandFactory(agency=outsider.agency)
    for brand in (secret, foreign):
        assert login(marketer).get(reverse(f"agency:{name}", args=["northern", brand.pk])).status_code == 404


# --- writing ----------------------------------------------------------------------------------------
def test_brand_create(login: Login, marketer: Membership) -> None:
    client = ClientFactory(agency=marketer.agency)
    tea = CategoryFactory(agency=marketer.agency)
    rival = BrandFactory(agency=marketer.agency, client=None)
    browser, url = login(marketer), reverse("agency:brand_create", args=["northern"])
    assert browser.get(url, {"client": client.pk}).context["form"].initial == {"client": str(client.pk)}
    fields = {
        "name": "Leaf",
        "client": client.pk,
        "categories": [tea.pk],
        "rivals": [rival.pk],
        "markets": "nl, DK; dk",
        "values": "calm",
    }
    answer = browser.post(url, fields)
    brand = Brand.objects.get(name="Leaf")
    assert (answer.status_code, answer["Location"]) == (302, f"/northern/brands/{brand.pk}/")
    assert (brand.client, brand.markets, brand.values) == (client, ["DK", "NL"], "calm")
    assert (list(brand.categories.all()), list(brand.rivals.all())) == ([tea], [rival])


def test_brand_create_offers_only_what_one_may_know(
    login: Login, secret: Brand, marketer: Membership, outsider: Membership
) -> None:
    foreign = BrandFactory(agency=outsider.agency, categories=[CategoryFactory(agency=outsider.agency)])
    browser, url = login(marketer), reverse("agency:brand_create", args=["northern"])
    page = browser.get(url)
    assert "CANARY" not in page.content.decode()
    assert foreign.name not in page.content.decode()
    category = foreign.categories.get()
    for field, value in (
        ("client", secret.client_id),
        ("client", foreign.client_id),
        ("rivals", secret.pk),
        ("rivals", foreign.pk),
        ("categories", category.pk),
    ):
        page = browser.post(url, {"name": "Leaf", field: value})
        assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not Brand.objects.filter(name="Leaf").exists()


def test_brand_create_markets_must_be_countries(login: Login, marketer: Membership) -> None:
    url = reverse("agency:brand_create", args=["northern"])
    page = login(marketer).post(url, {"name": "Leaf", "markets": "DK, XX"})
    assert page.context["form"].errors == {"markets": ["“XX” is no country code. Example: DK."]}


def test_brand_create_taken_name_is_a_conflict(login: Login, marketer: Membership) -> None:
    BrandFactory(agency=marketer.agency, name="Leaf")
    page = login(marketer).post(reverse("agency:brand_create", args=["northern"]), {"name": "leaf"})
    assert page.status_code == 409
    assert "The name “leaf” is in use already." in page.content.decode()


def test_brand_pages_for_writers_only(login: Login, viewer: Membership) -> None:
    brand = BrandFactory(agency=viewer.agency)
    assert brand.client
    brand.client.team.add(viewer)
    assert login(viewer).get(brand.get_absolute_url()).status_code == 200
    for url in (
        reverse("agency:brand_create", args=["northern"]),
        reverse("agency:brand_update", args=["northern", brand.pk]),
    ):
        assert login(viewer).get(url).status_code == 403


def test_brand_update(login: Login, marketer: Membership) -> None:
    brand = BrandFactory(agency=marketer.agency, name="Leaf", markets=["DK"])
    browser, url = login(marketer), reverse("agency:brand_update", args=["northern", brand.pk])
    assert 'value="DK"' in browser.get(url).content.decode()
    answer = browser.post(url, {"name": "Leaves", "client": brand.client_id, "markets": ""})
    assert (answer.status_code, answer["Location"]) == (302, brand.get_absolute_url())
    brand.refresh_from_db()
    assert (brand.name, brand.markets) == ("Leaves", [])


def test_brand_update_keeps_rivals_that_one_may_not_know(login: Login, secret: Brand, marketer: Membership) -> None:
    brand = Brand.objects.get(name="Open")
    page = login(marketer).get(reverse("agency:brand_update", args=["northern", brand.pk]))
    assert "CANARY" not in page.content.decode()
    login(marketer).post(page.request["PATH_INFO"], {"name": "Open", "client": brand.client_id})
    assert list(brand.rivals.all()) == [secret]


@pytest.mark.usefixtures("refusing")
def test_brand_update_to_another_client_may_be_a_conflict(login: Login, marketer: Membership) -> None:
    brand = BrandFactory(agency=marketer.agency, name="Leaf")
    page = login(marketer).post(reverse("agency:brand_update", args=["northern", brand.pk]), {"name": "Leaf"})
    assert page.status_code == 409
    assert "A booking depends on it." in page.content.decode()
    brand.refresh_from_db()
    assert brand.client is not None


# --- the tree of categories -------------------------------------------------------------------------
def test_category_tree_and_paths(agency: Agency, other_agency: Agency) -> None:
    food = CategoryFactory(agency=agency, name="Food")
    drinks = CategoryFactory(agency=agency, name="Drinks")
    tea = CategoryFactory(agency=agency, name="Tea", parent=drinks)
    coffee = CategoryFactory(agency=agency, name="Coffee", parent=drinks)
    CategoryFactory(agency=other_agency, name="Foreign")
    assert tree(agency) == [(drinks, 0), (coffee, 1), (tea, 1), (food, 0)]
    assert paths(agency) == {
        drinks.pk: "Drinks",
        coffee.pk: "Drinks › Coffee",
        tea.pk: "Drinks › Tea",
        food.pk: "Food",
    }


def test_brand_form_shows_categories_indented(login: Login, marketer: Membership) -> None:
    drinks = CategoryFactory(agency=marketer.agency, name="Drinks")
    tea = CategoryFactory(agency=marketer.agency, name="Tea", parent=drinks)
    page = login(marketer).get(reverse("agency:brand_create", args=["northern"]))
    choices = page.context["form"].fields["categories"].choices
    assert list(choices) == [(drinks.pk, "Drinks"), (tea.pk, f"{EM_SPACE}Tea")]


# --- the audience that figures are held against -----------------------------------------------------
def test_brand_update_keeps_the_target_audience(login: Login, marketer: Membership) -> None:
    brand = BrandFactory(agency=marketer.agency, name="Leaf")
    browser, url = login(marketer), reverse("agency:brand_update", args=["northern", brand.pk])
    fields = {
        "name": "Leaf",
        "client": brand.client_id,
        "target_ages": ["25-34", "18-24"],
        "target_women_percent": "60",
        "languages": "SV, da",
        "niches": "Slow living,  food, food",
    }
    assert browser.post(url, fields).status_code == 302
    brand.refresh_from_db()
    assert (brand.target_ages, brand.target_women_percent) == (["18-24", "25-34"], 60)
    assert (brand.languages, brand.niches) == (["da", "sv"], ["Slow living", "food"])
    html = browser.get(brand.get_absolute_url()).content.decode()
    assert [word in html for word in ("18–24, 25–34", "60 %", "Danish", "Slow living, food")] == [True] * 4
    assert 'value="Slow living, food"' in browser.get(url).content.decode()
    assert browser.post(url, {"name": "Leaf", "client": brand.client_id}).status_code == 302
    brand.refresh_from_db()
    assert (brand.target_ages, brand.target_women_percent, brand.languages, brand.niches) == ([], None, [], [])


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("languages", "da, xx", "“xx” is no language code. Example: da."),
        ("target_women_percent", "101", "Ensure this value is less than or equal to 100."),
        ("target_ages", "1-2", "Select a valid choice. 1-2 is not one of the available choices."),
        ("niches", "x" * 61, f"“{'x' * 61}” is longer than 60 characters."),
    ],
)
def test_brand_create_refuses_what_no_figure_can_be_held_against(
    login: Login, marketer: Membership, field: str, value: str, error: str
) -> None:
    url = reverse("agency:brand_create", args=["northern"])
    page = login(marketer).post(url, {"name": "Leaf", field: value})
    assert page.context["form"].errors == {field: [error]}


def test_constraint_brand_women_percent_to_100(agency: Agency) -> None:
    with pytest.raises(IntegrityError, match="brand_women_percent_to_100"), transaction.atomic():
        BrandFactory(agency=agency, target_women_percent=101)
