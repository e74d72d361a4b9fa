"""The roster as a file: which columns, which creators, in what form, and the record of what left the site."""
