"""Who needs a contact, and when contacts are shown. Pure."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence


def across(spaces: Sequence[Collection[str]]) -> bool:
    """Whether people, each with their spaces, have none in common."""
    return bool(spaces) and not set.intersection(*(set(one) for one in spaces))


def complete(people: Collection[str], shared: Container[str]) -> bool:
    """Whether everybody of a pair has shared a contact; before that nobody sees one."""
    return len(people) > 1 and all(member in shared for member in people)
