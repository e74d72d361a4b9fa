"""Measured comparisons with what else could be done. `make bench` runs all, `make bench NAME=figures` one."""
