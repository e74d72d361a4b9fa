"""The engagement figures: one SQL statement, the runs that carry it through every account, and their export."""
