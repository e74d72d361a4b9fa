"""Pages of the roster at agency scale: ten combinations of filter, search and sort, near and deep; counts, a profile, an export."""

import re
import tempfile
from collections.abc import Sequence
from html import unescape
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agency.models import User
from bench.roster_changelist import page_times
from bench.table import Row, at_most
from bench.timing import percentile, timed, timed_with_cpu
from influencers.models import RosterLine

REQUESTS = 200  # of each combination, half of them at the first page and half at the last but one
VIEWS = {
    "as it opens": "",
    "sorted by followers": "sort=-followers",
    "sorted by rate": "sort=-rate",
    "sorted by growth, rising": "sort=growth",
    "searched": "q=sorensen",
    "searched by two words, sorted by rate": "q=freja+rossi&sort=-rate",
    "one platform, one niche": "platform=tiktok&niche=food",
    "tier and country, sorted by rate": "tier=Micro&country=DK&sort=-rate",
    "followers from to, status": "followers_from=10000&followers_to=50000&status=active",
    "searched, rate from, niche, sorted by followers": "q=lind&rate_from=2&niche=travel&sort=-followers",
}
COUNTS = """
INSERT INTO influencers_followercount (agency_id, account_id, day, followers, source)
SELECT agency_id, id, current_date - 7 * week, 20000 - 100 * week, 'typed' FROM influencers_account, generate_series(1, 52) AS week
WHERE influencer_id = ANY(%(some)s)
"""
POSTS = """
INSERT INTO influencers_post (agency_id, account_id, external_id, posted_at, kind, caption, url, likes, comments, views,
    is_sponsored, sponsored_source, is_excluded, excluded_reason, is_deleted, counted_at)
SELECT agency_id, id, 'bench-' || post, now() - post * interval '3 days', 'post', 'a caption of some words', '', 700, 30, 9000,
    'no', 'words', false, '', false, now()
FROM influencers_account, generate_series(1, 120) AS post WHERE influencer_id = ANY(%(some)s)
"""
COUNTED = ("", "platform=tiktok&niche=food", "q=sorensen")


def page_rows(user: User, requests: int) -> list[Row]:
    """p50 and p95 of every page, the most queries of one, and Django's own changelist over the same table."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    near, deep = roster_times(client, requests)
    everything: Sequence[float] = [value for taken in (near, deep) for values in taken.values() for value in values]
    counts = times(client, [f"/bench/roster/filters/?{query}" for query in COUNTED], max(requests // 10, 5))
    profile = profile_times(client, requests)
    changelist = page_times(max(requests // 10, 3))
    plain = [value for values in changelist.values() for value in values]
    each = f"{requests} requests of each of {len(VIEWS)} combinations, half of them deep in the list, in process"
    return [
        Row("roster page, p95", percentile(everything, 0.95), "ms", at_most(60), each),
        Row("roster page, p50", percentile(everything, 0.5), "ms"),
        *combination_rows("first page", near),
        *combination_rows("deep", deep),
        Row("queries of a roster page, at most", most_queries(client), "", at_most(12)),
        Row("counts beside filters, p95", percentile(counts, 0.95), "ms", at_most(120)),
        Row(
            "profile page, p95",
            percentile(profile, 0.95),
            "ms",
            at_most(60),
            "100 creators; 52 counts, 120 posts an account",
        ),
        Row("profile page, p50", percentile(profile, 0.5), "ms"),
        Row("Django's changelist, p95", percentile(plain, 0.95), "ms", None, "the same table, 6 lists and searches"),
        Row("Django's changelist, p50", percentile(plain, 0.5), "ms"),
        *(Row(f"changelist, {name}, p50", percentile(values, 0.5), "ms") for name, values in changelist.items()),
        *export_rows(),
    ]


def combination_rows(where: str, taken: dict[str, list[float]]) -> list[Row]:
    return [
        Row(
            f"{name}, {where}, p95 (p50)", percentile(values, 0.95), "ms", at_most(60), f"{percentile(values, 0.5):.1f}"
        )
        for name, values in taken.items()
    ]


def roster_times(client: Client, requests: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Milliseconds by combination, at the first page and at the last but one; all combinations in turn."""
    near: dict[str, list[float]] = {name: [] for name in VIEWS}
    deep: dict[str, list[float]] = {name: [] for name in VIEWS}
    before_last = {name: deep_address(client, query) for name, query in VIEWS.items()}
    for _ in range(max(requests // 2, 3)):
        for name, query in VIEWS.items():
            near[name].append(asked(client, f"/bench/roster/?{query}"))
            deep[name].append(asked(client, before_last[name]))
    return near, deep


def deep_address(client: Client, query: str) -> str:
    """The page before the last one; of a list of one page that page."""
    page = client.get(f"/bench/roster/?{query}&at=last").content.decode()
    link = re.search(r'href="([^"]*[?&;]before=[^"]*)"', page)
    return unescape(link[1]) if link else f"/bench/roster/?{query}"


def most_queries(client: Client) -> int:
    most = 0
    for query in VIEWS.values():
        with CaptureQueriesContext(connection) as captured:
            asked(client, f"/bench/roster/?{query}")
        most = max(most, len(captured))
    return most


def profile_times(client: Client, requests: int) -> list[float]:
    """Of creators with a year of weekly counts and 120 posts on each of their accounts."""
    some = list(RosterLine.objects.order_by("sort_name").values_list("pk", flat=True)[:100])
    with connection.cursor() as cursor:
        for statement in (COUNTS, POSTS):
            cursor.execute(statement, {"some": some})
    return times(client, [f"/bench/roster/{pk}/" for pk in some], max(requests // 100, 1))


def times(client: Client, addresses: Sequence[str], rounds: int) -> list[float]:
    """Milliseconds of each request; a first round warms up."""
    for address in addresses:
        asked(client, address)
    return [asked(client, address) for _ in range(rounds) for address in addresses]


def asked(client: Client, address: str) -> float:
    seconds, _cpu, answer = timed_with_cpu(lambda: client.get(address))
    assert answer.status_code == 200, (address, answer.status_code)
    return 1000 * seconds


def export_rows() -> list[Row]:
    rows = []
    count = RosterLine.objects.count()
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("csv", "xlsx"):
            path = Path(folder) / f"roster.{kind}"
            seconds, _none = timed(
                lambda path=path: call_command("export_roster", agency="bench", output=path, verbosity=0)
            )
            rows.append(
                Row(f"export as {kind}", count / seconds, "rows/s", None, f"{path.stat().st_size / 2**20:.1f} MiB")
            )
    return rows
