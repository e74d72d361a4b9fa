"""Campaign pages: what they show, to whom, and that nothing typed is lost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.errors import Refused
from agency.models import Membership
from campaigns.models import Campaign
from campaigns.services import add_to_line_up, record_unavailability
from campaigns.views import campaigns
from influencers.models import Influencer
from tests.campaigns.booking import World, june, may
from tests.factories import ClientFactory, InfluencerFactory

Login = Callable[[Any], Client]


def at(world: World, name: str, *arguments: object) -> str:
    return reverse(f"campaigns:{name}", args=[world.agency.slug, *arguments])


def typed(world: World, **fields: object) -> dict[str, object]:
    """A filled form."""
    brand = fields.pop("brand", None) or world.brand("Northwind", world.coffee)
    return {
        "brand": brand.pk,
        "name": "Summer cup",
        "owner": world.owner.pk,
        "objective": "launch",
        "status": "running",
        "starts_on": "2026-06-01",
        "ends_on": "2026-06-30",
        "markets": "dk, nl",
        "budget": "50000.00",
        "currency": "eur",
        "target_reach": "250000",
        "message_1": "One",
        "message_2": "",
        "message_3": "Three",
        "hashtags": "#cup, #summer",
        **fields,
    }


def test_campaign_list_empty(world: World, login: Login, viewer: Membership) -> None:
    page = login(world.by).get(at(world, "campaign_list")).content.decode()
    assert "No campaign yet" in page
    assert at(world, "campaign_create") in page
    assert at(world, "campaign_create") not in login(viewer).get(at(world, "campaign_list")).content.decode()


def test_campaign_list_narrows(world: World, emma: Influencer, login: Login) -> None:
    north, kaffa = world.brand("Northwind", world.coffee), world.brand("Kaffa", world.tea)
    world.booked(emma, north)
    world.proposal(emma, kaffa, flight=(june(1), june(2)))
    Campaign.objects.filter(brand=kaffa).update(status="running")
    client = login(world.by)

    def names(query: str) -> list[str]:
        return [campaign.name for campaign in client.get(at(world, "campaign_list") + query).context["page"]]

    assert names("") == ["Kaffa in May", "Northwind in May"]
    assert names("?q=northw") == ["Northwind in May"]
    assert names(f"?brand={kaffa.pk}") == ["Kaffa in May"]
    assert names("?status=running") == ["Kaffa in May"]
    assert names("?status=nonsense&brand=0") == ["Kaffa in May", "Northwind in May"]
    assert names("?q=nothing") == []
    assert "No campaign fits" in client.get(at(world, "campaign_list") + "?q=nothing").content.decode()
    first, second = client.get(at(world, "campaign_list")).context["page"]
    assert [(row.in_line_up, row.booked) for row in (first, second)] == [(1, 0), (1, 1)]


def test_campaign_list_for_htmx_is_the_table(world: World, emma: Influencer, login: Login) -> None:
    world.proposal(emma, world.brand("Northwind", world.coffee))
    headers = {"HX-Request": "true", "HX-Target": "campaign-table"}
    page = login(world.by).get(at(world, "campaign_list"), headers=headers).content.decode()
    assert page.strip().startswith('<div id="campaign-table">')
    assert "<html" not in page


def test_a_confidential_client_stays_unknown(
    world: World, emma: Influencer, login: Login, marketer: Membership
) -> None:
    client = ClientFactory(agency=world.agency, is_confidential=True)
    campaign = world.booked(emma, world.brand("CANARY", world.coffee, client=client)).campaign
    assert "CANARY" not in login(marketer).get(at(world, "campaign_list")).content.decode()
    assert login(marketer).get(at(world, "campaign_detail", campaign.pk)).status_code == 404
    assert login(marketer).get(at(world, "campaign_update", campaign.pk)).status_code == 404
    client.team.add(marketer)
    assert login(marketer).get(at(world, "campaign_detail", campaign.pk)).status_code == 200


def test_campaign_create(world: World, login: Login) -> None:
    client = login(world.by)
    form = client.get(at(world, "campaign_create")).context["form"]
    assert form.initial["owner"] == world.by
    response = client.post(at(world, "campaign_create"), typed(world, categories=[world.tea.pk]))
    campaign = Campaign.objects.get()
    assert response["Location"] == at(world, "campaign_detail", campaign.pk)
    assert (campaign.name, campaign.currency, campaign.budget) == ("Summer cup", "EUR", Decimal("50000.00"))
    assert (campaign.markets, campaign.key_messages) == (["DK", "NL"], ["One", "Three"])
    assert campaign.hashtags == ["#cup", "#summer"]
    assert list(campaign.categories.all()) == [world.tea]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_on": "2026-07-01"}, "The last day comes before the first."),
        ({"starts_on": "20226-07-01"}, "Enter a valid date."),
        ({"starts_on": "1926-07-01"}, "Ensure this value is greater than or equal to"),
        ({"currency": "euro"}, "at most 3 characters"),
        ({"currency": "1EU"}, "Three capital letters"),
        ({"markets": "DK, XX"}, "is no country code"),
        ({"budget": "-1"}, "campaign_budget_not_negative"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_campaign_create_keeps_what_was_typed(
    world: World, login: Login, fields: dict[str, object], sentence: str
) -> None:
    response = login(world.by).post(at(world, "campaign_create"), typed(world, **fields))
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert "Three" in page
    assert not Campaign.objects.exists()


def test_campaign_create_offers_only_what_is_ones_own(
    world: World, login: Login, marketer: Membership, viewer: Membership, outsider: Membership
) -> None:
    secret = world.brand("CANARY", world.coffee, client=ClientFactory(agency=world.agency, is_confidential=True))
    page = login(marketer).get(at(world, "campaign_create") + f"?brand={secret.pk}").content.decode()
    assert "CANARY" not in page
    assert viewer.user.email not in page
    assert outsider.user.email not in page
    response = login(marketer).post(at(world, "campaign_create"), typed(world, brand=secret))
    assert response.status_code == 200
    response = login(marketer).post(
        at(world, "campaign_create"), typed(world, brand=world.brand("B"), owner=outsider.pk)
    )
    assert response.status_code == 200
    assert not Campaign.objects.exists()
    assert login(viewer).get(at(world, "campaign_create")).status_code == 403


def test_campaign_update(world: World, emma: Influencer, login: Login) -> None:
    brand = world.brand("Northwind", world.coffee)
    campaign = world.proposal(emma, brand).campaign
    Campaign.objects.update(key_messages=["Old one", "Old two"])
    client = login(world.by)
    page = client.get(at(world, "campaign_update", campaign.pk)).content.decode()
    assert "Old one" in page
    assert "Old two" in page
    response = client.post(at(world, "campaign_update", campaign.pk), typed(world, brand=brand))
    assert response.status_code == 302
    campaign.refresh_from_db()
    assert (campaign.name, campaign.key_messages) == ("Summer cup", ["One", "Three"])


def test_campaign_update_into_a_clash_is_409_and_keeps_the_form(world: World, emma: Influencer, login: Login) -> None:
    brand = world.brand("Northwind", world.coffee)
    campaign = world.booked(emma, brand).campaign
    world.booked(
        emma,
        world.brand("Kaffa", world.tea),
        [(june(5), june(5))],
        clauses=[{"scope": "full"}],
        flight=(june(1), june(9)),
    )
    response = login(world.by).post(at(world, "campaign_update", campaign.pk), typed(world, brand=brand))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Emma is booked for Kaffa until 5 June 2026. Fully exclusive." in page
    assert "Summer cup" in page
    campaign.refresh_from_db()
    assert campaign.name == "Northwind in May"


def test_campaign_create_refused_keeps_the_form(world: World, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:

    def refuse(**_fields: object) -> None:
        raise Refused("No room.")

    monkeypatch.setattr(campaigns, "create_campaign", refuse)
    response = login(world.by).post(at(world, "campaign_create"), typed(world))
    assert response.status_code == 409
    assert "No room." in response.content.decode()


# --- the line-up -------------------------------------------------------------------------------------------


def test_campaign_detail_line_up(world: World, emma: Influencer, login: Login, viewer: Membership) -> None:
    brand = world.brand("Northwind", world.coffee)
    booked = world.booked(emma, brand, [(may(5), may(6))], fee=Decimal("1234.50"), client_price=Decimal("2345.60"))
    campaign = booked.campaign
    Campaign.objects.update(budget=Decimal("9876.50"))
    taken, free, gone, ended = (
        InfluencerFactory(agency=world.agency, name=name) for name in ("Taken", "Free", "Gone", "Ended")
    )
    for creator in (taken, free, gone, ended):
        add_to_line_up(campaign=campaign, influencer=creator, by=world.by)
    world.booked(taken, world.brand("Kaffa", world.tea), [(may(1), may(2))], clauses=[{"scope": "full"}])
    campaign.collaborations.filter(influencer=ended).update(state="declined")
    record_unavailability(influencer=emma, starts_on=may(6), ends_on=may(7), by=world.by)
    response = login(world.by).get(at(world, "campaign_detail", campaign.pk))
    lights = {row.collaboration.influencer.name: row.light.value for row in response.context["rows"]}
    assert lights == {"Emma": "clash", "Free": "free", "Gone": "free", "Taken": "taken", "Ended": "none"}
    assert [row.collaboration.influencer.name for row in response.context["rows"]][-1] == "Ended"
    page = response.content.decode()
    assert "1,234.50 EUR" in page
    assert "9,876.50 EUR" in page
    brand.client.team.add(viewer)
    page = login(viewer).get(at(world, "campaign_detail", campaign.pk)).content.decode()
    for amount in ("1,234.50", "2,345.60", "9,876.50"):
        assert amount not in page
    assert "Emma" in page


def test_campaign_detail_without_categories_says_so(world: World, emma: Influencer, login: Login) -> None:
    campaign = world.proposal(emma, world.brand("Northwind")).campaign
    response = login(world.by).get(at(world, "campaign_detail", campaign.pk))
    assert response.context["rows"][0].light.value == "unknown"
    assert "None: nobody can be booked" in response.content.decode()


def test_the_frozen_tier_outlives_its_scheme(world: World, emma: Influencer, login: Login) -> None:
    booked = world.booked(emma, world.brand("Northwind", world.coffee))
    type(booked).objects.update(tier_at_booking="meso")
    response = login(world.by).get(at(world, "campaign_detail", booked.campaign_id))
    assert response.context["rows"][0].tier.name == "meso"


def test_campaign_list_and_detail_queries_do_not_grow(world: World, login: Login) -> None:
    brand = world.brand("Northwind", world.coffee)
    client = login(world.by)
    counts: dict[str, list[int]] = {"campaign_list": [], "campaign_detail": []}
    first = world.booked(InfluencerFactory(agency=world.agency), brand, [(may(5), may(6))], platform="tiktok")
    for size in (1, 3):
        while first.campaign.collaborations.count() < size:
            creator = InfluencerFactory(agency=world.agency)
            world.account(creator)
            add_to_line_up(campaign=first.campaign, influencer=creator, by=world.by)
            world.proposal(creator, brand, [(may(5), may(6))], clauses=[{"scope": "full"}])
        for name, found in counts.items():
            address = at(world, name, *([first.campaign_id] if name == "campaign_detail" else []))
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
    # Three rows ask what stands in the way of proposals; one booked row has nothing to ask.
    assert counts["campaign_list"][0] == counts["campaign_list"][1]
    assert counts["campaign_detail"][1] <= counts["campaign_detail"][0] + 1
