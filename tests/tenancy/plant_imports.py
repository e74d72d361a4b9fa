"""What imports keep: what was changed, and how files with the same headings are read."""

from typing import Any

from influencers.models import ColumnMapping, ImportBatch, ImportChange, Influencer


def plant_imports(world: Any, agency: Any, tag: str) -> None:
    """A changed creator of the agency's import, and a saved mapping."""
    whose = "open" if tag != "f" else "foreign"
    batch, creator = world.rows[ImportBatch][whose], world.rows[Influencer][whose]
    world.plant(ImportChange, tag, batch=batch, table="influencer", line=2, row_id=creator.pk, created_ids=[])
    mapping = {"0": world.aviary.word(tag, "influencers.ColumnMapping.mapping")}
    options = {"sheet": world.aviary.word(tag, "influencers.ColumnMapping.options")}
    world.plant(ColumnMapping, tag, agency=agency, kind="roster", mapping=mapping, options=options)
