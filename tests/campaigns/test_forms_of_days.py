"""Days that cannot be are told in the form, and letters in numbers are not dropped."""

from datetime import date
from typing import Any

import pytest

from agency.models import Agency, Membership
from campaigns.forms import CampaignForm, DeliverableForm

pytestmark = pytest.mark.django_db


def deliverable(**days: date) -> dict[str, Any]:
    form = DeliverableForm({"format": "reel", "state": "planned", **days}, people=[])
    form.is_valid()
    return dict(form.errors)


def test_a_draft_is_due_before_the_post_and_the_feedback() -> None:
    live = date(2026, 5, 10)
    assert deliverable(live_from=live, live_to=live, draft_due_on=date(2026, 5, 10)) == {}
    assert deliverable(live_from=live, live_to=live, draft_due_on=date(2026, 5, 11)) == {
        "draft_due_on": ["This is due after the post goes live."]
    }
    assert deliverable(draft_due_on=date(2026, 5, 4), feedback_due_on=date(2026, 5, 3)) == {
        "draft_due_on": ["The draft cannot be due after the feedback on it."]
    }


def test_letters_in_a_number_are_refused_not_dropped(agency: Agency, marketer: Membership) -> None:
    form = CampaignForm({"target_reach": "200K"}, by=marketer)
    assert form.errors["target_reach"] == ["Enter a whole number."]
    assert 'type="number"' not in str(form["target_reach"]) + str(form["budget"])
