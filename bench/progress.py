"""What goes on, for whoever waits: on stderr, because stdout is for tables."""

import sys


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
