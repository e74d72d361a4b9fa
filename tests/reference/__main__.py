"""Compares every cell of an `export_metrics` file with the independent computation; ends 1 at any difference."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import psycopg

from tests.reference.compare import (
    COMPARED_COLUMNS,
    Difference,
    Row,
    cells_compared,
    differences,
    non_empty_per_column,
    read_export,
    reference_rows,
)
from tests.reference.reading import load_accounts, load_zone

DIFFERENCES_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    export = read_export(options.export)
    with psycopg.connect(options.database_url) as connection:
        # One snapshot for the four queries, and no chance to write.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        zone = load_zone(connection, options.agency)
        accounts = load_accounts(connection, options.agency)
    reference = reference_rows(accounts, cutoff=options.as_of, zone=zone)
    found = differences(reference, export)
    versions = {str(row["formula_version"]) for row in export}
    sys.stdout.write("\n".join([*_table(reference, export, found), *_summary(found, versions)]) + "\n")
    return 1 if found or len(versions) != 1 or "" in versions else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.reference", description=__doc__)
    parser.add_argument("--database-url", required=True)
    parser.add_argument("--agency", required=True, help="slug")
    parser.add_argument("--as-of", required=True, type=_instant, help="ISO 8601 with offset: 2025-04-30T00:00Z")
    parser.add_argument("export", type=Path, help="CSV written by export_metrics")
    return parser


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no offset from UTC.")
    return instant


def _table(reference: Sequence[Row], export: Sequence[Row], found: Sequence[Difference]) -> list[str]:
    compared = cells_compared(reference, export)
    filled = {"as_of": len(export)} | non_empty_per_column(export)
    lines = [f"{'column':<22}{'compared':>10}{'not empty':>11}{'different':>11}"]
    for column in COMPARED_COLUMNS:
        different = sum(difference.column == column for difference in found)
        lines.append(f"{column:<22}{compared:>10}{filled[column]:>11}{different:>11}")
    return lines


def _summary(found: Sequence[Difference], versions: set[str]) -> list[str]:
    rows = sum(difference.column == "row" for difference in found)
    lines = [f"formula versions: {', '.join(sorted(versions)) or 'none'}"]
    lines.append(f"differences: {len(found)}, {rows} of them whole rows")
    lines += [f"  {difference}" for difference in found[:DIFFERENCES_SHOWN]]
    if len(found) > DIFFERENCES_SHOWN:
        lines.append(f"  … and {len(found) - DIFFERENCES_SHOWN} more")
    return lines


if __name__ == "__main__":
    sys.exit(main())
