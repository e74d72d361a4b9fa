"""Whatever hangs on two creators: merged and parted they are as before. And of two merges at once both are whole."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agency.errors import Refused
from agency.models import Membership
from campaigns.services import record_unavailability
from influencers.models import (
    AudienceShare,
    BrandFit,
    BrandFitNote,
    DataExport,
    EngagementFigures,
    Influencer,
    MetricsRun,
    Price,
    Shortlist,
)
from influencers.services.merging import merge_influencers, say_two_people, undo_merge
from tests.campaigns.booking import World, may
from tests.dumping import dump
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    FollowerCountFactory,
    InfluencerFactory,
    MembershipFactory,
    PostFactory,
)

WORDS = st.lists(st.sampled_from(["food", "Food", "travel", "art"]), unique=True, max_size=3)
RECORD = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Anna", "Anna B", "Søren"]),
        "country": st.sampled_from(["", "DK", "NO"]),
        "city": st.sampled_from(["", "Oslo"]),
        "email": st.sampled_from(["", "a@example.com", "b@example.com"]),
        "status": st.sampled_from(["prospect", "active", "paused"]),
        "informed_on": st.none() | st.dates(date(2025, 1, 1), date(2026, 1, 1)),
        "niches": WORDS,
        "tags": WORDS,
        "languages": st.lists(st.sampled_from(["da", "no", "en"]), unique=True, max_size=2),
    }
)
KINDS = ("account", "price", "note", "score", "list", "export", "duo", "apart", "absence", "booking")
# Which of the two, what, and a small number that says which one of its kind.
ROW = st.tuples(st.integers(0, 1), st.sampled_from(KINDS), st.integers(0, 2))


class Pair:
    """Two creators and what is attached to them."""

    def __init__(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        self.by: Membership = MembershipFactory(agency=AgencyFactory(), role="manager")
        self.agency = self.by.agency
        self.world = World(self.agency, by=self.by)
        self.both = [InfluencerFactory(agency=self.agency, **fields) for fields in (first, second)]
        self.others = [InfluencerFactory(agency=self.agency) for _number in range(3)]
        self.brands = [self.world.brand(f"Brand {number}", self.world.coffee) for number in range(3)]

    def attach(self, which: int, kind: str, number: int) -> None:
        getattr(self, f"attach_{kind}")(self.both[which], number)

    def attach_account(self, creator: Influencer, number: int) -> None:
        is_primary = number == 0 and not creator.accounts.filter(is_primary=True).exists()
        account = AccountFactory(agency=self.agency, influencer=creator, is_primary=is_primary, platform="tiktok")
        FollowerCountFactory(agency=self.agency, account=account)
        PostFactory(agency=self.agency, account=account)
        run = MetricsRun.objects.create(
            agency=self.agency, kind="manual", day=may(1), as_of=self.agency.start_of(may(1)), formula_version=1
        )
        EngagementFigures.objects.create(
            agency=self.agency, account=account, as_of=run.as_of, run=run, formula_version=1, computed_at=run.as_of,
            window_posts=5, headline_rate=0.01 * number, er_followers_n=0, er_views_n=0, er_reach_n=0, saturation_known=0,
        )  # fmt: skip
        AudienceShare.objects.create(
            agency=self.agency,
            account=account,
            dimension="country",
            key="DK",
            share="0.5",
            source="media kit",
            as_of=may(1),
        )

    def attach_price(self, creator: Influencer, number: int) -> None:
        Price.objects.create(
            agency=self.agency,
            influencer=creator,
            kind="post",
            amount="99.90",
            currency="EUR",
            valid_from=may(1 + number),
        )

    def attach_note(self, creator: Influencer, number: int) -> None:
        fields = {"agency": self.agency, "influencer": creator, "brand": self.brands[number], "author": self.by.user}
        note = BrandFitNote.objects.create(text="one", written_on=may(1), **fields)
        BrandFitNote.objects.create(text="two", written_on=may(2), adds_to=note, **fields)

    def attach_score(self, creator: Influencer, number: int) -> None:
        cards = BrandFit.objects.filter(influencer=creator, brand=self.brands[number])
        version = cards.count() + 1
        cards.update(is_current=False)
        day = may(1 + version * (1 + creator.pk % 3))
        BrandFit.objects.create(
            agency=self.agency, influencer=creator, brand=self.brands[number], version=version, author=self.by.user,
            written_on=day, expires_on=day + timedelta(days=9),
        )  # fmt: skip

    def attach_list(self, creator: Influencer, number: int) -> None:
        shortlist, _is_new = Shortlist.objects.get_or_create(agency=self.agency, name=f"List {number}", owner=self.by)
        shortlist.influencers.add(creator)

    def attach_export(self, creator: Influencer, number: int) -> None:
        ids = [self.others[0].pk, creator.pk] if number else [each.pk for each in self.both]
        DataExport.objects.create(agency=self.agency, kind="roster", subject="all", influencer_ids=ids)

    def attach_duo(self, creator: Influencer, number: int) -> None:
        self.others[number].members.add(creator)

    def attach_apart(self, creator: Influencer, number: int) -> None:
        other = self.others[number] if number else self.both[1 - self.both.index(creator)]
        say_two_people(first=creator, second=other, by=self.by)

    def attach_absence(self, creator: Influencer, number: int) -> None:
        day = may(1 + 5 * self.both.index(creator) + number)
        record_unavailability(influencer=creator, starts_on=day, ends_on=day, by=self.by)

    def attach_booking(self, creator: Influencer, number: int) -> None:
        day = may(12 + 5 * self.both.index(creator) + number)
        self.world.booked(creator, self.brands[number], [(day, day)])


class TestMergeAndUndo(TestCase):
    @settings(max_examples=25)
    @given(RECORD, RECORD, st.lists(ROW, max_size=10), st.booleans())
    def test_undo_of_a_merge_leaves_no_trace(
        self, first: dict[str, Any], second: dict[str, Any], rows: list[tuple[int, str, int]], turned: bool
    ) -> None:
        pair = Pair(first, second)
        for row in rows:
            pair.attach(*row)
        kept, merged = reversed(pair.both) if turned else pair.both
        before = dump(without=("influencers.Merge",))
        merge = merge_influencers(kept=kept, merged=merged, by=pair.by)
        assert not Influencer.objects.filter(pk=merged.pk).exists()
        assert undo_merge(merge=merge, by=pair.by).left == []
        assert dump(without=("influencers.Merge",)) == before


@pytest.fixture
def at_once() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.mark.django_db(transaction=True)
def test_merges_at_once_are_each_whole_or_refused(at_once: ThreadPoolExecutor) -> None:
    """A into B, B into C, C into A, B into A, all at once: nothing is lost, nobody deadlocks."""
    by = MembershipFactory(agency=AgencyFactory(), role="manager")
    people = [InfluencerFactory(agency=by.agency, name=name) for name in "ABC"]
    for person in people:
        AccountFactory(agency=by.agency, influencer=person, is_primary=True)

    def merge(pair: tuple[int, int]) -> str:
        try:
            merge_influencers(kept=people[pair[0]], merged=people[pair[1]], by=by)
        except Refused as refusal:
            return str(refusal)
        else:
            return "merged"
        finally:
            connection.close()

    answers = list(at_once.map(merge, [(1, 0), (2, 1), (0, 2), (0, 1)]))
    merged = answers.count("merged")
    assert {*answers} <= {"merged", "Somebody merged or removed one of the two in the meantime."}
    assert 1 <= merged <= 2
    left = Influencer.objects.filter(agency=by.agency)
    assert left.count() == 3 - merged
    assert sum(person.accounts.count() for person in left) == 3
    assert all(person.accounts.filter(is_primary=True).count() == 1 for person in left)
