"""A meeting as a calendar file: one id for its whole life, a higher number with each change (RFC 5545, 5546)."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from bot.chat.views import File

KIND = "text/calendar"


def entry(
    name: str,
    meeting: str,
    *,
    starts: datetime,
    minutes: int,
    sequence: int,
    stamp: datetime,
    summary: str,
    place: str = "",
    cancelled: bool = False,
) -> File:
    """Return the file `name` that adds, moves or removes the meeting with this id in a calendar.

    `starts` and `stamp` (when it was agreed, made or cancelled) are aware UTC; `sequence` rises with each change. It
    names nobody but in `summary` and `place`, and asks for no answer: accepting is done in the chat.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Kith//Kith//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    event = Event()
    event.add("uid", f"{meeting}@kith")
    event.add("dtstamp", stamp)
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=minutes))
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("summary", summary)
    if place:
        event.add("location", place)
    calendar.add_component(event)
    return File(name, calendar.to_ical(), KIND)
