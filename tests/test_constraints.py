"""Each named constraint of clients, brands, roster and figures refuses the row that it is there to refuse."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from agency.models import Agency, User
from influencers.models import (
    BrandFitNote,
    ColumnMapping,
    EngagementFigures,
    ImportBatch,
    ImportChange,
    MetricsRange,
    MetricsRun,
)
from tests.factories import (
    AccountFactory,
    BrandFactory,
    CategoryFactory,
    ClientFactory,
    FollowerCountFactory,
    InfluencerFactory,
    PostFactory,
    TierBandFactory,
    TierSchemeFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)


def twice(factory: Any, agency: Agency, first: dict[str, Any], second: dict[str, Any]) -> None:
    factory(agency=agency, **first)
    factory(agency=agency, **second)


def figures(agency: Agency, **fields: Any) -> EngagementFigures:
    """A row without a headline, which has a reason."""
    fields.setdefault("account", AccountFactory(agency=agency))
    empty = {"headline_reason": "no_posts", "window_posts": 0, "saturation_known": 0, "computed_at": now()}
    counts = dict.fromkeys(("er_followers_n", "er_views_n", "er_reach_n"), 0)
    return EngagementFigures.objects.create(
        agency=agency, **{"as_of": agency.start_of(DAY), "formula_version": 1, **empty, **counts, **fields}
    )


def run(agency: Agency, **fields: Any) -> MetricsRun:
    start = {"kind": "manual", "day": DAY, "as_of": agency.start_of(DAY), "formula_version": 1}
    return MetricsRun.objects.create(agency=agency, **start, **fields)


def metrics_range(agency: Agency, *spans: tuple[int, int]) -> None:
    of = run(agency)
    for low, high in spans:
        MetricsRange.objects.create(run=of, low=low, high=high, accounts=1)


def figures_twice(agency: Agency) -> None:
    account = AccountFactory(agency=agency)
    figures(agency, account=account)
    figures(agency, account=account)


def primary_twice(agency: Agency) -> None:
    influencer = InfluencerFactory(agency=agency)
    twice(
        AccountFactory,
        agency,
        {"influencer": influencer, "is_primary": True},
        {"influencer": influencer, "is_primary": True},
    )


def count_twice(agency: Agency) -> None:
    account = AccountFactory(agency=agency)
    twice(FollowerCountFactory, agency, {"account": account, "day": DAY}, {"account": account, "day": DAY})


def post_twice(agency: Agency) -> None:
    account = AccountFactory(agency=agency)
    same = {"account": account, "external_id": "p1"}
    twice(PostFactory, agency, same, same)


def band(agency: Agency, **fields: Any) -> None:
    TierBandFactory(scheme=TierSchemeFactory(agency=agency), **fields)


def band_twice(agency: Agency) -> None:
    scheme = TierSchemeFactory(agency=agency)
    TierBandFactory(scheme=scheme, floor=5000)
    TierBandFactory(scheme=scheme, floor=5000, rank=3)


def wordless_note(agency: Agency) -> None:
    brand, influencer = BrandFactory(agency=agency), InfluencerFactory(agency=agency)
    author = User.objects.create_user("author@example.com")
    BrandFitNote.objects.create(
        agency=agency, brand=brand, influencer=influencer, text="", written_on=DAY, author=author
    )


def user_twice(agency: Agency) -> None:
    User.objects.create_user("kim@example.com")
    User.objects.bulk_create([User(email="KIM@example.com", password="!")])


def change_of_nothing(agency: Agency) -> None:
    batch = ImportBatch.objects.create(agency=agency, kind="roster", file_name="a.csv", sha256="0" * 64)
    ImportChange.objects.create(batch=batch, table="account")


def mapping_twice(agency: Agency) -> None:
    for name in ("Ours", "Theirs"):
        ColumnMapping.objects.create(agency=agency, kind="roster", name=name, headers=["Fans", "Name"])


BREAKS: dict[str, Callable[[Agency], object]] = {
    "user_email_once_whatever_case": user_twice,
    "client_name_once_per_agency": lambda a: twice(ClientFactory, a, {"name": "Bean"}, {"name": "BEAN"}),
    "brand_name_once_per_agency": lambda a: twice(BrandFactory, a, {"name": "Bean"}, {"name": "bean"}),
    "category_name_once_per_parent": lambda a: twice(CategoryFactory, a, {"name": "Tea"}, {"name": "tea"}),
    "influencer_has_name": lambda a: InfluencerFactory(agency=a, name=""),
    "account_handle_once_per_platform": lambda a: twice(AccountFactory, a, {"handle": "kim"}, {"handle": "KIM"}),
    "account_external_id_once_per_platform": lambda a: twice(
        AccountFactory, a, {"external_id": "1"}, {"external_id": "1"}
    ),
    "account_external_id_null_or_text": lambda a: AccountFactory(agency=a, external_id=""),
    "account_one_primary_per_influencer": primary_twice,
    "account_followers_not_negative": lambda a: AccountFactory(agency=a, typed_followers=-1),
    "account_has_handle": lambda a: AccountFactory(agency=a, handle=""),
    "account_step_positive": lambda a: AccountFactory(agency=a, typed_followers_step=0),
    "follower_count_once_per_day": count_twice,
    "follower_count_not_negative": lambda a: FollowerCountFactory(agency=a, followers=-1),
    "post_once_per_account": post_twice,
    "post_has_external_id": lambda a: PostFactory(agency=a, external_id=""),
    "post_interactions_not_negative": lambda a: PostFactory(agency=a, shares=-1),
    "post_audience_not_negative": lambda a: PostFactory(agency=a, reach=-1),
    "fit_note_has_text": wordless_note,
    "tier_scheme_once_per_agency": lambda a: twice(TierSchemeFactory, a, {"name": "Own"}, {"name": "Own"}),
    "tier_scheme_one_default_per_agency": lambda a: twice(
        TierSchemeFactory, a, {"is_default": True}, {"is_default": True}
    ),
    "tier_band_once_per_floor": band_twice,
    "tier_band_floor_not_negative": lambda a: band(a, floor=-1),
    "tier_band_rank_1_to_5": lambda a: band(a, rank=6),
    "metrics_run_finished_has_time": lambda a: run(a, state="finished"),
    "metrics_range_once_per_low": lambda a: metrics_range(a, (1, 5), (1, 9)),
    "metrics_range_low_to_high": lambda a: metrics_range(a, (5, 1)),
    "figures_once_per_cutoff": figures_twice,
    "figures_headline_or_reason": lambda a: figures(a, headline_rate=0.03),
    "import_change_updates_or_creates": change_of_nothing,
    "column_mapping_once_per_headers": mapping_twice,
}


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_constraint_refuses(agency: Agency, name: str) -> None:
    with pytest.raises(IntegrityError, match=f'constraint "{name}"'), transaction.atomic():
        BREAKS[name](agency)


def test_the_same_is_no_clash_in_another_agency(agency: Agency, other_agency: Agency) -> None:
    """Uniqueness is of an agency: two agencies may have the same client, creator and scheme."""
    for one in (agency, other_agency):
        ClientFactory(agency=one, name="Bean")
        BrandFactory(agency=one, name="Bean")
        AccountFactory(agency=one, handle="kim", external_id="1")
        TierSchemeFactory(agency=one, name="Own", is_default=True)
    figures(agency)
    figures(agency, as_of=agency.start_of(DAY) + timedelta(days=1))
    assert EngagementFigures.objects.count() == 2
