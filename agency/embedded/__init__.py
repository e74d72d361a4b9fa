"""The services that a checkout brings along: PostgreSQL, Redis, and the runner behind `make run`. Imports no Django."""
