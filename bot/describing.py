"""What people say about themselves: a zone, languages, a usual week, lists. Read the same wherever it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.availability import DAY, HALF_HOUR, Availability, AvailabilityError
from bot.availability import parse as parse_availability
from bot.i18n import Say
from bot.languages import find_language
from bot.zones import find_zone, nearest_zone

LISTED = 20

BLOCKS = tuple((hour * 60, min(hour + 2, 24) * 60) for hour in range(6, 24, 2))
"""The parts of a day, in minutes from midnight, from which a week is put together by choosing."""


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


def zone(text: str) -> str | Mistake:
    """Return the IANA name of a zone."""
    return find_zone(text) or Mistake("zone", text, nearest_zone(text) or "")


def languages(text: str) -> tuple[str, ...] | Mistake:
    """Return the codes of languages that were given by name."""
    codes: dict[str, None] = {}
    wrong = None
    for name in listed(text):
        code = find_language(name)
        if code is None:
            wrong = Mistake("language", name)
        else:
            codes[code] = None
    return wrong or tuple(codes)


def availability(text: str) -> str | Mistake:
    """Return a usual week in its canonical writing; "" for nothing written."""
    text = text.strip()
    try:
        return parse_availability(text).text() if text else ""
    except AvailabilityError:
        return Mistake("availability", text)


def week_of(chosen: Iterable[tuple[int, int]]) -> str:
    """Return a usual week from chosen parts: (day from Monday 0, place in `BLOCKS`)."""
    spans = tuple((day * DAY + BLOCKS[part][0], day * DAY + BLOCKS[part][1]) for day, part in chosen)
    return Availability(spans).text()


def parts_of(text: str) -> dict[int, tuple[int, ...]]:
    """Return day -> the places in `BLOCKS` that are free for at least half of their time in a usual week."""
    week = parse_availability(text) if text else Availability()
    return {
        day: tuple(
            place
            for place, (start, end) in enumerate(BLOCKS)
            if week.free_minutes(day * DAY + start, end - start) >= 2 * HALF_HOUR
        )
        for day in range(7)
    }


def sentence(say: Say, wrong: Mistake) -> str:
    """Say what to change in a field."""
    given = wrong.given[:40]
    match wrong.code:
        case "zone" if wrong.nearest:
            return say.line("I don't know {given}. Did you mean {nearest}?", given=given, nearest=wrong.nearest)
        case "zone":
            return say.line("I don't know {given}. Please write it like Europe/Madrid.", given=given)
        case "language":
            return say.line("I don't know the language {given}. Please write its usual name.", given=given)
        case _:
            return say.line("I can't read this. Please write it like: mon 18:00-20:00; sat 09:00-12:00")
