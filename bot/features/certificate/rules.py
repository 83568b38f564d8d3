"""Who gets a certificate, and what stands on it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

LEAST_MINUTES = 1
NAME_LENGTH = 80


def number_of(row_id: str) -> str:
    """Return the UUID of a certificate, made from the id of its row: it tells nothing about its member."""
    raw = hashlib.sha256(f"kith certificate {row_id}".encode()).hexdigest()
    return f"{raw[:8]}-{raw[8:12]}-8{raw[13:16]}-8{raw[17:20]}-{raw[20:32]}"


def earned(hours: Mapping[str, tuple[int, int]], held: Collection[str], least_minutes: int) -> list[str]:
    """Return who has at least so many confirmed minutes and no certificate yet, most first.

    `hours` is member -> (minutes, sessions).
    """
    fit = [one for one, (minutes, _) in hours.items() if minutes >= max(LEAST_MINUTES, least_minutes)]
    return sorted((one for one in fit if one not in held), key=lambda one: (-hours[one][0], one))


def tidy_name(typed: str) -> str:
    """Return a name on one line, as it was written otherwise."""
    return " ".join(typed.split())
