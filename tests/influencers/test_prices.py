"""The price card: no two prices for the same thing on one day, and nothing of it for viewers."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.models import Influencer, Price
from influencers.selectors.prices import price_card
from influencers.services.prices import KeptPrice, PriceFacts, add_price, change_price, delete_price
from tests.factories import InfluencerFactory

Login = Callable[[Membership], Client]
TODAY = date(2026, 5, 11)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Agency, "today", lambda self: TODAY)


@pytest.fixture
def emma(agency: Agency) -> Influencer:
    influencer: Influencer = InfluencerFactory(agency=agency, name="Emma")
    return influencer


def facts(first: date, last: date | None = None, **given: Any) -> PriceFacts:
    known: dict[str, Any] = {"kind": "post", "platform": "instagram", "amount": Decimal("1250"), "currency": "EUR"}
    return PriceFacts(**{**known, **given}, valid_from=first, valid_to=last)


def spans(influencer: Influencer) -> list[tuple[str, str | None]]:
    found = influencer.prices.order_by("valid_from", "pk").values_list("valid_from", "valid_to")
    return [(str(first), last and str(last)) for first, last in found]


# --- services ---------------------------------------------------------------------------------------------
def test_a_new_price_ends_the_one_before(emma: Influencer, marketer: Membership) -> None:
    first = add_price(influencer=emma, facts=facts(date(2026, 1, 1)), by=marketer)
    assert first == KeptPrice(first.price)
    second = add_price(influencer=emma, facts=facts(date(2026, 6, 1), amount=Decimal("1500")), by=marketer)
    assert (second.ended, second.until) == (first.price, None)
    assert spans(emma) == [("2026-01-01", "2026-05-31"), ("2026-06-01", None)]


def test_a_price_between_two_ends_the_first_and_lasts_until_the_second(emma: Influencer, marketer: Membership) -> None:
    add_price(influencer=emma, facts=facts(date(2026, 1, 1)), by=marketer)
    add_price(influencer=emma, facts=facts(date(2026, 9, 1)), by=marketer)
    kept = add_price(influencer=emma, facts=facts(date(2026, 5, 1)), by=marketer)
    assert kept.until == date(2026, 8, 31)
    assert spans(emma) == [("2026-01-01", "2026-04-30"), ("2026-05-01", "2026-08-31"), ("2026-09-01", None)]


def test_a_price_that_is_over_before_is_left_alone(emma: Influencer, marketer: Membership) -> None:
    add_price(influencer=emma, facts=facts(date(2026, 1, 1), date(2026, 1, 31)), by=marketer)
    kept = add_price(influencer=emma, facts=facts(date(2026, 5, 1), date(2026, 5, 31)), by=marketer)
    assert (kept.ended, kept.until) == (None, None)
    assert spans(emma) == [("2026-01-01", "2026-01-31"), ("2026-05-01", "2026-05-31")]


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "story"},
        {"platform": ""},
        {"currency": "DKK"},
    ],
)
def test_prices_for_other_things_stand_side_by_side(
    emma: Influencer, marketer: Membership, other: dict[str, str]
) -> None:
    add_price(influencer=emma, facts=facts(date(2026, 1, 1)), by=marketer)
    assert add_price(influencer=emma, facts=facts(date(2026, 1, 1), **other), by=marketer).ended is None
    assert spans(emma) == [("2026-01-01", None), ("2026-01-01", None)]


def test_packages_are_told_apart_by_their_notes(emma: Influencer, marketer: Membership) -> None:
    for note in ("three stories", "a film"):
        add_price(influencer=emma, facts=facts(date(2026, 1, 1), kind="package", note=note), by=marketer)
    kept = add_price(influencer=emma, facts=facts(date(2026, 2, 1), kind="package", note="a film"), by=marketer)
    assert kept.ended is not None
    assert (kept.ended.note, str(kept.ended.valid_to)) == ("a film", "2026-01-31")
    with pytest.raises(Refused, match="begins on the same day"):
        add_price(influencer=emma, facts=facts(date(2026, 2, 1), kind="package", note="a film"), by=marketer)


def test_what_a_price_is_refused_for(emma: Influencer, marketer: Membership, viewer: Membership) -> None:
    add_price(influencer=emma, facts=facts(date(2026, 6, 1)), by=marketer)
    refusals = (
        (
            facts(date(2026, 6, 1)),
            marketer,
            "A price for this begins on the same day already. Change that one instead.",
        ),
        (facts(date(2026, 5, 2), date(2026, 5, 1)), marketer, "A price cannot end before it begins."),
        (
            facts(date(2026, 5, 1), date(2026, 6, 1)),
            marketer,
            "Another price for this begins on 1 June 2026. End this one before that day.",
        ),
        (facts(date(2026, 1, 1)), viewer, "Your role in this agency does not allow this."),
    )
    for given, by, sentence in refusals:
        with pytest.raises(Refused) as said:
            add_price(influencer=emma, facts=given, by=by)
        assert str(said.value) == sentence
    assert spans(emma) == [("2026-06-01", None)]


def test_a_changed_price_does_not_stand_in_its_own_way(emma: Influencer, marketer: Membership) -> None:
    price = add_price(influencer=emma, facts=facts(date(2026, 1, 1)), by=marketer).price
    kept = change_price(price=price, facts=facts(date(2026, 1, 1), amount=Decimal("999.50")), by=marketer)
    assert (kept.ended, kept.until, kept.price.amount) == (None, None, Decimal("999.50"))
    assert emma.prices.count() == 1
    assert price.events.get().amount == Decimal(1250)


def test_a_deleted_price_stays_in_the_history(emma: Influencer, marketer: Membership, viewer: Membership) -> None:
    price = add_price(influencer=emma, facts=facts(date(2026, 1, 1)), by=marketer).price
    with pytest.raises(Refused):
        delete_price(price=price, by=viewer)
    delete_price(price=price, by=marketer)
    assert emma.prices.count() == 0
    event: Any = Price.pgh_event_model.objects.get()  # type: ignore[attr-defined]
    assert (event.pgh_label, event.amount) == ("deleted", Decimal(1250))


def test_price_card_groups_by_day(emma: Influencer, marketer: Membership) -> None:
    assert not price_card(emma, TODAY)
    rows = {
        "over": facts(date(2026, 1, 1), date(2026, 5, 10), kind="post"),
        "long over": facts(date(2025, 1, 1), date(2025, 5, 10), kind="story"),
        "last day": facts(date(2026, 1, 1), TODAY, kind="live"),
        "first day": facts(TODAY, kind="day"),
        "far": facts(date(2026, 8, 1), kind="video"),
        "tomorrow": facts(date(2026, 5, 12), kind="short"),
    }
    for name, given in rows.items():
        price = add_price(influencer=emma, facts=given, by=marketer).price
        Price.objects.filter(pk=price.pk).update(note=name)
    card = price_card(emma, TODAY)
    assert [[price.note for price in group] for group in (card.now, card.later, card.past)] == [
        ["first day", "last day"],
        ["tomorrow", "far"],
        ["over", "long over"],
    ]


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"amount": -1}, "price_not_negative"),
        ({"currency": "eur"}, "price_currency_iso_4217"),
        ({"valid_to": date(2025, 12, 31)}, "price_ends_after_start"),
    ],
)
def test_the_database_refuses_what_is_no_price(emma: Influencer, broken: dict[str, Any], constraint: str) -> None:
    known = {"kind": "post", "amount": 1, "currency": "EUR", "valid_from": date(2026, 1, 1)}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Price.objects.create(agency=emma.agency, influencer=emma, **{**known, **broken})


# --- pages --------------------------------------------------------------------------------------------------
def address(name: str, agency: Agency, pk: int) -> str:
    return reverse(f"influencers:{name}", args=[agency.slug, pk])


def sent(**given: str) -> dict[str, str]:
    known = {
        "kind": "post",
        "platform": "instagram",
        "amount": "1250.50",
        "currency": "eur",
        "valid_from": "2026-01-01",
    }
    return {**known, **given}


def test_influencer_prices_shows_the_card(agency: Agency, emma: Influencer, marketer: Membership, login: Login) -> None:
    client, path = login(marketer), address("influencer_prices", agency, emma.pk)
    assert "No price yet" in client.get(path).content.decode()
    add_price(influencer=emma, facts=facts(date(2026, 6, 1), date(2026, 6, 30), note="A reel"), by=marketer)
    html = client.get(path).content.decode()
    for text in ("No price is valid today.", "Later", "A reel", "1,250.00 EUR", "1–30 June 2026"):
        assert text in html
    assert "Past" not in html


def test_influencer_prices_are_not_for_viewers(
    agency: Agency, emma: Influencer, marketer: Membership, viewer: Membership, outsider: Membership, login: Login
) -> None:
    price = add_price(influencer=emma, facts=facts(date(2026, 1, 1)), by=marketer).price
    path = address("influencer_prices", agency, emma.pk)
    for name, pk in (
        ("influencer_prices", emma.pk),
        ("price_create", emma.pk),
        ("price_update", price.pk),
        ("price_delete", price.pk),
    ):
        assert login(viewer).get(address(name, agency, pk)).status_code == 403
        assert login(outsider).get(address(name, agency, pk)).status_code == 404
        assert login(outsider).get(address(name, outsider.agency, pk)).status_code == 404
    assert path in login(marketer).get(emma.get_absolute_url()).content.decode()
    assert path not in login(viewer).get(emma.get_absolute_url()).content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_influencer_prices_queries_do_not_grow(
    agency: Agency, emma: Influencer, marketer: Membership, login: Login, how_many: int,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for kind in ("post", "story", "live")[:how_many]:
        add_price(influencer=emma, facts=facts(date(2026, 1, 1), kind=kind), by=marketer)
    client = login(marketer)
    with django_assert_max_num_queries(14):
        client.get(address("influencer_prices", agency, emma.pk))


def test_price_create_says_what_it_ended(agency: Agency, emma: Influencer, marketer: Membership, login: Login) -> None:
    client, path = login(marketer), address("price_create", agency, emma.pk)
    html = client.get(path).content.decode()
    assert 'value="EUR"' in html
    assert 'value="2026-05-11"' in html
    client.post(path, sent())
    client.post(path, sent(valid_from="2026-09-01"))
    answer = client.post(path, sent(valid_from="2026-05-01", amount="1400"), follow=True)
    assert answer.redirect_chain == [(address("influencer_prices", agency, emma.pk), 302)]
    html = answer.content.decode()
    assert (
        "The price is kept. The price before it (post on Instagram: 1,250.50 EUR) ends on 30 April 2026. "
        "It ends on 31 August 2026, because the next one begins the day after."
    ) in html
    kept = emma.prices.get(valid_from=date(2026, 5, 1))
    assert (kept.amount, kept.currency, kept.agency) == (Decimal("1400.00"), "EUR", agency)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"amount": "-1"}, "An amount cannot be less than 0."),
        ({"currency": "E1R"}, "Type the three letters of the currency, e.g. EUR."),
        ({"valid_to": "2025-12-31"}, "A price cannot end before it begins."),
        ({"valid_from": "2026-02-01"}, "A price for this begins on the same day already."),
    ],
)
def test_price_create_says_no_in_the_form(
    agency: Agency, emma: Influencer, marketer: Membership, login: Login, given: dict[str, str], said: str
) -> None:
    add_price(influencer=emma, facts=facts(date(2026, 2, 1)), by=marketer)
    answer = login(marketer).post(address("price_create", agency, emma.pk), sent(**given))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert emma.prices.count() == 1


def test_price_update_corrects_and_refuses(
    agency: Agency, emma: Influencer, marketer: Membership, login: Login
) -> None:
    add_price(influencer=emma, facts=facts(date(2026, 1, 1)), by=marketer)
    price = add_price(influencer=emma, facts=facts(date(2026, 6, 1)), by=marketer).price
    client, path = login(marketer), address("price_update", agency, price.pk)
    assert 'value="1250.00"' in client.get(path).content.decode()
    answer = client.post(path, sent(valid_from="2026-01-01"))
    assert "A price for this begins on the same day already." in answer.content.decode()
    assert client.post(path, sent(valid_from="2026-06-02", amount="7")).status_code == 302
    assert spans(emma) == [("2026-01-01", "2026-05-31"), ("2026-06-02", None)]


def test_price_delete_asks_first(agency: Agency, emma: Influencer, marketer: Membership, login: Login) -> None:
    price = add_price(influencer=emma, facts=facts(date(2026, 1, 1)), by=marketer).price
    client, path = login(marketer), address("price_delete", agency, price.pk)
    assert "1,250.00 EUR" in client.get(path).content.decode()
    assert emma.prices.count() == 1
    answer = client.post(path, follow=True)
    assert "“post on Instagram: 1,250.00 EUR” is off the price card." in answer.content.decode()
    assert emma.prices.count() == 0
