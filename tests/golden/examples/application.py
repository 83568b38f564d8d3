"""What is said about applications: to who reviews them, and to who wrote them."""

from __future__ import annotations

from typing import Any

from bot.features.application import reviewing_views, views
from storage.application import Application, ApplicationReview, ApplicationWord
from tests.golden.examples.common import COURSE, KNOWN, WHEN, Example, of_feature

NAMES = {"programme": "p", "name": "Coffee", "names": {"en": "Coffee", "es": "Café"}}
TOLD: dict[str, Any] = NAMES | {"application": "a1", "words": {}, "word": "", "place": False, "cleared": True}
OWN = {"en": "We are glad.", "es": "Nos alegra."}
SLOTS = [WHEN.isoformat(), WHEN.replace(day=6).isoformat(), WHEN.replace(day=9).isoformat()]
REVIEWS = [
    ApplicationReview(id="r1", community_id="c", application_id="a1", reviewer_id="m-vera",
                      scores={"warmth": 5, "time": 2}, note="Listens well.", updated_at=WHEN),
    ApplicationReview(id="r2", community_id="c", application_id="a1", reviewer_id="m-max", scores={"warmth": 4},
                      updated_at=WHEN),
]  # fmt: skip
SAID = [
    ApplicationWord(
        id="w1", community_id="c", application_id="a1", author_id="m-vera", text="How many hours?", at=WHEN
    ),
    ApplicationWord(id="w2", community_id="c", application_id="a1", author_id="m-bea", text="Two.", at=WHEN),
]


def row(status: str = "waiting", **more: Any) -> Application:
    """Return an application to the course."""
    return Application(
        id="a1", community_id="c", programme_id="p", cohort_id="k", member_id="m-bea", kinds=["mentor"], status=status,
        answers={"finished": 92, "why": "I had a good mentor.", "hours": "Two", "old": ["A", "B"]}, created_at=WHEN,
        **more,
    )  # fmt: skip


def shown(application: Application, **more: Any) -> Example:
    """Show an application as a reviewer sees it."""
    given: dict[str, Any] = {
        "people": set(), "changed": False, "reviews": [], "said": [], "ahead": 2, "decides": True,
    } | more  # fmt: skip
    return lambda say: reviewing_views.application(say, application, COURSE, KNOWN, **given)


LINES = [reviewing_views.Line(row(), "Bea", 0.85), reviewing_views.Line(row(), "Ana", None)]


EXAMPLES: dict[str, Example] = {
    **of_feature("application"),
    "listed/waiting": lambda say: reviewing_views.listed(say, "waiting", "Coffee", {"waiting": 25}, LINES),
    "listed/nobody": lambda say: reviewing_views.listed(say, "approved", "Coffee", {}, []),
    "plain_roles": lambda say: reviewing_views.plain_roles(say, row()),
    "application/new": shown(row()),
    "application/scored": shown(row("asked"), reviews=REVIEWS, said=SAID),
    "application/changed": shown(row("approved", decided_by="m-vera", decided_at=WHEN), changed=True, decides=False),
    "application/waitlisted": shown(row("waitlisted")),
    "application/declined": shown(row("declined", decided_by="m-vera", decided_at=WHEN)),
    "application/talk": shown(row("talk", talk_at=WHEN)),
    "done/approved": lambda say: reviewing_views.done(say, row("approved"), "m-bea"),
    "done/waitlisted": lambda say: reviewing_views.done(say, row("waitlisted"), "m-bea"),
    "done/declined": lambda say: reviewing_views.done(say, row("declined"), "m-bea"),
    "nothing_waits": reviewing_views.nothing_waits,
    "decline_form": lambda say: reviewing_views.decline_form(say, "a1"),
    "ask_form": lambda say: reviewing_views.ask_form(say, "a1"),
    "score_form/new": lambda say: reviewing_views.score_form(say, "a1", COURSE, None, talked=False),
    "score_form/after a talk": lambda say: reviewing_views.score_form(say, "a1", COURSE, REVIEWS[0], talked=True),
    "sent": lambda say: reviewing_views.sent(say, "m-bea"),
    "invited": lambda say: reviewing_views.invited(say, "m-bea", [WHEN]),
    "desk": lambda say: reviewing_views.desk(say, [("Coffee", 1), ("Course", 12)]),
    "waits/one": lambda say: reviewing_views.waits(say, NAMES | {"count": 1, "since": WHEN.isoformat()}),
    "waits/many": lambda say: reviewing_views.waits(say, NAMES | {"count": 7, "since": WHEN.isoformat()}),
    "answered": lambda say: reviewing_views.answered(
        say, {"to": "m-vera", "who": "m-bea", "times": False, "application": "a1"}
    ),
    "answered/no time": lambda say: reviewing_views.answered(
        say, {"to": "m-vera", "who": "m-bea", "times": True, "application": "a1"}
    ),
    "name_of": lambda say: views.name_of(say, NAMES),
    "open_button": lambda say: views.open_button(say, "a1"),
    "approved": lambda say: views.approved(say, TOLD | {"kinds": ["mentor"]}),
    "approved/own words": lambda say: views.approved(say, TOLD | {"kinds": ["mentor"], "words": OWN}),
    "approved/place": lambda say: views.approved(say, TOLD | {"kinds": ["peer"], "place": True}),
    "waitlisted/full": lambda say: views.waitlisted(say, TOLD),
    "waitlisted/by hand": lambda say: views.waitlisted(say, TOLD | {"cleared": False}),
    "declined": lambda say: views.declined(say, TOLD),
    "declined/with a word": lambda say: views.declined(say, TOLD | {"words": OWN, "word": "Your time will come."}),
    "lapsed": lambda say: views.lapsed(say, TOLD),
    "asked": lambda say: views.asked(say, NAMES | {"application": "a1", "question": "How many hours?"}),
    "reply_form": lambda say: views.reply_form(say, "a1", "How many hours?"),
    "replied": views.replied,
    "talk": lambda say: views.talk(say, NAMES | {"application": "a1", "who": "m-vera", "slots": SLOTS}),
    "slot_taken": lambda say: views.slot_taken(say, WHEN, "m-vera"),
    "no_slot": views.no_slot,
    "talk_set": lambda say: views.talk_set(
        say,
        {
            "application": "a1", "at": WHEN.isoformat(), "to": "m-bea", "who": "m-vera", "name": "Vera", "sequence": 2,
            "stamp": WHEN.isoformat(), "review": True,
        },
    ),
    "reply_step": lambda say: views.reply_step(say, "a1"),
    "talk_step": lambda say: views.talk_step(say, "a1", [WHEN]),
}  # fmt: skip

MODULES = (views, reviewing_views)
"""Where everything that says something has its example."""
