"""Reading the join form. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.availability import AvailabilityError
from bot.availability import parse as parse_availability
from bot.languages import find_language
from bot.zones import find_zone, nearest_zone

LISTED = 20
ROLE_KINDS = {"mentor": ("mentor",), "mentee": ("mentee",), "both": ("mentor", "mentee"), "peer": ("peer",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What a member says when they join. `roles` are kinds of role; `zone` is an IANA name."""

    roles: tuple[str, ...]
    zone: str
    languages: tuple[str, ...]
    offers: tuple[str, ...]
    wants: tuple[str, ...]
    interests: tuple[str, ...]
    availability: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a field: a code, what was given, and the nearest right thing if there is one."""

    code: str
    given: str
    nearest: str = ""


def listed(text: str) -> tuple[str, ...]:
    """Split "a; b, c" into its parts, each once, at most twenty."""
    parts = (re.sub(r"\s+", " ", part).strip() for part in re.split(r"[;,\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))[:LISTED]


def read(answers: dict[str, str | None], *, kind: str) -> Joining | dict[str, Mistake]:
    """Return what the form says, or field -> what is wrong, all at once."""
    mistakes: dict[str, Mistake] = {}
    given_zone = answers.get("zone") or ""
    zone = find_zone(given_zone)
    if zone is None:
        mistakes["zone"] = Mistake("zone", given_zone, nearest_zone(given_zone) or "")
    languages = []
    for name in listed(answers.get("languages") or ""):
        code = find_language(name)
        if code is None:
            mistakes["languages"] = Mistake("language", name)
        else:
            languages.append(code)
    text = (answers.get("availability") or "").strip()
    try:
        availability = parse_availability(text).text() if text else ""
    except AvailabilityError:
        mistakes["availability"] = Mistake("availability", text)
        availability = ""
    if mistakes or zone is None:
        return mistakes
    return Joining(
        roles=ROLE_KINDS[answers.get("role") or ""] if kind == "mentoring" else ("peer",),
        zone=zone,
        languages=tuple(dict.fromkeys(languages)),
        offers=listed(answers.get("offers") or ""),
        wants=listed(answers.get("wants") or ""),
        interests=listed(answers.get("interests") or ""),
        availability=availability,
    )
