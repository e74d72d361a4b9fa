"""Saved views, chosen columns, the panel of all filters with its counts."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.models import Price, RosterColumns, SavedView, Shortlist
from influencers.services.finding import create_saved_view, delete_saved_view, update_saved_view
from tests.factories import AccountFactory, BrandFactory, ClientFactory, InfluencerFactory, MembershipFactory
from tests.influencers.test_roster import creator, names, page, seeded  # noqa: F401 - a fixture

Login = Callable[[Membership], Client]


def view_of(owner: Membership, name: str = "Big ones", query: str = "tier=mega", **more: object) -> SavedView:
    return SavedView.objects.create(agency=owner.agency, owner=owner, name=name, query=query, **more)


def roster(agency: Agency) -> str:
    return reverse("influencers:influencer_list", args=[agency.slug])


def headings(html: str) -> list[str]:
    """The words of the headings, without the box that picks."""
    head = html[html.index("<thead>") : html.index("</thead>")]
    cells = re.findall(r"<th[^>]*>(.*?)</th>", head, re.DOTALL)
    texts = [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", cell)).strip() for cell in cells]
    return [text for text in texts if text != "Pick"]


# --- saving a view --------------------------------------------------------------------------------------
def test_saved_view_create_keeps_valid_filters_only(agency: Agency, marketer: Membership, login: Login) -> None:
    creator(agency, "Emma", 10)
    client = login(marketer)
    url = reverse("influencers:saved_view_create", args=[agency.slug])
    asked = "q=emma&status=active&kind=nonsense&sort=-followers&after=1~2&surprise=1"
    html = client.get(f"{url}?{asked}").content.decode()
    assert re.findall(r'<li class="chip"><span[^>]*>([^<]*)</span> ([^<]*)</li>', html) == [
        ("Search", "emma"),
        ("Status", "active"),
    ]
    answer = client.post(url, {"name": "  My   Emmas ", "is_shared": "on", "query": asked})
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared) == ("My Emmas", "q=emma&status=active&sort=-followers", True)
    assert answer.url == f"{roster(agency)}?q=emma&status=active&sort=-followers&view={view.pk}"


def test_saved_view_create_twice_says_so(agency: Agency, marketer: Membership, login: Login) -> None:
    view_of(marketer, "Mine")
    url = reverse("influencers:saved_view_create", args=[agency.slug])
    html = login(marketer).post(url, {"name": "Mine", "query": ""}).content.decode()
    assert "You have a view of that name already." in html
    assert SavedView.objects.count() == 1


def test_saved_view_create_of_a_viewer_is_never_shared(agency: Agency, viewer: Membership, login: Login) -> None:
    url = reverse("influencers:saved_view_create", args=[agency.slug])
    login(viewer).post(url, {"name": "Mine", "is_shared": "on", "query": "price_to=10&q=a"})
    view = SavedView.objects.get()
    assert (view.is_shared, view.query) == (False, "q=a")


def test_saved_view_create_survives_a_nul(agency: Agency, viewer: Membership, login: Login) -> None:
    url = reverse("influencers:saved_view_create", args=[agency.slug])
    assert login(viewer).post(url, {"name": "a\x00b", "query": "q=\x00"}).status_code == 200


def test_saved_view_name_is_one_owners_once(agency: Agency, marketer: Membership, manager: Membership) -> None:
    view_of(marketer, "Mine")
    view_of(manager, "Mine")
    with pytest.raises(IntegrityError, match="saved_view_name_once_per_owner"), transaction.atomic():
        view_of(marketer, "Mine")


# --- applying it ----------------------------------------------------------------------------------------
def test_influencer_list_opens_a_view(
    seeded: Agency,  # noqa: F811
    viewer: Membership,
    marketer: Membership,
    login: Login,
) -> None:
    creator(seeded, "Big", 2_000_000)
    creator(seeded, "Small", 600)
    view = view_of(marketer, is_shared=True, columns=["status", "rate"])
    client = login(viewer)
    answer = client.get(f"{roster(seeded)}?view={view.pk}")
    assert answer.url == f"{roster(seeded)}?tier=mega&view={view.pk}"
    html = client.get(answer.url).content.decode()
    assert names(html) == ["Big"]
    assert headings(html) == ["Creator", "Status", "Rate"]
    assert "Update this view" not in html


def test_influencer_list_view_of_nothing_valid_does_not_go_in_circles(
    agency: Agency, viewer: Membership, marketer: Membership, login: Login
) -> None:
    creator(agency, "Emma", 10)
    view = view_of(marketer, query="price_to=10&tier=gone", is_shared=True)
    answer = login(viewer).get(f"{roster(agency)}?view={view.pk}")
    assert answer.status_code == 200
    assert names(answer.content.decode()) == ["Emma"]


def test_influencer_list_shows_own_and_shared_views_only(
    agency: Agency, viewer: Membership, marketer: Membership, outsider: Membership, login: Login
) -> None:
    creator(agency, "Emma", 10)
    view_of(viewer, "Mine")
    view_of(marketer, "Shared one", is_shared=True)
    hidden = view_of(marketer, "Hidden one", "status=paused")
    view_of(outsider, "Far one", is_shared=True)
    html = page(login(viewer), agency)
    assert re.findall(r'<a class="saved-view[^>]*>([^<]*)', html) == ["Everybody", "Mine", "Shared one"]
    assert names(page(login(viewer), agency, f"view={hidden.pk}")) == ["Emma"]


def test_influencer_list_view_with_a_brand_that_the_reader_may_not_see_lacks_that_filter(
    agency: Agency, marketer: Membership, manager: Membership, login: Login
) -> None:
    secret = BrandFactory(agency=agency, client=ClientFactory(agency=agency, is_confidential=True), name="CANARY")
    creator(agency, "Emma", 10)
    view = view_of(manager, query=f"brand={secret.pk}&status=active", is_shared=True)
    answer = login(marketer).get(f"{roster(agency)}?view={view.pk}")
    assert answer.url == f"{roster(agency)}?status=active&view={view.pk}"
    html = page(login(marketer), agency, f"status=active&view={view.pk}")
    assert names(html) == ["Emma"]
    assert "CANARY" not in html
    answer = login(manager).get(f"{roster(agency)}?view={view.pk}")
    assert answer.url == f"{roster(agency)}?status=active&brand={secret.pk}&view={view.pk}"


# --- changing it ----------------------------------------------------------------------------------------
def test_saved_view_update_with_a_query_replaces_filters_and_columns(
    agency: Agency, marketer: Membership, login: Login
) -> None:
    creator(agency, "Emma", 10)
    RosterColumns.objects.create(agency=agency, membership=marketer, columns=["tags"])
    view = view_of(marketer, query="status=active")
    client = login(marketer)
    html = page(client, agency, f"status=paused&view={view.pk}")
    assert "Update this view" in html
    assert f'<input type="hidden" name="query" value="status=paused&amp;view={view.pk}">' in html
    url = reverse("influencers:saved_view_update", args=[agency.slug, view.pk])
    client.post(url, {"name": "Big ones", "query": f"status=paused&view={view.pk}"})
    view.refresh_from_db()
    assert (view.query, view.columns, view.is_shared) == ("status=paused", ["tags"], False)


def test_saved_view_update_renames_and_shares(agency: Agency, marketer: Membership, login: Login) -> None:
    view = view_of(marketer)
    url = reverse("influencers:saved_view_update", args=[agency.slug, view.pk])
    client = login(marketer)
    assert 'value="Big ones"' in client.get(url).content.decode()
    client.post(url, {"name": "Huge", "is_shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.query) == ("Huge", True, "tier=mega")
    view_of(marketer, "Taken")
    assert "You have a view of that name already." in client.post(url, {"name": "Taken"}).content.decode()


def test_saved_view_update_of_another_is_refused(
    agency: Agency, marketer: Membership, manager: Membership, outsider: Membership, login: Login
) -> None:
    shared, hidden = view_of(marketer, "Shared", is_shared=True), view_of(marketer, "Hidden")
    url = reverse("influencers:saved_view_update", args=[agency.slug, shared.pk])
    assert "Only its owner may change this view." in login(manager).post(url, {"name": "Mine"}).content.decode()
    assert (
        login(manager).get(reverse("influencers:saved_view_update", args=[agency.slug, hidden.pk])).status_code == 404
    )
    assert login(outsider).get(url).status_code == 404
    shared.refresh_from_db()
    assert shared.name == "Shared"


def test_saved_view_delete(agency: Agency, marketer: Membership, manager: Membership, login: Login) -> None:
    view = view_of(marketer, is_shared=True)
    url = reverse("influencers:saved_view_delete", args=[agency.slug, view.pk])
    assert login(manager).post(url).status_code == 409
    assert SavedView.objects.count() == 1
    assert login(marketer).post(url).url == roster(agency)
    assert SavedView.objects.count() == 0


def test_saved_views_services_refuse_others(agency: Agency, marketer: Membership, manager: Membership) -> None:
    view = create_saved_view(name="a", is_shared=True, query="", columns=[], by=marketer)
    with pytest.raises(Refused):
        update_saved_view(view=view, name="b", is_shared=True, by=manager, query=None, columns=[])
    with pytest.raises(Refused):
        delete_saved_view(view=view, by=manager)


# --- columns --------------------------------------------------------------------------------------------
def test_roster_columns_are_chosen_ordered_and_remembered(agency: Agency, viewer: Membership, login: Login) -> None:
    creator(agency, "Emma", 10, country="DK")
    client = login(viewer)
    url = reverse("influencers:roster_columns", args=[agency.slug])
    html = client.get(f"{url}?status=active").content.decode()
    assert "Price" not in html
    assert 'name="query" value="status=active"' in html
    posted = {"query": "status=active&x=1", "show_country": "on", "place_country": "2"}
    posted |= {"show_tags": "on", "place_tags": "1", "show_price": "on", "show_kind": "on", "place_kind": ""}
    assert client.post(url, posted).url == f"{roster(agency)}?status=active"
    assert RosterColumns.objects.get().columns == ["tags", "country", "kind"]
    assert headings(page(client, agency)) == ["Creator", "Tags", "Country", "Kind"]
    html = client.get(url).content.decode()
    assert re.findall(r'name="show_(\w+)"[^>]*checked', html) == ["tags", "country", "kind"]


def test_roster_columns_none_or_the_usual_ones_forget_the_choice(
    agency: Agency, marketer: Membership, login: Login
) -> None:
    creator(agency, "Emma", 10)
    RosterColumns.objects.create(agency=agency, membership=marketer, columns=["tags", "gone"])
    client = login(marketer)
    assert headings(page(client, agency)) == ["Creator", "Tags"]
    url = reverse("influencers:roster_columns", args=[agency.slug])
    client.post(url, {})
    assert not RosterColumns.objects.exists()
    usual = ["Creator", "Accounts", "Tier", "Rate", "30 days", "Saturation", "Niche", "Country", "Status"]
    assert headings(page(client, agency)) == usual


def test_influencer_list_every_column_has_its_cell(
    seeded: Agency,  # noqa: F811
    marketer: Membership,
    login: Login,
) -> None:
    emma = creator(
        seeded, "Emma", 6_000, 0.05, city="Århus", region="Jylland", languages=["da"], tags=["vip"], kind="expert"
    )
    emma.line.__class__.objects.filter(pk=emma.pk).update(rate_percentile=0.756)
    InfluencerFactory(agency=seeded, name="Nobody")
    for kind, amount in (("post", 300), ("story", 120)):
        Price.objects.create(
            agency=seeded, influencer=emma, kind=kind, amount=amount, currency="EUR", valid_from=date(2020, 1, 1)
        )
    Price.objects.create(
        agency=seeded, influencer=emma, kind="day", amount=1, currency="EUR", valid_from=date(2020, 1, 1), valid_to=date(2020, 2, 1)
    )  # fmt: skip
    RosterColumns.objects.create(
        agency=seeded,
        membership=marketer,
        columns=["rate", "kind", "city", "region", "language", "tags", "price", "as_of"],
    )
    html = page(login(marketer), seeded)
    for text in ("Århus", "Jylland", "Danish", "vip", "academic or expert", "120.00 EUR", "1 May 2026"):
        assert text in html
    assert 'title="story 120.00 EUR, post 300.00 EUR"' in html
    assert "higher than 75 % of the same platform and tier" in html
    for reason in ("no valid price is known", "no tag is set", "the city is unknown", "no language is set"):
        assert f'title="{reason}"' in html


# --- the panel ------------------------------------------------------------------------------------------
def options(html: str, name: str) -> list[str]:
    select = re.search(rf'<select name="{name}".*?</select>', html, re.DOTALL)
    assert select is not None
    return re.findall(r"<option[^>]*>([^<]*)</option>", select[0])


def test_roster_filters_counts_answers_given_the_other_filters(
    seeded: Agency,  # noqa: F811
    viewer: Membership,
    login: Login,
) -> None:
    both = creator(seeded, "Both", 6_000, niches=["food", "travel"], country="DK", languages=["da", "en"])
    AccountFactory(agency=seeded, influencer=both, platform="tiktok", typed_followers=10)
    creator(seeded, "Insta", 700, status="paused", niches=["food"], country="NL", tags=["vip"])
    creator(seeded, "Tik", 2_000_000, platform="tiktok", country="DK")
    InfluencerFactory(agency=seeded, name="Nobody")
    url = reverse("influencers:roster_filters", args=[seeded.slug])
    html = login(viewer).get(url).content.decode()
    assert options(html, "platform") == ["Any", "Instagram (2)", "TikTok (2)"]
    assert options(html, "tier") == ["Any", "nano (1)", "micro (1)", "mega (1)"]
    assert options(html, "status") == ["Any", "active (3)", "paused (1)"]
    assert options(html, "country") == ["Any", "Denmark (2)", "Netherlands (1)"]
    assert options(html, "language") == ["Any", "da (1)", "en (1)"]
    assert re.findall(r"<option value=\"\w+\">([^<]*)</option>", html[html.index("panel-niche-answers") :])[:2] == [
        "food (2)",
        "travel (1)",
    ]
    html = login(viewer).get(f"{url}?platform=tiktok&country=DK&sort=-rate").content.decode()
    assert options(html, "platform") == ["Any", "Instagram (1)", "TikTok (2)"]
    assert options(html, "country") == ["Any", "Denmark (2)"]
    assert options(html, "status") == ["Any", "active (2)"]
    assert options(html, "tier") == ["Any", "micro (1)", "mega (1)"]
    assert '<input type="hidden" name="sort" value="-rate">' in html
    html = login(viewer).get(f"{url}?status=blocked").content.decode()
    assert options(html, "status") == ["Any", "active (3)", "paused (1)", "do not work with (0)"]


def test_roster_filters_has_no_prices_and_brands_for_viewers(
    agency: Agency, viewer: Membership, marketer: Membership, login: Login
) -> None:
    BrandFactory(agency=agency, client=ClientFactory(agency=agency, is_confidential=True), name="CANARY")
    BrandFactory(agency=agency, client=ClientFactory(agency=agency), name="Open brand")
    url = reverse("influencers:roster_filters", args=[agency.slug])
    html = login(viewer).get(url).content.decode()
    assert "price_from" not in html
    assert "Open brand" not in html
    html = login(marketer).get(url).content.decode()
    assert 'name="price_from"' in html
    assert "Open brand" in html
    assert "CANARY" not in html


def test_roster_filters_answers_the_form_alone_to_htmx(agency: Agency, viewer: Membership, login: Login) -> None:
    url = reverse("influencers:roster_filters", args=[agency.slug])
    headers = {"HX-Request": "true", "HX-Target": "roster-more-body"}
    html = login(viewer).get(url, headers=headers).content.decode()
    assert html.strip().startswith('<form id="roster-filters-form"')


@pytest.mark.parametrize("how_many", [1, 3])
def test_roster_filters_queries_do_not_grow(agency: Agency, marketer: Membership, login: Login, how_many: int) -> None:
    for place in range(how_many):
        creator(agency, f"creator {place}", 600, niches=[f"n{place}"])
        BrandFactory(agency=agency)
        Shortlist.objects.create(agency=agency, owner=marketer, name=f"List {place}")
    client = login(marketer)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("influencers:roster_filters", args=[agency.slug]))
    assert len(captured) <= 16


def test_saved_views_do_not_add_queries(agency: Agency, marketer: Membership, login: Login) -> None:
    creator(agency, "Emma", 10)
    client = login(marketer)
    with CaptureQueriesContext(connection) as none:
        page(client, agency)
    for place in range(3):
        view_of(MembershipFactory(agency=agency), f"View {place}", is_shared=True)
    with CaptureQueriesContext(connection) as three:
        page(client, agency)
    assert len(three) == len(none)
