"""The roster narrowed by what bookings say: who is free, who did no work for rivals."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from psycopg.types.multirange import Multirange

from agency.models import Agency, Brand, Category, Membership
from campaigns.fields import EVERYTHING, day_set, id_set
from campaigns.models import Claim, Collaboration, Unavailability
from campaigns.roster_filters import months_before
from influencers.filters import RosterFilter, matching_lines
from influencers.models import Influencer
from tests.factories import (
    BrandFactory,
    CampaignFactory,
    CategoryFactory,
    ClientFactory,
    CollaborationFactory,
    InfluencerFactory,
)

MAY = (date(2026, 5, 3), date(2026, 5, 17))


def found(membership: Membership, query: str) -> list[str]:
    lines = matching_lines(QueryDict(query), membership)
    return sorted(lines.values_list("influencer__name", flat=True))


def claim(
    influencer: Influencer, *, days: tuple[date, date] = MAY, parties: "Multirange[int]" = EVERYTHING,
    categories: "Multirange[int]" = EVERYTHING, is_exclusive: bool = True, enforced: bool = True,
) -> Claim:  # fmt: skip
    origin: dict[str, object] = {}
    if is_exclusive:
        origin["unavailability"] = Unavailability.objects.create(
            agency=influencer.agency, influencer=influencer, starts_on=days[0], ends_on=days[1]
        )
    else:
        origin["collaboration"] = CollaborationFactory(agency=influencer.agency, influencer=influencer)
    return Claim.objects.create(
        agency=influencer.agency, influencer=influencer, is_exclusive=is_exclusive, enforced=enforced,
        during=day_set([days]), parties=parties, categories=categories, platforms=EVERYTHING, markets=EVERYTHING, **origin,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("free_from=2026-05-01&free_to=2026-05-02", ["Free", "Held"]),
        ("free_from=2026-05-02&free_to=2026-05-03", ["Free"]),
        ("free_from=2026-05-17", ["Free"]),
        ("free_from=2026-05-18", ["Free", "Held"]),
        ("free_from=2026-05-20&free_to=2026-05-10", ["Free"]),
        ("free_to=2026-05-10", ["Free", "Held"]),
        ("free_from=9999-12-31", ["Free", "Held"]),
        ("free_from=nonsense", ["Free", "Held"]),
    ],
)
@pytest.mark.parametrize("is_exclusive", [True, False])
def test_free_on_days(agency: Agency, viewer: Membership, asked: str, names: list[str], is_exclusive: bool) -> None:
    InfluencerFactory(agency=agency, name="Free")
    claim(InfluencerFactory(agency=agency, name="Held"), is_exclusive=is_exclusive)
    assert found(viewer, asked) == names


def test_free_for_a_brand_is_what_a_booking_of_it_would_be_refused_by(agency: Agency, marketer: Membership) -> None:
    coffee, beer = CategoryFactory(agency=agency), CategoryFactory(agency=agency)
    brand, other = BrandFactory(agency=agency, categories=[coffee]), BrandFactory(agency=agency)

    def held(name: str, **more: object) -> None:
        claim(InfluencerFactory(agency=agency, name=name), **more)  # type: ignore[arg-type]

    held("activity", is_exclusive=False)
    held("not enforced", enforced=False)
    held("other party", parties=id_set([other.pk]))
    held("other category", categories=id_set([beer.pk]))
    held("this party", parties=id_set([brand.pk, other.pk]))
    held("this category", categories=id_set([coffee.pk]))
    held("everything")
    days = "free_from=2026-05-10&free_to=2026-05-11"
    free = ["activity", "not enforced", "other category", "other party"]
    assert found(marketer, f"{days}&free_for={brand.pk}") == free
    brand.categories.clear()
    free.remove("other category")
    assert found(marketer, f"{days}&free_for={brand.pk}") == free


def test_free_counts_what_a_confidential_client_holds_and_names_nobody(agency: Agency, marketer: Membership) -> None:
    secret = BrandFactory(agency=agency, client=ClientFactory(agency=agency, is_confidential=True), name="CANARY")
    held = InfluencerFactory(agency=agency, name="Held")
    campaign = CampaignFactory(agency=agency, brand=secret)
    booking = CollaborationFactory(agency=agency, influencer=held, campaign=campaign)
    Claim.objects.create(
        agency=agency, influencer=held, is_exclusive=False, during=day_set([MAY]), parties=id_set([secret.pk]),
        categories=EVERYTHING, platforms=EVERYTHING, markets=EVERYTHING, collaboration=booking,
    )  # fmt: skip
    InfluencerFactory(agency=agency, name="Free")
    assert found(marketer, "free_from=2026-05-10") == ["Free"]
    asked = RosterFilter(QueryDict(f"free_from=2026-05-10&free_for={secret.pk}"), membership=marketer)
    chips = [(chip.label, chip.value) for chip in asked.chips("/")]
    assert chips == [("Free", "10 May 2026")]


@pytest.fixture
def coffee(agency: Agency) -> Category:
    return CategoryFactory(agency=agency)


@pytest.fixture
def brand(agency: Agency, coffee: Category) -> Brand:
    return BrandFactory(agency=agency, categories=[coffee], name="Northwind")


def worked(agency: Agency, name: str, brand: Brand, ended: date, state: str = "completed") -> Collaboration:
    campaign = CampaignFactory(agency=agency, brand=brand, starts_on=ended - timedelta(days=3), ends_on=ended)
    campaign.categories.set(brand.categories.all() or [CategoryFactory(agency=agency)])
    return CollaborationFactory(
        agency=agency,
        influencer=InfluencerFactory(agency=agency, name=name),
        campaign=campaign,
        state=state,
        booked_at="2026-01-01T00:00Z",
    )


def test_no_rival_work_within_months(agency: Agency, marketer: Membership, brand: Brand, coffee: Category) -> None:
    today = agency.today()
    rival = BrandFactory(agency=agency, name="Rival")
    brand.rivals.add(rival)
    worked(agency, "rival, on the day", rival, months_before(today, 12))
    worked(agency, "rival, a day earlier", rival, months_before(today, 12) - timedelta(days=1))
    worked(agency, "rival, only proposed", rival, today, state="proposed")
    worked(agency, "same category", BrandFactory(agency=agency, categories=[coffee]), today)
    worked(agency, "the brand itself", brand, today)
    worked(agency, "somebody else", BrandFactory(agency=agency), today)
    InfluencerFactory(agency=agency, name="nobody")
    clean = ["nobody", "rival, a day earlier", "rival, only proposed", "somebody else", "the brand itself"]
    assert found(marketer, f"rivals_of={brand.pk}") == clean
    assert found(marketer, f"rivals_of={brand.pk}&rival_months=11") == sorted([*clean, "rival, on the day"])
    asked = RosterFilter(QueryDict(f"rivals_of={brand.pk}&rival_months=6"), membership=marketer)
    assert [chip.value for chip in asked.chips("/")] == ["Northwind, 6 months"]


def test_no_rival_work_tells_nothing_of_a_confidential_rival(
    agency: Agency, marketer: Membership, manager: Membership, brand: Brand
) -> None:
    secret = BrandFactory(agency=agency, client=ClientFactory(agency=agency, is_confidential=True))
    brand.rivals.add(secret)
    worked(agency, "Emma", secret, agency.today())
    assert found(manager, f"rivals_of={brand.pk}") == []
    assert found(marketer, f"rivals_of={brand.pk}") == ["Emma"]
    assert found(marketer, f"rivals_of={secret.pk}") == ["Emma"], "such a brand does not exist for this reader"


def test_no_rival_work_counts_for_the_members_of_a_duo(agency: Agency, marketer: Membership, brand: Brand) -> None:
    rival = BrandFactory(agency=agency)
    brand.rivals.add(rival)
    duo = worked(agency, "Duo", rival, agency.today()).influencer
    member = InfluencerFactory(agency=agency, name="Member")
    InfluencerFactory(agency=agency, name="Stranger")
    duo.members.add(member)
    assert found(marketer, f"rivals_of={brand.pk}") == ["Stranger"]


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 5, 31), 1, date(2026, 4, 30)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_months_before(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier
