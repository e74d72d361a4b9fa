"""Takes back what an import did: set-based, and only where nobody has touched it since.

Rows that the import created go, unless they were edited or something was attached to them; rows that it changed get their former
values, unless they have others by now. What stays is told with the reason. Which tables can point at a creator or an account is
asked of the models, so that tables of other apps count without being named here.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pghistory.models
from django.db import models

from influencers.imports.staging import fetch, one_import_at_a_time, run
from influencers.models import Account, EngagementFigures, Influencer, RosterLine

Reason = Literal["edited", "attached", "taken", "gone"]
MODELS: dict[str, type[models.Model]] = {"influencer": Influencer, "account": Account}
# They follow from creators and accounts, and go with them.
DERIVED: tuple[type[models.Model], ...] = (RosterLine, EngagementFigures)
IDS_SHOWN = 200

TABLE = """
CREATE TEMP TABLE undone ON COMMIT DROP AS
SELECT c."table" AS thing, ids.id, NULL::text AS reason FROM influencers_importchange AS c, unnest(c.created_ids) AS ids(id)
WHERE c.batch_id = %(batch)s
"""
GONE = """
DELETE FROM undone AS u WHERE thing = %(thing)s AND NOT EXISTS (SELECT FROM {table} AS t WHERE t.id = u.id {erased})
"""
# Other imports that were taken back left nothing behind.
EDITED = """
UPDATE undone AS u SET reason = 'edited' WHERE thing = %(thing)s AND EXISTS (
    SELECT FROM {events} AS e WHERE e.pgh_obj_id = u.id AND NOT EXISTS (
        SELECT FROM influencers_importbatch AS b WHERE b.id = (e.pgh_context ->> 'batch')::bigint AND b.state = 'undone'))
"""
ATTACHED = """
UPDATE undone AS u SET reason = 'attached' WHERE thing = %(thing)s AND reason IS NULL
    AND EXISTS (SELECT FROM {table} AS r WHERE r.{column} = u.id {but})
"""
OWN_ACCOUNTS = "AND NOT EXISTS (SELECT FROM undone AS own WHERE own.thing = 'account' AND own.id = r.id)"
# A creator stays whole: with one of the accounts all of it stays.
CREATORS_OF_WHAT_STAYS = """
UPDATE undone AS u SET reason = stays.reason FROM (
    SELECT a.influencer_id, min(s.reason) AS reason FROM undone AS s JOIN influencers_account AS a ON a.id = s.id
    WHERE s.thing = 'account' AND s.reason IS NOT NULL GROUP BY a.influencer_id
) AS stays WHERE u.thing = 'influencer' AND u.reason IS NULL AND u.id = stays.influencer_id
"""
ACCOUNTS_OF_WHO_STAYS = """
UPDATE undone AS u SET reason = p.reason FROM influencers_account AS a JOIN undone AS p
    ON p.thing = 'influencer' AND p.id = a.influencer_id AND p.reason IS NOT NULL
WHERE u.thing = 'account' AND u.reason IS NULL AND u.id = a.id
"""
FREE = "(SELECT id FROM undone WHERE thing = %(thing)s AND reason IS NULL)"
RESTORED = {
    "influencer": ("name", "country", "region", "city", "email", "status", "niches", "tags", "languages"),
    "account": ("handle", "external_id", "url", "typed_followers", "typed_followers_step", "typed_followers_on"),
}
LOCK_CHANGED = """
SELECT FROM {table} WHERE agency_id = %(agency)s AND id IN (
    SELECT row_id FROM influencers_importchange WHERE batch_id = %(batch)s AND "table" = %(thing)s AND row_id IS NOT NULL
) ORDER BY id FOR NO KEY UPDATE
"""
CHANGED = """
CREATE TEMP TABLE restored_{thing} ON COMMIT DROP AS
SELECT c.row_id AS id, c.before, CASE
    WHEN t.id IS NULL {erased} THEN 'gone'
    WHEN EXISTS (SELECT FROM jsonb_each(c.after) AS a WHERE to_jsonb(t) -> a.key IS DISTINCT FROM a.value) THEN 'edited'
END AS reason
FROM influencers_importchange AS c LEFT JOIN {table} AS t ON t.id = c.row_id AND t.agency_id = %(agency)s
WHERE c.batch_id = %(batch)s AND c.row_id IS NOT NULL AND c."table" = %(thing)s
"""
TAKEN = """
UPDATE restored_account AS r SET reason = 'taken' FROM influencers_account AS t, influencers_account AS o
WHERE r.reason IS NULL AND t.id = r.id AND o.agency_id = t.agency_id AND o.platform = t.platform AND o.id <> t.id
    AND (lower(o.handle) = lower(r.before ->> 'handle') OR o.external_id = r.before ->> 'external_id')
