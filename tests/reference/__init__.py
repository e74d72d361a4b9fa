"""The engagement figures computed a second time, from the written contract alone, without the project's code."""
