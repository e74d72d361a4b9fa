"""What hangs on a record, in numbers, as far as a member may know of it."""

from agency.models import Membership
from influencers.merging.parting import readable, words_for
from influencers.merging.pointers import LEFT, SILENT, pointers
from influencers.models import Influencer

# Said on the page in other words, or nothing that a person would count.
UNCOUNTED = LEFT.keys() | SILENT | {
    "influencers.Merge.kept",
    "influencers.NotDuplicates.first",
    "influencers.NotDuplicates.second",
}  # fmt: skip


def belongings(influencer: Influencer, membership: Membership) -> list[str]:
    """3 accounts, 2 prices: what moves along in a merge. One query for each table."""
    found = []
    for pointer in pointers():
        if pointer.name not in UNCOUNTED:
            rows = pointer.model._base_manager.filter(**{pointer.field.name: influencer})
            if count := readable(rows, membership).count():
                found.append(f"{count:,} {words_for(pointer.model, count)}")
    return found
