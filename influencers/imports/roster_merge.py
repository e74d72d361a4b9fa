"""Takes a roster that was read over into the tables: matched, merged, counted, in a few set-based statements.

An account is the same by its id on the platform, else by platform and handle (case ignored). A row is the creator of its accounts;
a row without accounts is the creator of exactly that name who has none. What the file says replaces what was there, except that
niches, tags and languages are added to; what the file does not say stays.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from influencers.imports.errors import RefusedRow, RowError
from influencers.imports.outcome import Outcome
from influencers.imports.roster_types import RosterAccount, RosterRow
from influencers.imports.staging import copy_rows, fetch, one_import_at_a_time, run

TABLES = """
CREATE TEMP TABLE staged_row (
    line integer PRIMARY KEY, name text, is_name_given boolean, niches text[], tags text[], languages text[],
    country text, region text, city text, email text, status text, accounts jsonb, influencer_id bigint,
    is_new boolean DEFAULT false, is_changed boolean DEFAULT false
) ON COMMIT DROP
"""
ROW_COLUMNS = (
    "line", "name", "is_name_given", "niches", "tags", "languages", "country", "region", "city", "email", "status",
    "accounts",
)  # fmt: skip
UNFOLD_ACCOUNTS = """
CREATE TEMP TABLE staged_account ON COMMIT DROP AS
SELECT r.line, a.*, lower(a.handle) AS key, NULL::bigint AS account_id, NULL::bigint AS by_id
FROM staged_row AS r, jsonb_to_recordset(r.accounts)
    AS a(platform text, handle text, external_id text, url text, followers bigint, step bigint)
"""

MATCH_BY_ID = """
UPDATE staged_account AS s SET by_id = a.id FROM influencers_account AS a
WHERE a.agency_id = %(agency)s AND a.platform = s.platform AND a.external_id = s.external_id
"""
MATCH_BY_HANDLE = """
UPDATE staged_account AS s SET account_id = a.id FROM influencers_account AS a
WHERE a.agency_id = %(agency)s AND a.platform = s.platform AND lower(a.handle) = s.key
"""
TWO_ACCOUNTS = """
SELECT s.line, s.handle FROM staged_account AS s LEFT JOIN influencers_account AS a ON a.id = s.account_id
WHERE (s.by_id IS NOT NULL AND s.account_id IS NOT NULL AND s.by_id <> s.account_id)
   OR (s.by_id IS NULL AND s.external_id IS NOT NULL AND a.external_id IS NOT NULL)
"""
SETTLE_MATCH = "UPDATE staged_account SET account_id = coalesce(by_id, account_id)"
SAME_ACCOUNT_TWICE = """
SELECT line, handle FROM (
    SELECT line, handle, account_id, external_id, row_number() OVER (PARTITION BY account_id ORDER BY line) AS nth,
        row_number() OVER (PARTITION BY platform, external_id ORDER BY line) AS nth_of_id,
        row_number() OVER (PARTITION BY platform, key ORDER BY line) AS nth_of_handle
    FROM staged_account
) AS numbered
WHERE (account_id IS NOT NULL AND nth > 1) OR (external_id IS NOT NULL AND nth_of_id > 1) OR nth_of_handle > 1
"""
TWO_CREATORS = """
SELECT s.line, string_agg(DISTINCT i.name, ', ' ORDER BY i.name)
FROM staged_account AS s JOIN influencers_account AS a ON a.id = s.account_id
JOIN influencers_influencer AS i ON i.id = a.influencer_id
GROUP BY s.line HAVING count(DISTINCT a.influencer_id) > 1
"""
CREATOR_OF_ACCOUNTS = """
UPDATE staged_row AS r SET influencer_id = a.influencer_id
FROM staged_account AS s JOIN influencers_account AS a ON a.id = s.account_id WHERE s.line = r.line
"""
NAMESAKES = """
SELECT r.line, r.name FROM staged_row AS r
JOIN influencers_influencer AS i ON i.agency_id = %(agency)s AND lower(i.name) = lower(r.name)
WHERE NOT EXISTS (SELECT FROM staged_account AS s WHERE s.line = r.line)
  AND NOT EXISTS (SELECT FROM influencers_account AS a WHERE a.influencer_id = i.id)
