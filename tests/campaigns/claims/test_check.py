"""The proof that stored claims are the derived ones, by function and by command."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agency.models import Agency
from campaigns.claims import check
from campaigns.fields import day_set, id_set
from campaigns.models import Campaign, Claim, Clash, Collaboration
from campaigns.services import record_unavailability
from influencers.models import Influencer
from tests.campaigns.booking import World, june, may


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    code = 0
    try:
        call_command("check_claims", *arguments, stdout=out)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    return code, json.loads(out.getvalue())


def test_nothing_wrong(world: World, emma: Influencer, other_agency: Agency) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[{"scope": "full"}])
    world.proposal(emma, world.brand("K", world.tea))
    record_unavailability(influencer=emma, starts_on=june(1), ends_on=june(2), by=None)
    assert run("--agency", world.agency.slug) == (0, {"checked": 2, "problems": []})
    assert run("--agency", other_agency.slug) == (0, {"checked": 0, "problems": []})
    assert run() == (0, {"checked": 2, "problems": []})


def test_an_unknown_agency_is_a_usage_error(db: None) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("check_claims", "--agency", "nobody")
    assert caught.value.returncode == 2


@pytest.mark.parametrize("damage", ["missing", "days", "parties", "left over", "market", "state"])
def test_every_difference_is_found(world: World, emma: Influencer, damage: str) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))])
    if damage == "missing":
        Claim.objects.all().delete()
    elif damage == "days":
        Claim.objects.update(during=day_set([(may(10), may(11))]))
    elif damage == "parties":
        Claim.objects.update(parties=id_set([7]))
    elif damage == "left over":
        Collaboration.objects.update(state="declined")
    elif damage == "market":
        Campaign.objects.update(markets=["DK"])
    else:
        Collaboration.objects.update(state="proposed")
    code, answer = run()
    assert code == 1
    assert answer == {
        "checked": 1,
        "problems": [
            {
                "agency": "northern",
                "collaboration": booked.pk,
                "message": "Stored claims differ from the derived ones.",
            }
        ],
    }


def test_an_absence_without_its_claim_is_found(world: World, emma: Influencer) -> None:
    absence = record_unavailability(influencer=emma, starts_on=june(1), ends_on=june(2), by=None)
    Claim.objects.all().delete()
    assert check.check_agency(world.agency) == (
        1,
        [{"unavailability": absence.pk, "message": "Stored claims differ from the derived ones."}],
    )


def test_a_booking_that_lost_its_categories_is_found(world: World, emma: Influencer) -> None:
    brand = world.brand("N", world.coffee)
    booked = world.booked(emma, brand, [(may(10), may(12))])
    booked.campaign.categories.clear()
    brand.categories.clear()
    (problem,) = check.check_agency(world.agency)[1]
    assert problem["message"].startswith("“N in May” has no product category.")


def test_a_difference_that_went_away_between_two_reads_is_none(
    world: World, emma: Influencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))])
    answers = iter(["differs", ""])
    monkeypatch.setattr(check, "difference", lambda collaboration, surroundings: next(answers))
    assert check.check_agency(world.agency) == (1, [])
    assert list(answers) == []


def test_a_difference_of_a_booking_that_is_gone_is_none(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee))
    Collaboration.objects.all().delete()
    assert check.confirmed_difference(booked) == ""


def test_days_given_up_are_a_problem_until_accepted_and_come_back_when_they_fit(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(10), may(20))])
    absence = record_unavailability(influencer=emma, starts_on=may(15), ends_on=may(30), by=None)
    expected = {"agency": "northern", "collaboration": booked.pk, "message": "Not enforced: 15–20 May 2026."}
    assert run() == (1, {"checked": 2, "problems": [expected]})
    Clash.objects.update(state="accepted", reason="posts from bed", decided_at="2026-05-01T00:00Z")
    assert run() == (0, {"checked": 2, "problems": []})
    assert Claim.objects.filter(enforced=False).count() == 1
    absence.delete()  # without the service: the days are only found to fit by the check
    assert Claim.objects.filter(enforced=False).count() == 1
    assert run() == (0, {"checked": 1, "problems": []})
    (claim,) = Claim.objects.all()
    assert claim.enforced
    assert claim.during == day_set([(may(10), may(20))])


def test_days_that_somebody_else_took_meanwhile_stay_given_up(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(10), may(20))])
    absence = record_unavailability(influencer=emma, starts_on=may(15), ends_on=may(30), by=None)
    other = world.booked(
        emma, world.brand("K", world.tea), [(june(1), june(1))], clauses=[{"scope": "full", "days_before": 14}]
    )  # from 18 May on
    absence.delete()
    code, answer = run()
    assert (code, answer["problems"]) == (
        1,
        [{"agency": "northern", "collaboration": booked.pk, "message": "Not enforced: 18–20 May 2026."}],
    )
    (clash,) = Clash.objects.filter(state="open")
    assert (clash.collaboration, clash.against, clash.rule) == (booked, other, "C2")
    stored = {(claim.enforced, str(claim.during)) for claim in Claim.objects.filter(collaboration=booked)}
    assert stored == {(True, str(day_set([(may(10), may(17))]))), (False, str(day_set([(may(18), may(20))])))}


def test_repair_that_is_refused_is_a_problem(world: World, emma: Influencer) -> None:
    booked = world.booked(emma, world.brand("N", world.coffee), [(may(10), may(20))])
    record_unavailability(influencer=emma, starts_on=may(15), ends_on=may(30), by=None)
    world.booked(emma, world.brand("K", world.tea), [(may(9), may(9))], clauses=[{"scope": "full"}])
    booked.deliverables.update(live_from=may(9))  # past the services: these days were never claimed
    problems = check.check_agency(world.agency)[1]
    assert [problem["collaboration"] for problem in problems] == [booked.pk, booked.pk]
    assert problems[1]["message"].startswith("Emma is not available 9 May 2026: exclusivity.")