"""
RESTORE = """
UPDATE {table} AS t SET ({columns}) = (SELECT {values} FROM jsonb_populate_record(t, r.before) AS p)
FROM restored_{thing} AS r WHERE t.id = r.id AND r.reason IS NULL
"""
LEFT = """
SELECT thing, what, reason, count(*), (array_agg(id ORDER BY id))[1:%(shown)s] FROM (
    SELECT thing, 'created' AS what, reason, id FROM undone
    UNION ALL SELECT 'influencer', 'updated', reason, id FROM restored_influencer
    UNION ALL SELECT 'account', 'updated', reason, id FROM restored_account
) AS everything WHERE reason IS NOT NULL GROUP BY thing, what, reason ORDER BY what, thing DESC, reason
"""


def undo_roster(
    *, agency_id: int, batch_id: int, tell: Callable[[int], None] = lambda _done: None
) -> list[dict[str, Any]]:
    """Take the import back in the caller's transaction; what was left, by reason, with the ids of the first rows.

    `tell` is called with the number of rows that are done.
    """
    one_import_at_a_time(agency_id)
    params: dict[str, Any] = {"batch": batch_id, "agency": agency_id, "shown": IDS_SHOWN}
    run(TABLE, params)
    run("CREATE INDEX ON undone (thing, id)")
    run("ANALYZE undone")
    _lock_and_forget_gone()
    _find_what_stays()
    done = _delete()
    tell(done)
    for thing, model in MODELS.items():
        done += _restore(thing, model, {**params, "thing": thing})
        tell(done)
    left = [
        {"table": thing, "what": what, "reason": reason, "count": count, "ids": ids}
        for thing, what, reason, count, ids in fetch(LEFT, params)
    ]
    run("DROP TABLE undone, restored_influencer, restored_account")
    return left


def _lock_and_forget_gone() -> None:
    """Nobody may attach or edit while we look; what somebody deleted since needs no undoing."""
    for thing, model in MODELS.items():
        table, free = model._meta.db_table, FREE
        erased = "AND NOT is_erased" if thing == "influencer" else ""
        run(f"SELECT FROM {table} WHERE id IN {free} ORDER BY id FOR UPDATE", {"thing": thing})
        run(GONE.format(table=table, erased=erased), {"thing": thing})


def _find_what_stays() -> None:
    for thing, model in MODELS.items():
        events = model._meta.get_field("events").related_model
        run(EDITED.format(events=events._meta.db_table), {"thing": thing})  # type: ignore[union-attr]
        for relation in pointing_at(model):
            table, column = relation.related_model._meta.db_table, relation.field.column
            but = OWN_ACCOUNTS if relation.related_model is Account else ""
            run(ATTACHED.format(table=table, column=column, but=but), {"thing": thing})
    run(CREATORS_OF_WHAT_STAYS)
    run(ACCOUNTS_OF_WHO_STAYS)


def pointing_at(model: type[models.Model]) -> Iterator[Any]:
    """Yield the relations by which rows that people made point at the model; history and derived rows are no reason to stay."""
    for field in model._meta.get_fields(include_hidden=True):
        if not (field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)):
            continue
        other: Any = field.related_model
        if other not in DERIVED and not issubclass(other, pghistory.models.Event):
            yield field


def _delete() -> int:
    accounts = FREE.replace("%(thing)s", "'account'")
    creators = FREE.replace("%(thing)s", "'influencer'")
    run(f"DELETE FROM influencers_engagementfigures WHERE account_id IN {accounts}")  # noqa: S608 - our own names
    deleted = run(f"DELETE FROM influencers_influencer WHERE id IN {creators}")  # noqa: S608
    run(f"DELETE FROM influencers_account WHERE id IN {accounts}")  # noqa: S608
    return deleted


def _restore(thing: str, model: type[models.Model], params: dict[str, Any]) -> int:
    table, columns = model._meta.db_table, RESTORED[thing]
    erased = "OR t.is_erased" if thing == "influencer" else ""
    run(LOCK_CHANGED.format(table=table), params)
    run(CHANGED.format(thing=thing, table=table, erased=erased), params)
    if thing == "account":
        run(TAKEN)
    values = ", ".join(f"p.{column}" for column in columns)
    return run(RESTORE.format(table=table, thing=thing, columns=", ".join(columns), values=values))
