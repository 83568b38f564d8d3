"""The calendar over years, zones, outages, backward clocks and edits, against an oracle that shares no code with it.

The long run is `benchmarks/calendar_soak.py`; this one is seeded and takes seconds.
"""

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks import calendar_soak as soak
from bot.recurrence import to_utc

HARD = (
    "Africa/Casablanca", "America/Caracas", "America/St_Johns", "Antarctica/Troll", "Asia/Pyongyang",
    "Australia/Lord_Howe", "Europe/Madrid", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)  # fmt: skip
"""Half-hour changes, a day left out, a suspension of summer time, the ends of the world."""


@pytest.mark.parametrize("zone", HARD)
def test_nothing_is_missing_double_or_at_night(zone: str):
    """Two questions over a year are each asked once, when they may be, or recorded as skipped."""
    verdict = soak.live(zone, (2011, 2011), seed=3)
    assert (0, 0, 0, 0, []) == (verdict.missing, verdict.double, verdict.quiet, verdict.wrong, verdict.examples)
    assert verdict.owed <= verdict.sent + verdict.skipped


def test_a_day_that_a_zone_leaves_out_is_asked_once():
    """Samoa had no 30 December 2011: a daily question is asked on the 29th and the 31st."""
    start, end = datetime(2011, 12, 1, tzinfo=UTC), datetime(2012, 2, 1, tzinfo=UTC)
    place, story = soak.Place.of("Pacific/Apia", start, end), soak.Story(start, end)
    stages = [soak.Stage(start, soak.Rule("FREQ=DAILY", lambda day, anchor: True), soak.HOURS[7])]
    kith = soak.Kith("Pacific/Apia", "member")
    soak.drive(kith, stages, story)
    days = sorted(day.isoformat() for day in kith.log.sent if day.isoformat()[:9] in ("2011-12-2", "2011-12-3"))
    assert ["2011-12-28", "2011-12-29", "2011-12-31"] == days[-3:]
    assert 0 == soak.judge(place, stages, story, kith.log).faults


def test_the_oracle_and_the_calendar_are_two_things():
    """The oracle's instants come from a walk along UTC; where the two differ, a fault is counted."""
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    place = soak.Place.of("Europe/Madrid", start, end)
    for wall in (datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30), datetime(2026, 7, 1, 12)):  # noqa: DTZ001
        assert to_utc(wall, "Europe/Madrid") == place.instant(wall)
    stages = [soak.Stage(start, soak.Rule("FREQ=DAILY", lambda day, anchor: True), soak.HOURS[7])]
    log = soak.Log(
        sent={day: [at + timedelta(hours=1)] for day, at in soak.owed(place, stages, soak.Story(start, end)).items()}
    )
    log.sent[datetime(2026, 5, 1).date()].append(datetime(2026, 5, 1, 22, tzinfo=UTC))  # noqa: DTZ001
    del log.sent[datetime(2026, 6, 1).date()]  # noqa: DTZ001
    verdict = soak.judge(place, stages, soak.Story(start, end), log)
    assert (1, 1, 1) == (verdict.missing, verdict.double, verdict.quiet)
    assert 300 < verdict.wrong
