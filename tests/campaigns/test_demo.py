"""The demo: made once, whole, free of clashes but for the one to try, and taken away without a trace."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Sum

from agency.models import Agency, Membership, User
from campaigns.claims.refusals import ClashRefused
from campaigns.demo import MANAGER, MARKETER, NEIGHBOUR, VIEWER
from campaigns.models import Claim, Collaboration
from campaigns.services import move_collaboration
from influencers.models import AudienceShare, BrandFit, FollowerCount, Influencer, MetricsRun, Post, Price, Shortlist
from influencers.services.protection import erase_influencer
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def seed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    call_command("seed_demo")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_seed_demo_makes_a_whole_agency_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESO_DEMO_PASSWORD", "first password for the demo")
    first = seed(capsys)
    tables = {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}  # type: ignore[attr-defined]
    monkeypatch.setenv("MESO_DEMO_PASSWORD", "second password for the demo")
    second = seed(capsys)
    assert (first["created"], second["created"]) == (True, False)
    assert {**first, "created": False} == second
    assert tables == {
        model._meta.label: model.objects.count()
        for model in apps.get_models()
        if model._meta.managed  # type: ignore[attr-defined]
    }
    assert (first["creators"], first["campaigns"], first["logins"]) == (150, 5, [MANAGER, MARKETER, VIEWER])
    assert 7_500 < first["posts"] < 8_500
    assert User.objects.get(email=MARKETER).check_password("second password for the demo")
    agency = Agency.objects.get(slug="demo")
    newest = Post.objects.filter(agency=agency).latest("posted_at").posted_at
    assert (agency.today() - newest.astimezone(agency.zone).date()).days == 2
    assert FollowerCount.objects.filter(agency=agency).latest("day").day < agency.today()
    assert MetricsRun.objects.get(agency=agency).state == "finished"
    assert set(Influencer.objects.filter(agency=agency).values_list("status", flat=True)) == set(
        Influencer.Status.values
    )


def test_seed_demo_fills_every_tab_of_a_profile(capsys: pytest.CaptureFixture[str]) -> None:
    seed(capsys)
    assert 1_000 < AudienceShare.objects.count() < 2_500
    whole = AudienceShare.objects.values("account", "dimension", "as_of").annotate(whole=Sum("share"))
    assert {row["whole"] <= 1 for row in whole} == {True}
    assert 60 < Price.objects.count() < 200
    today = Agency.objects.get(slug="demo").today()
    assert BrandFit.objects.count() == 7
    assert [fit.brand.name for fit in BrandFit.objects.all() if fit.has_expired(today)] == ["Havtorn Skin"]
    assert {row.entries.count() for row in Shortlist.objects.all()} == {14, 6}


def test_seed_demo_has_one_clash_to_try_and_no_other_problem(capsys: pytest.CaptureFixture[str]) -> None:
    to_try = seed(capsys)["clash_to_try"]
    call_command("check_claims", "--agency", "demo")
    assert json.loads(capsys.readouterr().out)["problems"] == []
    assert not Claim.objects.filter(enforced=False).exists()
    collaboration = Collaboration.objects.get(campaign__name=to_try["campaign"], influencer__name=to_try["creator"])
    marketer = Membership.objects.get(agency__slug="demo", user__email=MARKETER)
    with pytest.raises(ClashRefused, match=to_try["creator"]):
        move_collaboration(collaboration=collaboration, state="booked", by=marketer)


def test_remove_demo_leaves_nothing_and_touches_nobody_else(
    agency: Agency, manager: Membership, capsys: pytest.CaptureFixture[str]
) -> None:
    seed(capsys)
    # somebody with a finished booking was erased: their emptied row stayed, and goes now
    booked = Collaboration.objects.filter(agency__slug="demo", state=Collaboration.State.COMPLETED).exclude(
        influencer__collaborations__state__in=[Collaboration.State.NEGOTIATING, Collaboration.State.BOOKED]
    )
    by = Membership.objects.get(agency__slug="demo", role=Membership.Role.MANAGER)
    erase_influencer(influencer=booked[0].influencer, reason="asked", by=by)
    assert Influencer._base_manager.filter(is_erased=True).count() == 1
    # the demo's viewer has joined a real agency meanwhile
    MembershipFactory(agency=agency, user=User.objects.get(email=VIEWER))
    call_command("remove_demo")
    answer = json.loads(capsys.readouterr().out)
    assert sorted(answer["removed"]) == ["demo", "harbour"]
    assert sorted(answer["logins"]) == sorted([MANAGER, MARKETER, NEIGHBOUR])
    assert list(Agency.objects.all()) == [agency]
    assert (Influencer.objects.count(), Post.objects.count(), Claim.objects.count()) == (0, 0, 0)
    # History included, which no foreign key of the database holds.
    of_agencies = [model for model in apps.get_models() if any(field.name == "agency" for field in model._meta.fields)]
    strays = {model._meta.label: model._base_manager.exclude(agency=agency).count() for model in of_agencies}
    assert {label for label, count in strays.items() if count} == set()
    assert sorted(User.objects.values_list("email", flat=True)) == sorted([manager.user.email, VIEWER])
    call_command("remove_demo")
    assert json.loads(capsys.readouterr().out) == {"removed": [], "logins": []}
