"""What the data say beside a scorecard: inputs, source, day, n; unknown with its reason; unpaid mentions."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agency.models import Agency, Brand, Membership
from campaigns.models import Collaboration
from influencers.fit.evidence import Evidence, evidence_of
from influencers.fit.mentions import mentions_of, naming
from influencers.fit.words import fold
from influencers.models import Account, AudienceShare, Influencer, Price
from tests.factories import (
    AccountFactory,
    BrandFactory,
    CampaignFactory,
    CollaborationFactory,
    InfluencerFactory,
    PostFactory,
)


@pytest.fixture
def influencer(agency: Agency) -> Influencer:
    return InfluencerFactory(agency=agency, name="Emma", country="DK")


@pytest.fixture
def account(influencer: Influencer) -> Account:
    return AccountFactory(agency=influencer.agency, influencer=influencer)


@pytest.fixture
def brand(agency: Agency) -> Brand:
    return BrandFactory(agency=agency, name="Fjordlys Coffee", markets=["DK"])


def post(account: Account, caption: str, days_ago: float = 5, sponsored: str = "no", **facts: object) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    PostFactory(
        agency=account.agency,
        account=account,
        caption=caption,
        posted_at=at,
        counted_at=at,
        is_sponsored=sponsored,
        **facts,
    )


def told(influencer: Influencer, brand: Brand, reader: Membership) -> dict[str, Evidence]:
    return {str(line.label): line for line in evidence_of(influencer, brand, reader, ())}


@pytest.mark.parametrize(
    "caption",
    [
        "Morning with Fjordlys Coffee",
        "@fjordlyscoffee wakes me",
        "#fjordlys_coffee",
        "FJORDLYS-COFFEE’s beans",
        "fjordlys  coffee.",
        "(Fjördlys Coffee)",
    ],
)
def test_naming_a_brand(brand: Brand, caption: str) -> None:
    assert naming(brand).search(fold(caption))


@pytest.mark.parametrize("caption", ["Fjordlys Coffees", "superfjordlys coffee", "Fjordlys tea, Coffee", "coffee", ""])
def test_naming_another_thing(brand: Brand, caption: str) -> None:
    assert not naming(brand).search(fold(caption))


def test_naming_a_brand_without_letters_finds_nothing(agency: Agency) -> None:
    assert not naming(Brand(agency=agency, name="!!")).search("!! anything")


def test_mentions_of_the_last_year(influencer: Influencer, account: Account, brand: Brand) -> None:
    post(account, "Fjordlys Coffee is calm", 5, external_id="new")
    post(account, "fjordlys coffee again", 300, external_id="old")
    post(account, "Fjordlys Coffee long ago", 366)
    post(account, "Fjordlys Coffee, paid", sponsored="yes")
    post(account, "Fjordlys Coffee, who knows", sponsored="unknown", external_id="unknown")
    post(account, "Fjordlys Coffee, deleted", is_deleted=True)
    post(account, "Tea")
    post(account, "")
    found = mentions_of(influencer, brand)
    assert [each.external_id for each in found.unpaid] == ["new", "old"]
    assert [each.external_id for each in found.unknown] == ["unknown"]
    assert found.read == 5


def test_evidence_of_nothing_says_why(influencer: Influencer, brand: Brand, marketer: Membership) -> None:
    lines = told(influencer, brand, marketer)
    assert {label: (line.text, line.is_known) for label, line in lines.items()} == {
        "Audience in the markets": ("no account", False),
        "Audience in the target ages": ("The brand names no target ages.", False),
        "Women in the audience": ("The brand names no share of women.", False),
        "Niche": ("The brand names no niches.", False),
        "Language": ("The brand names no languages.", False),
        "Country": ("lives in DK", True),
        "Engagement rate": ("no account", False),
        "Few paid posts": ("no account", False),
        "Growth": ("no account", False),
        "Work for the brand": ("none is booked here", True),
        "Work for rivals, 12 months": ("none is booked here", True),
        "Price": ("no valid price is known", False),
        "Unpaid mentions, 12 months": ("no captions of the last 12 months are known", False),
    }


def test_evidence_names_sources_days_and_posts(
    influencer: Influencer, account: Account, brand: Brand, marketer: Membership
) -> None:
    for key, part in (("DK", "0.7"), ("SE", "0.3")):
        AudienceShare.objects.create(
            agency=brand.agency, account=account, dimension="country", key=key, share=Decimal(part), source="media kit",
            as_of=date(2026, 5, 1),
        )  # fmt: skip
    Price.objects.create(
        agency=brand.agency, influencer=influencer, kind="post", platform="instagram",
        amount=Decimal(450), currency="EUR", valid_from=date(2026, 1, 1),
    )  # fmt: skip
    post(account, "Fjordlys Coffee is calm", url="https://www.instagram.com/p/x/")
    post(account, "Fjordlys Coffee?", sponsored="unknown")
    lines = told(influencer, brand, marketer)
    markets = lines["Audience in the markets"]
    assert markets.text == "70 % of the audience in DK, 30 % elsewhere (as of 1 May 2026)"
    assert markets.note == "Source: media kit."
    assert lines["Price"] == Evidence(
        "Price",
        "post 450 EUR",
        is_known=True,
        note="No median where fewer than 5 creators of the tier have a price of the kind.",
    )
    mentions = lines["Unpaid mentions, 12 months"]
    assert (mentions.text, mentions.note) == (
        "1 post names the brand",
        "2 captions were read. 1 more post names it, of which nobody knows whether it is paid.",
    )
    assert [link.url for link in mentions.links] == ["https://www.instagram.com/p/x/"]
    assert mentions.links[0].text.endswith(": Fjordlys Coffee is calm")


def test_evidence_of_work_for_the_brand_and_its_rivals(
    influencer: Influencer, brand: Brand, marketer: Membership, manager: Membership
) -> None:
    rival = BrandFactory(agency=brand.agency, name="Brikka")
    secret = BrandFactory(agency=brand.agency, name="CANARY", client__is_confidential=True)
    brand.rivals.add(rival, secret)
    today = brand.agency.today()
    for whose, name in ((brand, "Ritual"), (rival, "Sips"), (secret, "CANARY sips")):
        campaign = CampaignFactory(
            agency=brand.agency, brand=whose, name=name, starts_on=today, ends_on=today + timedelta(days=3)
        )
        CollaborationFactory(
            agency=brand.agency, campaign=campaign, influencer=influencer, state=Collaboration.State.BOOKED,
            booked_at=timezone.now(),
        )  # fmt: skip
    lines = told(influencer, brand, marketer)
    own, rivals = lines["Work for the brand"], lines["Work for rivals, 12 months"]
    assert (own.text, [link.text.partition(": ")[0] for link in own.links]) == (
        "1 collaboration",
        ["Fjordlys Coffee, Ritual"],
    )
    assert (rivals.text, [link.text.partition(": ")[0] for link in rivals.links]) == (
        "1 collaboration",
        ["Brikka, Sips"],
    )
    assert "CANARY" not in str(lines)
    assert told(influencer, brand, manager)["Work for rivals, 12 months"].text == "2 collaborations"
