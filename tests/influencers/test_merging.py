"""Two records that are one person: what becomes of every row, and the way back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from psycopg import errors

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.merging.fields import differences, label_of, together
from influencers.merging.pointers import LEFT, SPECIAL, moved_plainly, pointers
from influencers.merging.refusals import MergeRefused
from influencers.models import (
    Account,
    BrandFit,
    BrandFitNote,
    DataExport,
    Influencer,
    Merge,
    NotDuplicates,
    Price,
    RosterLine,
    Shortlist,
    ShortlistEntry,
)
from influencers.services.merging import alone, kept_instead_of, merge_influencers, say_two_people, undo_merge
from tests.dumping import dump
from tests.factories import AccountFactory, BrandFactory, InfluencerFactory, MembershipFactory

LOG = ("influencers.Merge",)


@pytest.fixture
def anna(agency: Agency) -> Influencer:
    return InfluencerFactory(agency=agency, name="Anna Berg", country="DK", niches=["food"], tags=["vip"])


@pytest.fixture
def other(agency: Agency) -> Influencer:
    return InfluencerFactory(agency=agency, name="Anna B.", city="Aarhus", niches=["Food", "travel"], tags=[])


def fit(influencer: Influencer, brand: Any, author: Membership, version: int, day: date, **more: Any) -> BrandFit:
    """A scorecard of that day."""
    fields = {"is_current": False, "verdict": "fits", "expires_on": day + timedelta(days=365), **more}
    return BrandFit.objects.create(
        agency=influencer.agency, influencer=influencer, brand=brand, author=author.user, version=version,
        written_on=day, **fields,
    )  # fmt: skip


def everything(anna: Influencer, other: Influencer, by: Membership) -> None:
    """Rows of every kind on both."""
    agency = by.agency
    brand, only = BrandFactory(agency=agency), BrandFactory(agency=agency)
    for creator, handle in ((anna, "anna.berg"), (other, "annab")):
        AccountFactory(agency=agency, influencer=creator, handle=handle, is_primary=True)
        Price.objects.create(
            agency=agency, influencer=creator, kind="post", amount="150.10", currency="EUR", valid_from=date(2026, 1, 1)
        )
        BrandFitNote.objects.create(
            agency=agency, influencer=creator, brand=brand, text="Fine", written_on=date(2026, 3, 1), author=by.user
        )
    fit(anna, brand, by, 1, date(2026, 1, 1))
    fit(anna, brand, by, 2, date(2026, 3, 1), is_current=True)
    fit(other, brand, by, 1, date(2026, 2, 1))
    fit(other, brand, by, 2, date(2026, 4, 1), is_current=True)
    fit(other, only, by, 1, date(2026, 4, 1), is_current=True)
    for name, members in (("Both", [anna, other]), ("One", [other])):
        Shortlist.objects.create(agency=agency, name=name, owner=by).influencers.set(members)
    third = InfluencerFactory(agency=agency, name="Third")
    fourth = InfluencerFactory(agency=agency, name="Fourth")
    for one, two in ((anna, other), (anna, third), (third, other), (fourth, other)):
        say_two_people(first=one, second=two, by=by)
    duo = InfluencerFactory(agency=agency, name="Duo")
    duo.members.add(other)
    pair = InfluencerFactory(agency=agency, name="Pair")
    pair.members.add(anna, other)
    for ids in ([other.pk], [anna.pk, other.pk], [third.pk]):
        DataExport.objects.create(agency=agency, kind="roster", subject="all", influencer_ids=ids)
    RosterLine.objects.filter(influencer__in=[anna, other]).update(rate_percentile=0.25)


# --- nothing can be forgotten ---------------------------------------------------------------------------
def test_every_table_that_points_at_a_creator_is_moved_or_left_on_purpose() -> None:
    """A new table fails here until somebody has said what a merge does with it."""
    assert {pointer.name for pointer in moved_plainly()} == {
        "campaigns.Clash.influencer",
        "campaigns.Collaboration.influencer",
        "campaigns.Unavailability.influencer",
        "influencers.Account.influencer",
        "influencers.BrandFitNote.influencer",
        "influencers.Merge.kept",
        "influencers.Price.influencer",
    }
    assert {pointer.name for pointer in pointers()} == {p.name for p in moved_plainly()} | SPECIAL | LEFT.keys()


# --- the merge -------------------------------------------------------------------------------------------
def test_merge_moves_every_row(anna: Influencer, other: Influencer, manager: Membership) -> None:
    everything(anna, other, manager)
    merge = merge_influencers(kept=anna, merged=other, by=manager)
    anna.refresh_from_db()
    assert not Influencer.objects.filter(pk=other.pk).exists()
    assert (merge.merged_id, merge.merged_name, merge.kept_id) == (other.pk, "Anna B.", anna.pk)
    accounts = Account.objects.order_by("handle").values_list("handle", "influencer", "is_primary")
    assert list(accounts) == [("anna.berg", anna.pk, True), ("annab", anna.pk, False)]
    assert Price.objects.filter(influencer=anna).count() == BrandFitNote.objects.filter(influencer=anna).count() == 2
    assert sorted(ShortlistEntry.objects.values_list("shortlist__name", "influencer")) == [
        ("Both", anna.pk),
        ("One", anna.pk),
    ]
    assert sorted(anna.duos.values_list("name", flat=True)) == ["Duo", "Pair"]
    exports = DataExport.objects.order_by("pk").values_list("influencer_ids", flat=True)
    assert list(exports)[:2] == [[anna.pk], [anna.pk, other.pk]]
    line = RosterLine.objects.get(influencer=anna)
    assert line.platforms == ["instagram"]


def test_merge_interleaves_scorecards_by_date(anna: Influencer, other: Influencer, manager: Membership) -> None:
    everything(anna, other, manager)
    merge_influencers(kept=anna, merged=other, by=manager)
    cards = BrandFit.objects.filter(influencer=anna).order_by("brand", "version")
    assert [(card.version, card.written_on.month, card.is_current) for card in cards] == [
        (1, 1, False),
        (2, 2, False),
        (3, 3, False),
        (4, 4, True),
        (1, 4, True),
    ]


def test_merge_unites_lists_and_takes_the_fuller_value(
    anna: Influencer, other: Influencer, manager: Membership
) -> None:
    merge_influencers(kept=anna, merged=other, choices={"name": "kept"}, by=manager)
    anna.refresh_from_db()
    assert (anna.name, anna.country, anna.city) == ("Anna Berg", "DK", "Aarhus")
    assert (anna.niches, anna.tags) == (["food", "travel"], ["vip"])


def test_merge_takes_what_was_chosen(anna: Influencer, other: Influencer, manager: Membership) -> None:
    own = AccountFactory(agency=anna.agency, influencer=other)
    choices = {"name": "other", "country": "other", "city": "kept"}
    merge_influencers(kept=anna, merged=other, choices=choices, primary=own, by=manager)
    anna.refresh_from_db()
    own.refresh_from_db()
    assert (anna.name, anna.country, anna.city, own.is_primary, own.influencer_id) == (
        "Anna B.",
        "",
        "",
        True,
        anna.pk,
    )


def test_merge_keeps_distinctions_from_third_people(anna: Influencer, other: Influencer, manager: Membership) -> None:
    everything(anna, other, manager)
    third, fourth = Influencer.objects.get(name="Third"), Influencer.objects.get(name="Fourth")
    merge_influencers(kept=anna, merged=other, by=manager)
    pairs = NotDuplicates.objects.order_by("second").values_list("first", "second")
    assert sorted(pairs) == [(anna.pk, third.pk), (anna.pk, fourth.pk)]


def test_merge_then_undo_leaves_everything_as_before(anna: Influencer, other: Influencer, manager: Membership) -> None:
    everything(anna, other, manager)
    before = dump(without=LOG)
    merge = merge_influencers(kept=anna, merged=other, choices={"name": "other"}, by=manager)
    assert dump(without=LOG) != before
    parted = undo_merge(merge=merge, by=manager)
    assert (parted.restored.pk, parted.restored.name, parted.left) == (other.pk, "Anna B.", [])
    assert dump(without=LOG) == before


def test_merge_the_other_way_round_and_back(anna: Influencer, other: Influencer, manager: Membership) -> None:
    everything(anna, other, manager)
    before = dump(without=LOG)
    undo_merge(merge=merge_influencers(kept=other, merged=anna, by=manager), by=manager)
    assert dump(without=LOG) == before


def test_undo_leaves_what_was_changed_since(anna: Influencer, other: Influencer, manager: Membership) -> None:
    everything(anna, other, manager)
    merge = merge_influencers(kept=anna, merged=other, choices={"name": "other"}, by=manager)
    Influencer.objects.filter(pk=anna.pk).update(name="Anna of Aarhus")
    AccountFactory(agency=anna.agency, influencer=anna, handle="new")
    moved = Price.objects.get(pk=max(Price.objects.values_list("pk", flat=True)))
    moved.delete()
    brand = BrandFit.objects.filter(version=4).get().brand
    BrandFit.objects.filter(brand=brand).update(is_current=False)
    fit(anna, brand, manager, 5, date(2026, 6, 1), is_current=True)
    parted = undo_merge(merge=merge, by=manager)
    anna.refresh_from_db()
    assert anna.name == "Anna of Aarhus"
    assert parted.left == [
        "Name was changed since: it stays as it is.",
        "Anna of Aarhus keeps 1 account that came since.",
        "Anna of Aarhus keeps 1 brand fit that came since.",
    ]
    assert not Price.objects.filter(influencer=parted.restored).exists()
    cards = BrandFit.objects.filter(brand=brand).order_by("influencer", "version")
    assert [(card.influencer_id, card.version, card.is_current) for card in cards] == [
        (anna.pk, 1, False),
        (anna.pk, 2, False),
        (anna.pk, 3, True),
        (other.pk, 1, False),
        (other.pk, 2, True),
    ]


def test_undo_keeps_a_primary_account_that_was_chosen_since(
    anna: Influencer, other: Influencer, manager: Membership
) -> None:
    first = AccountFactory(agency=anna.agency, influencer=anna, is_primary=True)
    theirs = AccountFactory(agency=anna.agency, influencer=other)
    merge = merge_influencers(kept=anna, merged=other, primary=theirs, by=manager)
    Account.objects.filter(pk=theirs.pk).update(is_primary=False)
    chosen = AccountFactory(agency=anna.agency, influencer=anna, is_primary=True)
    undo_merge(merge=merge, by=manager)
    rows = Account.objects.order_by("pk").values_list("pk", "influencer", "is_primary")
    assert list(rows) == [(first.pk, anna.pk, False), (theirs.pk, other.pk, False), (chosen.pk, anna.pk, True)]


def test_undo_forgets_who_left(anna: Influencer, other: Influencer, manager: Membership) -> None:
    leaver = MembershipFactory(agency=anna.agency).user
    Influencer.objects.filter(pk=other.pk).update(created_by=leaver)
    entry = Shortlist.objects.create(agency=anna.agency, name="Both", owner=manager)
    entry.influencers.set([anna, other])
    merge = merge_influencers(kept=anna, merged=other, by=manager)
    Membership.objects.filter(user=leaver).delete()
    leaver.delete()
    entry.delete()
    restored = undo_merge(merge=merge, by=manager).restored
    assert (restored.created_by_id, ShortlistEntry.objects.count()) == (None, 0)


# --- refusals --------------------------------------------------------------------------------------------
def test_merge_refuses_one_record_twice(anna: Influencer, manager: Membership) -> None:
    with pytest.raises(MergeRefused, match="same record twice"):
        merge_influencers(kept=anna, merged=anna, by=manager)


def test_merge_refuses_a_duo_and_its_member(anna: Influencer, other: Influencer, manager: Membership) -> None:
    anna.members.add(other)
    with pytest.raises(MergeRefused, match="One is a member of the other"):
        merge_influencers(kept=anna, merged=other, by=manager)


def test_merge_refuses_a_duo_and_a_member_of_another(anna: Influencer, other: Influencer, manager: Membership) -> None:
    anna.members.add(InfluencerFactory(agency=anna.agency))
    InfluencerFactory(agency=anna.agency).members.add(other)
    with pytest.raises(MergeRefused, match="One is a duo"):
        merge_influencers(kept=anna, merged=other, by=manager)


def test_merge_refuses_who_is_gone_or_of_another_agency(
    anna: Influencer, other: Influencer, manager: Membership, other_agency: Agency
) -> None:
    foreign = InfluencerFactory(agency=other_agency)
    merge_influencers(kept=anna, merged=other, by=manager)
    for gone in (other, foreign):
        with pytest.raises(Refused, match="in the meantime"):
            merge_influencers(kept=anna, merged=gone, by=manager)


def test_undo_is_refused_after_a_day_and_twice(anna: Influencer, other: Influencer, manager: Membership) -> None:
    merge = merge_influencers(kept=anna, merged=other, by=manager)
    Merge.objects.update(merged_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Refused, match="for a day"):
        undo_merge(merge=merge, by=manager)
    Merge.objects.update(merged_at=timezone.now() - timedelta(hours=23, minutes=59))
    undo_merge(merge=merge, by=manager)
    with pytest.raises(Refused, match="parted already"):
        undo_merge(merge=merge, by=manager)


def test_undo_goes_backwards_through_a_chain(anna: Influencer, other: Influencer, manager: Membership) -> None:
    third = InfluencerFactory(agency=anna.agency, name="Third")
    AccountFactory(agency=anna.agency, influencer=third)
    before = dump(without=LOG)
    first = merge_influencers(kept=other, merged=third, by=manager)
    second = merge_influencers(kept=anna, merged=other, by=manager)
    assert kept_instead_of(anna.agency, third.pk) == kept_instead_of(anna.agency, other.pk) == anna
    with pytest.raises(Refused, match="was merged later: undo that first"):
        undo_merge(merge=first, by=manager)
    undo_merge(merge=second, by=manager)
    assert kept_instead_of(anna.agency, other.pk) is None
    assert kept_instead_of(anna.agency, third.pk) == other
    undo_merge(merge=first, by=manager)
    assert dump(without=LOG) == before


def test_a_deadlock_is_said_in_a_sentence(db: None) -> None:
    @alone
    def unlucky(cause: Exception) -> None:
        raise OperationalError from cause

    with pytest.raises(Refused, match="at the same moment"):
        unlucky(errors.DeadlockDetected())
    with pytest.raises(OperationalError):
        unlucky(errors.OutOfMemory())


# --- fields ----------------------------------------------------------------------------------------------
def proposals(kept: Influencer, other: Influencer) -> dict[str, str]:
    return {difference.name: difference.proposed for difference in differences(kept, other)}


def test_differences_propose_the_fuller_then_the_newer_value(agency: Agency) -> None:
    old = InfluencerFactory(agency=agency, name="A", country="DK", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    new = InfluencerFactory(agency=agency, name="B", city="Oslo", created_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert proposals(old, new) == {"name": "other", "country": "kept", "city": "other"}
    assert proposals(new, old) == {"name": "kept", "country": "other", "city": "kept"}
    Influencer.objects.filter(pk=old.pk).update(region="Fyn")
    old.refresh_from_db()
    assert proposals(old, new) == {"name": "kept", "country": "kept", "city": "other", "region": "kept"}


def test_differences_never_lose_do_not_work_with(agency: Agency) -> None:
    blocked = InfluencerFactory(agency=agency, name="A", status="blocked", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    active = InfluencerFactory(agency=agency, name="A", informed_on=date(2026, 5, 3))
    assert proposals(blocked, active) == {"status": "kept", "informed_on": "other"}
    assert proposals(active, blocked) == {"status": "other", "informed_on": "kept"}
    shown = {each.name: (each.label, each.kept, each.other) for each in differences(blocked, active)}
    assert shown == {
        "status": ("Status", "do not work with", "active"),
        "informed_on": ("Informed on", "", "3 May 2026"),
    }


def test_differences_take_a_default_for_nothing(agency: Agency) -> None:
    """A fresh import calls everybody a prospect and a creator: that outweighs nothing that somebody said."""
    known = InfluencerFactory(agency=agency, name="A", status="paused", kind="expert", lawful_basis="contract")
    fresh = Influencer.objects.create(agency=agency, name="A")
    assert proposals(known, fresh) == {"kind": "kept", "status": "kept", "lawful_basis": "kept"}
    assert proposals(fresh, known) == {"kind": "other", "status": "other", "lawful_basis": "other"}


def test_lists_are_united_without_repeating_words() -> None:
    assert together(["Food", "vip"], ["food", "travel"]) == ["Food", "vip", "travel"]
    assert label_of("management_email") == "E-mail address of the management"


# --- two people ------------------------------------------------------------------------------------------
def test_two_people_are_said_once(
    anna: Influencer, other: Influencer, manager: Membership, other_agency: Agency
) -> None:
    low, high = sorted([anna, other], key=lambda one: one.pk)
    said = say_two_people(first=high, second=low, by=manager)
    assert say_two_people(first=low, second=high, by=manager) == said
    assert (said.first, said.second, said.said_by) == (low, high, manager.user)
    for pair in ((anna, anna), (anna, InfluencerFactory(agency=other_agency))):
        with pytest.raises(Refused, match="not in this agency"):
            say_two_people(first=pair[0], second=pair[1], by=manager)


@pytest.mark.parametrize("constraint", ["not_duplicates_once", "not_duplicates_lower_id_first"])
def test_distinctions_are_pairs_in_order(
    anna: Influencer, other: Influencer, manager: Membership, constraint: str
) -> None:
    low, high = sorted([anna.pk, other.pk])
    say_two_people(first=anna, second=other, by=manager)
    pair = (low, high) if constraint == "not_duplicates_once" else (high, low)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        NotDuplicates.objects.create(agency=anna.agency, first_id=pair[0], second_id=pair[1])
