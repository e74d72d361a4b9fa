"""Pages of collaborations, deliverables, exclusivities, absences and clashes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agency.errors import Refused
from agency.models import Membership
from campaigns.fields import day_set
from campaigns.models import Clash, Collaboration, Deliverable, Exclusivity, Unavailability
from campaigns.services import add_deliverable, create_campaign, record_unavailability
from campaigns.views import clashes
from influencers.models import Influencer
from tests.campaigns.booking import World, june, may
from tests.factories import ClientFactory, InfluencerFactory

Login = Callable[[Any], Client]
HTMX = {"HX-Request": "true", "HX-Target": "collaboration-check"}


def at(world: World, name: str, *arguments: object) -> str:
    return reverse(f"campaigns:{name}", args=[world.agency.slug, *arguments])


@pytest.fixture
def held(world: World, emma: Influencer) -> Collaboration:
    """Northwind has Emma on 10–12 May and shuts everybody out."""
    return world.booked(emma, world.brand("Northwind", world.coffee), [(may(10), may(12))], clauses=[{"scope": "full"}])


@pytest.fixture
def asked(world: World, emma: Influencer) -> Collaboration:
    """Kaffa wants Emma on 11 May."""
    return world.proposal(emma, world.brand("Kaffa", world.tea), [(may(11), may(11))])


# --- adding a creator -----------------------------------------------------------------------------------------


def test_collaboration_create_finds_creators(world: World, emma: Influencer, login: Login) -> None:
    campaign = create_campaign(
        brand=world.brand("K", world.tea), name="May", starts_on=may(1), ends_on=may(31), by=world.by
    )
    InfluencerFactory(agency=world.agency, name="Émile Noor", niches=["tea"])
    InfluencerFactory(agency=world.agency, name="Blocked tea", status="blocked")
    client = login(world.by)

    def names(query: str) -> list[str]:
        response = client.get(at(world, "collaboration_create", campaign.pk) + query)
        return [creator.name for creator in response.context["creators"]]

    assert names("") == ["Émile Noor", "Emma"]
    assert names("?q=emile") == ["Émile Noor"]
    assert names("?q=tea") == ["Émile Noor"]
    assert names("?q=nobody") == []
    page = client.get(
        at(world, "collaboration_create", campaign.pk) + "?q=nobody", headers=HTMX | {"HX-Target": "creator-list"}
    )
    assert page.content.decode().strip().startswith('<div id="creator-list">')
    assert "No creator fits" in page.content.decode()


@pytest.mark.parametrize("days", ["", "&starts_on=2026-05-12&ends_on=2026-05-14"])
def test_the_answer_before_the_click(
    world: World, emma: Influencer, held: Collaboration, asked: Collaboration, login: Login, days: str
) -> None:
    address = at(world, "collaboration_create", asked.campaign_id) + f"?influencer={emma.pk}{days}"
    page = login(world.by).get(address).content.decode()
    assert "Emma is booked for Northwind until 12 May 2026. Fully exclusive. Next free: 13 May 2026." in page
    window = "starts_on=2026-05-13&amp;ends_on=2026-05-15" if days else "starts_on=2026-05-13&amp;ends_on=2026-06-12"
    assert window in page


def test_collaboration_check_for_htmx(
    world: World, emma: Influencer, held: Collaboration, asked: Collaboration, login: Login
) -> None:
    client = login(world.by)
    address = at(world, "collaboration_check", asked.campaign_id)

    def answer(query: str) -> str:
        response = client.get(address + query, headers=HTMX)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    free = answer(f"?influencer={emma.pk}&starts_on=2026-05-13&ends_on=2026-05-13")
    assert free.startswith('<div id="collaboration-check"')
    assert "Free." in free
    assert "Emma is booked for Northwind" in answer(f"?influencer={emma.pk}")
    assert "Give both days or none." in answer(f"?influencer={emma.pk}&starts_on=2026-05-13")
    last_before_first = f"?influencer={emma.pk}&starts_on=2026-05-13&ends_on=2026-05-12"
    assert "The last day comes before the first." in answer(last_before_first)
    assert "Select a valid choice" in answer("?influencer=0")
    asked.campaign.categories.clear()
    asked.campaign.brand.categories.clear()
    assert "has no product category" in answer(f"?influencer={emma.pk}")
    assert "<html" in client.get(address + f"?influencer={emma.pk}").content.decode()


def test_the_answer_names_no_confidential_client(
    world: World, emma: Influencer, login: Login, marketer: Membership
) -> None:
    secret = world.brand("CANARY", world.coffee, client=ClientFactory(agency=world.agency, is_confidential=True))
    world.booked(emma, secret, [(may(10), may(12))], clauses=[{"scope": "full"}])
    campaign = world.proposal(InfluencerFactory(agency=world.agency), world.brand("Kaffa", world.tea)).campaign
    address = at(world, "collaboration_check", campaign.pk) + f"?influencer={emma.pk}"
    page = login(marketer).get(address, headers=HTMX).content.decode()
    assert "Emma is not available 10–12 May 2026: exclusivity. Next free: 13 May 2026." in page
    assert "CANARY" not in page


def test_a_possible_clash_is_a_warning(world: World, emma: Influencer, login: Login) -> None:
    clause = {"scope": "categories", "categories": [world.hot]}
    world.booked(emma, world.brand("Northwind", world.coffee), [(may(10), may(12))], clauses=[clause])
    asked = world.proposal(emma, world.brand("Drinks Ltd", world.drinks), [(may(11), may(11))])
    page = login(world.by).get(at(world, "collaboration_detail", asked.pk)).content.decode()
    assert "Free." in page
    assert "Possible clash with Northwind of Emma" in page
    asked_client = login(world.by)
    asked_client.post(at(world, "collaboration_move", asked.pk), {"state": "booked"})
    page = asked_client.get(at(world, "collaboration_detail", asked.pk)).content.decode()
    assert "Possible clash with Northwind of Emma" in page


def test_collaboration_create_adds(world: World, emma: Influencer, login: Login) -> None:
    campaign = create_campaign(
        brand=world.brand("K", world.tea), name="May", starts_on=may(1), ends_on=may(31), by=world.by
    )
    client = login(world.by)
    address = at(world, "collaboration_create", campaign.pk)
    typed = {
        "influencer": emma.pk,
        "starts_on": "2026-05-03",
        "ends_on": "2026-05-04",
        "fee": "1200.50",
        "currency": "",
    }
    response = client.post(address, typed)
    collaboration = Collaboration.objects.get()
    assert response["Location"] == at(world, "collaboration_detail", collaboration.pk)
    assert (collaboration.fee, collaboration.currency, collaboration.state) == (Decimal("1200.50"), "EUR", "proposed")
    response = client.post(address, typed)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Emma is in the line-up already." in page
    assert "1200.50" in page
    wrong = client.post(address, {**typed, "ends_on": ""})
    assert wrong.status_code == 200
    assert "Give both days or none." in wrong.content.decode()


def test_viewers_add_and_ask_nothing(world: World, held: Collaboration, login: Login, viewer: Membership) -> None:
    held.campaign.brand.client.team.add(viewer)
    client = login(viewer)
    for name in ("collaboration_create", "collaboration_check"):
        assert client.get(at(world, name, held.campaign_id)).status_code == 403
    assert client.post(at(world, "collaboration_move", held.pk), {"state": "live"}).status_code == 403
    assert client.get(at(world, "collaboration_detail", held.pk)).status_code == 200


# --- the page of a collaboration -------------------------------------------------------------------------------


def test_collaboration_detail(world: World, held: Collaboration, login: Login, viewer: Membership) -> None:
    Collaboration.objects.update(fee=Decimal("1234.50"), client_price=Decimal("2345.60"), code="EMMA10")
    record_unavailability(influencer=held.influencer, starts_on=june(20), ends_on=june(21), reason="SURGERY", by=None)
    world.agency.refresh_from_db()
    response = login(world.by).get(at(world, "collaboration_detail", held.pk))
    page = response.content.decode()
    assert response.context["activity_days"] == "10–12 May 2026"
    assert [(line.text, line.days) for line in response.context["clauses"]] == [("Fully exclusive", "10–12 May 2026")]
    assert response.context["moves"] == [("live", "live"), ("cancelled", "cancelled")]
    for text in ("1,234.50 EUR", "2,345.60 EUR", "EMMA10"):
        assert text in page
    held.campaign.brand.client.team.add(viewer)
    page = login(viewer).get(at(world, "collaboration_detail", held.pk)).content.decode()
    for text in ("1,234.50", "2,345.60", "SURGERY", "<button class"):
        assert text not in page


def test_collaboration_detail_without_a_category_says_why(world: World, emma: Influencer, login: Login) -> None:
    asked = world.proposal(emma, world.brand("Kaffa"), clauses=[{"scope": "full"}])
    response = login(world.by).get(at(world, "collaboration_detail", asked.pk))
    assert "has no product category" in response.content.decode()
    assert response.context["answer"] is None
    assert response.context["clauses"][0].days == ""


def test_collaboration_detail_offers_the_next_free_days(
    world: World, held: Collaboration, asked: Collaboration, login: Login
) -> None:
    page = login(world.by).get(at(world, "collaboration_detail", asked.pk)).content.decode()
    assert "Emma is booked for Northwind until 12 May 2026." in page
    assert 'name="shift" value="2"' in page


def test_collaboration_update(world: World, held: Collaboration, asked: Collaboration, login: Login) -> None:
    client = login(world.by)
    address = at(world, "collaboration_update", held.pk)
    assert client.get(address).status_code == 200
    response = client.post(
        address, {"fee": "99.00", "currency": "DKK", "usage_rights_until": "2026-06-01", "code": "X"}
    )
    assert response["Location"] == at(world, "collaboration_detail", held.pk)
    held.refresh_from_db()
    assert (held.fee, held.currency, held.usage_rights_until, held.code) == (99, "DKK", june(1), "X")
    assert client.post(address, {"fee": "-1"}).status_code == 200
    held.deliverables.all().delete()
    world.booked(held.influencer, world.brand("L", world.tea), [(may(20), may(20))])
    clash = client.post(address, {"starts_on": "2026-05-19", "ends_on": "2026-05-21"})
    assert clash.status_code == 409
    assert "Emma works for L 20 May 2026, which the exclusivity asked for shuts out." in clash.content.decode()
    assert "2026-05-19" in clash.content.decode()


def test_collaboration_move(world: World, asked: Collaboration, login: Login) -> None:
    client = login(world.by)
    response = client.post(at(world, "collaboration_move", asked.pk), {"state": "booked"}, follow=True)
    assert "Emma: booked." in response.content.decode()
    asked.refresh_from_db()
    assert (asked.state, asked.booked_by) == ("booked", world.by)
    response = client.post(at(world, "collaboration_move", asked.pk), {"state": "nonsense"}, follow=True)
    assert "Choose one of the states." in response.content.decode()
    response = client.post(at(world, "collaboration_move", asked.pk), {"state": "declined"})
    assert response.status_code == 409
    assert "cannot become" in response.content.decode()
    assert client.get(at(world, "collaboration_move", asked.pk)).status_code == 405


def test_collaboration_move_into_a_clash_says_what_can_be_done(
    world: World, held: Collaboration, asked: Collaboration, login: Login
) -> None:
    client = login(world.by)
    response = client.post(at(world, "collaboration_move", asked.pk), {"state": "booked"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Emma is booked for Northwind until 12 May 2026. Fully exclusive. Next free: 13 May 2026." in page
    assert at(world, "collaboration_detail", held.pk) in page
    assert "Days that meet: 11 May 2026" in page
    assert 'name="shift" value="2"' in page
    response = client.post(at(world, "collaboration_move", asked.pk), {"state": "booked", "shift": "2"})
    assert response.status_code == 302
    assert asked.deliverables.get().live_from == may(13)


def test_the_clash_page_names_no_confidential_client(
    world: World, emma: Influencer, asked: Collaboration, login: Login, marketer: Membership
) -> None:
    secret = world.brand("CANARY", world.coffee, client=ClientFactory(agency=world.agency, is_confidential=True))
    hidden = world.booked(emma, secret, [(may(11), may(11))], clauses=[{"scope": "full", "is_open_ended": True}])
    record_unavailability(influencer=emma, starts_on=may(11), ends_on=may(11), by=None)
    response = login(marketer).post(at(world, "collaboration_move", asked.pk), {"state": "booked"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "CANARY" not in page
    assert at(world, "collaboration_detail", hidden.pk) not in page
    assert "Another client" in page
    assert "Absence" in page
    assert "No later days are free as it stands." in page


# --- deliverables, exclusivities, absences ----------------------------------------------------------------------


def test_deliverable_create(world: World, held: Collaboration, asked: Collaboration, login: Login) -> None:
    client = login(world.by)
    account = world.account(asked.influencer, "tiktok")
    stranger = world.account(InfluencerFactory(agency=world.agency))
    address = at(world, "deliverable_create", asked.pk)
    assert "TikTok @" in client.get(address).content.decode()
    typed = {"account": account.pk, "format": "video", "state": "planned", "live_from": "2026-05-20", "live_to": ""}
    assert client.post(address, typed).status_code == 302
    added = asked.deliverables.get(format="video")
    assert (added.live_from, added.live_to, added.account) == (may(20), may(20), account)
    assert client.post(address, {**typed, "account": stranger.pk}).status_code == 200
    assert client.post(address, {**typed, "live_from": "", "live_to": "2026-05-20"}).status_code == 200
    refused = client.post(address, {**typed, "state": "live", "live_from": ""})
    assert refused.status_code == 409
    assert "on which day it went live" in refused.content.decode()


def test_deliverable_update(world: World, held: Collaboration, asked: Collaboration, login: Login) -> None:
    client = login(world.by)
    account = world.account(asked.influencer, "tiktok")
    add_deliverable(collaboration=asked, account=account, live_from=may(20), live_to=may(20), by=world.by)
    address = at(world, "deliverable_update", held.deliverables.get().pk)
    assert client.get(address).status_code == 200
    moved = {"format": "post", "state": "planned", "live_from": "2026-05-15", "live_to": "2026-05-16", "note": "later"}
    assert client.post(address, moved).status_code == 302
    assert held.deliverables.get().note == "later"
    client.post(at(world, "collaboration_move", asked.pk), {"state": "booked"})
    clash = client.post(address, {**moved, "live_to": "2026-05-20"})
    assert clash.status_code == 409
    assert "Emma works for Kaffa 20 May 2026" in clash.content.decode()
    assert client.post(address, {**moved, "live_to": "2026-05-14"}).status_code == 200


def test_deliverable_delete_drops(world: World, held: Collaboration, login: Login) -> None:
    client = login(world.by)
    deliverable = held.deliverables.get()
    address = at(world, "deliverable_delete", deliverable.pk)
    Deliverable.objects.update(state="live")
    response = client.post(address)
    assert response.status_code == 409
    assert "It is live already" in response.content.decode()
    Deliverable.objects.update(state="planned")
    assert client.post(address).status_code == 302
    assert held.deliverables.get().state == "dropped"


def test_clause_create(world: World, held: Collaboration, asked: Collaboration, login: Login) -> None:
    client = login(world.by)
    address = at(world, "clause_create", asked.pk)
    typed = {
        "scope": "categories",
        "categories": [world.hot.pk],
        "anchor": "posts",
        "days_before": "0",
        "days_after": "7",
        "platforms": ["tiktok"],
        "markets": "dk",
    }
    assert "Kaffa" not in str(client.get(address).context["form"]["brands"])
    assert client.post(address, typed).status_code == 302
    clause = asked.clauses.get()
    assert (clause.days_after, clause.platforms, clause.markets) == (7, ["tiktok"], ["DK"])
    refused = client.post(address, {**typed, "categories": []})
    assert refused.status_code == 409
    assert "Choose the categories that are shut out." in refused.content.decode()
    for wrong in (
        {"anchor": "fixed"},
        {"anchor": "fixed", "fixed_from": "2026-05-01"},
        {"anchor": "fixed", "fixed_from": "2026-05-02", "fixed_to": "2026-05-01"},
        {"days_after": "4000"},
        {"markets": "XX"},
    ):
        assert client.post(address, {**typed, **wrong}).status_code == 200
    open_ended = {"anchor": "fixed", "fixed_from": "2026-05-01", "fixed_to": "2026-05-02", "is_open_ended": "on"}
    assert client.post(address, {**typed, **open_ended}).status_code == 302
    assert asked.clauses.get(anchor="fixed").fixed_to is None


def test_clause_delete(world: World, held: Collaboration, login: Login) -> None:
    assert login(world.by).post(at(world, "clause_delete", held.clauses.get().pk)).status_code == 302
    assert not Exclusivity.objects.exists()


def test_clause_update(world: World, held: Collaboration, login: Login) -> None:
    client = login(world.by)
    address = at(world, "clause_update", held.clauses.get().pk)
    assert client.get(address).status_code == 200
    world.booked(held.influencer, world.brand("L", world.tea), [(may(14), may(14))])
    full = {"scope": "full", "anchor": "posts", "days_before": "0", "days_after": "1"}
    assert client.post(address, full).status_code == 302
    clash = client.post(address, {**full, "days_after": "2"})
    assert clash.status_code == 409
    assert "Emma works for L 14 May 2026" in clash.content.decode()
    assert held.clauses.get().days_after == 1


def test_named_brands_that_one_may_not_see_stay_named(
    world: World, asked: Collaboration, login: Login, marketer: Membership
) -> None:
    secret = world.brand("CANARY", world.coffee, client=ClientFactory(agency=world.agency, is_confidential=True))
    other = world.brand("Other", world.coffee)
    login(world.by).post(
        at(world, "clause_create", asked.pk),
        {"scope": "brands", "brands": [secret.pk, other.pk], "anchor": "posts", "days_before": 0, "days_after": 0},
    )
    clause = asked.clauses.get()
    client = login(marketer)
    assert "CANARY" not in client.get(at(world, "clause_update", clause.pk)).content.decode()
    assert "CANARY" not in client.get(at(world, "collaboration_detail", asked.pk)).content.decode()
    client.post(
        at(world, "clause_update", clause.pk),
        {"scope": "brands", "brands": [], "anchor": "posts", "days_before": 0, "days_after": 3},
    )
    assert list(clause.brands.all()) == [secret]


def test_unavailability_create(world: World, held: Collaboration, login: Login, viewer: Membership) -> None:
    client = login(world.by)
    emma = held.influencer
    address = at(world, "unavailability_create", emma.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"starts_on": "2026-05-11", "ends_on": "2026-05-10"}).status_code == 200
    page = client.post(
        address, {"starts_on": "2026-05-11", "ends_on": "2026-05-11", "reason": "ill"}, follow=True
    ).content.decode()
    assert "Bookings stand in these days" in page
    page = client.post(address, {"starts_on": "2027-05-11", "ends_on": "2027-05-11"}, follow=True).content.decode()
    assert "Recorded." in page
    assert Clash.objects.get().state == "open"
    assert login(viewer).post(address, {}).status_code == 403


def test_unavailability_delete(world: World, held: Collaboration, login: Login) -> None:
    client = login(world.by)
    absence = record_unavailability(influencer=held.influencer, starts_on=may(11), ends_on=may(11), by=world.by)
    page = client.post(at(world, "unavailability_delete", absence.pk), follow=True).content.decode()
    assert "Emma is back on these days." in page
    assert Clash.objects.get().state == "resolved"
    assert not Unavailability.objects.exists()


# --- clashes ---------------------------------------------------------------------------------------------------


def test_clash_list(world: World, held: Collaboration, login: Login, marketer: Membership) -> None:
    client = login(world.by)
    assert "No clash is open" in client.get(at(world, "clash_list")).content.decode()
    record_unavailability(influencer=held.influencer, starts_on=may(11), ends_on=may(11), by=world.by)
    clash = Clash.objects.get()
    page = client.get(at(world, "clash_list")).content.decode()
    assert "Emma is away 11 May 2026, but booked for Northwind." in page
    assert at(world, "clash_accept", clash.pk) in page
    assert at(world, "clash_accept", clash.pk) not in login(marketer).get(at(world, "clash_list")).content.decode()
    assert "None here" in client.get(at(world, "clash_list") + "?state=accepted").content.decode()
    held.campaign.brand.client.is_confidential = True
    held.campaign.brand.client.save()
    assert "Northwind" not in login(marketer).get(at(world, "clash_list")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_clash_list_queries(
    world: World, login: Login, rows: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(rows):
        creator = InfluencerFactory(agency=world.agency)
        world.booked(creator, world.brand(f"Brand {number}", world.tea), [(may(10), may(12))])
        record_unavailability(influencer=creator, starts_on=may(11), ends_on=may(11), by=world.by)
    client = login(world.by)
    with django_assert_num_queries(8):
        assert len(client.get(at(world, "clash_list")).context["page"].object_list) == rows


def test_clash_accept(world: World, held: Collaboration, login: Login, marketer: Membership) -> None:
    record_unavailability(influencer=held.influencer, starts_on=may(11), ends_on=may(11), by=world.by)
    clash = Clash.objects.get()
    address = at(world, "clash_accept", clash.pk)
    assert login(marketer).get(address).status_code == 403
    client = login(world.by)
    assert "Emma is away 11 May 2026" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 200
    page = client.post(address, {"reason": "Posts from bed"}, follow=True).content.decode()
    assert "Accepted." in page
    clash.refresh_from_db()
    assert (clash.state, clash.reason, clash.decided_by) == ("accepted", "Posts from bed", world.by)
    again = client.post(address, {"reason": "Twice"})
    assert again.status_code == 409
    assert "not open any more" in again.content.decode()
    assert "Posts from bed" in client.get(at(world, "clash_list") + "?state=accepted").content.decode()


def test_only_managers_accept(world: World, held: Collaboration, marketer: Membership, outsider: Membership) -> None:
    record_unavailability(influencer=held.influencer, starts_on=may(11), ends_on=may(11), by=world.by)
    clash = Clash.objects.get()
    for by in (marketer, outsider):
        with pytest.raises(Refused, match="Only a manager"):
            clashes.accept_clash(clash=clash, reason="why", by=by)
    with pytest.raises(Refused, match="Say why"):
        clashes.accept_clash(clash=clash, reason=" ", by=world.owner)


def test_the_words_of_a_clash_between_bookings(
    world: World, held: Collaboration, asked: Collaboration, login: Login, marketer: Membership
) -> None:

    Clash.objects.create(
        agency=world.agency,
        influencer=held.influencer,
        collaboration=asked,
        against=held,
        rule="C2",
        during=day_set([(may(11), may(11))]),
    )
    page = login(world.by).get(at(world, "clash_list")).content.decode()
    assert "Emma is booked for Kaffa and for Northwind 11 May 2026: exclusivity." in page
    held.campaign.brand.client.is_confidential = True
    held.campaign.brand.client.save()
    page = login(marketer).get(at(world, "clash_list")).content.decode()
    assert "Emma is booked for Kaffa, but not available 11 May 2026: exclusivity." in page
    assert "Northwind" not in page
