"""Receipts, weeks and batches. Pure."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

LEAST_MEMBERS = 10
LEAST_NOTES = 3
RECEIPT_BITS = 128

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, without look-alikes
_LETTERS = 26  # 26 x 5 bits hold 128


def receipt(bits: int) -> str:
    """Return a receipt code for 128 random bits, in groups of four: `7k2m-...`."""
    letters = "".join(_ALPHABET[bits >> 5 * place & 31] for place in reversed(range(_LETTERS)))
    return "-".join(letters[start : start + 4] for start in range(0, _LETTERS, 4))


def receipt_hash(code: str) -> str | None:
    """Return what is stored for a receipt, or None for a text that cannot be one.

    Capitals, spaces and look-alikes (O for 0; I and L for 1) are forgiven. 128 random bits need no slow hash.
    """
    letters = re.sub(r"[\s-]", "", code).lower().translate(str.maketrans("oil", "011"))
    if len(letters) != _LETTERS or set(letters) - set(_ALPHABET):
        return None
    return hashlib.sha256(letters.encode()).hexdigest()


def week(now: datetime) -> str:
    """Return the ISO week as 2026-W10: the only time that is stored with a note."""
    year, number, _ = now.isocalendar()
    return f"{year}-W{number:02d}"


def goes_out(waiting: int) -> bool:
    """Whether enough notes wait for a batch: fewer would point at their authors."""
    return waiting >= LEAST_NOTES
