"""Codes, and which rows of an account follow it to the member it joins. Pure."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

LASTS = timedelta(minutes=10)
BITS = 60

FOLLOW = frozenset({"identity", "kudos", "outbox"})
"""Tables whose rows go over to the other member."""
END = frozenset({"draft", "link_code", "recognition", "request_helper"})
"""Tables whose rows end with the member: what the other one said about the same stands."""
STAY = frozenset({"member", "audit"})
"""Tables that do not hinder: the member row itself goes last, and the audit log cannot be changed."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, without look-alikes
_LETTERS = BITS // 5


def code(bits: int) -> str:
    """Return a code for `BITS` random bits, in groups of four: `7k2m-...`."""
    letters = "".join(_ALPHABET[bits >> 5 * place & 31] for place in reversed(range(_LETTERS)))
    return "-".join(letters[start : start + 4] for start in range(0, _LETTERS, 4))


def code_hash(typed: str) -> str:
    """Return what is stored for a code. Capitals, spaces and look-alikes (O for 0; I and L for 1) are forgiven.

    Ten minutes are too short to try 2^60 codes against a plain hash.
    """
    letters = re.sub(r"[\s-]", "", typed).lower().translate(str.maketrans("oil", "011"))
    return hashlib.sha256(letters.encode()).hexdigest()
