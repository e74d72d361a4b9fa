"""What is claimed, value by value, worked out by hand from the contract."""

from datetime import date

import pytest
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from agency.errors import Refused
from campaigns.claims.derive import Row, Surroundings, absence_rows, collaboration_rows, people_of, with_everything
from campaigns.claims.platforms import PLATFORM_NUMBERS, platform_set
from campaigns.fields import EVERYTHING
from campaigns.models import Campaign, Collaboration, Deliverable, Unavailability
from influencers.models import Influencer, Platform
from tests.campaigns.booking import World, june, may
from tests.factories import InfluencerFactory


def rows_of(collaboration: Collaboration, *, as_booked: bool = True) -> list[Row]:
    fresh = with_everything(Collaboration.objects.filter(pk=collaboration.pk)).get()
    return collaboration_rows(fresh, Surroundings(fresh.agency_id), as_booked=as_booked)


def days(*parts: tuple[date, date | None]) -> Multirange[date]:
    """Half-open, as the database prints them."""
    return Multirange([Range(low, high) for low, high in parts])


def ids(*parts: tuple[int | None, int | None]) -> Multirange[int]:
    return Multirange([Range(low, high) for low, high in parts])


def test_platform_numbers_are_fixed_and_complete() -> None:
    assert {platform.value: number for platform, number in PLATFORM_NUMBERS.items()} == {
        "instagram": 1,
        "tiktok": 2,
        "youtube": 3,
        "facebook": 4,
        "x": 5,
        "linkedin": 6,
        "twitch": 7,
        "podcast": 8,
        "blog": 9,
        "newsletter": 10,
        "other": 11,
    }
    assert set(PLATFORM_NUMBERS) == set(Platform)
    assert platform_set(["tiktok", "instagram", "x"]) == ids((1, 3), (5, 6))
    assert platform_set([]) == EVERYTHING


def test_activity_is_the_union_of_the_windows_both_days_inclusive(world: World, emma: Influencer) -> None:
    brand = world.brand("Northwind", world.coffee)
    collaboration = world.proposal(
        emma, brand, [(may(10), may(12)), (may(20), may(20))], platform="tiktok", markets=["NL", "DK"]
    )
    (row,) = rows_of(collaboration)
    assert row.influencer_id == emma.pk
    assert row.clause_id is None
    assert row.is_exclusive is False
    assert row.during == days((may(10), may(13)), (may(20), may(21)))
    assert row.parties == ids((brand.pk, brand.pk + 1))
    assert row.categories == ids((world.coffee.pk, world.coffee.pk + 1))
    assert row.platforms == ids((2, 3))
    assert row.markets == ids((208, 209), (528, 529))  # ISO 3166: Denmark 208, the Netherlands 528


def test_activity_takes_the_campaigns_categories_and_not_their_descendants(world: World, emma: Influencer) -> None:
    collaboration = world.proposal(
        emma, world.brand("Northwind", world.coffee), categories=[world.drinks, world.fashion]
    )
    (row,) = rows_of(collaboration)
    assert row.categories == ids((world.drinks.pk, world.drinks.pk + 1), (world.fashion.pk, world.fashion.pk + 1))


def test_activity_is_the_flight_while_no_deliverable_has_a_date(world: World, emma: Influencer) -> None:
    brand = world.brand("Northwind", world.coffee)
    collaboration = world.proposal(emma, brand, flight=(may(4), may(31)))
    assert rows_of(collaboration)[0].during == days((may(4), june(1)))
    Deliverable.objects.create(agency=world.agency, collaboration=collaboration)
    assert rows_of(collaboration)[0].during == days((may(4), june(1)))
    Collaboration.objects.update(starts_on=may(6), ends_on=may(7))
    assert rows_of(collaboration)[0].during == days((may(6), may(8)))


def test_one_dated_deliverable_releases_the_rest_of_the_flight(world: World, emma: Influencer) -> None:
    collaboration = world.proposal(emma, world.brand("Northwind", world.coffee), [(may(10), may(10))])
    Deliverable.objects.create(agency=world.agency, collaboration=collaboration)
    assert rows_of(collaboration)[0].during == days((may(10), may(11)))


def test_what_is_not_known_is_assumed_to_meet(world: World, emma: Influencer) -> None:
    collaboration = world.proposal(emma, world.brand("Northwind", world.coffee), [(may(10), may(10))], platform="x")
    Deliverable.objects.create(agency=world.agency, collaboration=collaboration)
    (row,) = rows_of(collaboration)
    assert row.platforms == EVERYTHING
    assert row.markets == EVERYTHING


