"""Takes a roster that was read over into the tables: matched, merged, counted, in a few set-based statements.

An account is the same by its id on the platform, else by platform and handle (case ignored). A row is the creator of its accounts;
a row without accounts is the creator of exactly that name who has none. What the file says replaces what was there, except that
niches, tags and languages are added to; what the file does not say stays. What was done is kept as `ImportChange`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from influencers.imports.errors import RefusedRow
from influencers.imports.outcome import Outcome
from influencers.imports.roster_plan import ACCOUNT, CREATOR, plan_roster
from influencers.imports.roster_staging import Objected, Progress, stage_roster
from influencers.imports.roster_types import RosterRow
from influencers.imports.staging import one_import_at_a_time, run

IDS_IN_A_BLOCK = 10_000

# The accounts come before their creators (the reference is checked at the end), and the creators with their handles: then the
# triggers on accounts find nothing to do, and the line of a creator in the roster is written once.
INSERT_ACCOUNTS = """
INSERT INTO influencers_account (id, agency_id, influencer_id, platform, handle, external_id, url, typed_followers,
    typed_followers_on, typed_followers_step, followers, followers_on, is_primary, created_at)
SELECT id, %(agency)s, influencer_id, platform, handle, external_id, url, followers,
    CASE WHEN followers IS NOT NULL THEN %(day)s::date END, coalesce(step, 1), followers,
    CASE WHEN followers IS NOT NULL THEN %(day)s::date END, false, now()
FROM new_account ORDER BY id
"""
INSERT_CREATORS = """
INSERT INTO influencers_influencer (id, agency_id, name, kind, role_type, languages, country, region, city, niches, tags,
    email, management_contact, status, source, lawful_basis, created_at, handle_text)
SELECT r.influencer_id, %(agency)s, r.name, 'creator', '', r.languages, r.country, r.region, r.city, r.niches, r.tags,
    r.email, '', coalesce(nullif(r.status, ''), 'prospect'), %(source)s, 'legitimate_interest', now(), coalesce(a.handles, '')
FROM placed_row AS r LEFT JOIN (
    SELECT influencer_id, string_agg(handle, ' ' ORDER BY id) AS handles FROM new_account WHERE is_new GROUP BY influencer_id
) AS a USING (influencer_id)
WHERE r.is_new ORDER BY r.influencer_id
"""


def _update(table: str, changed: str, columns: Iterable[str]) -> str:
    sets = ", ".join(f"{column} = c.new_{column}" for column in columns)
    return f"UPDATE {table} AS t SET {sets} FROM {changed} AS c WHERE t.id = c.id"


UPDATE_CREATORS = _update("influencers_influencer", "changed_creator", CREATOR)
UPDATE_ACCOUNTS = _update("influencers_account", "changed_account", ACCOUNT)
RECORD_UPDATES = """
INSERT INTO influencers_importchange (batch_id, "table", line, row_id, created_ids, before, after)
SELECT %(batch)s, 'influencer', line, id, '{}'::bigint[], before, after FROM changed_creator
UNION ALL SELECT %(batch)s, 'account', line, id, '{}'::bigint[], before, after FROM changed_account
"""
RECORD_CREATED = """
INSERT INTO influencers_importchange (batch_id, "table", created_ids, before, after)
SELECT %(batch)s, thing, array_agg(id ORDER BY id), '{}', '{}' FROM (
    SELECT 'influencer' AS thing, influencer_id AS id, row_number() OVER (ORDER BY influencer_id) AS place
    FROM placed_row WHERE is_new
    UNION ALL SELECT 'account', id, row_number() OVER (ORDER BY id) FROM new_account
) AS created GROUP BY thing, (place - 1) / %(block)s ORDER BY thing DESC, min(id)
"""
# Hashes and sorts of 100,000 rows fit into it.
MEMORY = "SET LOCAL work_mem = '64MB'"
STAGED = (
    "staged_row, staged_account, placed_account, placed_row, namesake, changed_creator, changed_account, new_account"
)


def merge_roster(
    rows: Iterable[RosterRow | RefusedRow],
    *,
    agency_id: int,
    day: date,
    source: str,
    batch_id: int,
    objected: Objected | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Merge the rows in the caller's transaction; a row that cannot be placed for certain is refused by name, the others are in.

    `day` is the day of the follower counts, `source` what is kept as the origin of a new record, `batch_id` the batch that is
    told what was done. Rows of which `objected` says so are skipped.
    """
    params = {"agency": agency_id, "day": day, "source": source, "batch": batch_id, "block": IDS_IN_A_BLOCK}
    outcome = planned(rows, params, objected=objected, progress=progress, is_dry=False)
    run(INSERT_ACCOUNTS, params)
    run(INSERT_CREATORS, params)
    run(UPDATE_CREATORS)
    run(UPDATE_ACCOUNTS)
    run(RECORD_UPDATES, params)
    run(RECORD_CREATED, params)
    forget_staged()
    return outcome


def planned(
    rows: Iterable[RosterRow | RefusedRow],
    params: dict[str, Any],
    *,
    objected: Objected | None = None,
    progress: Progress | None = None,
    is_dry: bool = True,
) -> Outcome:
    """Count what merging the rows would do (`agency` and `day` in the params); the temporary tables say it row by row."""
    one_import_at_a_time(params["agency"])
    run(MEMORY)
    outcome = Outcome()
    stage_roster(rows, outcome, objected=objected, progress=progress)
    plan_roster(params, outcome, is_dry=is_dry)
    return outcome


def forget_staged() -> None:
    """Drop the temporary tables, so that another roster can follow in the same transaction."""
    run(f"DROP TABLE {STAGED}")
