"""Questions, what may be shown of answers, and when results may change. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.suppression import K, shown
from storage.survey import ANONYMOUS, CONFIDENTIAL, NAMED

MODES = (CONFIDENTIAL, ANONYMOUS, NAMED)
AUDIENCES = ("everybody", "mentor", "mentee", "peer", "pairs")
MOST_QUESTIONS = 5
"""What a form holds on one page: of a survey that is not named, no draft may be stored between pages."""

RATING_WINDOW = timedelta(days=4)
MENTOR_FIRST = timedelta(days=7)
KEPT = timedelta(days=730)
"""So long after its end a survey's words and named answers are kept; its counts stay."""
"""How long a mentor alone reads their scorecard."""

Kind = Literal["scale", "nps", "choice", "many", "text", "consent"]
KINDS: tuple[Kind, ...] = ("scale", "nps", "choice", "many", "text")
CLOSED_KINDS = ("scale", "nps", "choice", "many")
MOST_OPTIONS = 10


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is a message to translate when the template brought it, and shown as it is when `own`."""

    key: str
    kind: str
    text: str
    options: tuple[str, ...] = ()
    own: bool = False

    def stored(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"key": self.key, "kind": self.kind, "text": self.text, "options": list(self.options), "own": self.own}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Question:
        """Return it from what `stored` gave."""
        return cls(stored["key"], stored["kind"], stored["text"], tuple(stored["options"]), stored["own"])

    @property
    def values(self) -> tuple[str, ...]:
        """The values that can be counted, in order."""
        if self.kind == "scale":
            return tuple(str(value) for value in range(1, 6))
        if self.kind == "nps":
            return tuple(str(value) for value in range(11))
        return tuple(str(index) for index in range(len(self.options)))


def questions_of(stored: Sequence[Mapping[str, Any]]) -> list[Question]:
    """Return the questions of a survey's row."""
    return [Question.read(one) for one in stored]


def own_questions(lines: str, start: int = 1) -> list[Question] | tuple[int, str]:
    """Read questions that a coordinator wrote, one a line: `scale: How was it?`, `choice: Which? | tea | coffee`.

    Or (number of the line, what is wrong): no known kind, no text, too few or too many options.
    """
    found: list[Question] = []
    for number, line in enumerate((line for line in lines.splitlines() if line.strip()), 1):
        kind, colon, rest = (part.strip() for part in line.partition(":"))
        text, *options = (part.strip() for part in rest.split("|"))
        if not colon or kind.lower() not in KINDS:
            return number, "kind"
        if not text or len(text) > 45:
            return number, "text"
        needs = kind.lower() in ("choice", "many")
        if needs != bool(options) or (needs and not 2 <= len([one for one in options if one]) <= MOST_OPTIONS):
            return number, "options"
        found.append(
            Question(f"own{start + number - 1}", kind.lower(), text, tuple(one for one in options if one), own=True)
        )
    return found


# -- what may be shown -------------------------------------------------------------------------------------------------


def mean(counts: Mapping[str, int], k: int = K) -> float | None:
    """Return the mean of numeric values; None where a count is hidden, which the mean could give away."""
    total = sum(counts.values())
    if total < k or None in shown(counts, k).values():
        return None
    return sum(int(value) * number for value, number in counts.items()) / total


def nps(counts: Mapping[str, int], k: int = K) -> tuple[dict[str, int | None], int | None]:
    """Return (promoters, passives, detractors as they may be shown; the score from -100 to 100, or None).

    Promoters answer 9 or 10, detractors 0 to 6; the score is their difference in percent (F. Reichheld, "The one
    number you need to grow", Harvard Business Review, 2003). Only the three groups are ever shown, not each number.
    """
    groups = {"promoters": 0, "passives": 0, "detractors": 0}
    for value, number in counts.items():
        groups["promoters" if int(value) >= 9 else "passives" if int(value) >= 7 else "detractors"] += number
    seen = shown(groups, k)
    total = sum(groups.values())
    if total < k or None in seen.values():
        return seen, None
    return seen, round(100 * (groups["promoters"] - groups["detractors"]) / total)


def may_refresh(answers: int, shown_answers: int, k: int = K) -> bool:
    """Return whether results may be made anew: nothing was shown yet, or `k` answers have come since."""
    return answers >= k and (shown_answers == 0 or answers - shown_answers >= k)


def words_shown(ids: Collection[str], before: Collection[str], k: int = K) -> list[str]:
    """Return the ids of words that may be shown: all once `k` stand together, and new ones only `k` at a time."""
    new = sorted(set(ids) - set(before))
    kept = sorted(set(ids) & set(before))
    return kept + new if len(new) >= k else kept


# -- time --------------------------------------------------------------------------------------------------------------


def next_moment(status_open: bool, opened: datetime, closes: datetime, *, reminded: bool) -> datetime | None:
    """Return when a survey has something due: a reminder at half-time, then its end; None when it is not open."""
    if not status_open:
        return None
    return closes if reminded else opened + (closes - opened) / 2


def ratings_open(values: Sequence[int | None], now: datetime, until: datetime | None) -> bool:
    """Return whether the ratings of a session may be seen: all are in, or the window is over."""
    return None not in values or until is None or now >= until