def test_dropped_deliverables_take_nothing(world: World, emma: Influencer) -> None:
    collaboration = world.proposal(
        emma, world.brand("Northwind", world.coffee), [(may(10), may(10)), (may(20), may(20))], platform="x"
    )
    collaboration.deliverables.filter(live_from=may(20)).update(state="dropped", account=None)
    (row,) = rows_of(collaboration)
    assert row.during == days((may(10), may(11)))
    assert row.platforms == ids((5, 6))


def test_a_booking_without_any_category_is_refused(world: World, emma: Influencer) -> None:
    collaboration = world.proposal(emma, world.brand("Nameless"))
    with pytest.raises(Refused, match="has no product category"):
        rows_of(collaboration)


def test_the_brands_categories_stand_in_for_the_campaigns(world: World, emma: Influencer) -> None:
    brand = world.brand("Northwind", world.tea)
    collaboration = world.proposal(emma, brand)
    Campaign.objects.get().categories.clear()
    assert rows_of(collaboration)[0].categories == ids((world.tea.pk, world.tea.pk + 1))


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        ("proposed", False),
        ("approved", False),
        ("contacted", False),
        ("negotiating", False),
        ("option", True),
        ("booked", True),
        ("live", True),
        ("completed", True),
        ("declined", False),
        ("cancelled", False),
    ],
)
def test_rows_exist_only_for_states_that_hold(world: World, emma: Influencer, state: str, holds: bool) -> None:
    collaboration = world.booked(emma, world.brand("Northwind", world.coffee))
    Collaboration.objects.update(state=state)
    assert bool(rows_of(collaboration, as_booked=False)) is holds


def test_a_cancelled_one_holds_what_went_live(world: World, emma: Influencer) -> None:
    collaboration = world.booked(
        emma,
        world.brand("Northwind", world.coffee),
        [(may(10), may(10)), (may(20), may(20))],
        clauses=[{"scope": "full", "days_after": 2}],
    )
    collaboration.deliverables.filter(live_from=may(10)).update(state="live")
    Collaboration.objects.update(state="cancelled")
    activity, clause = rows_of(collaboration, as_booked=False)
    assert activity.during == days((may(10), may(11)))
    assert clause.during == days((may(10), may(13)))


# --- clauses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        # posts on 10–12 and 20–21 May; the flight is May
        ({"anchor": "posts"}, [(may(10), may(22))]),
        ({"anchor": "posts", "days_before": 2, "days_after": 14}, [(may(8), june(5))]),
        ({"anchor": "posts", "is_open_ended": True, "days_before": 1, "days_after": 9}, [(may(9), None)]),
        ({"anchor": "each_post"}, [(may(10), may(13)), (may(20), may(22))]),
        ({"anchor": "each_post", "days_before": 1, "days_after": 2}, [(may(9), may(15)), (may(19), may(24))]),
        ({"anchor": "each_post", "days_before": 5, "days_after": 5}, [(may(5), may(27))]),
        ({"anchor": "each_post", "is_open_ended": True}, [(may(10), None)]),
        ({"anchor": "fixed", "fixed_from": may(1), "fixed_to": may(3)}, [(may(1), may(4))]),
        (
            {"anchor": "fixed", "fixed_from": may(2), "fixed_to": may(3), "days_before": 1, "days_after": 1},
            [(may(1), may(5))],
        ),
        ({"anchor": "fixed", "fixed_from": may(5), "is_open_ended": True}, [(may(5), None)]),
        ({"anchor": "usage"}, [(may(10), june(16))]),
        ({"anchor": "usage", "days_before": 3, "days_after": 5}, [(may(7), june(21))]),
        ({"anchor": "usage", "is_open_ended": True}, [(may(10), None)]),
    ],
)
def test_clause_days(
    world: World, emma: Influencer, clause: dict[str, object], expected: list[tuple[date, date | None]]
) -> None:
    collaboration = world.proposal(
        emma,
        world.brand("Northwind", world.coffee),
        [(may(20), may(21)), (may(10), may(12))],
        clauses=[{"scope": "full", **clause}],
        usage_rights_until=june(15),
    )
    assert rows_of(collaboration)[1].during == days(*expected)


def test_usage_rights_without_a_known_end_have_none(world: World, emma: Influencer) -> None:
    collaboration = world.proposal(
        emma, world.brand("N", world.coffee), [(may(10), may(12))], clauses=[{"scope": "full", "anchor": "usage"}]
    )
    assert rows_of(collaboration)[1].during == days((may(10), None))
    Collaboration.objects.update(usage_rights_until=may(1))  # over before the first post: its day is left
    assert rows_of(collaboration)[1].during == days((may(10), may(11)))


