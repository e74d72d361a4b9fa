"""Audience shares: read as people paste them, kept by day and source, shown with what is missing."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.forms.audience import read_shares, shares_text
from influencers.models import AGE_BANDS, Account, AudienceShare
from influencers.selectors.audience import audience_of, days_of_shares, part_name
from influencers.services.audience import delete_audience, record_audience
from tests.factories import AccountFactory

Login = Callable[[Membership], Client]
TODAY = date(2026, 5, 11)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Agency, "today", lambda self: TODAY)


@pytest.fixture
def account(agency: Agency) -> Account:
    made: Account = AccountFactory(agency=agency, handle="emma", influencer__name="Emma")
    return made


def fractions(**percentages: str) -> dict[str, Decimal]:
    return {key: Decimal(text) / 100 for key, text in percentages.items()}


# --- lines --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("dimension", "text", "read"),
    [
        ("country", "DK 62%\nDenmark 1", None),
        ("country", "DK 62%", {"DK": "0.62"}),
        ("country", "Denmark 62,5", {"DK": "0.625"}),
        ("country", "  Danmark:\t62.5 %  \n\nsverige = 20", {"DK": "0.625", "SE": "0.2"}),
        ("country", "United Kingdom,12\nOthers 8 %", {"GB": "0.12"}),
        ("country", "DK\t100", {"DK": "1"}),
        ("city", "São Paulo, BR 12\nAarhus;0,5%", {"São Paulo, BR": "0.12", "Aarhus": "0.005"}),
        ("age", "18-24 30\n25 – 34: 45 %\n65+ 4", {"18-24": "0.3", "25-34": "0.45", "65+": "0.04"}),
        ("age", "35 to 44 years 7%\n18-24,30", {"35-44": "0.07", "18-24": "0.3"}),
        ("gender", "Female 71.25%\nmen 28\nUnknown 0.75", {"women": "0.7125", "men": "0.28", "other": "0.0075"}),
        ("language", "Danish 70\nen 22", {"da": "0.7", "en": "0.22"}),
    ],
)
def test_lines_are_read(dimension: str, text: str, read: dict[str, str] | None) -> None:
    if read is None:
        with pytest.raises(forms.ValidationError, match="given twice"):
            read_shares(dimension, text)
        return
    assert read_shares(dimension, text) == {key: Decimal(share) for key, share in read.items()}


@pytest.mark.parametrize(
    ("dimension", "text", "said"),
    [
        ("country", "Denmark", "“Denmark” is no part with its percentage."),
        ("country", "62 %", "“62 %” is no part with its percentage."),
        ("country", "Denmark 1.234,5", "“Denmark 1.234,5” is no part with its percentage."),
        ("city", "Aarhus 1.234,5", "“Aarhus 1.234,5” is no part with its percentage."),
        ("country", "Atlantis 3", "“Atlantis” is no country that is known here. Use its code, e.g. DK."),
        ("language", "Klingon 3", "“Klingon” is no language that is known here. Use its code, e.g. da."),
        ("gender", "Creators 3", "“Creators” is none of women, men, other."),
        ("age", "18-29 3", "“18-29” is no age band. There are: 13–17, 18–24, 25–34, 35–44, 45–54, 55–64, 65+."),
        ("city", f"{'x' * 101} 3", f"“{'x' * 101}” is longer than 100 characters."),
        ("city", "Aarhus 3\naarhus 4", "“aarhus” is given twice."),
        ("country", "DK 0.62\nSE 0.2", "Write percentages: 62 %, not 0.62. Together these are 1 or less."),
        ("city", "\n".join(f"C{place} 0.1" for place in range(201)), "These are more than 200 lines."),
    ],
)
def test_what_is_no_share_is_said(dimension: str, text: str, said: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        read_shares(dimension, text)
    assert refused.value.messages == [said]


def test_small_shares_with_their_sign_are_meant() -> None:
    assert read_shares("country", "DK 0.62 %") == {"DK": Decimal("0.0062")}


@given(st.text(max_size=200))
def test_no_text_crashes_the_reader(text: str) -> None:
    for dimension in AudienceShare.Dimension.values:
        try:
            found = read_shares(dimension, text)
        except forms.ValidationError:
            continue
        assert all(0 <= share < 10 for share in found.values())


@given(st.dictionaries(st.sampled_from([key for key, _label in AGE_BANDS]), st.integers(200, 9_999), min_size=1))
def test_what_is_shown_for_correction_is_read_back(shares: dict[str, int]) -> None:
    rows = [
        AudienceShare(dimension="age", key=key, share=Decimal(share) / 10_000, as_of=TODAY, source="S")
        for key, share in shares.items()
    ]
    (day,) = days_of_shares("age", rows)
    assert read_shares("age", shares_text(day)) == {key: Decimal(share) / 10_000 for key, share in shares.items()}


# --- services -----------------------------------------------------------------------------------------------
def test_record_audience_replaces_the_day_and_leaves_others(account: Account, marketer: Membership) -> None:
    def keep(shares: dict[str, Decimal], day: date, source: str = "Insights") -> int:
        return record_audience(
            account=account, dimension="country", shares=shares, source=source, as_of=day, by=marketer
        )

    def known(day: date) -> list[tuple[str, Decimal, str]]:
        rows = account.audience.filter(as_of=day).order_by("key")
        return [(row.key, row.share, row.source) for row in rows]

    assert keep(fractions(DK="60", SE="20"), date(2026, 1, 1)) == 2
    assert keep(fractions(DK="50"), date(2026, 5, 1), " Media kit ") == 1
    assert keep(fractions(DK="61", NO="5"), date(2026, 1, 1)) == 2
    assert known(date(2026, 1, 1)) == [("DK", Decimal("0.61"), "Insights"), ("NO", Decimal("0.05"), "Insights")]
    assert known(date(2026, 5, 1)) == [("DK", Decimal("0.5"), "Media kit")]
    events: Any = AudienceShare.pgh_event_model.objects  # type: ignore[attr-defined]
    assert sorted(events.values_list("pgh_label", "key", "share")) == [
        ("changed", "DK", Decimal("0.6")),
        ("deleted", "SE", Decimal("0.2")),
    ]
    assert keep(fractions(DK="61", NO="5"), date(2026, 1, 1)) == 2
    assert events.count() == 2


def test_what_record_audience_refuses(account: Account, marketer: Membership, viewer: Membership) -> None:
    good: dict[str, Any] = {"shares": fractions(DK="60"), "source": "S", "as_of": TODAY, "by": marketer}
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"by": viewer}, "Your role in this agency does not allow this."),
        ({"shares": {}}, "Give at least one share."),
        ({"source": "  "}, "Say where the shares come from."),
        ({"as_of": date(2026, 5, 12)}, "Shares cannot be dated in the future."),
        ({"shares": {"DK": Decimal("-0.1")}}, "A share cannot be less than 0 %."),
        ({"shares": fractions(DK="60", SE="40.01")}, "These add up to 100.01 %. An audience is 100 % at most."),
    ]
    for wrong, sentence in refusals:
        with pytest.raises(Refused) as said:
            record_audience(account=account, dimension="country", **{**good, **wrong})
        assert str(said.value) == sentence
    assert account.audience.count() == 0
    assert record_audience(account=account, dimension="country", **{**good, "shares": fractions(DK="60", SE="40")}) == 2


def test_delete_audience_takes_one_day(account: Account, marketer: Membership, viewer: Membership) -> None:
    for day in (date(2026, 1, 1), date(2026, 2, 1)):
        shares = fractions(DK="60", SE="20")
        record_audience(account=account, dimension="country", shares=shares, source="S", as_of=day, by=marketer)
    with pytest.raises(Refused, match="Your role"):
        delete_audience(account=account, dimension="country", as_of=date(2026, 1, 1), by=viewer)
    assert delete_audience(account=account, dimension="country", as_of=date(2026, 1, 1), by=marketer) == 2
    with pytest.raises(Refused, match=r"There are no shares of that day\."):
        delete_audience(account=account, dimension="country", as_of=date(2026, 1, 1), by=marketer)
    assert set(account.audience.values_list("as_of", flat=True)) == {date(2026, 2, 1)}


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"share": "1.000001"}, "audience_share_is_fraction"),
        ({"share": "-0.000001"}, "audience_share_is_fraction"),
        ({"key": ""}, "audience_share_has_source"),
        ({"source": ""}, "audience_share_has_source"),
        ({}, "audience_share_once_per_part_and_day"),
    ],
)
def test_the_database_refuses_what_is_no_share(account: Account, broken: dict[str, Any], constraint: str) -> None:
    known = {"dimension": "country", "key": "DK", "share": "0.5", "source": "S", "as_of": TODAY}
    AudienceShare.objects.create(agency=account.agency, account=account, **known)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AudienceShare.objects.create(agency=account.agency, account=account, **{**known, **broken})


# --- what is shown ------------------------------------------------------------------------------------------
def test_audience_of_orders_and_names_the_parts(account: Account, marketer: Membership) -> None:
    def keep(dimension: str, day: date, **percentages: str) -> None:
        shares = {key.replace("_", "-").strip("y"): share for key, share in fractions(**percentages).items()}
        record_audience(account=account, dimension=dimension, shares=shares, source="S", as_of=day, by=marketer)

    keep("country", date(2026, 1, 1), SE="20", DK="60")
    keep("country", date(2026, 2, 1), DK="50")
    keep("age", date(2026, 2, 1), y25_34="50", y18_24="25")
    keep("gender", date(2026, 2, 1), men="60", women="40")
    (audience,) = audience_of([account])
    shown = {one.dimension.value: one for one in audience.dimensions}
    assert list(shown) == ["country", "city", "age", "gender", "language"]
    country = shown["country"].latest
    assert country is not None
    assert [(part.name, part.width) for part in country.parts] == [("Denmark", "50.00%")]
    assert (country.rest, country.rest_width) == (Decimal("0.5"), "50.00%")
    assert [[part.key for part in day.parts] for day in shown["country"].earlier] == [["DK", "SE"]]
    ages, genders = shown["age"].latest, shown["gender"].latest
    assert ages is not None
    assert genders is not None
    assert [part.name for part in ages.parts] == ["18–24", "25–34"]
    assert [str(part.name) for part in genders.parts] == ["women", "men"]
    assert genders.rest == 0
    assert shown["city"].latest is None


def test_part_name_knows_languages_and_keeps_what_it_does_not_know() -> None:
    assert part_name("language", "da") == "Danish"
    assert part_name("language", "xx") == "xx"
    assert part_name("city", "Aarhus") == "Aarhus"
    assert part_name("age", "18-29") == "18-29"


# --- pages --------------------------------------------------------------------------------------------------
def address(name: str, account: Account, *more: str) -> str:
    pk = account.influencer_id if name.startswith("influencer_") else account.pk
    return reverse(f"influencers:{name}", args=[account.agency.slug, pk, *more])


def test_influencer_audience_shows_bars_rest_and_earlier_days(
    account: Account, marketer: Membership, viewer: Membership, login: Login
) -> None:
    for day, share in ((date(2026, 1, 1), "70"), (date(2026, 2, 1), "62.5")):
        shares = fractions(DK=share)
        record_audience(account=account, dimension="country", shares=shares, source="Insights", as_of=day, by=marketer)
    cities = {f"City {place:02d}": Decimal("0.01") for place in range(14)}
    record_audience(account=account, dimension="city", shares=cities, source="Kit", as_of=TODAY, by=marketer)
    html = login(viewer).get(address("influencer_audience", account)).content.decode()
    for text in (
        *("Audience of @emma", "as of 1 February 2026 · Insights", "--share: 62.50%", "62.50 %", "37.50 %"),
        *("1 earlier day", "70.00 %", "2 more", "86.00 %", "nothing is known"),
    ):
        assert text in html
    assert address("audience_update", account, "country") not in html
    html = login(marketer).get(address("influencer_audience", account)).content.decode()
    assert f"{address('audience_update', account, 'country')}?as_of=2026-02-01" in html


def test_influencer_audience_of_a_creator_without_account(
    agency: Agency, account: Account, viewer: Membership, outsider: Membership, login: Login
) -> None:
    path = address("influencer_audience", account)
    assert login(outsider).get(path).status_code == 404
    account.delete()
    assert "An audience belongs to an account." in login(viewer).get(path).content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_influencer_audience_queries_do_not_grow(
    account: Account, marketer: Membership, login: Login, how_many: int, django_assert_max_num_queries: Any
) -> None:
    for place in range(how_many):
        other = AccountFactory(agency=account.agency, influencer=account.influencer, handle=f"more{place}")
        shares = fractions(DK="60", SE="20")
        record_audience(account=other, dimension="country", shares=shares, source="S", as_of=TODAY, by=marketer)
    client = login(marketer)
    with django_assert_max_num_queries(14):
        client.get(address("influencer_audience", account))


def test_audience_update_keeps_corrects_and_refuses(account: Account, marketer: Membership, login: Login) -> None:
    client, path = login(marketer), address("audience_update", account, "country")
    html = client.get(path).content.decode()
    assert 'value="2026-05-11"' in html
    sent = {"shares": "DK 62,5 %\nSE 20", "source": "Insights", "as_of": "2026-05-01"}
    answer = client.post(path, sent, follow=True)
    assert answer.redirect_chain == [(address("influencer_audience", account), 302)]
    assert "The shares of @emma as of 1 May 2026 are kept." in answer.content.decode()
    assert sorted(account.audience.values_list("key", "share")) == [
        ("DK", Decimal("0.625000")),
        ("SE", Decimal("0.200000")),
    ]
    html = client.get(f"{path}?as_of=2026-05-01").content.decode()
    assert "Denmark 62.5 %\nSweden 20 %" in html
    assert 'value="Insights"' in html
    for wrong, said in (
        ({"shares": "DK 70\nSE 40"}, "These add up to 110.00 %. An audience is 100 % at most."),
        ({"shares": "Others 8"}, "Give at least one share."),
        ({"shares": "Nowhere 8"}, "“Nowhere” is no country that is known here."),
        ({"as_of": "2026-05-12"}, "Shares cannot be dated in the future."),
    ):
        answer = client.post(path, {**sent, **wrong})
        assert answer.status_code == 200
        assert said in answer.content.decode()
    assert account.audience.count() == 2


@pytest.mark.parametrize("query", ["", "?as_of=2026-02-31", "?as_of=x", "?as_of=2020-01-01"])
def test_audience_update_without_a_known_day_is_empty(
    account: Account, marketer: Membership, login: Login, query: str
) -> None:
    path = f"{address('audience_update', account, 'age')}{query}"
    assert "Audience of @emma by age" in login(marketer).get(path).content.decode()


def test_audience_update_is_for_writers_and_known_dimensions(
    account: Account, marketer: Membership, viewer: Membership, outsider: Membership, login: Login
) -> None:
    for name in ("audience_update", "audience_delete"):
        path = address(name, account, "country")
        assert login(viewer).get(path).status_code == 403
        assert login(outsider).get(path).status_code == 404
        assert login(marketer).get(address(name, account, "shoe-size")).status_code == 404


def test_audience_delete_takes_the_chosen_day(account: Account, marketer: Membership, login: Login) -> None:
    for day in (date(2026, 1, 1), date(2026, 2, 1)):
        shares = fractions(DK="60")
        record_audience(account=account, dimension="country", shares=shares, source="S", as_of=day, by=marketer)
    client, path = login(marketer), address("audience_delete", account, "country")
    assert (
        '<option value="2026-01-01" selected>1 January 2026 · S</option>'
        in client.get(f"{path}?as_of=2026-01-01").content.decode()
    )
    assert client.post(path, {"as_of": "2025-01-01"}).status_code == 200
    answer = client.post(path, {"as_of": "2026-01-01"}, follow=True)
    assert "The shares of @emma as of 1 January 2026 are gone." in answer.content.decode()
    assert list(account.audience.values_list("as_of", flat=True)) == [date(2026, 2, 1)]
