"""Takes posts that were read over into the tables: accounts matched, newer counts kept, in a few set-based statements.

A post is the same by account and external id. Newer counts replace older ones, never the other way round; an unknown count never
replaces a known one, and whether a post is sponsored stays as a person said it. Followers beside a post become the count of
the post's day in the agency's zone; the day's last post wins, and counts from elsewhere are left alone.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from influencers.imports.errors import RefusedRow, RowError
from influencers.imports.outcome import Outcome
from influencers.imports.post_rows import PostRow
from influencers.imports.staging import copy_rows, fetch, one_import_at_a_time, run
from influencers.models import Platform

# Says whether a post's account was that of somebody who was erased.
PostObjected = Callable[[PostRow], bool]
COUNTS = ("likes", "comments", "shares", "saves", "views", "reach", "impressions", "replies")
STAGED = {
    "line": "integer",
    "platform": "text",
    "handle": "text",
    "account_external_id": "text",
    "external_id": "text",
    "url": "text",
    "posted_at": "timestamptz",
    "kind": "text",
    "caption": "text",
    "is_sponsored": "text",
    "sponsored_source": "text",
    "followers": "bigint",
    "counted_at": "timestamptz",
    "says_when": "boolean",
    **dict.fromkeys(COUNTS, "bigint"),
}
TABLE = f"""
CREATE TEMP TABLE staged_post ({", ".join(f"{name} {kind}" for name, kind in STAGED.items())},
    account_id bigint, post_id bigint,
    is_stale boolean DEFAULT false, is_changed boolean DEFAULT false) ON COMMIT DROP
"""
MATCH_BY_ID = """
UPDATE staged_post AS s SET account_id = a.id FROM influencers_account AS a
WHERE a.agency_id = %(agency)s AND a.platform = s.platform AND a.external_id = s.account_external_id
"""
# A handle that the roster knows under another id is another account.
MATCH_BY_HANDLE = """
UPDATE staged_post AS s SET account_id = a.id FROM influencers_account AS a
WHERE s.account_id IS NULL AND a.agency_id = %(agency)s AND a.platform = s.platform AND lower(a.handle) = lower(s.handle)
  AND (s.account_external_id IS NULL OR a.external_id IS NULL OR a.external_id = s.account_external_id)
"""
CREATE_ACCOUNTS = """
WITH wanted AS (
    SELECT DISTINCT ON (s.platform, lower(s.handle)) s.platform, s.handle, s.account_external_id
    FROM staged_post AS s WHERE s.account_id IS NULL AND s.handle <> ''
      AND NOT EXISTS (SELECT FROM influencers_account AS a
          WHERE a.agency_id = %(agency)s AND a.platform = s.platform AND lower(a.handle) = lower(s.handle))
    ORDER BY s.platform, lower(s.handle), s.line
), numbered AS (
    SELECT wanted.*, nextval(pg_get_serial_sequence('influencers_influencer', 'id')) AS influencer_id FROM wanted
), creators AS (
    INSERT INTO influencers_influencer (id, agency_id, name, kind, role_type, languages, country, region, city,
        niches, tags, email, management_contact, status, source, lawful_basis, created_at)
    SELECT influencer_id, %(agency)s, handle, 'creator', '', '{}', '', '', '', '{}', '{}', '', '', 'prospect',
        %(source)s, 'legitimate_interest', now() FROM numbered
)
INSERT INTO influencers_account (agency_id, influencer_id, platform, handle, external_id, url, typed_followers_step, is_primary,
    created_at)
SELECT %(agency)s, influencer_id, platform, handle, account_external_id, '', 1, false, now() FROM numbered
"""
NO_ACCOUNT = (
    "SELECT line, coalesce(nullif(handle, ''), account_external_id), platform FROM staged_post WHERE account_id IS NULL"
)
# The file may hold a post twice, as when two lists were joined: the newest counts stand for it, then the lower line.
REPEATED = """
DELETE FROM staged_post AS s USING (
    SELECT line, row_number() OVER (PARTITION BY account_id, external_id ORDER BY counted_at DESC, line DESC) AS nth
    FROM staged_post
) AS numbered WHERE s.line = numbered.line AND numbered.nth > 1
"""
MATCH_POSTS = """
UPDATE staged_post AS s SET post_id = p.id FROM influencers_post AS p
WHERE p.account_id = s.account_id AND p.external_id = s.external_id
"""
# Older than what is stored: neither its counts nor its followers are taken.
MARK_STALE = """
UPDATE staged_post AS s SET is_stale = true FROM influencers_post AS p WHERE p.id = s.post_id AND s.counted_at < p.counted_at
"""
# The same counts, taken later: nothing changes but the time up to which they are known to hold.
STILL_HOLDS = """
UPDATE influencers_post AS p SET counted_at = s.counted_at FROM staged_post AS s
WHERE p.id = s.post_id AND s.says_when AND s.counted_at > p.counted_at
"""
# What a newer row says, column by column; empty and unknown say nothing.
FRESH = {
    **{column: f"coalesce(s.{column}, p.{column})" for column in ("posted_at", *COUNTS)},
    **{column: f"coalesce(nullif(s.{column}, ''), p.{column})" for column in ("caption", "url", "kind")},
    "is_sponsored": "CASE WHEN says THEN s.is_sponsored ELSE p.is_sponsored END",
    "sponsored_source": "CASE WHEN says THEN s.sponsored_source ELSE p.sponsored_source END",
}
UPDATE_POSTS = f"""
WITH fresh AS (
    SELECT p.id, s.counted_at, {", ".join(f"{value} AS {column}" for column, value in FRESH.items())}
    FROM staged_post AS s JOIN influencers_post AS p ON p.id = s.post_id
    CROSS JOIN LATERAL (SELECT s.is_sponsored <> 'unknown' AND p.sponsored_source <> 'person'
        AND NOT (p.sponsored_source = 'platform' AND s.sponsored_source = 'words') AS says) AS speaks
    WHERE NOT s.is_stale
), changed AS (
    UPDATE influencers_post AS p SET counted_at = fresh.counted_at, {", ".join(f"{column} = fresh.{column}" for column in FRESH)}
    FROM fresh WHERE p.id = fresh.id AND ({", ".join(f"p.{column}" for column in FRESH)})
        IS DISTINCT FROM ({", ".join(f"fresh.{column}" for column in FRESH)})
    RETURNING p.id
)
UPDATE staged_post SET is_changed = true FROM changed WHERE post_id = changed.id
"""
INSERT_POSTS = f"""
INSERT INTO influencers_post (agency_id, account_id, external_id, posted_at, kind, caption, url, is_sponsored, sponsored_source,
    is_excluded, excluded_reason, is_deleted, counted_at, {", ".join(COUNTS)})