def test_clause_covers_its_categories_and_everything_below(world: World, emma: Influencer) -> None:
    collaboration = world.proposal(
        emma, world.brand("N", world.coffee), clauses=[{"scope": "categories", "categories": [world.hot]}]
    )
    wanted = sorted([world.hot.pk, world.coffee.pk, world.tea.pk])
    assert wanted == [wanted[0], wanted[0] + 1, wanted[0] + 2]  # made one after the other
    assert rows_of(collaboration)[1].categories == ids((wanted[0], wanted[2] + 1))


def test_clause_platforms_and_markets(world: World, emma: Influencer) -> None:
    clause = {"scope": "full", "platforms": ["youtube"], "markets": ["DE", "FR"]}
    collaboration = world.proposal(emma, world.brand("N", world.coffee), clauses=[clause], markets=["DK"])
    row = rows_of(collaboration)[1]
    assert row.platforms == ids((3, 4))
    assert row.markets == ids((250, 251), (276, 277))  # ISO 3166: France 250, Germany 276
    assert row.categories == EVERYTHING


def test_full_clause_shuts_out_everyone_but_the_clients_own_brands(world: World, emma: Influencer) -> None:
    own = world.brand("Own", world.coffee)
    sister = world.brand("Sister", world.coffee, client=own.client)
    named_sister = world.brand("Named sister", world.coffee, client=own.client)
    stranger = world.brand("Stranger", world.coffee)
    collaboration = world.proposal(emma, own, clauses=[{"scope": "full", "brands": [named_sister]}])
    parties = rows_of(collaboration)[1].parties
    assert sister.pk == own.pk + 1
    assert parties == ids((None, own.pk), (own.pk + 2, None))
    assert named_sister.pk == own.pk + 2
    assert stranger.pk > named_sister.pk


def test_clause_of_a_brand_without_client_spares_only_itself(world: World, emma: Influencer) -> None:
    rival = world.brand("Rival", world.coffee, client=None)
    world.brand("Another rival", world.coffee, client=None)
    collaboration = world.proposal(emma, rival, clauses=[{"scope": "full"}])
    assert rows_of(collaboration)[1].parties == ids((None, rival.pk), (rival.pk + 1, None))


def test_named_brands_are_exactly_those_whatever_the_rivals_say(world: World, emma: Influencer) -> None:
    own, one, two = (world.brand(name, world.coffee) for name in ("Own", "One", "Two"))
    own.rivals.add(two)
    collaboration = world.proposal(emma, own, clauses=[{"scope": "brands", "brands": [one]}])
    row = rows_of(collaboration)[1]
    assert row.parties == ids((one.pk, one.pk + 1))
    assert row.categories == EVERYTHING


def test_named_brands_without_another_brand_are_refused(world: World, emma: Influencer) -> None:
    own, one = world.brand("Own", world.coffee), world.brand("One", world.coffee)
    collaboration = world.proposal(emma, own, clauses=[{"scope": "brands", "brands": [one]}])
    collaboration.clauses.get().brands.set([own])
    with pytest.raises(Refused, match="names at least one other brand"):
        rows_of(collaboration)


def test_a_duos_rows_are_also_its_members(world: World) -> None:
    anna, ben = InfluencerFactory(agency=world.agency), InfluencerFactory(agency=world.agency)
    duo = InfluencerFactory(agency=world.agency, name="Anna & Ben")
    duo.members.set([anna, ben])
    collaboration = world.proposal(duo, world.brand("N", world.coffee), clauses=[{"scope": "full"}])
    rows = rows_of(collaboration)
    assert [(row.influencer_id, row.is_exclusive) for row in rows] == [
        (anna.pk, False),
        (anna.pk, True),
        (ben.pk, False),
        (ben.pk, True),
        (duo.pk, False),
        (duo.pk, True),
    ]
    assert people_of(duo) == [anna.pk, ben.pk, duo.pk]
    absence = Unavailability.objects.create(agency=world.agency, influencer=duo, starts_on=may(3), ends_on=may(4))
    absences = absence_rows(absence)
    assert [row.influencer_id for row in absences] == [anna.pk, ben.pk, duo.pk]
    for row in absences:
        assert row.is_exclusive
        assert row.during == days((may(3), may(5)))
        assert (row.parties, row.categories, row.platforms, row.markets) == (EVERYTHING,) * 4


def test_days_beyond_the_calendar_are_refused(world: World, emma: Influencer) -> None:
    late = date(9999, 12, 30)
    clause = {"scope": "full", "days_after": 30}
    with pytest.raises(Refused, match="beyond the calendar"):
        world.booked(emma, world.brand("N", world.coffee), [(late, late)], clauses=[clause])
    with pytest.raises(Refused, match="beyond the calendar"):
        world.booked(emma, world.brand("M", world.coffee), [(date.max, date.max)])
