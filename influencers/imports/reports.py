"""What a planned roster would do, row by row, in files of one JSON object per line: pages of it are read without the rest."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from influencers.imports.staging import stream
from influencers.imports.uploads import report_path

CREATED = """
SELECT jsonb_build_object('line', r.line, 'sheet', r.sheet, 'name', r.name, 'status', coalesce(nullif(r.status, ''), 'prospect'),
    'country', r.country, 'city', r.city, 'niches', r.niches, 'accounts', coalesce((
        SELECT jsonb_agg(jsonb_build_object('platform', a.platform, 'handle', a.handle, 'followers', a.followers) ORDER BY a.id)
        FROM new_account AS a WHERE a.seq = r.seq), '[]'))::text
FROM placed_row AS r WHERE r.is_new ORDER BY r.seq
"""
UPDATED = """
SELECT body::text FROM (
    SELECT c.seq, 0 AS place, jsonb_build_object('line', c.line, 'sheet', c.sheet, 'id', i.id, 'name', i.name, 'account', NULL,
        'before', c.before, 'after', c.after) AS body
    FROM changed_creator AS c JOIN influencers_influencer AS i ON i.id = c.id
    UNION ALL
    SELECT c.seq, c.id, jsonb_build_object('line', c.line, 'sheet', c.sheet, 'id', i.id, 'name', i.name,
        'account', jsonb_build_object('platform', a.platform, 'handle', a.handle), 'before', c.before, 'after', c.after)
    FROM changed_account AS c JOIN influencers_account AS a ON a.id = c.id
    JOIN influencers_influencer AS i ON i.id = a.influencer_id
    UNION ALL
    SELECT n.seq, n.id, jsonb_build_object('line', n.line, 'sheet', n.sheet, 'id', i.id, 'name', i.name,
        'account', jsonb_build_object('platform', n.platform, 'handle', n.handle), 'before', NULL,
        'after', jsonb_build_object('typed_followers', n.followers))
    FROM new_account AS n JOIN influencers_influencer AS i ON i.id = n.influencer_id WHERE NOT n.is_new
) AS changes ORDER BY seq, place
"""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Some rows of a report; `has_next` says whether others follow."""

    rows: list[dict[str, Any]]
    number: int
    has_next: bool


def write_reports(name: str) -> None:
    """Write what the temporary tables of a plan say beside the upload of that name."""
    for report, query in (("updated", UPDATED), ("created", CREATED)):
        with report_path(name, report).open("w", encoding="utf-8") as file:  # type: ignore[arg-type]
            file.writelines(f"{line}\n" for line in stream(query))


def report_page(path: Path, number: int, size: int) -> ReportPage:
    """Return a page, from 1, of a report; an empty one beyond the end."""
    start = (max(number, 1) - 1) * size
    with path.open(encoding="utf-8") as file:
        lines = list(islice(file, start, start + size + 1))
    return ReportPage([json.loads(line) for line in lines[:size]], max(number, 1), len(lines) > size)


def report_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every row of a report."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)