SELECT %(agency)s, account_id, external_id, posted_at, coalesce(nullif(kind, ''), 'post'), caption, url, is_sponsored,
    sponsored_source, false, '', false, counted_at, {", ".join(COUNTS)}
FROM staged_post WHERE post_id IS NULL
"""
COUNT_FOLLOWERS = """
INSERT INTO influencers_followercount AS c (agency_id, account_id, day, followers, source)
SELECT DISTINCT ON (account_id, day) %(agency)s, account_id, day, followers, 'posts'
FROM staged_post CROSS JOIN LATERAL (SELECT (posted_at AT TIME ZONE %(zone)s)::date AS day) AS d
WHERE followers IS NOT NULL AND posted_at IS NOT NULL AND NOT is_stale
ORDER BY account_id, day, posted_at DESC, external_id COLLATE "C" DESC
ON CONFLICT (account_id, day) DO UPDATE SET followers = excluded.followers
    WHERE c.source = 'posts' AND c.followers <> excluded.followers
"""
COUNT = "SELECT count(*) FILTER (WHERE post_id IS NULL), count(*) FILTER (WHERE is_changed), count(*) FROM staged_post"


def merge_posts(
    rows: Iterable[PostRow | RefusedRow],
    *,
    agency_id: int,
    zone: str,
    imported_at: datetime,
    create_accounts: bool,
    source: str,
    objected: PostObjected | None = None,
) -> Outcome:
    """Merge the rows in the caller's transaction; rows that are refused are named, all others are in.

    Rows of which `objected` says so are skipped, and only their lines are told.
    `imported_at` stands for the time of counting where the file does not say it; `zone` is the agency's.
    """
    one_import_at_a_time(agency_id)
    outcome = Outcome()
    params: dict[str, Any] = {"agency": agency_id, "zone": zone, "source": source}
    run(TABLE)
    copy_rows("staged_post", tuple(STAGED), _staged(rows, imported_at, outcome, objected))
    _match_accounts(params, outcome, create=create_accounts)
    outcome.skipped += run(REPEATED)
    run(MATCH_POSTS)
    run(MARK_STALE)
    run(UPDATE_POSTS)
    run(STILL_HOLDS)
    ((outcome.created, outcome.updated, placed),) = fetch(COUNT)
    outcome.unchanged = placed - outcome.created - outcome.updated
    run(INSERT_POSTS, params)
    run(COUNT_FOLLOWERS, params)
    run("DROP TABLE staged_post")
    return outcome


def _staged(
    rows: Iterable[PostRow | RefusedRow], imported_at: datetime, outcome: Outcome, objected: PostObjected | None
) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        outcome.rows += 1
        if isinstance(row, RefusedRow):
            outcome.errors.extend(row.errors)
            continue
        if objected is not None and objected(row):
            outcome.skipped += 1
            outcome.objected.append(row.line)
            continue
        if row.repeats_line is not None:
            outcome.skipped += 1
            continue
        yield (
            row.line, row.platform, unicodedata.normalize("NFC", row.handle), row.account_external_id,
            row.external_id, row.url, row.posted_at, row.kind, row.caption, row.is_sponsored, row.sponsored_source,
            row.followers, row.counted_at or imported_at, row.counted_at is not None, *(getattr(row, count) for count in COUNTS),
        )  # fmt: skip


def _match_accounts(params: dict[str, Any], outcome: Outcome, *, create: bool) -> None:
    run(MATCH_BY_ID, params)
    run(MATCH_BY_HANDLE, params)
    if create:
        run(CREATE_ACCOUNTS, params)
        run(MATCH_BY_HANDLE, params)
    unknown = fetch(NO_ACCOUNT)
    if not unknown:
        return
    message = _("The roster has no %(platform)s account @%(handle)s. Add it, or allow that accounts are created.")
    taken = _("On the roster, @%(handle)s on %(platform)s is an account with another id. Mend the id or the handle.")
    for line, handle, platform in unknown:
        sentence = (taken if create else message) % {"platform": Platform(platform).label, "handle": handle}
        outcome.errors.append(RowError(line, "", handle, sentence))
    run("DELETE FROM staged_post WHERE account_id IS NULL")
