"""Works out what a staged roster means for the tables: which rows are known, what would change, what would be new.

Only temporary tables are written. Afterwards stand `placed_row` (a creator for each row), `new_account`, and `changed_creator` and
`changed_account` with what each column was and would be.
"""

from typing import Any

from django.utils.translation import gettext as _

from influencers.imports.errors import ImportRefused, RowError
from influencers.imports.outcome import Outcome
from influencers.imports.staging import fetch, run

MATCH = """
CREATE TEMP TABLE placed_account ON COMMIT DROP AS
SELECT s.*, i.id AS by_id, h.id AS by_handle, h.external_id AS known_id, coalesce(i.id, h.id) AS account_id
FROM staged_account AS s
LEFT JOIN influencers_account AS i
    ON i.agency_id = %(agency)s AND i.platform = s.platform AND i.external_id = s.external_id
LEFT JOIN influencers_account AS h
    ON h.agency_id = %(agency)s AND h.platform = s.platform AND lower(h.handle) = s.key
"""
TWO_ACCOUNTS = """
SELECT seq, handle FROM placed_account
WHERE by_id <> by_handle OR (by_id IS NULL AND external_id IS NOT NULL AND known_id IS NOT NULL)
"""
SAME_ACCOUNT_TWICE = """
SELECT seq, handle FROM (
    SELECT seq, handle, account_id, external_id, row_number() OVER (PARTITION BY account_id ORDER BY seq, nth) AS nth_of_account,
        row_number() OVER (PARTITION BY platform, external_id ORDER BY seq, nth) AS nth_of_id,
        row_number() OVER (PARTITION BY platform, key ORDER BY seq, nth) AS nth_of_handle
    FROM placed_account
) AS numbered
WHERE (account_id IS NOT NULL AND nth_of_account > 1) OR (external_id IS NOT NULL AND nth_of_id > 1) OR nth_of_handle > 1
"""
TWO_CREATORS = """
SELECT s.seq, string_agg(DISTINCT i.name, ', ' ORDER BY i.name)
FROM placed_account AS s JOIN influencers_account AS a ON a.id = s.account_id
JOIN influencers_influencer AS i ON i.id = a.influencer_id
WHERE s.seq IN (SELECT p.seq FROM placed_account AS p JOIN influencers_account AS o ON o.id = p.account_id
    GROUP BY p.seq HAVING min(o.influencer_id) <> max(o.influencer_id))
GROUP BY s.seq
"""
WITHOUT_ACCOUNTS = """
CREATE TEMP TABLE namesake ON COMMIT DROP AS
SELECT r.seq, r.name, i.id FROM staged_row AS r
JOIN influencers_influencer AS i ON i.agency_id = %(agency)s AND NOT i.is_erased AND lower(i.name) = lower(r.name)
WHERE r.seq NOT IN (SELECT seq FROM staged_account)
  AND NOT EXISTS (SELECT FROM influencers_account AS a WHERE a.influencer_id = i.id)
"""
NAMESAKES = "SELECT seq, min(name) FROM namesake GROUP BY seq HAVING count(*) > 1"
# A name alone is weak: what else both of them say must not speak against it.
SOMEBODY_ELSE = """
SELECT n.seq, n.name FROM namesake AS n JOIN staged_row AS r USING (seq) JOIN influencers_influencer AS i ON i.id = n.id
WHERE (r.email <> '' AND i.email <> '' AND lower(r.email) <> lower(i.email))
    OR (r.country <> '' AND i.country <> '' AND r.country <> i.country)
"""
PLACE_ROWS = """
CREATE TEMP TABLE placed_row ON COMMIT DROP AS
SELECT r.*, coalesce(known.id, nextval(pg_get_serial_sequence('influencers_influencer', 'id'))) AS influencer_id,
    known.id IS NULL AS is_new
FROM staged_row AS r LEFT JOIN (
    SELECT s.seq, min(a.influencer_id) AS id FROM placed_account AS s JOIN influencers_account AS a ON a.id = s.account_id
    GROUP BY s.seq
    UNION ALL SELECT seq, id FROM namesake
) AS known USING (seq)
"""
# What is compared next stays as it is until the import is done; creators come before accounts, as wherever both are written.
LOCKS = (
    """
    WITH locked AS MATERIALIZED (
        SELECT id FROM influencers_influencer WHERE id IN (SELECT influencer_id FROM placed_row WHERE NOT is_new)
        ORDER BY id FOR NO KEY UPDATE
    ) SELECT count(*) FROM locked
    """,
    """
    WITH locked AS MATERIALIZED (
        SELECT id FROM influencers_account WHERE id IN (SELECT account_id FROM placed_account)
        ORDER BY id FOR NO KEY UPDATE
    ) SELECT count(*) FROM locked
    """,
)
# Counted, not "does one exist": for the first of many PostgreSQL would compare each with each, and there are none.
MOVED = """
SELECT (
    SELECT count(*) FROM placed_account AS s JOIN placed_row AS r USING (seq)
        LEFT JOIN influencers_account AS a ON a.id = s.account_id
    WHERE s.account_id IS NOT NULL AND (a.influencer_id IS DISTINCT FROM r.influencer_id
        OR (s.by_id IS NULL AND lower(a.handle) <> s.key) OR (s.by_id IS NOT NULL AND a.external_id IS DISTINCT FROM s.external_id))
) + (
    SELECT count(*) FROM placed_row AS r LEFT JOIN influencers_influencer AS i ON i.id = r.influencer_id
    WHERE NOT r.is_new AND (i.id IS NULL OR i.is_erased)
) > 0
"""
# Several rows of one known creator, as when each platform has a sheet: the first row speaks, the others add what it leaves open.
FOLD_ROWS = """
WITH folded AS (
    SELECT influencer_id, min(seq) AS seq, {texts}, {lists}
    FROM placed_row AS r WHERE NOT is_new GROUP BY influencer_id HAVING count(*) > 1
)
UPDATE placed_row AS r SET {sets} FROM folded WHERE r.influencer_id = folded.influencer_id
"""
TEXTS = ("country", "region", "city", "email", "status")
LISTS = ("niches", "tags", "languages")
FIRST = "coalesce((array_agg(r.{0} ORDER BY r.seq) FILTER (WHERE r.{0} <> ''))[1], '') AS {0}"
ALL = "(SELECT coalesce(array_agg(word), '{{}}') FROM unnest(string_to_array(string_agg(array_to_string(r.{0}, E'\\x1f'), E'\\x1f' ORDER BY r.seq), E'\\x1f')) AS word WHERE word <> '') AS {0}"  # noqa: E501
FOLD = FOLD_ROWS.format(
    texts=", ".join(FIRST.format(column) for column in TEXTS),
    lists=", ".join(ALL.format(column) for column in LISTS),
    sets=", ".join(f"{column} = folded.{column}" for column in (*TEXTS, *LISTS)),
)
# A set union that keeps the order of what was there and compares without case.
ADDED = """
CASE WHEN r.{0} <@ i.{0} THEN i.{0} ELSE (SELECT coalesce(array_agg(word ORDER BY place), '{{}}') FROM (
    SELECT DISTINCT ON (lower(word)) word, place
    FROM unnest(i.{0} || r.{0}) WITH ORDINALITY AS u(word, place) ORDER BY lower(word), place) AS kept) END
"""
SAID = "coalesce(nullif(r.{0}, ''), i.{0})"
CREATOR = {
    "name": "CASE WHEN r.is_name_given THEN r.name ELSE i.name END",
    **{column: SAID.format(column) for column in TEXTS},
    **{column: ADDED.format(column) for column in LISTS},
}
# A rounded count does not replace an exact one that it agrees with: 12.4K says less than 12,431.
ACCOUNT = {
    "handle": "r.handle",
    "external_id": "coalesce(r.external_id, i.external_id)",
    "url": "coalesce(nullif(r.url, ''), i.url)",
    "typed_followers": "CASE WHEN news THEN r.followers ELSE i.typed_followers END",
    "typed_followers_step": "CASE WHEN news THEN r.step ELSE i.typed_followers_step END",
    "typed_followers_on": "CASE WHEN news THEN %(day)s::date ELSE i.typed_followers_on END",
}
SOURCES = {
    "creator": """
        (SELECT DISTINCT ON (influencer_id) * FROM placed_row WHERE NOT is_new ORDER BY influencer_id, seq) AS r
        JOIN influencers_influencer AS i ON i.id = r.influencer_id
    """,
    "account": """
        placed_account AS r JOIN staged_row AS s USING (seq) JOIN influencers_account AS i ON i.id = r.account_id
        CROSS JOIN LATERAL (SELECT r.followers IS NOT NULL AND i.typed_followers IS DISTINCT FROM r.followers
            AND NOT (r.step > i.typed_followers_step
                AND abs(coalesce(i.typed_followers, -r.step) - r.followers) * 2 <= r.step) AS news) AS n
    """,
}


