"""Every constraint of the app's tables, broken by raw hands: the database says no, whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint
from django.utils import timezone

from campaigns.fields import EVERYTHING, day_set, id_set
from campaigns.models import Claim, Clash, Collaboration, Exclusivity, Unavailability
from influencers.models import Influencer
from tests.campaigns.booking import World, may
from tests.factories import CampaignFactory, CollaborationFactory, DeliverableFactory, ExclusivityFactory


def claim(world: World, influencer: Influencer, **fields: Any) -> Claim:
    everything = dict.fromkeys(("parties", "categories", "platforms", "markets"), EVERYTHING)
    values = {"is_exclusive": False, "during": day_set([(may(1), may(2))]), **everything, **fields}
    return Claim.objects.create(agency=world.agency, influencer=influencer, **values)


def booking(world: World, influencer: Influencer) -> Collaboration:
    return CollaborationFactory(agency=world.agency, influencer=influencer)


def absence(world: World, influencer: Influencer) -> Unavailability:
    return Unavailability.objects.create(agency=world.agency, influencer=influencer, starts_on=may(1), ends_on=may(2))


def clause(world: World, influencer: Influencer, **fields: Any) -> Exclusivity:
    return ExclusivityFactory(agency=world.agency, collaboration=booking(world, influencer), **fields)


Attempt = Callable[[World, Influencer], Any]

BREAKS: dict[str, list[Attempt]] = {
    "campaign_flight_in_order": [lambda w, e: CampaignFactory(agency=w.agency, starts_on=may(2), ends_on=may(1))],
    "campaign_budget_not_negative": [lambda w, e: CampaignFactory(agency=w.agency, budget=-1)],
    "campaign_currency_iso_4217": [
        lambda w, e: CampaignFactory(agency=w.agency, currency="eur"),
        lambda w, e: CampaignFactory(agency=w.agency, currency="EU"),
    ],
    "campaign_three_key_messages": [lambda w, e: CampaignFactory(agency=w.agency, key_messages=list("abcd"))],
    "collaboration_once_per_campaign": [
        lambda w, e: CollaborationFactory(agency=w.agency, influencer=e, campaign=booking(w, e).campaign)
    ],
    "collaboration_flight_in_order": [
        lambda w, e: CollaborationFactory(agency=w.agency, starts_on=may(2), ends_on=may(1)),
        lambda w, e: CollaborationFactory(agency=w.agency, starts_on=may(2)),
        lambda w, e: CollaborationFactory(agency=w.agency, ends_on=may(2)),
    ],
    "collaboration_money_not_negative": [
        lambda w, e: CollaborationFactory(agency=w.agency, fee=-1),
        lambda w, e: CollaborationFactory(agency=w.agency, client_price=-1),
    ],
    "collaboration_currency_iso_4217": [lambda w, e: CollaborationFactory(agency=w.agency, currency="E1R")],
    "collaboration_booked_has_time": [
        lambda w, e: CollaborationFactory(agency=w.agency, state="booked"),
        lambda w, e: CollaborationFactory(agency=w.agency, state="live"),
        lambda w, e: CollaborationFactory(agency=w.agency, state="completed"),
    ],
    "deliverable_live_in_order": [
        lambda w, e: DeliverableFactory(agency=w.agency, live_from=may(2), live_to=may(1)),
        lambda w, e: DeliverableFactory(agency=w.agency, live_from=may(2), live_to=None),
        lambda w, e: DeliverableFactory(agency=w.agency, live_from=None, live_to=may(2)),
    ],
    "exclusivity_fixed_has_dates": [
        lambda w, e: clause(w, e, anchor="fixed"),
        lambda w, e: clause(w, e, anchor="fixed", fixed_from=may(2), fixed_to=may(1)),
        lambda w, e: clause(w, e, anchor="fixed", fixed_from=may(2)),
        lambda w, e: clause(w, e, anchor="fixed", fixed_to=may(2), is_open_ended=True),
    ],
    "unavailability_in_order": [
        lambda w, e: Unavailability.objects.create(agency=w.agency, influencer=e, starts_on=may(2), ends_on=may(1))
    ],
    "clash_open_once": [
        lambda w, e: [
            Clash.objects.create(
                agency=w.agency,
                influencer=e,
                collaboration=same,
                unavailability=None,
                rule="C1",
                during=day_set([(may(1), may(2))]),
            )
            for same in [booking(w, e)] * 2
        ]
    ],
    "clash_accepted_has_reason": [
        lambda w, e, fields=fields: Clash.objects.create(
            agency=w.agency,
            influencer=e,
            collaboration=booking(w, e),
            rule="C1",
            during=day_set([(may(1), may(2))]),
            state="accepted",
            **fields,
        )
        for fields in ({"reason": "fine"}, {"decided_at": timezone.now()})
    ],
    **{
        f"claim_{name}_not_empty": [
            lambda w, e, name=name, empty=empty: claim(w, e, collaboration=booking(w, e), **{name: empty})
        ]
        for name, empty in [
            ("during", day_set([])),
            *((name, id_set([])) for name in ("parties", "categories", "platforms", "markets")),
        ]
    },
    "claim_one_origin": [
        claim,
        lambda w, e: claim(w, e, collaboration=booking(w, e), unavailability=absence(w, e)),
        lambda w, e: claim(w, e, unavailability=absence(w, e)),
        lambda w, e: claim(w, e, unavailability=absence(w, e), clause=clause(w, e), is_exclusive=True),
    ],
    "claim_exclusive_from_clause": [
        lambda w, e: claim(w, e, collaboration=booking(w, e), is_exclusive=True),
        lambda w, e: claim(w, e, collaboration=(c := clause(w, e)).collaboration, clause=c, is_exclusive=False),
    ],
}
CASES = [(name, attempt) for name, attempts in BREAKS.items() for attempt in attempts]


@pytest.mark.parametrize(("name", "attempt"), CASES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CASES)])
def test_the_database_refuses(world: World, emma: Influencer, name: str, attempt: Attempt) -> None:
    with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        attempt(world, emma)


def test_every_constraint_of_the_app_has_such_a_test() -> None:
    """The exclusion constraint has its own tests below."""
    declared = {
        constraint.name
        for model in apps.get_app_config("campaigns").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    }
    assert declared == set(BREAKS)


@pytest.mark.parametrize(
    "column", ["during", "parties", "categories", "platforms", "markets", "is_exclusive", "influencer_id"]
)
def test_no_column_of_a_claim_that_decides_may_be_unknown(world: World, emma: Influencer, column: str) -> None:
    stored = claim(world, emma, collaboration=booking(world, emma))
    with pytest.raises(IntegrityError, match="not-null"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE campaigns_claim SET {column} = NULL WHERE id = %s", [stored.pk])  # noqa: S608


# --- raw SQL ----------------------------------------------------------------------------------------------

INSERT = """
INSERT INTO campaigns_claim
    (agency_id, influencer_id, collaboration_id, clause_id, unavailability_id, is_exclusive, enforced,
     during, parties, categories, platforms, markets)
