"""Many creators into a line-up at once, by the service and from the roster's bulk bar."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency, Membership
from campaigns.models import Campaign, Collaboration
from campaigns.services import add_many_to_line_up, line_up
from influencers.models import DataExport, Influencer, RosterLine
from tests.factories import BrandFactory, CampaignFactory, CollaborationFactory, InfluencerFactory

Login = Callable[[Membership], Client]


@pytest.fixture
def campaign(agency: Agency) -> Campaign:
    return CampaignFactory(agency=agency, name="Summer", currency="DKK")


@pytest.fixture
def people(agency: Agency, campaign: Campaign) -> dict[str, Influencer]:
    """Two to propose, one whom the agency does not work with, one declined already."""
    found = {name: InfluencerFactory(agency=agency, name=name) for name in ("Ada", "Bo", "Cy", "Di")}
    Influencer.objects.filter(name="Cy").update(status="blocked")
    CollaborationFactory(agency=agency, campaign=campaign, influencer=found["Di"], state="declined")
    return found


def in_line_up(campaign: Campaign) -> dict[str, tuple[str, str]]:
    rows = campaign.collaborations.order_by("influencer__name")
    return {row.influencer.name: (row.state, row.currency) for row in rows.select_related("influencer")}


def test_add_many_to_line_up_proposes_who_is_not_in_it(
    agency: Agency, other_agency: Agency, campaign: Campaign, people: dict[str, Influencer], marketer: Membership,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(line_up, "BATCH", 1)
    InfluencerFactory(agency=other_agency, name="Foreign")
    answer = add_many_to_line_up(campaign=campaign, creators=RosterLine.objects.all(), by=marketer)
    assert (answer.added, answer.left_out) == (2, 2)
    assert [person.name for person in answer.blocked.first] == ["Cy"]
    assert [person.name for person in answer.already.first] == ["Di"]
    expected = {"Ada": ("proposed", "DKK"), "Bo": ("proposed", "DKK"), "Di": ("declined", "EUR")}
    assert in_line_up(campaign) == expected
    again = add_many_to_line_up(campaign=campaign, creators=RosterLine.objects.all(), by=marketer)
    assert (again.added, again.blocked.count, again.already.count) == (0, 1, 3)
    assert in_line_up(campaign) == expected


def test_add_many_to_line_up_names_the_first_hundred(
    agency: Agency, campaign: Campaign, people: dict[str, Influencer], marketer: Membership,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(line_up, "NAMED", 1)
    add_many_to_line_up(campaign=campaign, creators=RosterLine.objects.all(), by=marketer)
    answer = add_many_to_line_up(campaign=campaign, creators=RosterLine.objects.all(), by=marketer)
    assert ([person.name for person in answer.already.first], answer.already.others) == (["Ada"], 2)


def test_add_many_to_line_up_refuses_people_of_another_agency(
    campaign: Campaign, people: dict[str, Influencer], outsider: Membership
) -> None:
    with pytest.raises(Refused, match="not in this agency"):
        add_many_to_line_up(campaign=campaign, creators=RosterLine.objects.all(), by=outsider)


# --- page -----------------------------------------------------------------------------------------------
def url(agency: Agency) -> str:
    return reverse("campaigns:bulk_line_up", args=[agency.slug])


def test_bulk_line_up_proposes_and_names_who_was_left_out(
    agency: Agency, campaign: Campaign, people: dict[str, Influencer], marketer: Membership, viewer: Membership,
    outsider: Membership, login: Login,
) -> None:  # fmt: skip
    client = login(marketer)
    picked = {"query": "", "all": "1", "seen": "4"}
    assert login(viewer).post(url(agency), picked).status_code == 403
    assert login(outsider).post(url(agency), picked).status_code == 404
    assert "Propose 4 creators" in client.post(url(agency), picked).content.decode()
    assert client.post(url(agency), {**picked, "confirmed": "1"}).status_code == 200
    html = client.post(url(agency), {**picked, "confirmed": "1", "campaign": campaign.pk}).content.decode()
    assert "2 creators were proposed for Summer." in html
    for words in ("In the line-up already", "Di", "Marked “do not work with”", "Cy"):
        assert words in html
    assert sorted(in_line_up(campaign)) == ["Ada", "Bo", "Di"]


def test_bulk_line_up_leads_to_the_campaign_when_nobody_was_left_out(
    agency: Agency, campaign: Campaign, people: dict[str, Influencer], marketer: Membership, login: Login
) -> None:
    asked = {"pick": [people["Ada"].pk], "confirmed": "1", "campaign": campaign.pk}
    answer = login(marketer).post(url(agency), asked)
    assert answer["Location"] == campaign.get_absolute_url()


def test_bulk_line_up_asks_again_when_other_than_seen_match_and_says_when_nobody_does(
    agency: Agency, campaign: Campaign, people: dict[str, Influencer], marketer: Membership, login: Login
) -> None:
    asked = {"query": "", "all": "1", "seen": "3", "confirmed": "1", "campaign": campaign.pk}
    answer = login(marketer).post(url(agency), asked)
    assert answer.status_code == 409
    assert "you saw 3, now 4 match" in answer.content.decode()
    assert "Nobody was picked." in login(marketer).post(url(agency), {}, follow=True).content.decode()
    assert Collaboration.objects.count() == 1


def test_bulk_line_up_offers_no_campaign_of_a_confidential_client_and_none_that_is_over(
    agency: Agency, people: dict[str, Influencer], marketer: Membership, manager: Membership, login: Login
) -> None:
    secret = CampaignFactory(
        agency=agency, name="Zqsecret", brand=BrandFactory(agency=agency, client__is_confidential=True)
    )
    CampaignFactory(agency=agency, name="Bygone", status="finished")
    picked = {"pick": [people["Ada"].pk]}
    html = login(marketer).post(url(agency), picked).content.decode()
    assert "Zqsecret" not in html
    assert "Bygone" not in html
    assert "Zqsecret" in login(manager).post(url(agency), picked).content.decode()
    asked = {**picked, "confirmed": "1", "campaign": secret.pk}
    assert login(marketer).post(url(agency), asked).status_code == 200
    assert in_line_up(secret) == {}


# --- briefs that leave the site -------------------------------------------------------------------------
def test_campaign_brief_pdf_records_who_received_what(
    agency: Agency, campaign: Campaign, people: dict[str, Influencer], marketer: Membership, login: Login
) -> None:
    add_many_to_line_up(campaign=campaign, creators=RosterLine.objects.filter(pk=people["Ada"].pk), by=marketer)
    answer = login(marketer).get(reverse("campaigns:campaign_brief_pdf", args=[agency.slug, campaign.pk]))
    assert answer.status_code == 200
    export = DataExport.objects.get()
    assert (export.kind, export.subject, export.recipient, export.made_by, export.influencer_ids) == (
        "brief", "Summer", campaign.brand.client.name, marketer.user, [people["Ada"].pk],
    )  # fmt: skip
