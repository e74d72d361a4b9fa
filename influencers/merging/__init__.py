"""Records that are one person: which look like it, what becomes of their rows in a merge, and how they are parted again."""
