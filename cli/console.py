"""Where the command line writes: results to stdout, everything about them to stderr. NO_COLOR is honoured by Rich."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)


def say(line: str) -> None:
    """Write a line to stdout as it is; square brackets in it mean nothing."""
    out.print(Text(line))


def tell(line: str) -> None:
    """Write a line about what is going on to stderr."""
    err.print(Text(line))
