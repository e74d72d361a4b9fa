"""Who changed what: every change with its old and new value, for those who may see it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from agency.history import changed_by
from agency.models import Agency, Brand, Membership
from influencers.models import (
    Account,
    AudienceShare,
    BrandFitNote,
    ImportBatch,
    ImportChange,
    Influencer,
    Merge,
    Price,
)
from influencers.selectors.history import Moment, RecordHistory
from tests.factories import AccountFactory, BrandFactory, ClientFactory, InfluencerFactory

Login = Callable[[Membership], Client]
BORN = datetime(2026, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def emma(agency: Agency, marketer: Membership) -> Influencer:
    influencer: Influencer = InfluencerFactory(
        agency=agency, name="Emma", country="DK", created_at=BORN, created_by=marketer.user
    )
    return influencer


def at(event_model: Any, day: int, **found: Any) -> None:
    """All events so far happened in one transaction, hence at one instant; this one gets its own."""
    event_model.pgh_event_model.objects.filter(pgh_created_at__gte=now() - timedelta(days=1), **found).update(
        pgh_created_at=datetime(2026, 2, day, 12, tzinfo=UTC)
    )


def told(influencer: Influencer, by: Membership) -> list[tuple[str, str, list[tuple[str, list[tuple[str, str, str]]]]]]:
    history = RecordHistory(influencer, by)
    moments: list[Moment] = history.at(list(history.moments()))
    return [
        (
            f"{moment.at:%m-%d}",
            moment.by,
            [
                (change.subject, [(each.label, each.old, each.new) for each in change.fields])
                for change in moment.changes
            ],
        )
        for moment in moments
    ]


def test_each_change_has_its_old_and_its_new_value(emma: Influencer, marketer: Membership) -> None:
    rows = Influencer.objects.filter(pk=emma.pk)
    with changed_by(user=marketer.user_id):
        rows.update(name="Emma Holm", niches=["food"], status="paused")
    at(Influencer, 1)
    with changed_by(user=None):
        rows.update(name="Emma H.", languages=["da", "en"], country="")
    at(Influencer, 2)
    assert told(emma, marketer) == [
        (
            "02-02",
            "a command",
            [
                (
                    "",
                    [
                        ("Name", "Emma Holm", "Emma H."),
                        ("Country", "Denmark", ""),
                        ("Languages", "", "Danish, English"),
                    ],
                )
            ],
        ),
        (
            "02-01",
            str(marketer.user),
            [("", [("Name", "Emma", "Emma Holm"), ("Status", "active", "paused"), ("Niches", "", "food")])],
        ),
        ("01-01", str(marketer.user), [("Added to the roster", [])]),
    ]


def test_accounts_prices_and_audience_are_told_with_their_subject(emma: Influencer, marketer: Membership) -> None:
    account = AccountFactory(agency=emma.agency, influencer=emma, handle="emma", typed_followers=1_000, created_at=BORN)
    price = Price.objects.create(
        agency=emma.agency, influencer=emma, kind="post", amount=1_250, currency="EUR", valid_from=date(2026, 1, 1)
    )
    share = AudienceShare.objects.create(
        agency=emma.agency,
        account=account,
        dimension="country",
        key="DK",
        share="0.6",
        source="S",
        as_of=date(2026, 1, 1),
    )
    with changed_by(user=marketer.user_id):
        Account.objects.filter(pk=account.pk).update(typed_followers=12_431, is_primary=True)
        Price.objects.filter(pk=price.pk).update(valid_to=date(2026, 5, 31), amount=Decimal("1300.5"))
        AudienceShare.objects.filter(pk=share.pk).update(share="0.625")
    for model in (Account, Price, AudienceShare):
        at(model, 3)
    with changed_by(user=marketer.user_id):
        price.delete()
        account.delete()
    for model in (Account, Price, AudienceShare):
        at(model, 4)
    deleted, changed, *_beginnings = told(emma, marketer)
    by = str(marketer.user)
    assert changed == (
        "02-03",
        by,
        [
            (
                "Account @emma on Instagram",
                [
                    ("Primary account", "no", "yes"),
                    ("Followers as typed or imported", "1,000", "12,431"),
                ],
            ),
            ("Audience of @emma by country, 1 January 2026: Denmark", [("Share", "60.00 %", "62.50 %")]),
            (
                "Price of a deliverable: post",
                [("Amount", "1,250.00", "1,300.50"), ("Valid to", "", "31 May 2026")],
            ),
        ],
    )
    assert [subject for subject, _fields in deleted[2]] == [
        "Account @emma on Instagram",
        "Audience of @emma by country, 1 January 2026: Denmark",
        "Price of a deliverable: post",
    ]
    assert ("Amount", "1,300.50", "") in deleted[2][2][1]


def test_an_account_that_moved_says_from_whom_to_whom(emma: Influencer, marketer: Membership) -> None:
    other = InfluencerFactory(agency=emma.agency, name="Emma Two")
    account = AccountFactory(agency=emma.agency, influencer=other, handle="emma", created_at=BORN)
    Account.objects.filter(pk=account.pk).update(influencer=emma)
    at(Account, 5)
    assert told(emma, marketer)[0][2] == [("Account @emma on Instagram", [("Influencer", "Emma Two", "Emma")])]


def test_imports_and_merges_are_named(emma: Influencer, marketer: Membership) -> None:
    batch = ImportBatch.objects.create(
        agency=emma.agency, kind="roster", file_name="spring.csv", sha256="0", imported_by=marketer.user
    )
    ImportChange.objects.create(batch=batch, table="influencer", created_ids=[emma.pk, 5])
    with changed_by(user=marketer.user_id, batch=batch.pk):
        Influencer.objects.filter(pk=emma.pk).update(city="Aarhus")
    at(Influencer, 6)
    with changed_by(user=2_000_000_000, batch=2_000_000_000):
        Influencer.objects.filter(pk=emma.pk).update(city="Odense")
    at(Influencer, 7)
    Merge.objects.create(
        agency=emma.agency, kept=emma, merged_id=9, merged_name="Emma the Second", merged_by=marketer.user,
        merged_at=datetime(2026, 3, 1, tzinfo=UTC), undone_at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    by = f"{marketer.user}, import of spring.csv"
    assert told(emma, marketer) == [
        ("03-02", "", [("Parted from “Emma the Second” again", [])]),
        ("03-01", str(marketer.user), [("Took in the record of “Emma the Second”", [])]),
        ("02-07", "somebody who is gone, an import", [("", [("City", "Aarhus", "Odense")])]),
        ("02-06", by, [("", [("City", "", "Aarhus")])]),
        ("01-01", by, [("Added to the roster", [])]),
    ]


def test_viewers_read_neither_prices_nor_contact_nor_notes(
    emma: Influencer, marketer: Membership, viewer: Membership
) -> None:
    brand = BrandFactory(agency=emma.agency)
    brand.client.team.add(viewer)
    price = Price.objects.create(
        agency=emma.agency, influencer=emma, kind="post", amount=1, currency="EUR", valid_from=date(2026, 1, 1)
    )
    note = note_on(brand, emma, marketer, is_internal=False)
    Price.objects.filter(pk=price.pk).update(amount=2)
    BrandFitNote.objects.filter(pk=note.pk).update(text="NEW")
    Influencer.objects.filter(pk=emma.pk).update(email="a@example.com", management_contact="M", source="S")
    assert len(told(emma, marketer)[0][2]) == 3
    assert [moment[0] for moment in told(emma, viewer)] == ["01-01"]


def note_on(brand: Brand, influencer: Influencer, by: Membership, **given: Any) -> BrandFitNote:
    known = {"text": "OLD", "written_on": date(2026, 1, 1), "author": by.user, **given}
    return BrandFitNote.objects.create(agency=influencer.agency, influencer=influencer, brand=brand, **known)


def test_notes_on_hidden_brands_leave_no_trace(
    emma: Influencer, marketer: Membership, manager: Membership, agency: Agency
) -> None:
    secret = BrandFactory(agency=agency, name="CANARY", client=ClientFactory(agency=agency, is_confidential=True))
    note = note_on(secret, emma, manager)
    BrandFitNote.objects.filter(pk=note.pk).update(text="NEW")
    at(BrandFitNote, 8)
    assert told(emma, manager)[0][2] == [("Note on CANARY", [("Note", "OLD", "NEW")])]
    assert [moment[0] for moment in told(emma, marketer)] == ["01-01"]
    # Nor does a note that was moved to a hidden brand, which no page offers.
    moved = note_on(BrandFactory(agency=agency), emma, manager)
    BrandFitNote.objects.filter(pk=moved.pk).update(brand=secret, text="MOVED")
    at(BrandFitNote, 9)
    assert [moment[0] for moment in told(emma, marketer)] == ["01-01"]
    assert RecordHistory(emma, marketer).moments().count() == 2  # of the moment as such, without a word of it


# --- page ---------------------------------------------------------------------------------------------------
def address(influencer: Influencer) -> str:
    return reverse("influencers:influencer_history", args=[influencer.agency.slug, influencer.pk])


def test_influencer_history_shows_changes_by_pages(emma: Influencer, marketer: Membership, login: Login) -> None:
    for day in range(1, 25):
        Influencer.objects.filter(pk=emma.pk).update(city=f"City {day:02d}")
        at(Influencer, day)
    client = login(marketer)
    html = client.get(address(emma)).content.decode()
    assert "<del>City 23</del>" in html
    assert "<ins>City 24</ins>" in html
    assert "City 03" not in html
    assert "Page 1 of 2" in html
    headers = {"HX-Request": "true", "HX-Target": "influencer-history-moments"}
    last = client.get(f"{address(emma)}?page=2", headers=headers).content.decode()
    assert last.strip().startswith('<section class="card" id="influencer-history-moments">')
    assert "City 03" in last
    assert "Added to the roster" in last


def test_influencer_history_is_of_the_agency(emma: Influencer, outsider: Membership, login: Login) -> None:
    assert login(outsider).get(address(emma)).status_code == 404


@pytest.mark.parametrize("how_many", [1, 3])
def test_influencer_history_queries_do_not_grow(
    emma: Influencer, marketer: Membership, login: Login, how_many: int, django_assert_max_num_queries: Any
) -> None:
    for place in range(how_many):
        account = AccountFactory(agency=emma.agency, influencer=emma, handle=f"emma{place}")
        Account.objects.filter(pk=account.pk).update(handle=f"emma.{place}")
        Influencer.objects.filter(pk=emma.pk).update(city=f"City {place}")
        at(Influencer, place + 1)
    client = login(marketer)
    with django_assert_max_num_queries(38):
        client.get(address(emma))
