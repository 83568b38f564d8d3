"""When a member is free in a usual week, in their own local time.

A coordinator or a member writes `mon 18:00-20:00; sat 09:00-12:00`; the rest of the bot works with `Availability`,
which counts minutes from Monday 00:00 local time. `hours_in_utc` turns it into the hours of one real week in UTC.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The short names of the days, Monday first: the index is `date.weekday()`."""

DAY = 24 * 60
WEEK = 7 * DAY
HALF_HOUR = 30
EXAMPLE = "mon 18:00-20:00; sat 09:00-12:00"

_NAMES = {
    "mon": 0, "monday": 0, "lun": 0, "lunes": 0,
    "tue": 1, "tues": 1, "tuesday": 1, "mar": 1, "martes": 1,
    "wed": 2, "weds": 2, "wednesday": 2, "mie": 2, "mié": 2, "miercoles": 2, "miércoles": 2,
    "thu": 3, "thur": 3, "thurs": 3, "thursday": 3, "jue": 3, "jueves": 3,
    "fri": 4, "friday": 4, "vie": 4, "viernes": 4,
    "sat": 5, "saturday": 5, "sab": 5, "sáb": 5, "sabado": 5, "sábado": 5,
    "sun": 6, "sunday": 6, "dom": 6, "domingo": 6,
}  # fmt: skip
_GROUPS = {
    "weekdays": range(5), "weekday": range(5), "laborables": range(5),
    "weekend": range(5, 7), "weekends": range(5, 7), "finde": range(5, 7),
    "daily": range(7), "everyday": range(7), "diario": range(7),
}  # fmt: skip

_ENTRY = re.compile(r"(?P<days>[^\d]+?)\s*(?P<times>\d.*)", re.DOTALL)
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?")
_DASHES = re.compile(r"\s*[-\u2013\u2014]\s*")


