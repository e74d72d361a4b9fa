"""The admin panel answers no guesses about rows that the member may not see, and words its refusals itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from agency.models import Agency, Brand, Category, Client, Membership
from tests.factories import BrandFactory, CategoryFactory, ClientFactory, InfluencerFactory, MembershipFactory

pytestmark = pytest.mark.django_db
Login = Callable[..., Browser]
IN_USE = "This name is in use already. If you cannot find it, ask a manager."


@pytest.fixture
def panel(agency: Agency, login: Login) -> Browser:
    """That of a marketer with the flag."""
    rosa: Membership = MembershipFactory(agency=agency, role="marketer", is_roster_manager=True)
    return login(rosa)


@pytest.fixture
def secret(agency: Agency) -> Brand:
    brand: Brand = BrandFactory(
        agency=agency, name="Secret brand", client__name="Secret client", client__is_confidential=True
    )
    BrandFactory(agency=agency, name="Open", rivals=[brand])
    return brand


@pytest.mark.parametrize(
    "lookup", ["rivals", "rivals__id", "rivals__pk", "rivals__id__exact", "rivals__id__gte", "rivals__in"]
)
def test_admin_answers_no_guess_over_a_relation_to_many(panel: Browser, secret: Brand, lookup: str) -> None:
    for guess in (secret.pk, secret.pk + 1000):
        assert panel.get("/admin/agency/brand/", {lookup: guess}).status_code == 400


@pytest.mark.parametrize(
    ("page", "lookup"),
    [
        ("influencers/influencer", "collaborations__id"),
        ("influencers/influencer", "claims__id__gte"),
        ("agency/category", "brands__id"),
        ("agency/category", "parent__brands__id"),
        ("agency/client", "team__id"),
        ("agency/client", "brands"),
    ],
)
def test_admin_answers_no_guess_backwards(panel: Browser, page: str, lookup: str) -> None:
    assert panel.get(f"/admin/{page}/", {lookup: 1}).status_code == 400


def test_admin_still_filters_by_what_its_lists_offer(panel: Browser, agency: Agency, secret: Brand) -> None:
    shown = Brand.objects.get(name="Open")
    BrandFactory(agency=agency, name="Second")
    answer: Any = panel.get("/admin/agency/brand/", {"client__id__exact": shown.client_id})
    assert list(answer.context["cl"].result_list) == [shown]
    answer = panel.get("/admin/agency/brand/", {"id__exact": shown.pk})
    assert list(answer.context["cl"].result_list) == [shown]
    InfluencerFactory(agency=agency, name="Emma")
    filters: Any = panel.get("/admin/influencers/influencer/").context["cl"].filter_specs
    for spec in filters:
        for name in spec.expected_parameters():
            assert panel.get("/admin/influencers/influencer/", {name: 1}).status_code in {200, 302}, name


@pytest.mark.parametrize("model", [Client, Brand, Category])
def test_admin_says_in_words_that_a_name_is_in_use(panel: Browser, agency: Agency, secret: Brand, model: Any) -> None:
    CategoryFactory(agency=agency, name="Tea")
    name = {Client: "SECRET client", Brand: "SECRET brand", Category: "TEA"}[model]
    fields = {"name": name, "client": ClientFactory(agency=agency).pk} if model is Brand else {"name": name}
    management = {"contacts-TOTAL_FORMS": 0, "contacts-INITIAL_FORMS": 0}
    page = panel.post(reverse(f"admin:agency_{model._meta.model_name}_add"), {**management, **fields}).content.decode()
    assert IN_USE in page
    assert "Constraint" not in page
