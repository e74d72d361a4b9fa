"""The sweep of every address by every kind of person, and the canaries that must not be heard by the wrong ones."""
