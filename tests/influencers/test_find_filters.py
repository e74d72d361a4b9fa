"""Each filter of the roster: exactly whom it leaves, to whom; all of them against the same rules in Python."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency.models import Agency, Brand, Membership
from influencers.filters import RosterFilter, matching_lines
from influencers.models import (
    AudienceShare,
    BrandFit,
    BrandFitNote,
    Influencer,
    Price,
    RosterColumns,
    RosterLine,
    Shortlist,
    ShortlistEntry,
)
from influencers.selectors.roster import SORTINGS
from influencers.services import seed_tier_schemes
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    BrandFactory,
    ClientFactory,
    InfluencerFactory,
    MembershipFactory,
)
from tests.influencers.test_roster import creator, figures, names, page

Login = Callable[[Membership], Client]
LONG_AGO = date(2020, 1, 1)


def found(membership: Membership, query: str) -> list[str]:
    lines = matching_lines(QueryDict(query), membership)
    return sorted(lines.values_list("influencer__name", flat=True))


def chips(membership: Membership, query: str) -> list[tuple[str, str]]:
    asked = RosterFilter(QueryDict(query), membership=membership)
    return [(chip.label, chip.value) for chip in asked.chips("/")]


def test_matching_lines_takes_a_request(agency: Agency, viewer: Membership) -> None:
    creator(agency, "Emma", 10)
    creator(agency, "Bo", 10)
    request = RequestFactory().get("/?q=emma&sort=-followers&after=x")
    assert [line.influencer.name for line in matching_lines(request, viewer)] == ["Emma"]


# --- columns of the line ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("followers_from=5000", ["big", "small"]),
        ("followers_from=5001", ["big"]),
        ("followers_to=5000", ["small"]),
        ("followers_from=5000&followers_to=5000", ["small"]),
        ("followers_from=-1", ["big", "none", "small"]),
        ("followers_from=99999999999999999999", ["big", "none", "small"]),
        ("rate_from=3", ["small"]),
        ("rate_from=3.01", []),
        ("rate_to=1", ["big"]),
        ("rate_from=1&rate_to=3", ["big", "small"]),
        ("growth_from=-5", ["big", "small"]),
        ("growth_to=-1", ["big"]),
        ("saturation_to=20", ["small"]),
        ("saturation_to=0", []),
        ("percentile_from=75", ["small"]),
        ("percentile_from=75.1", []),
        ("older=30", ["big"]),
        ("older=5", ["big", "small"]),
        ("rate=known", ["big", "small"]),
        ("rate=unknown", ["none"]),
    ],
)
def test_numbers(agency: Agency, viewer: Membership, query: str, expected: list[str]) -> None:
    big, small = creator(agency, "big", 80_000), creator(agency, "small", 5_000)
    creator(agency, "none", None)
    for influencer, days, known in (
        (big, 31, {"headline_rate": 0.01, "growth_30d": -0.05, "saturation": 0.21}),
        (small, 6, {"headline_rate": 0.03, "growth_30d": 0.0, "saturation": 0.2}),
    ):
        figures(influencer.accounts.get(), as_of=now() - timedelta(days=days), **known)
    RosterLine.objects.filter(pk=small.pk).update(rate_percentile=0.75)
    assert found(viewer, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("country=DK", ["Åse"]),
        ("country=XX", ["Bo", "Åse"]),
        ("region=midtjylland", ["Åse"]),
        ("city=arhus", ["Åse"]),
        ("city=År", ["Åse"]),
        ("city=%25", []),
        ("language=da", ["Åse"]),
        ("language=d", []),
        ("niche=food", ["Åse"]),
        ("niche=Food", []),
        ("tag=vip", ["Bo"]),
        ("kind=journalist", ["Bo"]),
        ("status=paused", ["Bo"]),
        ("kind=journalist&country=DK", []),
        ("q=vip", ["Bo"]),
        ("q=%40ase.cooks", ["Åse"]),
    ],
)
def test_words(agency: Agency, viewer: Membership, query: str, expected: list[str]) -> None:
    ase = InfluencerFactory(
        agency=agency, name="Åse", country="DK", region="Midtjylland", city="Århus", languages=["da", "en"], niches=["food"]
    )  # fmt: skip
    AccountFactory(agency=agency, influencer=ase, handle="ase.cooks")
    InfluencerFactory(agency=agency, name="Bo", tags=["vip"], kind="journalist", status="paused")
    assert found(viewer, query) == expected


def test_lines_follow_what_is_filtered_by(agency: Agency, viewer: Membership) -> None:
    bo = InfluencerFactory(agency=agency, name="Bo")
    Influencer.objects.filter(pk=bo.pk).update(
        city="Malmö", region="Skåne", kind="expert", languages=["sv"], niches=["bikes"], tags=["new"]
    )
    for query in ("city=malmo", "region=skane", "kind=expert", "language=sv", "niche=bikes", "tag=new", "q=bikes"):
        assert found(viewer, query) == ["Bo"], query


# --- audience -----------------------------------------------------------------------------------------------
def share(influencer: Influencer, key: str, part: str, dimension: str = "country", day: date = LONG_AGO) -> None:
    AudienceShare.objects.create(
        agency=influencer.agency, account=influencer.accounts.order_by("-followers").first(), dimension=dimension,
        key=key, share=Decimal(part), source="media kit", as_of=day,
    )  # fmt: skip


def test_audience_is_that_of_the_latest_day_of_the_account_that_speaks(agency: Agency, viewer: Membership) -> None:
    later = LONG_AGO + timedelta(days=1)
    high, fell, gone, second = (creator(agency, name, 10) for name in ("high", "fell", "gone", "second"))
    share(high, "DK", "0.4")
    share(fell, "DK", "0.9")
    share(fell, "DK", "0.399999", day=later)
    share(gone, "DK", "0.9")
    share(gone, "SE", "1", day=later)
    share(gone, "women", "0.7", "gender", day=LONG_AGO)
    share(second, "DK", "0.9")
    AccountFactory(agency=agency, influencer=second, platform="tiktok", typed_followers=11)
    share(high, "18-24", "0.5", "age")
    assert found(viewer, "audience_country=DK&audience_country_share=40") == ["high"]
    assert found(viewer, "audience_country=DK&audience_country_share=39.9999") == ["fell", "high"]
    assert found(viewer, "audience_country=DK") == ["fell", "high"]
    assert found(viewer, "audience_gender=women&audience_gender_share=70") == ["gone"]
    assert found(viewer, "audience_age=18-24&audience_age_share=50&audience_country=DK") == ["high"]
    assert len(found(viewer, "audience_country_share=40")) == 4, "a share of nothing in particular asks for nothing"
    assert chips(viewer, "audience_country=DK&audience_country_share=40") == [("Audience in", "Denmark ≥ 40 %")]


# --- brand fit, notes, prices -------------------------------------------------------------------------------
def fit(influencer: Influencer, brand: Brand, author: Membership, verdict: str, **more: Any) -> BrandFit:
    row = {"version": 1, "written_on": LONG_AGO, "expires_on": date(2099, 1, 1), **more}
    conditions = "no meat" if verdict == "conditions" else ""
    return BrandFit.objects.create(
        agency=influencer.agency, influencer=influencer, brand=brand, verdict=verdict, conditions=conditions,
        author=author.user, **row,
    )  # fmt: skip


@pytest.fixture
def fits(agency: Agency, manager: Membership) -> dict[str, Brand]:
    """One creator for each state of a scorecard for the open brand, and one that only the confidential client assessed."""
    brands = {
        "open": BrandFactory(agency=agency, client=ClientFactory(agency=agency), name="Northwind"),
        "other": BrandFactory(agency=agency, client=ClientFactory(agency=agency)),
        "secret": BrandFactory(agency=agency, client=ClientFactory(agency=agency, is_confidential=True), name="CANARY"),
    }
    people = {
        name: creator(agency, name, 10) for name in ("fits", "unfit", "expired", "reviewed", "open", "secret", "nobody")
    }
    fit(people["fits"], brands["open"], manager, "fits")
    fit(people["unfit"], brands["open"], manager, "unfit")
    fit(people["expired"], brands["open"], manager, "fits", expires_on=agency.today() - timedelta(days=1))
    fit(people["reviewed"], brands["open"], manager, "fits", is_current=False)
    fit(people["reviewed"], brands["open"], manager, "conditions", version=2, expires_on=agency.today())
    fit(people["open"], brands["open"], manager, "not_assessed")
    fit(people["secret"], brands["secret"], manager, "fits")
    return brands


def test_brand_fit_counts_the_current_card_that_has_not_expired(fits: dict[str, Brand], marketer: Membership) -> None:
    brand = f"brand={fits['open'].pk}"
    assert found(marketer, f"{brand}&verdict=fits") == ["fits"]
    assert found(marketer, f"{brand}&verdict=conditions") == ["reviewed"]
    assert found(marketer, f"{brand}&verdict=unfit") == ["unfit"]
    assert found(marketer, f"{brand}&verdict=not_assessed") == ["expired", "nobody", "open", "secret"]
    assert found(marketer, brand) == ["fits", "reviewed", "unfit"]
    assert found(marketer, f"brand={fits['other'].pk}") == []
    assert chips(marketer, f"{brand}&verdict=fits") == [("Brand fit", "fits · Northwind")]
    assert chips(marketer, brand) == [("Brand fit", "assessed · Northwind")]


def test_brand_fit_of_a_confidential_client_leaves_no_trace(
    fits: dict[str, Brand], agency: Agency, marketer: Membership, manager: Membership, viewer: Membership, login: Login
) -> None:
    assert found(marketer, "verdict=fits") == ["fits"]
    assert found(manager, "verdict=fits") == ["fits", "secret"]
    assert "secret" in found(marketer, "verdict=not_assessed")
    assert "secret" not in found(manager, "verdict=not_assessed")
    everybody = sorted(["expired", "fits", "nobody", "open", "reviewed", "secret", "unfit"])
    assert found(marketer, f"brand={fits['secret'].pk}&verdict=fits") == ["fits"], "such a brand does not exist here"
    assert found(marketer, f"brand={fits['secret'].pk}") == everybody
    html = page(login(marketer), agency, f"brand={fits['secret'].pk}")
    assert "CANARY" not in html
    for query in (f"brand={fits['open'].pk}&verdict=fits", "verdict=unfit"):
        assert found(viewer, query) == everybody, "viewers have no such filter"
        assert chips(viewer, query) == []


def test_notes_are_searched_as_far_as_they_may_be_read(
    fits: dict[str, Brand], agency: Agency, marketer: Membership, manager: Membership, viewer: Membership
) -> None:
    people = {each.name: each for each in Influencer.objects.all()}

    def note(name: str, brand: str, text: str, *, is_internal: bool = True) -> None:
        BrandFitNote.objects.create(
            agency=agency, influencer=people[name], brand=fits[brand], text=text, is_internal=is_internal,
            written_on=LONG_AGO, author=manager.user,
        )  # fmt: skip

    fits["open"].client.team.add(viewer)
    note("fits", "open", "Kind to CAFÉ owners")
    note("unfit", "open", "Rude to café owners", is_internal=False)
    note("secret", "secret", "café")
    note("open", "open", "kind")
    note("open", "open", "café")
    assert found(manager, "notes=cafe") == ["fits", "open", "secret", "unfit"]
    assert found(marketer, "notes=cafe") == ["fits", "open", "unfit"]
    assert found(viewer, "notes=cafe") == ["unfit"]
    assert found(marketer, "notes=kind+cafe") == ["fits"], "both words in one note"
    assert found(marketer, "notes=100%25") == []
    assert found(marketer, "q=cafe") == [], "search proper does not read notes"


def price(influencer: Influencer, amount: str, **more: Any) -> None:
    row = {"kind": "post", "currency": "EUR", "valid_from": LONG_AGO, **more}
    Price.objects.create(agency=influencer.agency, influencer=influencer, amount=Decimal(amount), **row)


def test_prices_that_are_valid_today_in_one_currency(agency: Agency, marketer: Membership, viewer: Membership) -> None:
    today = agency.today()
    people = {
        name: creator(agency, name, 10) for name in ("cheap", "dear", "past", "future", "last day", "crowns", "none")
    }
    price(people["cheap"], "99.99")
    price(people["cheap"], "500", kind="video")
    price(people["dear"], "100.01")
    price(people["past"], "50", valid_to=today - timedelta(days=1))
    price(people["future"], "50", valid_from=today + timedelta(days=1))
    price(people["last day"], "100", valid_to=today)
    price(people["crowns"], "100", currency="DKK")
    assert found(marketer, "price_to=100") == ["cheap", "last day"]
    assert found(marketer, "price_from=100&price_to=100") == ["last day"]
    assert found(marketer, "price_from=100&price_kind=video") == ["cheap"]
    assert found(marketer, "price_kind=post") == ["cheap", "crowns", "dear", "last day"]
    assert found(marketer, "price_to=100&price_currency=DKK") == ["crowns"]
    assert found(marketer, "price_currency=DKK") == ["crowns"]
    assert len(found(marketer, "price_currency=dkk")) == 7, "no currency, so no filter"
    assert len(found(viewer, "price_to=100")) == 7
    assert chips(viewer, "price_to=100") == []
    assert chips(marketer, "price_kind=post&price_from=1000&price_to=2500.5") == [("Price", "post · 1,000–2,500.5 EUR")]
    assert chips(marketer, "price_currency=DKK") == [("Price", "DKK")]


def test_on_list_that_the_reader_sees(
    agency: Agency, viewer: Membership, marketer: Membership, outsider: Membership
) -> None:
    emma = creator(agency, "Emma", 10)
    creator(agency, "Bo", 10)
    shared, hidden = (
        Shortlist.objects.create(agency=agency, owner=marketer, name=name, is_shared=name == "Spring")
        for name in ("Spring", "CANARY")
    )
    for each in (shared, hidden):
        ShortlistEntry.objects.create(shortlist=each, influencer=emma)
    assert found(viewer, f"list={shared.pk}") == ["Emma"]
    assert found(viewer, f"list={hidden.pk}") == ["Bo", "Emma"]
    assert found(marketer, f"list={hidden.pk}") == ["Emma"]
    assert found(outsider, f"list={shared.pk}") == []
    assert chips(viewer, f"list={shared.pk}") == [("List", "Spring")]


@pytest.mark.parametrize(
    ("query", "chip"),
    [
        ("followers_from=10000", ("Followers", "from 10,000")),
        ("followers_to=10000", ("Followers", "to 10,000")),
        ("rate_from=1.5&rate_to=3", ("Rate", "1.5–3 %")),
        ("growth_from=-20", ("Growth in 30 days", "from -20 %")),
        ("older=1000", ("Figures older than", "1,000 days")),
        ("country=DK", ("Country", "Denmark")),
        ("rate=unknown", ("Engagement rate", "without a rate")),
        ("city=+Aarhus+", ("City", "Aarhus")),
    ],
)
def test_chips_say_what_is_asked(agency: Agency, viewer: Membership, query: str, chip: tuple[str, str]) -> None:
    assert chips(viewer, query) == [chip]


@pytest.mark.parametrize("value", ["%00", "-1", "nan", "1e999", "x" * 300, "9" * 30, "2026-02-31", "%F0%9F%A6%8A"])
def test_filters_survive_anything(agency: Agency, marketer: Membership, value: str) -> None:
    creator(agency, "Emma", 10)
    for field in RosterFilter(QueryDict(), membership=marketer).form.fields:
        assert set(found(marketer, f"{field}={value}")) <= {"Emma"}


# --- typing errors ------------------------------------------------------------------------------------------
def test_influencer_list_offers_the_closest_where_nothing_matches(
    agency: Agency, other_agency: Agency, viewer: Membership, login: Login
) -> None:
    creator(agency, "Emma Larsen", 10)
    creator(agency, "Emil Larsson", 10, status="paused")
    creator(agency, "Bo Nguyen", 10)
    creator(other_agency, "Emna Larsn", 10)
    html = page(login(viewer), agency, "q=emna+larsn")
    assert "Nothing matches “emna larsn” exactly. Closest:" in html
    assert names(html) == ["Emil Larsson", "Emma Larsen"]
    assert "Bo Nguyen" not in html
    assert 'name="pick"' not in html
    assert names(page(login(viewer), agency, "q=nguyeb")) == ["Bo Nguyen"]
    assert "Emil" not in page(login(viewer), agency, "q=emna+larsn&status=active")
    html = page(login(viewer), agency, "q=zzzzz")
    assert "Closest" not in html
    assert "No creator fits these filters" in html


# --- all together -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Person:
    """A creator as the filters know them."""

    followers: int | None
    platform: str
    rate: float | None
    status: str
    country: str
    niches: tuple[str, ...]


PEOPLE = st.builds(
    Person,
    followers=st.none() | st.sampled_from([0, 499, 500, 4_999, 5_000, 50_000, 99_999, 100_000, 2_000_000]),
    platform=st.sampled_from(["", "instagram", "tiktok"]),
    rate=st.none() | st.sampled_from([0.0, 0.01, 0.03, 0.5]),
    status=st.sampled_from(["active", "paused"]),
    country=st.sampled_from(["", "DK", "NL"]),
    niches=st.sampled_from([(), ("food",), ("food", "travel")]),
)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "followers_from": st.sampled_from(["0", "500", "50000"]),
        "followers_to": st.sampled_from(["0", "4999", "99999"]),
        "platform": st.sampled_from(["instagram", "tiktok", "youtube"]),
        "tier": st.sampled_from(["nano", "micro", "meso", "macro", "mega"]),
        "rate": st.sampled_from(["known", "unknown"]),
        "rate_from": st.sampled_from(["0", "1", "3.5"]),
        "status": st.sampled_from(["active", "blocked"]),
        "country": st.sampled_from(["DK", "SE"]),
        "niche": st.sampled_from(["food", "travel"]),
    },
)
TIERS = {
    "nano": (500, 5_000),
    "micro": (5_000, 50_000),
    "meso": (50_000, 100_000),
    "macro": (100_000, 10**6),
    "mega": (10**6, 10**18),
}


def fits_all(person: Person, asked: dict[str, str]) -> bool:
    """The same rules, in Python; a creator without an account has neither followers nor a rate."""
    followers = person.followers if person.platform else None
    rate = person.rate if person.platform else None
    known = -1 if followers is None else followers
    checks = {
        "followers_from": lambda value: known >= 0 and known >= int(value),
        "followers_to": lambda value: 0 <= known <= int(value),
        "platform": lambda value: person.platform == value,
        "tier": lambda value: TIERS[value][0] <= known < TIERS[value][1],
        "rate": lambda value: (rate is not None) == (value == "known"),
        "rate_from": lambda value: rate is not None and rate * 100 >= float(value),
        "status": lambda value: person.status == value,
        "country": lambda value: person.country == value,
        "niche": lambda value: value in person.niches,
    }
    return all(checks[name](value) for name, value in asked.items())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(PEOPLE, max_size=6), queries=st.lists(ASKED, min_size=1, max_size=6))
def test_filters_agree_with_the_same_rules_in_python(
    db: None, people: list[Person], queries: list[dict[str, str]]
) -> None:
    with transaction.atomic():
        agency = AgencyFactory()
        seed_tier_schemes(agency)
        member = MembershipFactory(agency=agency)
        for place, person in enumerate(people):
            known = {"status": person.status, "country": person.country, "niches": list(person.niches)}
            if person.platform:
                creator(agency, str(place), person.followers, person.rate, platform=person.platform, **known)
            else:
                InfluencerFactory(agency=agency, name=str(place), **known)
        for asked in queries:
            query = "&".join(f"{name}={value}" for name, value in asked.items())
            expected = [str(place) for place, person in enumerate(people) if fits_all(person, asked)]
            assert found(member, query) == sorted(expected), query
        transaction.set_rollback(True)


# --- queries ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize(
    "query",
    [
        "price_to=500&sort=-rate&audience_country=DK",
        "notes=kind&list=1&verdict=fits",
        "q=nobodyx",
        "free_from=2026-05-03",
    ],
)
def test_influencer_list_queries_of_every_filter(
    agency: Agency, marketer: Membership, login: Login, how_many: int, query: str
) -> None:
    seed_tier_schemes(agency)
    for place in range(how_many):
        emma = creator(agency, f"nobody {place}", 6_000, 0.03)
        price(emma, "100")
        share(emma, "DK", "0.5")
    RosterColumns.objects.create(agency=agency, membership=marketer, columns=["accounts", "rate", "price"])
    client = login(marketer)
    with CaptureQueriesContext(connection) as captured:
        page(client, agency, query)
    assert len(captured) <= 12


def test_a_page_reads_the_index_of_its_order(agency: Agency, marketer: Membership) -> None:
    """Unknown last both ways, by expressions that stand in the indexes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        for name, index in (("name", "name"), ("followers", "followers"), ("rate", "rate"), ("growth", "growth")):
            for descending in (False, True):
                keyed = RosterLine.objects.filter(agency=agency).annotate(
                    k=SORTINGS[name].order.sorted_by(descending=descending)
                )
                sign = "-" if descending else ""
                plan = keyed.order_by(f"{sign}k", f"{sign}pk").values("pk")[:51].explain()
                suffix = "" if name == "name" else "_down" if descending else "_up"
                assert f"roster_line_{index}{suffix}" in plan, plan


def test_figures_of_the_newest_formula_are_shown(agency: Agency, viewer: Membership, login: Login) -> None:
    account = creator(agency, "Emma", 10).accounts.get()
    at = datetime(2026, 5, 3, tzinfo=UTC)
    figures(account, as_of=at, formula_version=2, headline_rate=0.02, er_followers_n=7)
    figures(account, as_of=at, formula_version=1, headline_rate=0.09, er_followers_n=9)
    html = page(login(viewer), agency)
    assert 'title="by followers · 7 posts · as of 3 May 2026">2.00 %</span>' in html
