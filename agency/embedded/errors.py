"""What the runner says when it cannot go on."""


class ServiceError(Exception):
    """A sentence for the terminal: what failed and what to do about it."""


def tail(text: str, lines: int = 15) -> str:
    """The last lines of a log, indented."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-lines:])
