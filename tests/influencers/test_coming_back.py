"""Who was erased at their wish comes back by no import, and by hand only through a manager."""

import io

import pytest

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.imports.handles import ProfileLink
from influencers.models import Account, Fingerprint, ImportBatch, Influencer, Post
from influencers.services.accounts import update_account
from influencers.services.imports import import_posts, import_roster
from influencers.services.people import add_account, create_influencer
from influencers.services.protection import erase_influencer
from tests.factories import AccountFactory, InfluencerFactory, MembershipFactory

pytestmark = pytest.mark.django_db

POSTS = (
    b"Platform,Handle,Post ID,Date,Likes,Comments\n"
    b"instagram,quilla.fjord,p1,2026-05-01,10,2\n"
    b"instagram,somebody.else,p2,2026-05-02,11,3\n"
    b"instagram,QUILLA.fjord,p3,2026-05-03,12,4\n"
)
ROSTER = b"Name;Instagram\nQuilla Fjordheim;quilla.fjord\n"
PROFILE = ProfileLink(platform="instagram", handle="quilla.fjord", external_id=None, url="")


@pytest.fixture
def marketer(agency: Agency) -> Membership:
    member: Membership = MembershipFactory(agency=agency, role="marketer")
    return member


def erase_quilla(agency: Agency, by: Membership | None, reason: str = "asked") -> None:
    person = InfluencerFactory(agency=agency, name="Quilla Fjordheim", email="quilla@fjord.example")
    AccountFactory(agency=agency, influencer=person, platform="instagram", handle="quilla.fjord")
    erase_influencer(influencer=person, reason=reason, by=by)


@pytest.mark.parametrize("create", [True, False])
def test_posts_bring_nobody_back_and_name_nobody(agency: Agency, manager: Membership, *, create: bool) -> None:
    erase_quilla(agency, manager)

    outcome = import_posts(
        agency=agency, file=io.BytesIO(POSTS), filename="posts.csv", create_accounts=create, by=manager
    )

    told = outcome.as_dict()
    assert (told["rows"], told["created"], told["skipped"], told["objected"]) == (3, int(create), 2, [2, 4])
    assert list(Account.objects.values_list("handle", flat=True)) == ["somebody.else"] * create
    assert list(Post.objects.values_list("external_id", flat=True)) == ["p2"] * create
    assert "quilla" not in str(told).lower()
    batch = ImportBatch.objects.get()
    assert (batch.objected, "quilla" in str(batch.errors).lower()) == ([2, 4], False)


def test_a_marketer_is_refused_and_nothing_is_made(agency: Agency, manager: Membership, marketer: Membership) -> None:
    erase_quilla(agency, manager)

    with pytest.raises(Refused, match="asked to be erased"):
        create_influencer(agency=agency, name="Q", profiles=["instagram.com/quilla.fjord"], details={}, by=marketer)
    with pytest.raises(Refused, match="asked to be erased"):
        create_influencer(agency=agency, name="Q", profiles=[], details={"email": "Quilla@fjord.example"}, by=None)
    other = InfluencerFactory(agency=agency, name="Other")
    with pytest.raises(Refused, match="only a manager"):
        add_account(influencer=other, profile=PROFILE, by=marketer)

    theirs = AccountFactory(agency=agency, influencer=other, platform="instagram", handle="other")
    with pytest.raises(Refused, match="only a manager"):
        update_account(account=theirs, handle="quilla.fjord", url="", external_id=None, is_primary=False, by=marketer)
    theirs.delete()

    assert (Influencer.objects.count(), Account.objects.count(), Fingerprint.objects.count()) == (1, 0, 2)


def test_a_manager_adds_them_again_and_imports_know_them(agency: Agency, manager: Membership) -> None:
    erase_quilla(agency, manager)

    create_influencer(agency=agency, name="Quilla", profiles=["instagram.com/quilla.fjord"], details={}, by=manager)

    assert Fingerprint.objects.count() == 0
    outcome = import_roster(agency=agency, file=io.BytesIO(ROSTER), filename="roster.csv", by=manager)
    assert (outcome.objected, outcome.created) == ([], 0)
    assert Influencer.objects.count() == 1


def test_another_agency_may_add_them(agency: Agency, other_agency: Agency, manager: Membership) -> None:
    erase_quilla(agency, manager)

    create_influencer(agency=other_agency, name="", profiles=["instagram.com/quilla.fjord"], details={}, by=None)

    assert (Account.objects.get().agency, Fingerprint.objects.count()) == (other_agency, 2)


def test_an_erasure_for_age_is_no_objection(agency: Agency, manager: Membership) -> None:
    erase_quilla(agency, None, reason="age")

    assert Fingerprint.objects.count() == 0
    outcome = import_roster(agency=agency, file=io.BytesIO(ROSTER), filename="roster.csv", by=manager)
    assert (outcome.objected, outcome.created) == ([], 1)
