"""What sessions say."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.features.session import log_views, views
from storage.session import Session
from tests.golden.examples.common import WHEN, Example, of_feature

PLANNED = Session(
    id="s1", community_id="c", programme_id="pr", pair_id="p1", status="planned", starts_at=WHEN, sequence=1,
    created_at=WHEN,
)  # fmt: skip
PROPOSED = Session(
    id="s2", community_id="c", programme_id="pr", pair_id="p1", suggested_at=WHEN, suggested_by="m-bea", suggestion=2,
    created_at=WHEN,
)  # fmt: skip
LOGGED = Session(
    id="s3", community_id="c", programme_id="pr", pair_id="p1", status="logged", met_on=date(2026, 3, 4), minutes=45,
    logged_by="m-bea", topics="the first patch", next_step="Read the guide", shared="We liked it.", suggestion=1,
    created_at=WHEN,
)  # fmt: skip
CONFIRMED = LOGGED.model_copy(update={"id": "s4", "status": "confirmed"})
SLOTS = [
    views.Slot(WHEN, (("Bea", "America/Bogota"),), suits=True),
    views.Slot(WHEN, (("Bea", "Europe/Madrid"),), suits=True),
]  # fmt: skip
DAY = date(2026, 3, 4)


def row(session: Session, private: str = "") -> log_views.Row:
    """Return a session as Ana sees it."""
    return log_views.Row(session, ("m-bea",), "Bea", private, "Europe/Madrid")


def about(**more: Any) -> dict[str, Any]:
    """Return what a message about a session holds."""
    return {
        "session": "s1", "pair_id": "p1", "by": "m-bea", "at": WHEN.isoformat(), "starts": WHEN.isoformat(),
        "stamp": WHEN.isoformat(), "minutes": 45, "sequence": 1, "suggestion": 2, "partners": ["m-bea"],
        "names": "Bea", "moves": "", "day": "2026-03-04", "topics": "the first patch", "next_step": "Read the guide",
        "shared": "We liked it.", "member": "m-ana", "words": "",
    } | more  # fmt: skip


EXAMPLES: dict[str, Example] = {
    **of_feature("session"),
    "which": lambda say: views.which(say, [("p1", "Bea"), ("p2", "Chen, Dia")], "session.plan"),
    "plan": lambda say: views.plan(say, "p1", ["m-bea"], "Europe/Madrid", SLOTS, [], None, "m-ana"),
    "plan/with what is there": lambda say: views.plan(
        say, "p1", ["m-bea"], "Europe/Madrid", SLOTS[:1], [PLANNED], PROPOSED, "m-ana"
    ),
    "plan/mine, and no hour": lambda say: views.plan(say, "p1", ["m-bea"], "Europe/Madrid", [], [], PROPOSED, "m-bea"),
    "plan/least bad": lambda say: views.plan(
        say, "p1", ["m-bea"], "Europe/Madrid", [views.Slot(WHEN, (), suits=False)], [], None, "m-ana"
    ),
    "time_form/another": lambda say: views.time_form(say, "session.another", "p1", "Europe/Madrid"),
    "time_form/move": lambda say: views.time_form(
        say, "session.move", "s1", "Europe/Madrid", WHEN.replace(tzinfo=None), lasts=False
    ),
    "wrong_clock": views.wrong_clock,
    "wrong_time/past": lambda say: views.wrong_time(say, "past"),
    "wrong_time/far": lambda say: views.wrong_time(say, "far"),
    "wrong_time/taken": lambda say: views.wrong_time(say, "taken"),
    "suggested_to": lambda say: views.suggested_to(say, "s1", ["m-bea"], WHEN, None),
    "suggested_to/moving": lambda say: views.suggested_to(say, "s1", ["m-bea"], WHEN, WHEN),
    "suggested": lambda say: views.suggested(say, about()),
    "suggested/moving": lambda say: views.suggested(say, about(moves=WHEN.isoformat())),
    "agreed": lambda say: views.agreed(say, "s1", ["m-bea"], WHEN),
    "planned": lambda say: views.planned(say, about()),
    "planned/moved": lambda say: views.planned(say, about(sequence=2)),
    "cancelled": lambda say: views.cancelled(say, about()),
    "withdrawn": lambda say: views.withdrawn(say, about()),
    "called_off/planned": lambda say: views.called_off(say, "p1", planned=True),
    "called_off/proposed": lambda say: views.called_off(say, "p1", planned=False),
    "pair_ended": lambda say: views.pair_ended(say, about()),
    "reminder": lambda say: views.reminder(say, about()),
    "prep/first": lambda say: views.prep(say, "p1", ["m-bea"], "first", [], None),
    "prep/middle": lambda say: views.prep(
        say, "p1", ["m-bea"], "middle", [("Prune the trees", True), ("Rest more", False)], LOGGED
    ),
    "prep/last": lambda say: views.prep(say, "p1", ["m-bea"], "last", [], LOGGED),
    "answer_step": lambda say: views.answer_step(say, row(PROPOSED)),
    "log_step": lambda say: views.log_step(say, row(PLANNED)),
    "plan_step": lambda say: views.plan_step(say, "p1"),
    "home": lambda say: views.home(say, [views.answer_step(say, row(PROPOSED))], [row(PLANNED)], 105),
    "log_form/first": lambda say: log_views.log_form(say, "session.log", "p1", day=DAY, minutes=60, first=True),
    "log_form/again": lambda say: log_views.log_form(
        say, "session.change", "s3", day=DAY, minutes=45, session=LOGGED, private="Ask about tests."
    ),
    "wrong_day/future": lambda say: log_views.wrong_day(say, "future", DAY),
    "wrong_day/before": lambda say: log_views.wrong_day(say, "before", DAY),
    "wrong_day/known": lambda say: log_views.wrong_day(say, "known", DAY),
    "asked": lambda say: log_views.asked(say, about()),
    "logged": lambda say: log_views.logged(say, "s3", ["m-bea"], helped=False, told=False),
    "logged/help": lambda say: log_views.logged(say, "s3", ["m-bea"], helped=True, told=True),
    "logged/help, nobody to tell": lambda say: log_views.logged(say, "s3", ["m-bea"], helped=True, told=False),
    "logged/alone": lambda say: log_views.logged(say, "s3", [], helped=False, told=False),
    "known/theirs": lambda say: log_views.known(say, LOGGED, "m-ana"),
    "known/theirs, help": lambda say: log_views.known(say, LOGGED, "m-ana", helped=True, told=True),
    "known/mine": lambda say: log_views.known(say, LOGGED, "m-bea"),
    "known/confirmed": lambda say: log_views.known(say, CONFIRMED, "m-ana"),
    "confirmed": lambda say: log_views.confirmed(say, 105),
    "otherwise_said": lambda say: log_views.otherwise_said(say, "m-bea", "s3", 1),
    "otherwise": lambda say: log_views.otherwise(say, about()),
    "help_wanted": lambda say: log_views.help_wanted(say, about()),
    "help_wanted/words": lambda say: log_views.help_wanted(say, about(words="We need a room.")),
    "listing": lambda say: log_views.listing(
        say, [row(PLANNED), row(CONFIRMED, "Ask about tests."), row(LOGGED), row(PROPOSED)], "m-ana"
    ),
    "listing/none": lambda say: log_views.listing(say, [], "m-ana"),
    "export": lambda say: log_views.export(say, [row(CONFIRMED, "Ask about tests.")]),
    "confirm_step": lambda say: log_views.confirm_step(say, row(LOGGED)),
    "people": lambda say: log_views.people(say, ["m-ana", "m-bea"]),
}

MODULES = (views, log_views)
"""Where everything that says something has its example."""
