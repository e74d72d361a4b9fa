"""A viewer reads neither what colleagues write for each other nor what a campaign may cost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.timezone import now

from agency.models import Agency, Membership
from campaigns.fields import day_set
from campaigns.models import Campaign, Clash, Collaboration
from tests.factories import CollaborationFactory, DeliverableFactory

pytestmark = pytest.mark.django_db
Login = Callable[..., Browser]


@pytest.fixture
def written(agency: Agency, manager: Membership, viewer: Membership) -> Collaboration:
    """A collaboration that the viewer may see, with words and sums that are not for viewers."""
    row: Collaboration = CollaborationFactory(agency=agency, fee="7654.00", client_price="8765.00")
    Campaign.objects.update(budget="98765.00")
    row.campaign.brand.client.team.add(viewer)
    DeliverableFactory(collaboration=row, note="CANARY NOTE")
    Clash.objects.create(
        agency=agency,
        influencer=row.influencer,
        collaboration=row,
        rule="H5",
        during=day_set([(date(2026, 5, 10), date(2026, 5, 12))]),
        state="accepted",
        reason="CANARY REASON",
        decided_by=manager,
        decided_at=now(),
    )
    return row


def get(browser: Browser, name: str, *args: object, **query: str) -> Any:
    return browser.get(reverse(f"campaigns:{name}", args=["northern", *args]), query)


def test_notes_of_deliverables_are_for_colleagues(
    written: Collaboration, login: Login, marketer: Membership, viewer: Membership
) -> None:
    for reader, note in ((marketer, "CANARY NOTE"), (viewer, "")):
        answer = get(login(reader), "collaboration_detail", written.pk)
        assert [line.note for line in answer.context["deliverables"]] == [note]
        assert ("CANARY NOTE" in answer.content.decode()) is bool(note)


def test_why_a_clash_was_accepted_and_by_whom_is_for_colleagues(
    written: Collaboration, login: Login, manager: Membership, marketer: Membership, viewer: Membership
) -> None:
    for reader, reason, decided_by in ((marketer, "CANARY REASON", manager), (viewer, "", None)):
        answer = get(login(reader), "clash_list", state="accepted")
        assert [(row.reason, row.decided_by) for row in answer.context["rows"]] == [(reason, decided_by)]
        page = answer.content.decode()
        assert ("CANARY REASON" in page, str(manager) in page) == (bool(reason), bool(reason))


@pytest.mark.parametrize(
    "name", ["campaign_list", "campaign_detail", "campaign_brief", "collaboration_detail", "clash_list", "timeline"]
)
def test_no_page_of_a_viewer_holds_notes_or_sums(
    written: Collaboration, login: Login, viewer: Membership, name: str
) -> None:
    args = {
        "campaign_detail": [written.campaign_id],
        "campaign_brief": [written.campaign_id],
        "collaboration_detail": [written.pk],
    }.get(name, [])
    answer = get(login(viewer), name, *args)
    assert answer.status_code == 200
    page = answer.content.decode()
    for text in ("CANARY", "7,654", "8,765", "98,765", "7654", "8765"):
        assert text not in page
