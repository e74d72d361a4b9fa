"""Texts and amounts that no page shows, and why they are kept: their canaries cannot be heard by anybody."""

NEVER_SHOWN: dict[str, str] = {
    "agency.Invitation.token_hash": "only compared with the hash of a link's token",
    "influencers.SavedView.query": "only in the address to which opening the view leads",
    "influencers.Erasure.counts": "the page shows sums of its numbers",
    "influencers.Fingerprint.digest": "only compared with digests of rows of an import",
    "influencers.LegalRetention.facts": "what the law keeps of an erased person; no page reads it",
    "influencers.ImportChange.before": "written back when an import is taken back; no page reads it",
    "influencers.ImportChange.after": "compared with the row when an import is taken back; no page reads it",
    **{
        f"influencers.ColumnMapping.{name}": "taken for files with the same headings, whose page shows the headings and the name"
        for name in ("name", "headers", "options", "mapping")
    },
    "influencers.MetricsRange.error": "for the operator; the run's page shows the run's own error",
    **{
        f"agency.BrandEvent.{name}": "kept for who asks the operator; no page shows the history of brands"
        for name in ("name", "values", "no_go_topics", "target_audience", "niches")
    },
}
