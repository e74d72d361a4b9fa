"""How work says no."""


class Refused(ValueError):  # noqa: N818 - it names the outcome, as the reader sees it
    """Work was refused; the message is a sentence for the person who asked, and nothing was changed."""
