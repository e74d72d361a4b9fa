"""Who fits a brand: the whole roster ranked by the criteria that a person chose and weighted, in one statement.

Every criterion gives a part from 0 to 1, or nothing where nothing is known. The order is that of the weighted mean of the known
parts; unknown ones are left out of it, so that they never count as poor. Ties: more known parts first, then the name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from influencers.fit.asked import Asked, Known, Median, PriceGroup, Row, spellings
from influencers.fit.criteria import CRITERIA, Criterion
from influencers.fit.prices import medians, prices_of, valid_prices_sql
from influencers.fit.work import creators_with_rival_work, work_of
from influencers.models import Influencer

# Parts are compared to the millionth: what differs by less is the arithmetic of the machine, not of the creators.
# OFFSET 0 keeps the planner from writing each part out wherever it is used, and so from computing it several times.
STATEMENT = """
WITH {tables} ranked AS (
    SELECT *, floor(mean * 1000000 + 0.5) AS millionths FROM (
        SELECT *, {known} AS known, ({total}) / nullif({weight}, 0)::float8 AS mean FROM (
            SELECT line.influencer_id, line.sort_name {columns}
            FROM influencers_rosterline AS line {joins} WHERE line.agency_id = %(agency)s
                AND (line.status <> 'blocked' OR %(with_blocked)s) {creators} OFFSET 0
        ) AS judged OFFSET 0
    ) AS counted WHERE known >= %(at_least)s
)
"""
ORDERED = """SELECT * FROM ranked
ORDER BY millionths DESC NULLS LAST, known DESC, sort_name, influencer_id LIMIT %(limit)s OFFSET %(offset)s"""
COUNTED = "SELECT count(*) FROM ranked"
LINE = [
    f"line.{name}"
    for name in ("country", "languages", "niches", "account_id", "platform", "followers", "headline_rate", "growth_30d")
] + ["line.saturation", "line.figures_as_of", "line.rate_percentile"]


FEW = 5_000  # fewer are read by index


@dataclass(frozen=True, slots=True)
class Part:
    """A criterion and what it says of one creator; `value` None is unknown, with the reason."""

    criterion: Criterion
    weight: int
    value: float | None
    text: str

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def points(self) -> int:
        """0 to 100, as pages show it."""
        return round((self.value or 0) * 100)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A creator's place: `mean` (0 to 1) of the `known` parts, None if nothing is known of what was asked."""

    influencer_id: int
    place: int
    mean: float | None
    known: int
    parts: list[Part]
    row: Row

    @property
    def points(self) -> int:
        """0 to 100, as pages show it."""
        return round((self.mean or 0) * 100)

    @property
    def strongest(self) -> list[Part]:
        """The three known parts that speak for the creator most."""
        known = [part for part in self.parts if part.value]
        return sorted(known, key=lambda part: -part.weight * (part.value or 0))[:3]

    @property
    def unknown(self) -> list[Part]:
        return [part for part in self.parts if not part.is_known]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of the ranking; `found` is how many creators it has in all."""

    rows: list[Ranked]
    found: int
    known: Known


def usable(asked: Asked) -> list[Criterion]:
    """The chosen criteria that this brand has a use for, in their order."""
    return [each for each in CRITERIA if each.key in asked.weights and not each.unusable(asked.brand)]


def rank(asked: Asked, *, limit: int, offset: int = 0) -> Ranking:
    """The creators from `offset` on. A fixed number of queries, however many creators there are.

    The whole roster is only put in order; what the sentences need is read for the creators of the page alone.
    """
    if asked.creators is not None and not asked.few:
        found = list(asked.creators.order_by().values_list("pk", flat=True)[:FEW])
        if not found:
            return Ranking([], 0, Known(asked))
        if len(found) < FEW:
            asked = replace(asked, creators=Influencer.objects.filter(pk__in=found), few=True)
    chosen = usable(asked)
    keys = {criterion.key for criterion in chosen}
    known_medians: dict[PriceGroup, Median] = {}
    if "price" in keys:
        few = asked.creators if asked.few else None
        known_medians = medians(asked.brand.agency_id, asked.bands, asked.today, creators=few)
    params = _params(asked, chosen, known_medians) | {"limit": limit, "offset": offset}
    with transaction.atomic(), connection.cursor() as cursor:
        # Groups are read in the order of the index: hashing half a million shares would spill to the disk.
        cursor.execute("SELECT set_config('enable_hashagg', 'off', true), set_config('work_mem', '32MB', true)")
        ids = [row["influencer_id"] for row in _rows(cursor, asked, chosen, params, ORDERED)]
        [counted] = _rows(cursor, asked, chosen if asked.at_least else [], params, COUNTED)
        page = replace(asked, creators=Influencer.objects.filter(pk__in=ids), few=True)
        rows = _rows(cursor, page, chosen, params | {"offset": 0}, ORDERED, inputs=True) if ids else []
    known = Known(
        asked,
        prices=prices_of(asked, ids, known_medians) if "price" in keys else {},
        work=work_of(asked.brand, asked.reader, ids) if "rivals" in keys else {},
    )
    ranked = [_ranked(row, offset + place, chosen, known) for place, row in enumerate(rows, start=1)]
    return Ranking(ranked, counted["count"], known)


def _rows(
    cursor: CursorWrapper,
    asked: Asked,
    chosen: Sequence[Criterion],
    params: dict[str, Any],
    what: str,
    *,
    inputs: bool = False,
) -> list[dict[str, Any]]:
    params = params.copy()
    cursor.execute(_statement(asked, chosen, params, inputs=inputs) + what, params)
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _ranked(row: Row, place: int, chosen: Sequence[Criterion], known: Known) -> Ranked:
    parts = []
    for criterion in chosen:
        value = row[f"p_{criterion.key}"]
        text = criterion.says(row, known) if value is not None else criterion.lacks(row, known)
        parts.append(Part(criterion, known.asked.weights[criterion.key], None if value is None else float(value), text))
    return Ranked(row["influencer_id"], place, row["mean"], row["known"], parts, row)


def _statement(asked: Asked, chosen: Sequence[Criterion], params: dict[str, Any], *, inputs: bool) -> str:
    """The common table expressions; `inputs` adds the columns that the sentences name."""
    chosen_ids = _narrowed(asked, params)
    creators = f"AND line.influencer_id IN ({chosen_ids})" if chosen_ids else ""
    # Of few creators the other tables are read by index; of many they are read through.
    accounts = (
        f"AND s.account_id IN (SELECT a.id FROM influencers_account AS a WHERE a.influencer_id IN ({chosen_ids}))"  # noqa: S608 - the ORM's own SQL
    )
    owners = f"AND p.influencer_id IN ({chosen_ids})"
    narrowed = {"accounts": accounts, "owners": owners} if asked.few else {"accounts": "", "owners": ""}
    tables = "".join(f"{each.table}, " for each in chosen if each.table).replace("{accounts}", narrowed["accounts"])
    if "{prices}" in tables:
        tables = tables.replace("{prices}", valid_prices_sql(asked.bands, params, only=narrowed["owners"]))
    parts = [(f"p_{each.key}", asked.weights[each.key], each.part) for each in chosen]
    columns = [f"({part})::float8 AS {name}" for name, _weight, part in parts]
    if inputs:
        columns += [*LINE, *(column for each in chosen for column in each.columns)]
    return STATEMENT.format(
        creators=creators,
        columns="".join(f", {column}" for column in columns),
        tables=tables,
        joins=" ".join(each.join for each in chosen),
        known=" + ".join(["0", *(f"({name} IS NOT NULL)::int" for name, _weight, _part in parts)]),
        total=" + ".join(["0", *(f"{weight} * coalesce({name}, 0)" for name, weight, _part in parts)]),
        weight=" + ".join(["0", *(f"{weight} * ({name} IS NOT NULL)::int" for name, weight, _part in parts)]),
    )


def _params(asked: Asked, chosen: Sequence[Criterion], known_medians: dict[PriceGroup, Median]) -> dict[str, Any]:
    brand = asked.brand
    needs_rivals = any(criterion.key == "rivals" for criterion in chosen)
    groups = list(known_medians)
    return {
        "agency": brand.agency_id,
        "brand": brand.pk,
        "today": asked.today,
        "markets": brand.markets,
        "ages": brand.target_ages,
        "women": (brand.target_women_percent or 0) / 100,
        "niches": spellings(brand.niches),
        "languages": spellings(brand.languages),
        "rivals": sorted(creators_with_rival_work(brand, asked.reader)) if needs_rivals else [],
        "at_least": asked.at_least,
        "with_blocked": asked.with_blocked,
        "m_kinds": [group.kind for group in groups],
        "m_platforms": [group.platform for group in groups],
        "m_currencies": [group.currency for group in groups],
        "m_tiers": [group.tier for group in groups],
        "m_amounts": [known_medians[group].amount for group in groups],
    }


def _narrowed(asked: Asked, params: dict[str, Any]) -> str:
    """The query of the ids of the creators to rank, its parameters under names of their own; empty for everybody."""
    if asked.creators is None:
        return ""
    query = asked.creators.order_by().values("pk").query
    sql, given = query.sql_with_params()
    names = iter(range(len(given)))

    def named(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%%"
        place = next(names)
        params[f"creators_{place}"] = given[place]
        return f"%(creators_{place})s"

    return re.sub(r"%%|%s", named, sql)
