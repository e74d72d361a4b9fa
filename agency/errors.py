"""How work says no."""


class Refused(ValueError):
    """Work was refused; the message is a sentence for the person who asked, and nothing was changed."""
