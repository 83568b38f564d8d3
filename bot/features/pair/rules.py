"""What a pair is given to begin with, and what it is told about its time. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.i18n import N_
from storage.checkin import CheckIn

QUESTIONS = (
    N_("What did you do this week that you would happily do again?"),
    N_("Which small thing made your work easier lately?"),
    N_("What did you believe about your field five years ago that you don't any more?"),
    N_("What would you learn if you had a free month?"),
    N_("Who taught you something you still use every day?"),
    N_("What do people often ask you for help with?"),
    N_("What is a tool or habit you would not give back?"),
    N_("Which place do you like to think in?"),
    N_("What is something you made that you are glad about?"),
    N_("What was the best question somebody asked you this year?"),
    N_("What did you want to become when you were ten?"),
    N_("Which book, film or talk stayed with you?"),
    N_("What is harder in what you do than it looks?"),
    N_("What is easier in what you do than it looks?"),
    N_("What do you do when you are stuck?"),
    N_("How do you like to be told that something could be better?"),
    N_("What does a good day look like for you?"),
    N_("What would you like to be able to explain simply?"),
    N_("Which advice did you not follow, and were right not to?"),
    N_("What did you find out by accident?"),
    N_("What would you show a guest in the place where you live?"),
    N_("What are you looking forward to?"),
    N_("What would you do if you knew it could not go wrong?"),
    N_("What did you say no to lately, and how was it?"),
)


def question(people: Iterable[str], number: int) -> str | None:
    """Return the question that comes `number`-th (from 0) for these people (member ids), or None after the last one.

    Each set of people has an order of its own in which no question comes twice, the same on every machine.
    """
    whose = "/".join(sorted(people))
    order = sorted(QUESTIONS, key=lambda one: hashlib.sha256(f"{whose}/{one}".encode()).digest())
    return order[number] if 0 <= number < len(order) else None


def before(times: Sequence[str], ends: datetime | None) -> list[str]:
    """Return the proposed times (ISO, aware) that lie before the pair's round ends."""
    return [time for time in times if ends is None or datetime.fromisoformat(time) < ends]


def weeks_met(checkins: Iterable[CheckIn]) -> int:
    """Return in how many weeks somebody of the pair said that they met."""
    return len({one.week for one in checkins if one.answer == "met"})
