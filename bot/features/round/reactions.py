"""What rounds do when something happens elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import schedules
from bot.availability import DAYS
from bot.context import Work
from bot.features.round.rules import first_day
from bot.programme.stored import file_of
from bot.recurrence import to_wall
from storage.programme import Programme

RULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


async def keep_rounds(work: Work, programme: Programme) -> None:
    """Keep the schedule of a programme's rounds as its file says."""
    file = file_of(programme)
    if file.mode is None:
        return
    rounds = file.rounds
    weekday = DAYS.index(rounds.weekday)
    day = rounds.anchor or first_day(weekday, to_wall(work.now, file.timezone).date())
    await schedules.keep(
        work, "round.notice", programme.id, zone=file.timezone,
        anchor=datetime.combine(day - timedelta(days=1), rounds.at),
        rule=f"FREQ=WEEKLY;INTERVAL={rounds.every_weeks};BYDAY={RULE_DAYS[weekday - 1]}",
    )  # fmt: skip
    await schedules.keep(
        work, "round.draw", programme.id, zone=file.timezone, anchor=datetime.combine(day, rounds.at),
        rule=f"FREQ=WEEKLY;INTERVAL={rounds.every_weeks};BYDAY={RULE_DAYS[weekday]}",
    )  # fmt: skip
