"""The roster in the admin panel: only one's own agency, only what may be changed by hand."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.models import Account, Influencer, TierScheme
from influencers.services import seed_tier_schemes
from tests.factories import AccountFactory, FollowerCountFactory, InfluencerFactory, MembershipFactory, PostFactory
from tests.influencers.test_roster import figures

Login = Callable[[Membership], Client]
TABLES = [
    *(
        "influencer",
        "account",
        "tierscheme",
        "brandfitnote",
        "followercount",
        "post",
        "engagementfigures",
        "metricsrun",
    ),
    "importbatch",
]


@pytest.fixture
def keeper(agency: Agency) -> Membership:
    member: Membership = MembershipFactory(agency=agency, role=Membership.Role.MARKETER, is_roster_manager=True)
    return member


@pytest.fixture
def panel(keeper: Membership, login: Login) -> Client:
    return login(keeper)


def page(table: str, kind: str, *args: int) -> str:
    return reverse(f"admin:influencers_{table}_{kind}", args=args)


def test_admin_lists_show_only_the_agency(agency: Agency, other_agency: Agency, panel: Client) -> None:
    for owner, name in ((agency, "OWN"), (other_agency, "CANARY")):
        seed_tier_schemes(owner)
        TierScheme.objects.filter(agency=owner, name="HIB").update(name=f"{name} scheme")
        account = AccountFactory(
            agency=owner, influencer__name=name, handle=f"{name}.handle", typed_followers=1_234_567
        )
        FollowerCountFactory(agency=owner, account=account, followers=1_234_567)
        PostFactory(agency=owner, account=account, likes=7_654_321)
        figures(account, headline_rate=0.0314, followers=1_234_567)
    pages = {table: panel.get(page(table, "changelist")) for table in TABLES}
    assert {table: answer.status_code for table, answer in pages.items()} == dict.fromkeys(TABLES, 200)
    texts = {table: answer.content.decode() for table, answer in pages.items()}
    assert not [table for table, html in texts.items() if "CANARY" in html]
    assert "@OWN.handle (Instagram)" in texts["influencer"]
    for table in ("account", "followercount", "engagementfigures"):
        assert "1,234,567" in texts[table]
    assert "7,654,321" in texts["post"]
    assert "3.14 %" in texts["engagementfigures"]


@pytest.mark.parametrize("query", ["q=emma", "status__exact=active", "accounts__platform=tiktok"])
def test_admin_influencers_are_searched_and_filtered(agency: Agency, panel: Client, query: str) -> None:
    AccountFactory(agency=agency, platform="tiktok", handle="emma.cooks", influencer__name="Found")
    AccountFactory(agency=agency, handle="other", influencer__name="Left out", influencer__status="paused")
    html = panel.get(f"{page('influencer', 'changelist')}?{query}").content.decode()
    assert "Found" in html
    assert "Left out" not in html


def test_admin_sets_the_status_of_many(agency: Agency, other_agency: Agency, panel: Client) -> None:
    rows = [InfluencerFactory(agency=agency, status="prospect") for _ in range(2)]
    foreign = InfluencerFactory(agency=other_agency, status="prospect")
    chosen = {"_selected_action": [*(row.pk for row in rows), foreign.pk]}
    answer = panel.post(page("influencer", "changelist"), {"action": "make_paused", **chosen}, follow=True)
    assert "2 creators are now paused." in answer.content.decode()
    panel.post(page("influencer", "changelist"), {"action": "make_active", "_selected_action": [rows[0].pk]})
    statuses = Influencer.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["active", "paused", "prospect"]


def test_admin_adds_a_creator_with_an_account(agency: Agency, panel: Client) -> None:
    data = {
        "name": "Åse Emma",
        "status": "active",
        "kind": "creator",
        "lawful_basis": "contract",
        "niches": "food, travel",
        "languages": "Danish",
        "country": "DK",
        "accounts-TOTAL_FORMS": "1",
        "accounts-INITIAL_FORMS": "0",
        "accounts-0-platform": "tiktok",
        "accounts-0-handle": "ase.emma",
        "prices-TOTAL_FORMS": "1",
        "prices-INITIAL_FORMS": "0",
        "prices-0-kind": "post",
        "prices-0-amount": "1250",
        "prices-0-currency": "EUR",
        "prices-0-valid_from": "2026-01-01",
    }
    assert panel.post(page("influencer", "add"), data).status_code == 302
    influencer = Influencer.objects.get()
    assert (influencer.agency, influencer.sort_name, influencer.niches, influencer.languages) == (
        agency,
        "ase emma",
        ["food", "travel"],
        ["da"],
    )
    assert Account.objects.get().agency == agency
    assert influencer.created_by is not None
    assert [(price.agency, price.amount) for price in influencer.prices.all()] == [(agency, 1250)]


def test_admin_corrects_the_audience_of_an_account(agency: Agency, panel: Client) -> None:
    account = AccountFactory(agency=agency)
    data = {
        "influencer": account.influencer_id,
        "platform": account.platform,
        "handle": account.handle,
        "typed_followers_step": 1,
        "audience-TOTAL_FORMS": "1",
        "audience-INITIAL_FORMS": "0",
        "audience-0-dimension": "country",
        "audience-0-key": "DK",
        "audience-0-share": "0.625",
        "audience-0-source": "Insights",
        "audience-0-as_of": "2026-01-01",
    }
    assert panel.post(page("account", "change", account.pk), data).status_code == 302
    assert [(share.agency, str(share.share)) for share in account.audience.all()] == [(agency, "0.625000")]


def test_admin_tags_many(agency: Agency, other_agency: Agency, panel: Client) -> None:
    first, second = InfluencerFactory(agency=agency, tags=["vip"]), InfluencerFactory(agency=agency)
    foreign = InfluencerFactory(agency=other_agency)
    chosen = {"_selected_action": [first.pk, second.pk, foreign.pk]}

    def act(action: str, tag: str) -> str:
        data = {"action": action, "tag": tag, **chosen}
        return panel.post(page("influencer", "changelist"), data, follow=True).content.decode()

    assert "1 creator has the tag now." in act("add_tag", " vip ")
    assert "2 creators lost the tag." in act("take_tag", "vip")
    assert "Type the tag beside the action" in act("add_tag", " ")
    assert "2 creators have the tag now." in act("add_tag", "long, term")
    tags = Influencer.objects.order_by("pk").values_list("tags", flat=True)
    assert list(tags) == [["long term"], ["long term"], []]


def test_admin_leads_to_import_and_export(agency: Agency, panel: Client) -> None:
    html = panel.get(page("influencer", "changelist")).content.decode()
    for name in ("roster_import", "influencer_export"):
        assert f'href="{reverse(f"influencers:{name}", args=[agency.slug])}"' in html


def test_admin_says_refusals_of_deletions_and_actions(
    agency: Agency, panel: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    influencer = InfluencerFactory(agency=agency)

    def refuse(*_args: object, **_more: object) -> None:
        raise Refused("It stays.")

    monkeypatch.setattr(Influencer, "delete", refuse)
    answer = panel.post(page("influencer", "delete", influencer.pk), {"post": "yes"}, follow=True)
    assert "It stays." in answer.content.decode()
    monkeypatch.setattr("influencers.admin.set_status", refuse)
    data = {"action": "make_paused", "_selected_action": [influencer.pk]}
    answer = panel.post(page("influencer", "changelist"), data, follow=True)
    assert "It stays." in answer.content.decode()


def test_admin_reads_but_never_writes_what_is_computed(agency: Agency, panel: Client) -> None:
    account = AccountFactory(agency=agency)
    post = PostFactory(agency=agency, account=account)
    assert panel.get(page("post", "change", post.pk)).status_code == 200
    assert panel.get(page("account", "change", account.pk)).status_code == 200
    for table in ("followercount", "post", "engagementfigures", "metricsrun", "importbatch", "brandfitnote"):
        assert panel.get(page(table, "add")).status_code == 403
    assert panel.post(page("post", "change", post.pk), {"likes": 1}).status_code == 403
    assert panel.post(page("post", "delete", post.pk), {"post": "yes"}).status_code == 403


def test_admin_deletes_a_creator_with_all_that_hangs_on_it(agency: Agency, panel: Client) -> None:
    account = AccountFactory(agency=agency)
    PostFactory(agency=agency, account=account)
    FollowerCountFactory(agency=agency, account=account)
    figures(account)
    path = page("influencer", "delete", account.influencer_id)
    assert "Are you sure" in panel.get(path).content.decode()
    assert panel.post(path, {"post": "yes"}).status_code == 302
    assert Influencer.objects.count() == Account.objects.count() == 0


def test_admin_edits_bands_and_keeps_the_scheme_in_use(agency: Agency, panel: Client) -> None:
    seed_tier_schemes(agency)
    used = TierScheme.objects.get(agency=agency, is_default=True)
    other = TierScheme.objects.get(agency=agency, name="High Social")
    html = panel.get(page("tierscheme", "change", used.pk)).content.decode()
    assert html.count("needs_check") >= 5
    assert panel.post(page("tierscheme", "delete", used.pk), {"post": "yes"}).status_code == 403
    assert panel.post(page("tierscheme", "delete", other.pk), {"post": "yes"}).status_code == 302


def test_admin_is_closed_without_the_flag(marketer: Membership, viewer: Membership, login: Login) -> None:
    for member in (marketer, viewer):
        assert login(member).get(page("influencer", "changelist")).status_code in {302, 403, 404}