class AvailabilityError(ValueError):
    """Text that cannot be read as availability; `problems` has a sentence for each entry that is wrong."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Availability:
    """The spans of a week in which somebody is free, in their local time.

    `spans` are (start, end) in minutes from Monday 00:00, 0 <= start < end <= 10,080, end excluded. Whatever order and
    overlap they are given in, they are kept sorted and joined, so equal weeks are equal values. A span that runs past
    Sunday midnight is given as two. Raises ValueError for a span outside the week.
    """

    spans: tuple[tuple[int, int], ...] = ()
    _mask: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        """Join the spans, and keep two weeks running as one bit a minute, so that no stretch has to wrap."""
        mask = 0
        for start, end in self.spans:
            if not 0 <= start < end <= WEEK:
                raise ValueError(f"A span of the week runs from minute 0 to {WEEK} at most, not {start} to {end}.")
            mask |= ((1 << (end - start)) - 1) << start
        object.__setattr__(self, "spans", _joined(self.spans))
        object.__setattr__(self, "_mask", mask | mask << WEEK)

    def __bool__(self) -> bool:
        """Whether there is any free time at all."""
        return bool(self.spans)

    def free_minutes(self, start: int, length: int) -> int:
        """How many of the `length` minutes (a day at most) from minute `start` of the week are free."""
        start %= WEEK
        wanted = (1 << length) - 1
        return (self._mask >> start & wanted).bit_count()

    def text(self) -> str:
        """The canonical text, as `mon-fri 18:00-20:00; sat 22:00-02:00`; `parse` reads it back to an equal value."""
        days_of: dict[tuple[int, int], list[int]] = {}
        for start, end in _whole_nights(self.spans):
            day = start // DAY
            days_of.setdefault((start - day * DAY, end - day * DAY), []).append(day)
        entries = [(run, times) for times, days in days_of.items() for run in _runs(days)]
        return "; ".join(f"{_days_text(run)} {_clock(times[0])}-{_clock(times[1])}" for run, times in sorted(entries))


def parse(text: str) -> Availability:
    """Read availability, such as `mon 18:00-20:00; weekdays 7-8, 12:30-13:30; fri 22:00-02:00`.

    Entries are separated by `;` or a new line: days (English or Spanish, short or long; `mon-fri`, `mon,wed`,
    `weekdays`, `weekend`, `daily`), then one span or more on the 24-hour clock. A span whose end is not after its start
    runs past midnight; 24:00 is the end of the day. Nothing written is `Availability()`. Raises AvailabilityError with
    all that is wrong.
    """
    spans: list[tuple[int, int]] = []
    problems: list[str] = []
    for entry in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        try:
            spans += _entry(entry)
        except ValueError as error:
            problems.append(f"“{entry}”: {error}")
    if problems:
        raise AvailabilityError(tuple(problems))
    return Availability(tuple(spans))


def hours_in_utc(availability: Availability, zone: str, week_start: date) -> frozenset[int]:
    """The hours, 0 to 167 from `week_start` 00:00 UTC, in which somebody living in `zone` (IANA) is free.

    An hour counts when its middle is free and at least half of it is, so that two free hours stay two hours in a zone
    that is half or three quarters of an hour off. Daylight saving is that of the week itself. Raises
    `zoneinfo.ZoneInfoNotFoundError` for a zone that does not exist.
    """
    if not availability:
        return frozenset()
    halves = _half_hours(zone, week_start)
    return frozenset(hour for hour in range(168) if _counts(availability, halves[2 * hour], halves[2 * hour + 1]))


@lru_cache(maxsize=1024)
def _half_hours(zone: str, week_start: date) -> tuple[int, ...]:
    """The local minute of the week at which each of the 336 half hours of a UTC week begins."""
    place = ZoneInfo(zone)
    first = datetime.combine(week_start, time(), UTC)
    return tuple(
        _minute_of_week((first + timedelta(minutes=HALF_HOUR * half)).astimezone(place)) for half in range(336)
    )


def _counts(availability: Availability, start: int, middle: int) -> bool:
    if not availability.free_minutes(middle, 1):
        return False
    return availability.free_minutes(start, HALF_HOUR) + availability.free_minutes(middle, HALF_HOUR) >= HALF_HOUR


def _minute_of_week(local: datetime) -> int:
    return local.weekday() * DAY + local.hour * 60 + local.minute


def _entry(entry: str) -> list[tuple[int, int]]:
    found = _ENTRY.fullmatch(entry)
    if not found:
        raise ValueError(f"write the days, then the times, as in “{EXAMPLE}”.")
    days = _days(found["days"])
    times = [_span(part) for part in found["times"].split(",") if part.strip()]
    return [piece for day in days for start, end in times for piece in _within_week(day * DAY + start, day * DAY + end)]


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in filter(None, re.split(r"[\s,]+", _DASHES.sub("-", text.casefold().strip().rstrip(":").strip()))):
        if part in _GROUPS:
            days += _GROUPS[part]
            continue
        first, dash, last = part.partition("-")
        start, end = _day(first), _day(last if dash else first)
        days += [day % 7 for day in range(start, end + 1 if start <= end else end + 8)]
    if not days:
        raise ValueError(f"no day is named; write one first, as in “{EXAMPLE}”.")
    return days


def _day(name: str) -> int:
    day = _NAMES.get(name.rstrip("."))
    if day is None:
        raise ValueError(f"“{name}” is not a day; write {', '.join(DAYS)}, weekdays or weekend.")
    return day


def _span(text: str) -> tuple[int, int]:
    parts = _DASHES.split(text.strip())
    if len(parts) != 2:
        raise ValueError(f"“{text.strip()}” is not a span of time; write a start and an end, as in 18:00-20:00.")
    start, end = (_minute(part) for part in parts)
    if start == end:
        raise ValueError(f"“{text.strip()}” starts when it ends; for the whole day write 00:00-24:00.")
    if start == DAY:
        raise ValueError("24:00 can only end a span; write 00:00 with the next day.")
    return start, end if end > start else end + DAY


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text.strip())
    minute = int(found["hour"]) * 60 + int(found["minute"] or 0) if found else WEEK
    if not found or int(found["minute"] or 0) > 59 or minute > DAY:
        raise ValueError(f"“{text.strip()}” is not a time; use the 24-hour clock, as in 18:00 or 24:00.")
    return minute


def _within_week(start: int, end: int) -> list[tuple[int, int]]:
    if end <= WEEK:
        return [(start, end)]
    return [(start, WEEK), (0, end - WEEK)]


def _joined(spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _whole_nights(spans: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Spans that `parse` can write: each under a day long past midnight, or within one day."""
    spans = _around_sunday(spans)
    pieces: list[tuple[int, int]] = []
    for start, end in spans:
        one_night = end - start < DAY and start // DAY != (end - 1) // DAY
        cuts = [] if one_night else range((start // DAY + 1) * DAY, end, DAY)
        pieces += pairwise([start, *cuts, end])
    return pieces


def _around_sunday(spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    if len(spans) < 2 or spans[0][0] != 0 or spans[-1][1] != WEEK:
        return spans
    night = (spans[-1][0], WEEK + spans[0][1])
    return (*spans[1:-1], night) if night[1] - night[0] < DAY else spans


def _runs(days: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _days_text(run: list[int]) -> str:
    return DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}"


def _clock(minute: int) -> str:
    minute = minute if minute == DAY else minute % DAY
    return f"{minute // 60:02}:{minute % 60:02}"
