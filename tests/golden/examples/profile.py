"""What somebody reads about when and how often Kith writes to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.explaining import REASONS, Told
from bot.features import ALL
from bot.features.profile import describing_views, views
from bot.i18n import Say
from tests.golden.examples.common import KNOWN, NEW, WHEN, Example, of_feature

KINDS = {message: kind for feature in ALL for message, kind in feature.nudges.items()}
HABITS: dict[str, Any] = {
    "quiet_start": "21:00", "quiet_end": "08:00", "budget": 3, "used": 1, "zone": "Europe/Madrid",
}  # fmt: skip
DAY = timedelta(days=1)
SENT = Told("checkin.ask", "sent", WHEN, WHEN - DAY, with_others=1)
PLANNED = Told("goal.remind", "planned", WHEN + DAY, WHEN)
WAITS = Told("prompt.ask", "waits", WHEN + DAY, WHEN, "quiet_hours")
DROPPED = Told("response.remind", "dropped", WHEN, WHEN - DAY, "expired", "budget")
HELD = Told("risk.ask", "held", WHEN, WHEN, "dm_closed")


def habits(**changed: Any) -> views.Habits:
    """Return what somebody chose, with changes."""
    return views.Habits(**(HABITS | changed))


def explained(say: Say, *, mine: bool = True) -> Any:
    """Explain one of each fate."""
    return views.explained(
        say, "m-bea", habits(), mine=mine, kinds=KINDS, lately=[SENT, HELD, DROPPED], coming=[PLANNED, WAITS],
        unanswered=2,
    )  # fmt: skip


def reasons(say: Say) -> Any:
    """Explain one message for each reason there is."""
    told = [Told("checkin.ask", "dropped", WHEN, WHEN, code) for code in REASONS]
    return views.explained(
        say, "m-bea", habits(), mine=False, kinds=KINDS, lately=told, coming=[], unanswered=0
    )  # fmt: skip


EXAMPLES: dict[str, Example] = {
    **of_feature("profile"),
    "profile/everything": lambda say: describing_views.profile(say, KNOWN, avoided=2),
    "profile/saved": lambda say: describing_views.profile(say, NEW, avoided=1, saved=True),
    "edit_form": lambda say: describing_views.edit_form(say, KNOWN),
    "availability_form": lambda say: describing_views.availability_form(say, "mon 18:00-20:00; sat 09:00-12:00"),
    "week": lambda say: describing_views.week(say, "mon 18:00-20:00"),
    "week/nothing": lambda say: describing_views.week(say, ""),
    "zone": lambda say: describing_views.zone(say, "America/Bogota", WHEN),
    "avoiding": lambda say: describing_views.avoiding(say, "m-bea"),
    "no_longer_avoiding": lambda say: describing_views.no_longer_avoiding(say, "m-bea"),
    "avoided": lambda say: describing_views.avoided(say, ["m-bea"]),
    "avoided/nobody": lambda say: describing_views.avoided(say, []),
    "nudges": lambda say: views.nudges(say, habits(), PLANNED, KINDS),
    "nudges/nothing comes": lambda say: views.nudges(say, habits(budget=0), None, KINDS),
    "nudges/no quiet hours, paused": lambda say: views.nudges(
        say, habits(quiet_end="21:00", paused_until=WHEN + DAY), None, KINDS
    ),
    "nudges/resting, not joined": lambda say: views.nudges(say, habits(inactive=True, joined=False), None, KINDS),
    "home": lambda say: views.View("profile.home", views.home(say, habits())),
    "home/paused": lambda say: views.View("profile.home", views.home(say, habits(paused_until=WHEN))),
    "home/never": lambda say: views.View("profile.home", views.home(say, habits(budget=0))),
    "form": lambda say: views.form(say, "21:30", "08:00", 6, None),
    "form/paused": lambda say: views.form(say, "21:00", "08:00", 3, date(2026, 3, 20)),
    "saved": lambda say: views.saved(say, views.nudges(say, habits(), None, KINDS)),
    "paused": lambda say: views.paused(say, WHEN + DAY),
    "resumed": lambda say: views.resumed(say, paused=True),
    "resumed/no pause": lambda say: views.resumed(say, paused=False),
    "explained/to oneself": explained,
    "explained/to a coordinator": lambda say: explained(say, mine=False),
    "explained/every reason": reasons,
}

MODULES = (views, describing_views)
"""Where everything that says something has its example."""
