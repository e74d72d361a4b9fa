"""Brand fit: scorecards, what the figures say beside them, who fits a brand, words that a note should not need."""
