"""The page of a brief and its download: who may read them, and what is never in them."""

import io
from collections.abc import Callable

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from agency.models import Membership
from campaigns.models import Campaign
from tests.campaigns.briefs.conftest import NASTY
from tests.factories import CampaignFactory

Login = Callable[[Membership], Client]
PAGES = ["campaigns:campaign_brief", "campaigns:campaign_brief_pdf"]


def address(name: str, campaign: Campaign) -> str:
    return reverse(name, args=[campaign.agency.slug, campaign.pk])


@pytest.mark.parametrize("name", PAGES)
def test_campaign_brief_needs_a_login(client: Client, campaign: Campaign, name: str) -> None:
    assert client.get(address(name, campaign)).status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_campaign_brief_of_another_agency_does_not_exist(
    login: Login, outsider: Membership, campaign: Campaign, name: str
) -> None:
    assert login(outsider).get(address(name, campaign)).status_code == 404
    foreign = reverse(name, args=[outsider.agency.slug, campaign.pk])
    assert login(outsider).get(foreign).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_campaign_brief_of_a_hidden_client_does_not_exist(
    login: Login, marketer: Membership, manager: Membership, confidential: Campaign, name: str
) -> None:
    assert login(marketer).get(address(name, confidential)).status_code == 404
    assert login(manager).get(address(name, confidential)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_campaign_brief_is_open_to_a_viewer_of_the_team_only(
    login: Login, guest: Membership, campaign: Campaign, name: str
) -> None:
    other = CampaignFactory(agency=campaign.agency)

    assert login(guest).get(address(name, campaign)).status_code == 200
    assert login(guest).get(address(name, other)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_campaign_brief_is_only_read(login: Login, manager: Membership, campaign: Campaign, name: str) -> None:
    assert login(manager).post(address(name, campaign)).status_code == 405


def test_campaign_brief_shows_what_will_be_sent(login: Login, manager: Membership, campaign: Campaign) -> None:
    page = login(manager).get(address("campaigns:campaign_brief", campaign)).content.decode()

    assert "Brief as PDF" in page
    assert address("campaigns:campaign_brief_pdf", campaign) in page
    assert "3–17 May 2026" in page
    assert "emma_makes" in page
    assert "no account on the roster" in page
    assert "▯ stands for 2 characters" in page
    assert NASTY not in page  # its markup is escaped
    for canary in ("98,765", "87,654", "98765", "87654", "Declined Canary", "Cancelled Canary"):
        assert canary not in page


def test_campaign_brief_of_an_empty_campaign_says_what_to_do_first(login: Login, manager: Membership) -> None:
    campaign = CampaignFactory(agency=manager.agency, markets=["JP"])

    page = login(manager).get(address("campaigns:campaign_brief", campaign)).content.decode()

    assert "No creator is in the line-up yet" in page
    assert "No rule is kept here for Japan" in page
    assert "▯" not in page


def test_campaign_brief_pdf_is_a_file_with_a_plain_name(login: Login, guest: Membership, campaign: Campaign) -> None:
    response = login(guest).get(address("campaigns:campaign_brief_pdf", campaign))

    assert response["Content-Type"] == "application/pdf"
    assert (
        response["Content-Disposition"]
        == 'attachment; filename="brief-fjord-coffee-50-off-spring-launch-of-cold-brew-home.pdf"'
    )
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)
    assert "Emma Hansen" in text
    assert "98,765" not in text


def test_campaign_brief_pdf_of_a_name_without_letters(login: Login, manager: Membership, campaign: Campaign) -> None:
    campaign.name = "漢字"
    campaign.brand.name = "字"
    campaign.brand.save()
    campaign.save()

    response = login(manager).get(address("campaigns:campaign_brief_pdf", campaign))

    assert response["Content-Disposition"] == f'attachment; filename="brief-campaign-{campaign.pk}.pdf"'
