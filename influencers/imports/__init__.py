"""Readers of uploaded rosters and posts: they open a file, find out what it says, and never touch the database."""