GROUP BY r.line, r.name HAVING count(*) > 1
"""
CREATOR_BY_NAME = """
UPDATE staged_row AS r SET influencer_id = i.id FROM influencers_influencer AS i
WHERE i.agency_id = %(agency)s AND lower(i.name) = lower(r.name)
  AND NOT EXISTS (SELECT FROM staged_account AS s WHERE s.line = r.line)
  AND NOT EXISTS (SELECT FROM influencers_account AS a WHERE a.influencer_id = i.id)
"""
NUMBER_NEW = """
UPDATE staged_row SET is_new = true,
    influencer_id = nextval(pg_get_serial_sequence('influencers_influencer', 'id')) WHERE influencer_id IS NULL
"""
INSERT_CREATORS = """
INSERT INTO influencers_influencer (id, agency_id, name, kind, role_type, languages, country, region, city, niches, tags,
    email, management_contact, status, source, lawful_basis, created_at)
SELECT influencer_id, %(agency)s, name, 'creator', '', languages, country, region, city, niches, tags,
    email, '', coalesce(nullif(status, ''), 'prospect'), %(source)s, 'legitimate_interest', now()
FROM staged_row WHERE is_new
"""
# A set union that keeps the order of what was there and compares without case.
ADDED = """
(SELECT coalesce(array_agg(word ORDER BY place), '{{}}') FROM (
    SELECT DISTINCT ON (lower(word)) word, place
    FROM unnest(i.{0} || r.{0}) WITH ORDINALITY AS u(word, place) ORDER BY lower(word), place) AS kept)
