"""Admin pages: bookings are read there, texts of campaigns corrected, nothing of a hidden client is seen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agency.models import Membership
from campaigns.admin import numbers_text
from campaigns.fields import EVERYTHING, everything_but, id_set
from campaigns.models import Campaign, Claim, Clash, Collaboration
from campaigns.services import record_unavailability
from influencers.models import Influencer
from tests.campaigns.booking import World, may
from tests.factories import ClientFactory, InfluencerFactory

Login = Callable[[Any], Client]
MODELS = ("campaign", "collaboration", "claim", "clash", "unavailability")


@pytest.fixture
def desk(world: World, login: Login) -> Client:
    """The manager in the admin panel of the agency."""
    world.owner.is_roster_manager = True
    world.owner.save()
    client = login(world.owner)
    client.get("/admin/", {"agency": world.agency.slug})
    return client


@pytest.fixture
def booked(world: World, emma: Influencer) -> Collaboration:
    booking = world.booked(
        emma, world.brand("Northwind", world.coffee), [(may(5), may(6))], clauses=[{"scope": "full"}]
    )
    record_unavailability(influencer=emma, starts_on=may(6), ends_on=may(7), reason="ill", by=None)
    return booking


def listed(client: Client, model: str) -> Any:
    response = client.get(reverse(f"admin:campaigns_{model}_changelist"))
    assert response.status_code == 200
    return response


def rows() -> dict[str, int]:
    return {
        "campaign": Campaign.objects.get().pk,
        "collaboration": Collaboration.objects.get().pk,
        "claim": Claim.objects.filter(is_exclusive=True, collaboration__isnull=False).get().pk,
        "clash": Clash.objects.get().pk,
        "unavailability": Clash.objects.get().unavailability_id or 0,
    }


def test_everything_can_be_read(booked: Collaboration, desk: Client) -> None:
    for model, pk in rows().items():
        assert "Emma" in listed(desk, model).content.decode() or model == "campaign"
        page = desk.get(reverse(f"admin:campaigns_{model}_change", args=[pk]))
        assert page.status_code == 200
    page = desk.get(reverse("admin:campaigns_claim_change", args=[rows()["claim"]])).content.decode()
    assert "5–6 May 2026" in page
    page = desk.get(reverse("admin:campaigns_collaboration_change", args=[booked.pk])).content.decode()
    assert reverse("campaigns:collaboration_detail", args=[booked.agency.slug, booked.pk]) in page


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_or_deleted(booked: Collaboration, desk: Client, model: str) -> None:
    assert desk.get(reverse(f"admin:campaigns_{model}_add")).status_code == 403
    assert (
        desk.post(reverse(f"admin:campaigns_{model}_delete", args=[rows()[model]]), {"post": "yes"}).status_code == 403
    )


@pytest.mark.parametrize("model", [model for model in MODELS if model != "campaign"])
def test_bookings_are_only_read(booked: Collaboration, desk: Client, model: str) -> None:
    address = reverse(f"admin:campaigns_{model}_change", args=[rows()[model]])
    assert desk.post(address, {"state": "live", "enforced": ""}).status_code == 403
    booked.refresh_from_db()
    assert booked.state == "booked"


def test_texts_of_a_campaign_are_corrected(booked: Collaboration, desk: Client) -> None:
    campaign = booked.campaign
    address = reverse("admin:campaigns_campaign_change", args=[campaign.pk])
    typed = {"name": "Corrected", "key_messages": "One,Two", "dos": "Do", "hashtags": "", "starts_on": "2020-01-01"}
    assert desk.post(address, typed).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.name, campaign.key_messages, campaign.dos) == ("Corrected", ["One", "Two"], "Do")
    assert campaign.starts_on == may(1)


def test_a_hidden_client_is_not_there(world: World, emma: Influencer, login: Login, marketer: Membership) -> None:
    secret = world.brand("CANARY", world.coffee, client=ClientFactory(agency=world.agency, is_confidential=True))
    world.booked(emma, secret, [(may(5), may(6))], clauses=[{"scope": "full"}])
    record_unavailability(influencer=emma, starts_on=may(6), ends_on=may(7), by=None)
    marketer.is_roster_manager = True
    marketer.save()
    client = login(marketer)
    client.get("/admin/", {"agency": world.agency.slug})
    for model in ("campaign", "collaboration", "clash"):
        assert "CANARY" not in listed(client, model).content.decode()
        assert client.get(reverse(f"admin:campaigns_{model}_change", args=[rows()[model]])).status_code == 302
    assert [row.unavailability_id is not None for row in listed(client, "claim").context["cl"].queryset] == [True]


def test_a_creator_goes_with_absences(world: World, desk: Client) -> None:
    creator = InfluencerFactory(agency=world.agency)
    record_unavailability(influencer=creator, starts_on=may(6), ends_on=may(7), by=None)
    address = reverse("admin:influencers_influencer_delete", args=[creator.pk])
    desk.post(address, {"post": "yes"})
    assert not Influencer.objects.filter(pk=creator.pk).exists()
    assert not Claim.objects.exists()


def test_sets_in_words() -> None:
    assert numbers_text(id_set([3, 4, 5, 9])) == "3–5, 9"
    assert numbers_text(EVERYTHING) == "…–…"
    assert numbers_text(everything_but([7])) == "…–6, 8–…"