VALUES (%s, %s, %s, NULL, NULL, false, %s, %s::datemultirange, %s::int4multirange, '{(,)}', '{(,)}', '{(,)}')
"""


def insert_raw(world: World, rival: Collaboration, during: str, parties: str, *, enforced: bool = True) -> None:
    values = [world.agency.pk, rival.influencer_id, rival.pk, enforced, during, parties]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, values)


@pytest.mark.parametrize("during", ["{[2026-05-14,2026-05-15)}", "{[2026-04-01,2026-07-01)}", "{(,)}"])
def test_a_clashing_claim_by_raw_sql_is_refused(world: World, emma: Influencer, during: str) -> None:
    own = world.brand("N", world.coffee)
    world.booked(emma, own, [(may(10), may(12))], clauses=[{"scope": "full", "days_after": 2}])
    rival = world.proposal(emma, world.brand("K", world.tea))
    brand = rival.campaign.brand_id
    with pytest.raises(IntegrityError, match='"claim_no_clash"'):
        insert_raw(world, rival, during, f"{{[{brand},{brand + 1})}}")
    with pytest.raises(IntegrityError, match='"claim_no_clash"'):
        insert_raw(world, rival, during, "{(,)}")
    insert_raw(world, rival, during, f"{{[{own.pk},{own.pk + 1})}}")  # the own brand is spared
    insert_raw(world, rival, during, "{(,)}", enforced=False)  # what is not enforced is only noted
    insert_raw(world, rival, "{[2026-05-15,2026-06-01),[2026-01-01,2026-05-10)}", "{(,)}")  # other days


def test_a_clashing_claim_by_raw_update_is_refused(world: World, emma: Influencer) -> None:
    world.booked(emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[{"scope": "full"}])
    other = world.booked(emma, world.brand("K", world.tea), [(may(13), may(13))])
    with pytest.raises(IntegrityError, match='"claim_no_clash"'), transaction.atomic():
        Claim.objects.filter(collaboration=other).update(during=day_set([(may(12), may(13))]))