"""
SAID = "coalesce(nullif(r.{0}, ''), i.{0})"
FRESH = {
    "name": "CASE WHEN r.is_name_given THEN r.name ELSE i.name END",
    **{column: SAID.format(column) for column in ("country", "region", "city", "email", "status")},
    **{column: ADDED.format(column) for column in ("niches", "tags", "languages")},
}
UPDATE_CREATORS = f"""
WITH fresh AS (
    SELECT DISTINCT ON (i.id) i.id, {", ".join(f"{value} AS {column}" for column, value in FRESH.items())}
    FROM influencers_influencer AS i JOIN staged_row AS r ON r.influencer_id = i.id AND NOT r.is_new ORDER BY i.id, r.line
), changed AS (
    UPDATE influencers_influencer AS i SET {", ".join(f"{column} = fresh.{column}" for column in FRESH)} FROM fresh
    WHERE i.id = fresh.id AND ({", ".join(f"i.{column}" for column in FRESH)})
        IS DISTINCT FROM ({", ".join(f"fresh.{column}" for column in FRESH)})
    RETURNING i.id
)
UPDATE staged_row SET is_changed = true FROM changed WHERE influencer_id = changed.id
"""
INSERT_ACCOUNTS = """
WITH added AS (
    INSERT INTO influencers_account (agency_id, influencer_id, platform, handle, external_id, url, typed_followers,
        typed_followers_on, typed_followers_step, is_primary, created_at)
    SELECT %(agency)s, r.influencer_id, s.platform, s.handle, s.external_id, s.url, s.followers,
        CASE WHEN s.followers IS NOT NULL THEN %(day)s::date END, coalesce(s.step, 1), false, now()
    FROM staged_account AS s JOIN staged_row AS r USING (line) WHERE s.account_id IS NULL
    RETURNING influencer_id
)
UPDATE staged_row SET is_changed = true FROM added WHERE staged_row.influencer_id = added.influencer_id
"""
# A rounded count does not replace an exact one that it agrees with: 12.4K says less than 12,431.
UPDATE_ACCOUNTS = """
WITH fresh AS (
    SELECT a.id, s.handle, coalesce(s.external_id, a.external_id) AS external_id, coalesce(nullif(s.url, ''), a.url) AS url,
        CASE WHEN news THEN s.followers ELSE a.typed_followers END AS typed_followers,
        CASE WHEN news THEN s.step ELSE a.typed_followers_step END AS typed_followers_step,
        CASE WHEN news THEN %(day)s::date ELSE a.typed_followers_on END AS typed_followers_on
    FROM staged_account AS s JOIN influencers_account AS a ON a.id = s.account_id
    CROSS JOIN LATERAL (SELECT s.followers IS NOT NULL AND a.typed_followers IS DISTINCT FROM s.followers
        AND NOT (s.step > a.typed_followers_step
            AND abs(coalesce(a.typed_followers, -s.step) - s.followers) * 2 <= s.step) AS news) AS n
), changed AS (
    UPDATE influencers_account AS a SET handle = fresh.handle, external_id = fresh.external_id, url = fresh.url,
        typed_followers = fresh.typed_followers, typed_followers_step = fresh.typed_followers_step,
        typed_followers_on = fresh.typed_followers_on
    FROM fresh WHERE a.id = fresh.id AND (a.handle, a.external_id, a.url, a.typed_followers, a.typed_followers_step)
        IS DISTINCT FROM (fresh.handle, fresh.external_id, fresh.url, fresh.typed_followers, fresh.typed_followers_step)
    RETURNING a.influencer_id
)
UPDATE staged_row SET is_changed = true FROM changed WHERE staged_row.influencer_id = changed.influencer_id
"""
COUNT = (
    "SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new AND is_changed), count(*) FROM staged_row"
)


def merge_roster(rows: Iterable[RosterRow | RefusedRow], *, agency_id: int, day: date, source: str) -> Outcome:
    """Merge the rows in the caller's transaction; a row that cannot be placed for certain is refused by name, the others are in.

    `day` is the day of the follower counts, `source` what is kept as the origin of a new record.
    """
    one_import_at_a_time(agency_id)
    outcome = Outcome()
    params: dict[str, Any] = {"agency": agency_id, "day": day, "source": source}
    run(TABLES)
    copy_rows("staged_row", ROW_COLUMNS, _staged(rows, outcome))
    run(UNFOLD_ACCOUNTS)
    run("CREATE INDEX ON staged_account (line)")
    run("ANALYZE staged_account")
    _match(params, outcome)
    run(NUMBER_NEW)
    run(INSERT_CREATORS, params)
    run(UPDATE_CREATORS)
    run(UPDATE_ACCOUNTS, params)
    run(INSERT_ACCOUNTS, params)
    ((outcome.created, outcome.updated, placed),) = fetch(COUNT)
    outcome.unchanged = placed - outcome.created - outcome.updated
    run("DROP TABLE staged_row, staged_account")
    return outcome


def _staged(rows: Iterable[RosterRow | RefusedRow], outcome: Outcome) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        outcome.rows += 1
        if isinstance(row, RefusedRow):
            outcome.errors.extend(row.errors)
        elif row.repeats_line is not None:
            outcome.skipped += 1
        else:
            yield (
                row.line, row.name, row.is_name_given, list(row.niches), list(row.tags), list(row.languages),
                row.country, row.region, row.city, row.email, row.status, Jsonb([_account(account) for account in row.accounts]),
            )  # fmt: skip


def _account(account: RosterAccount) -> dict[str, Any]:
    count = account.followers
    return {
        "platform": account.platform,
        "handle": unicodedata.normalize("NFC", account.handle),
        "external_id": account.external_id,
        "url": account.url,
        "followers": count.value if count else None,
        "step": count.step if count else None,
    }


def _match(params: dict[str, Any], outcome: Outcome) -> None:
    """Find which accounts and creators the rows speak of; rows that point at two are refused."""
    run(MATCH_BY_ID, params)
    run(MATCH_BY_HANDLE, params)
    taken = _("On the roster, @%(what)s is an account with another id. Mend the id or the handle.")
    _refuse(fetch(TWO_ACCOUNTS), taken, outcome)
    run(SETTLE_MATCH)
    _refuse(
        fetch(SAME_ACCOUNT_TWICE),
        _("An earlier line of the file has the same account, @%(what)s. Keep one of them."),
        outcome,
    )
    split = _(
        "These accounts belong to different creators on the roster: %(what)s. Merge them first, or split the row."
    )
    _refuse(fetch(TWO_CREATORS), split, outcome)
    run(CREATOR_OF_ACCOUNTS)
    namesakes = _("Several creators without accounts are called %(what)s. Give the row a profile link or a handle.")
    _refuse(fetch(NAMESAKES, params), namesakes, outcome)
    run(CREATOR_BY_NAME, params)


def _refuse(found: list[tuple[int, str]], message: str, outcome: Outcome) -> None:
    lines = sorted({line for line, _what in found})
    if not lines:
        return
    outcome.errors.extend(RowError(line, "", what, message % {"what": what}) for line, what in found)
    run("DELETE FROM staged_account WHERE line = ANY(%(lines)s)", {"lines": lines})
    run("DELETE FROM staged_row WHERE line = ANY(%(lines)s)", {"lines": lines})
