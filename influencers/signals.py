"""What happens to creators, told to the apps above before and after it happens, in the same transaction."""

from django.dispatch import Signal

# Receivers raise agency.errors.Refused to forbid it. Arguments: kept, merged, by, undo (a dict that receivers add to).
influencers_merging = Signal()
# Arguments: kept, merged (its row is gone when the signal returns), by, undo.
influencers_merged = Signal()
# The two are parted again. Arguments: merge, kept, restored, by. Receivers read what they put into merge.undo.
merge_undone = Signal()
# A person is being erased. Arguments: influencer, erasure, words (their names, handles, ids, addresses), by. Receivers redact or
# delete what they hold and return {table: count}; what the law keeps they write to LegalRetention.
influencer_erasing = Signal()
