"""A spreadsheet of made-up creators as agencies keep them: mixed columns, some gaps, some rounded counts."""

import csv
import random
from pathlib import Path

COLUMNS = ("Name", "Instagram", "TikTok", "Followers", "Niche", "Country", "City", "E-mail", "Language", "Status")
FIRST = ("Ada", "Bo", "Cléo", "Dirk", "Élise", "Freja", "Gül", "Hana", "Ines", "Jørn", "Käthe", "Léo", "Mira", "Nuno")
LAST = ("Sørensen", "de Vries", "Müller", "García", "Öztürk", "Nguyen", "Costa", "Weiß", "Lind", "Okafor", "Rossi")
NICHES = ("beauty", "food", "travel", "fitness", "gaming", "parenting", "interior", "cycling", "finance", "books")
COUNTRIES = ("DK", "NL", "DE", "PT", "ES", "FR", "SE", "NO")
STATUSES = ("prospect", "active", "active", "paused")


def write_roster_file(path: Path, rows: int) -> None:
    """The same file for the same number of rows."""
    chance = random.Random(4)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(row(number, chance) for number in range(rows))


def row(number: int, chance: random.Random) -> tuple[str, ...]:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    followers = int(chance.lognormvariate(10, 1.4))
    tiktok = f"@creator{number}.tt" if number % 2 == 0 else ""
    return (
        f"{first} {last} {number}",
        f"creator.{number}" if number % 4 else f"https://www.instagram.com/creator.{number}/",
        tiktok,
        "" if tiktok else f"{followers / 1000:.1f}K" if number % 3 == 0 else str(followers),
        ", ".join(chance.sample(NICHES, 2)),
        chance.choice(COUNTRIES),
        "",
        f"creator{number}@example.com" if number % 2 else "",
        "en",
        chance.choice(STATUSES),
    )