def changes_of(thing: str, columns: dict[str, str], line: str) -> str:
    """Return the statement that notes the known rows whose columns would change, as they are and as they would be."""
    before = " || ".join(
        f"CASE WHEN new_{name} IS DISTINCT FROM old_{name} THEN jsonb_build_object('{name}', old_{name}) ELSE '{{}}' END"
        for name in columns
    )
    fresh = ", ".join(f"({value}) AS new_{name}, i.{name} AS old_{name}" for name, value in columns.items())
    olds, news = (", ".join(f"{age}_{name}" for name in columns) for age in ("old", "new"))
    owner = "i.id" if thing == "creator" else "i.influencer_id"
    return f"""
        CREATE TEMP TABLE changed_{thing} ON COMMIT DROP AS
        SELECT id, influencer_id, seq, line, sheet, {news}, {before} AS before, {before.replace(", old_", ", new_")} AS after
        FROM (SELECT i.id, {owner} AS influencer_id, {line}, {fresh} FROM {SOURCES[thing]}) AS fresh
        WHERE ({olds}) IS DISTINCT FROM ({news})
    """  # noqa: S608 - our own names


CHANGED_CREATORS = changes_of("creator", CREATOR, "r.seq, r.line, r.sheet")
CHANGED_ACCOUNTS = changes_of("account", ACCOUNT, "r.seq, s.line, s.sheet")
NEW_ACCOUNTS = """
CREATE TEMP TABLE new_account ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('influencers_account', 'id')) AS id, fresh.* FROM (
    SELECT r.influencer_id, r.is_new, r.line, r.sheet, s.* FROM placed_account AS s JOIN placed_row AS r USING (seq)
    WHERE s.account_id IS NULL ORDER BY s.seq, s.nth
) AS fresh
"""
COUNT = """
WITH touched AS (
    SELECT influencer_id FROM changed_creator UNION SELECT influencer_id FROM changed_account
    UNION SELECT influencer_id FROM new_account WHERE NOT is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new AND influencer_id IN (SELECT influencer_id FROM touched)),
    count(*) FROM placed_row
"""


