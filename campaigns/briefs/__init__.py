"""Campaign briefs: what one says, read from the database (`snapshot`), and how it is set as PDF (`document`, `pdf`)."""
