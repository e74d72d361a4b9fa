"""The agency's categories in the order of their tree."""

from agency.models import Agency, Category


def tree(agency: Agency) -> list[tuple[Category, int]]:
    """Every category with its depth (0 at the top), each directly below its parent, siblings by name; one query."""
    children: dict[int | None, list[Category]] = {}
    for category in Category.objects.filter(agency=agency).order_by("name"):
        children.setdefault(category.parent_id, []).append(category)
    rows: list[tuple[Category, int]] = []
    waiting = [(category, 0) for category in reversed(children.get(None, []))]
    while waiting:
        category, depth = waiting.pop()
        rows.append((category, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(category.pk, [])))
    return rows


def paths(agency: Agency) -> dict[int, str]:
    """By id, the whole way from the top: "Food & drink › Hot drinks › Coffee"."""
    found: dict[int, str] = {}
    for category, _depth in tree(agency):
        above = found.get(category.parent_id or 0)
        found[category.pk] = f"{above} › {category.name}" if above else category.name
    return found
