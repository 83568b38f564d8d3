"""Figures as words, in the reader's language: numbers with their unit, interval, sample and direction."""

from __future__ import annotations

from babel.numbers import format_decimal

from bot.i18n import N_, Say
from bot.insight.estimates import Estimate
from bot.insight.measures import Measure, Unit

SUFFIX = {"share": "\u202f%", "people": "", "days": "", "hours": "", "points": "", "score": "", "number": ""}
DIGITS = {"share": 0, "people": 0, "days": 1, "hours": 1, "points": 0, "score": 2, "number": 2}
UNITS = {
    "people": N_("people"),
    "share": N_("share"),
    "days": N_("days"),
    "hours": N_("hours"),
    "points": N_("-100 to 100"),
    "score": N_("1 to 5, or a difference"),
    "number": N_("0 to 1"),
}


def number(say: Say, value: float, unit: Unit) -> str:
    """Return a value with its unit: 0.62 as "62 %"."""
    shown = round(100 * value if unit == "share" else value, DIGITS[unit])
    return format_decimal(shown + 0.0, locale=say.language) + SUFFIX[unit]


def figure(say: Say, found: Estimate, unit: Unit) -> str:
    """Return a figure alone; a dash where there is none."""
    return "–" if found.value is None else number(say, found.value, unit)


def surety(say: Say, found: Estimate, unit: Unit) -> str:
    """Return how sure a figure is: "54 % to 70 %, of 140"; what it is of, where it has no interval, or ""."""
    of = format_decimal(found.n, locale=say.language)
    if found.value is None:
        if unit in ("days", "hours") and found.n:
            return say.line("fewer than half so far, of {n}", n=of)
        return say.line("too few to say") if found.n else say.line("nothing yet")
    if found.low is None and found.high is None:
        return say.line("of {n}", n=of) if found.n and found.n != found.value else ""
    low = number(say, found.low, unit) if found.low is not None else "…"
    high = number(say, found.high, unit) if found.high is not None else "…"
    return say.line("{low} to {high}, of {n}", low=low, high=high, n=of)


def change(say: Say, measure: Measure, now: Estimate, before: Estimate) -> str:
    """Return how a figure moved against the period before, only where that is more than chance; else ""."""
    moved = clear(now, before)
    if moved is None or before.value is None:
        return ""
    was = number(say, before.value, measure.unit)
    return say.line("up from {was}", was=was) if moved > 0 else say.line("down from {was}", was=was)


def clear(now: Estimate, before: Estimate) -> float | None:
    """Return how far a figure moved, when the value before lies outside the interval of now; else None.

    A count of everybody has no interval: any change of it is one.
    """
    if now.value is None or before.value is None or now.value == before.value:
        return None
    if now.low is None and now.high is None:
        return now.value - before.value
    if (now.low is not None and before.value < now.low) or (now.high is not None and before.value > now.high):
        return now.value - before.value
    return None
