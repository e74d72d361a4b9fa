"""Pages of campaigns, the timeline, clashes and briefs."""
