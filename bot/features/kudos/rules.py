"""May this person thank these, now? What is shown of a week, and how much it weighs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.recurrence import to_utc, to_wall
from storage.kudos import Kudos
from storage.member import Member

LEAST_WORDS = 2
UNDO = timedelta(minutes=10)
REMEMBERED = timedelta(days=30)
"""How long the same words are known again."""
SAME_WORDS = 2
"""To how many people, at different times, the same words may be said."""
BEST = 5
"""How many reasons a digest shows."""
LONG = 12
"""A reason of so many different words says as much as a longer one."""
VALUE_LENGTH = 60
"""A value is a word or two; it has to fit a choice in a form."""
CIRCLE = 4
"""So many thanks between two people, and hardly any to others, weigh as one."""


def day_of(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return when the local day of `now` began and when the next one begins, in aware UTC."""
    midnight = to_wall(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return to_utc(midnight, zone), to_utc(midnight + timedelta(days=1), zone)


def week_of(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return when the local week of `now`, which begins on Monday, began and when the next one begins, in aware UTC."""
    midnight = to_wall(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    return to_utc(monday, zone), to_utc(monday + timedelta(days=7), zone)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many thanks are left today and this week, and when there are more."""

    today: int
    week: int
    tomorrow: datetime
    monday: datetime

    @property
    def left(self) -> int:
        """How many can be given now."""
        return max(0, min(self.today, self.week))

    @property
    def more_at(self) -> datetime:
        """When more can be given than now."""
        return self.monday if self.week <= self.today else self.tomorrow


def allowance(given: Sequence[Kudos], now: datetime, zone: str, *, a_day: int, a_week: int) -> Allowance:
    """Return what is left of a day and of a week, of which `given` holds at least what was given in them."""
    (today, tomorrow), (week, monday) = day_of(now, zone), week_of(now, zone)
    return Allowance(
        today=a_day - sum(one.given_at >= today for one in given),
        week=a_week - sum(one.given_at >= week for one in given),
        tomorrow=tomorrow, monday=monday,
    )  # fmt: skip


def plain_words(reason: str) -> str:
    """Return a reason as it is compared: the same words in another spelling are the same."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in reason.casefold()).split())


def refusal(
    giver: Member, receivers: Sequence[Member], why: str, *, before: Sequence[Kudos], left: int
) -> tuple[str, Member] | None:
    """Return the key of the refusal and whom it is about, or None when the thanks may be given.

    `before` is what the giver gave lately, `left` how many more they may give.
    """
    for one in receivers:
        if one.id == giver.id:
            return "kudos.self", one
        if one.left_at is not None:
            return "kudos.left", one
    first = receivers[0]
    said = plain_words(why)
    if len(said.split()) < LEAST_WORDS:
        return "kudos.short", first
    same = [one for one in before if plain_words(one.reason) == said]
    again = {one.receiver_id for one in same}
    if twice := [one for one in receivers if one.id in again]:
        return "kudos.repeated", twice[0]
    if len({one.gift_id for one in same}) >= SAME_WORDS:
        return "kudos.repeated", first
    if left <= 0:
        return "kudos.enough", first
    return ("kudos.fewer", first) if len(receivers) > left else None


def nearest_value(typed: str, values: Collection[str]) -> str | None:
    """Return the community's value that was meant, whatever the case; None for none of them."""
    return next((value for value in values if value.casefold() == typed.strip().casefold()), None)


def values_of(text: str) -> list[str]:
    """Return a community's values from what its coordinators wrote: between commas, each once, 25 at most."""
    names = [" ".join(part.split())[:VALUE_LENGTH] for part in text.replace(";", ",").replace("\n", ",").split(",")]
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.casefold(), name)
    return [name for name in first.values() if name][:25]


def weights(rows: Sequence[Kudos]) -> dict[str, float]:
    """Return kudos id -> how much it weighs: 1, or less between two people who hardly thank anybody else.

    Two people who gave each other `CIRCLE` thanks or more, each at least one and two thirds of all that either gave,
    weigh as one: each of their thanks weighs 1 / (how many they are).
    """
    gave = Counter(row.giver_id for row in rows)
    between = Counter((row.giver_id, row.receiver_id) for row in rows)

    def weight(row: Kudos) -> float:
        there, back = between[row.giver_id, row.receiver_id], between[row.receiver_id, row.giver_id]
        closed = there + back >= CIRCLE and back > 0
        most = 3 * there >= 2 * gave[row.giver_id] and 3 * back >= 2 * gave[row.receiver_id]
        return 1 / (there + back) if closed and most else 1.0

    return {row.id: weight(row) for row in rows}


@dataclass(frozen=True, slots=True)
class Digest:
    """A week of thanks: how many there were, from and to how many people, the best reasons, and what for."""

    count: int
    givers: int
    receivers: int
    best: tuple[Kudos, ...]
    values: tuple[tuple[str, int], ...]


def digest(rows: Sequence[Kudos]) -> Digest:
    """Return what a digest tells of these rows. Reasons are shown only of whom all may see thanked.

    The best ones are those that say most, as far as they weigh; of each giver and each receiver one at the most.
    """
    weigh = weights(rows)
    shown = [row for row in rows if row.posted_as]
    ranked = sorted(shown, key=lambda row: (-_says(row.reason) * weigh[row.id], row.id))
    best: list[Kudos] = []
    for row in ranked:
        if all(row.giver_id != one.giver_id and row.receiver_id != one.receiver_id for one in best):
            best.append(row)
        if len(best) == BEST:
            break
    named = Counter(row.value for row in rows if row.value)
    return Digest(
        count=len(rows), givers=len({row.giver_id for row in rows}), receivers=len({row.receiver_id for row in rows}),
        best=tuple(sorted(best, key=lambda row: (row.given_at, row.id))),
        values=tuple(sorted(named.items(), key=lambda one: (-one[1], one[0]))[:3]),
    )  # fmt: skip


def _says(reason: str) -> int:
    return min(LONG, len(set(plain_words(reason).split())))


def board(rows: Sequence[Kudos], in_public: Mapping[str, bool], most: int) -> list[tuple[str, int]]:
    """Return (receiver, by how many different people thanked), most first, of whom all may see thanked."""
    givers: dict[str, set[str]] = {}
    for row in rows:
        if in_public.get(row.receiver_id):
            givers.setdefault(row.receiver_id, set()).add(row.giver_id)
    ranked = sorted(((who, len(by)) for who, by in givers.items()), key=lambda one: (-one[1], one[0]))
    return ranked[:most]
