"""Receipts: how somebody whose name is not stored comes back to what they sent. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re

RECEIPT_BITS = 128

NO_RECEIPT = "0" * 64
"""The hash of no receipt: what is compared with when there is nothing to compare with."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, without look-alikes
_LETTERS = 26  # 26 x 5 bits hold 128


def receipt(bits: int) -> str:
    """Return a receipt code for 128 random bits, in groups of four: `7k2m-...`."""
    letters = "".join(_ALPHABET[bits >> 5 * place & 31] for place in reversed(range(_LETTERS)))
    return "-".join(letters[start : start + 4] for start in range(0, _LETTERS, 4))


def receipt_hash(code: str) -> str:
    """Return what is stored for a receipt; a text that cannot be one gets a hash that belongs to none.

    Capitals, spaces and look-alikes (O for 0; I and L for 1) are forgiven. 128 random bits need no slow hash.
    """
    letters = re.sub(r"[\s-]", "", code).lower().translate(str.maketrans("oil", "011"))
    return hashlib.sha256(letters.encode()).hexdigest()


def same(stored: str, given: str) -> bool:
    """Compare two hashes in a time that does not depend on where they differ."""
    return hmac.compare_digest(stored.encode(), given.encode())