def plan_roster(params: dict[str, Any], outcome: Outcome, *, is_dry: bool = True) -> None:
    """Match the staged rows (`agency` and `day` in the params); rows that point at two are refused, everything is counted.

    Unless it `is_dry`, whoever is known is locked before anything is compared, so that what others write meanwhile is not
    overwritten unseen; ImportRefused if somebody was moved or deleted between the two.
    """
    run(MATCH, params)
    taken = _("On the roster, @%(what)s is an account with another id. Mend the id or the handle.")
    _refuse(fetch(TWO_ACCOUNTS), taken, outcome)
    twice = _("An earlier line of the file has the same account, @%(what)s. Keep one of them.")
    _refuse(fetch(SAME_ACCOUNT_TWICE), twice, outcome)
    split = _(
        "These accounts belong to different creators on the roster: %(what)s. Merge them first, or split the row."
    )
    _refuse(fetch(TWO_CREATORS), split, outcome)
    run(WITHOUT_ACCOUNTS, params)
    namesakes = _("Several creators without accounts are called %(what)s. Give the row a profile link or a handle.")
    _refuse(fetch(NAMESAKES), namesakes, outcome)
    somebody_else = _(
        "%(what)s on the roster has another e-mail address or country, and no account tells whether it is the same person."
        " Give the row a profile link, or mend the roster first."
    )
    _refuse(fetch(SOMEBODY_ELSE), somebody_else, outcome)
    run(PLACE_ROWS)
    # Without statistics PostgreSQL takes a table of an import for a handful of rows and compares each with each.
    run("ANALYZE placed_account")
    run("ANALYZE placed_row")
    if not is_dry:
        _hold_still()
    run(FOLD)
    run(CHANGED_CREATORS)
    run(CHANGED_ACCOUNTS, params)
    run(NEW_ACCOUNTS)
    run("ANALYZE new_account")
    ((outcome.created, outcome.updated, placed),) = fetch(COUNT)
    outcome.unchanged = placed - outcome.created - outcome.updated


def _hold_still() -> None:
    # The statistics of tables that have just been filled say that they are empty: each row would be compared with each.
    run("SET LOCAL enable_nestloop = off")
    for lock in LOCKS:
        fetch(lock)
    is_moved = fetch(MOVED) == [(True,)]
    run("SET LOCAL enable_nestloop TO DEFAULT")
    if is_moved:
        raise ImportRefused(_("The roster changed at the same moment. Nothing was imported; import again."))


def _refuse(found: list[tuple[int, str]], message: str, outcome: Outcome) -> None:
    seqs = sorted({seq for seq, _what in found})
    if not seqs:
        return
    places = {seq: (line, sheet) for seq, line, sheet in fetch(PLACES, {"seqs": seqs})}
    for seq, what in found:
        line, sheet = places[seq]
        outcome.errors.append(RowError(line, "", what, message % {"what": what}, sheet))
    for table in ("staged_account", "placed_account", "staged_row"):
        run(f"DELETE FROM {table} WHERE seq = ANY(%(seqs)s)", {"seqs": seqs})  # noqa: S608 - our own names


PLACES = "SELECT seq, line, sheet FROM staged_row WHERE seq = ANY(%(seqs)s)"
