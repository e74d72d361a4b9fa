"""Every cell of the export against the independent computation, over real exports and over the demo agency."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from agency.models import Agency
from campaigns.demo.seed import seed_demo
from influencers.services.figures import recompute
from influencers.services.imports import import_posts
from tests.reference.compare import cells_compared, differences, non_empty_per_column, read_export, reference_rows
from tests.reference.reading import load_accounts, load_zone

pytestmark = pytest.mark.django_db(transaction=True)


def compared(slug: str, as_of: datetime, folder: Path) -> tuple[int, dict[str, int]]:
    """Export, compute again, compare every cell; how many rows, and how many cells of each column said something."""
    file = folder / "figures.csv"
    call_command("export_metrics", "--agency", slug, "--as-of", as_of.isoformat(), "-o", str(file))
    reference = reference_rows(load_accounts(connection, slug), cutoff=as_of, zone=load_zone(connection, slug))
    export = read_export(file)
    assert [str(difference) for difference in differences(reference, export)] == []
    filled = non_empty_per_column(export)
    print(f"{slug} as of {as_of.isoformat()}: {len(export)} rows, not empty: {filled}")  # noqa: T201 - shown with -s
    return cells_compared(reference, export), filled


def imported(agency: Agency, files: Sequence[Path], as_of: datetime, **options: str) -> None:
    for file in files:
        import_posts(agency=agency, file=file, filename=file.name, create_accounts=True, by=None, **options)
    assert recompute(agency=agency, as_of=as_of, by=None).state == "finished"


def test_figures_of_real_tiktok_posts(agency: Agency, shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "posts-tiktok-santaclara"
    as_of = datetime(2021, 8, 25, tzinfo=UTC)
    names = ("tiktok_collected_videos.csv", "tiktok_collected_liked_videos.csv", "trending_videos.csv")
    imported(agency, [folder / name for name in names], as_of)
    rows, filled = compared("northern", as_of, tmp_path)
    assert rows > 100
    assert min(filled[name] for name in ("er_views_n", "er_views_median", "posts_per_week", "headline_reason")) > 50


def test_figures_of_real_youtube_posts_have_no_rate_without_comments(
    agency: Agency, shared_data: Path, tmp_path: Path
) -> None:
    folder = shared_data / "posts-youtube-dunkey"
    as_of = datetime(2025, 4, 30, tzinfo=UTC)
    for name in ("dunkey_greatest_hits", "dunkey_more"):
        imported(agency, [folder / f"{name}.csv"], datetime(2025, 4, 29, tzinfo=UTC), platform="youtube", handle=name)
    recompute(agency=agency, as_of=as_of, by=None)
    rows, filled = compared("northern", as_of, tmp_path)
    assert (rows, filled["er_views_n"], filled["headline_rate"], filled["headline_reason"]) == (2, 0, 0, 2)


def test_figures_of_real_instagram_workbooks(agency: Agency, shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "posts-fanpagekarma-br-gov"
    as_of = datetime(2025, 1, 1, tzinfo=UTC)
    imported(agency, [folder / "governomg.xlsx", folder / "governopara.xlsx"], as_of)
    rows, filled = compared("northern", as_of, tmp_path)
    # no followers anywhere: the reason says so, and what needs none is there
    assert (rows, filled["headline_reason"], filled["posts_per_week"], filled["comment_like_ratio"]) == (2, 2, 2, 2)


def test_figures_of_the_demo_fill_every_column(tmp_path: Path) -> None:
    seed_demo()
    agency = Agency.objects.get(slug="demo")
    rows, filled = compared("demo", agency.start_of(agency.today()), tmp_path)
    assert rows == 263
    assert {name: count for name, count in filled.items() if count < 100} == {}
