"""Small real rows for tests. Every factory takes `agency=`; related rows follow it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from agency.models import Agency, Brand, Category, Client, Membership, User
from campaigns.models import Campaign, Collaboration, Deliverable, Exclusivity
from influencers.models import Account, FollowerCount, Influencer, Post, TierBand, TierScheme


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")


class AgencyFactory(DjangoModelFactory[Agency]):
    class Meta:
        model = Agency

    name = factory.Sequence(lambda n: f"Agency {n}")
    slug = factory.Sequence(lambda n: f"agency-{n}")
    timezone = "Europe/Copenhagen"


class TenantFactory(DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    agency = factory.SubFactory(AgencyFactory)


class MembershipFactory(TenantFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Membership.Role.MARKETER


class CategoryFactory(TenantFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")


class ClientFactory(TenantFactory):
    class Meta:
        model = Client

    name = factory.Sequence(lambda n: f"Client {n}")


class BrandFactory(TenantFactory):
    class Meta:
        model = Brand
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Brand {n}")
    client = factory.SubFactory(ClientFactory, agency=factory.SelfAttribute("..agency"))

    @factory.post_generation
    def categories(self, create: bool, extracted: list[Category] | None, **_: Any) -> None:
        if create and extracted:
            self.categories.set(extracted)

    @factory.post_generation
    def rivals(self, create: bool, extracted: list[Brand] | None, **_: Any) -> None:
        if create and extracted:
            self.rivals.set(extracted)


class InfluencerFactory(TenantFactory):
    class Meta:
        model = Influencer

    name = factory.Sequence(lambda n: f"Creator {n}")
    status = Influencer.Status.ACTIVE


class AccountFactory(TenantFactory):
    class Meta:
        model = Account

    influencer = factory.SubFactory(InfluencerFactory, agency=factory.SelfAttribute("..agency"))
    platform = "instagram"
    handle = factory.Sequence(lambda n: f"creator.{n}")
    typed_followers = 12_431


class FollowerCountFactory(TenantFactory):
    class Meta:
        model = FollowerCount

    account = factory.SubFactory(AccountFactory, agency=factory.SelfAttribute("..agency"))
    day = date(2026, 5, 1)
    followers = 12_431
    source = FollowerCount.Source.IMPORT


class PostFactory(TenantFactory):
    class Meta:
        model = Post

    account = factory.SubFactory(AccountFactory, agency=factory.SelfAttribute("..agency"))
    external_id = factory.Sequence(lambda n: f"post-{n:05d}")
    posted_at = datetime(2026, 5, 1, 12, tzinfo=UTC)
    likes = 100
    comments = 10
    counted_at = factory.LazyAttribute(lambda post: post.posted_at + timedelta(days=30))


class TierSchemeFactory(TenantFactory):
    class Meta:
        model = TierScheme

    name = factory.Sequence(lambda n: f"Scheme {n}")


class TierBandFactory(DjangoModelFactory[TierBand]):
    class Meta:
        model = TierBand

    scheme = factory.SubFactory(TierSchemeFactory)
    name = "micro"
    rank = 2
    floor = 5_000


class CampaignFactory(TenantFactory):
    class Meta:
        model = Campaign
        skip_postgeneration_save = True

    brand = factory.SubFactory(BrandFactory, agency=factory.SelfAttribute("..agency"))
    owner = factory.SubFactory(MembershipFactory, agency=factory.SelfAttribute("..agency"))
    name = factory.Sequence(lambda n: f"Campaign {n}")
    starts_on = date(2026, 5, 1)
    ends_on = date(2026, 5, 31)

    @factory.post_generation
    def categories(self, create: bool, extracted: list[Category] | None, **_: Any) -> None:
        if create and extracted:
            self.categories.set(extracted)


class CollaborationFactory(TenantFactory):
    """A collaboration in a state that holds nothing; use `campaigns.services` to book."""

    class Meta:
        model = Collaboration

    campaign = factory.SubFactory(CampaignFactory, agency=factory.SelfAttribute("..agency"))
    influencer = factory.SubFactory(InfluencerFactory, agency=factory.SelfAttribute("..agency"))


class DeliverableFactory(TenantFactory):
    class Meta:
        model = Deliverable

    collaboration = factory.SubFactory(CollaborationFactory, agency=factory.SelfAttribute("..agency"))
    live_from = date(2026, 5, 10)
    live_to = date(2026, 5, 12)


class ExclusivityFactory(TenantFactory):
    class Meta:
        model = Exclusivity

    collaboration = factory.SubFactory(CollaborationFactory, agency=factory.SelfAttribute("..agency"))
    scope = Exclusivity.Scope.FULL
