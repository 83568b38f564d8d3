"""What programmes say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import describing
from bot.describing import Mistake
from bot.features.programme import joining_views, making_views, views
from bot.i18n import Say
from bot.programme.joining import Agreement, Question
from storage.draft import Draft
from storage.programme import Role
from tests.golden.examples.application import row
from tests.golden.examples.common import COFFEE, COURSE, KNOWN, MENTORING, NEW, WHEN, Example, of_feature

NOMINATED = {"who": "m-ana", "programme": "p", "name": "Coffee"}

TERMS = COURSE.role("mentor").agreement or Agreement(text="")
OTHERS = (
    Question(key="buddy", kind="member", question="Who knows you?", required=False),
    Question(key="photo", kind="consent", question="A photo is fine"),
)
ASKING = COFFEE.model_copy(update={"application": OTHERS})
DRAFT = Draft(id="d1", community_id="c", member_id="m-ana", form="programme.join", key="p", updated_at=WHEN)


def _role(**more: Any) -> Role:
    return Role(id="r", community_id="c", member_id="m-ana", programme_id="p", kind="peer", since=WHEN, **more)


def _status(say: Say, **more: Any) -> Any:
    given: dict[str, Any] = {
        "roles": [], "application": None, "draft": None, "ahead": 0, "agree": False, "next_round": WHEN, "now": WHEN,
    } | more  # fmt: skip
    return views.status(say, "p", COFFEE, **given)


def _standing(state: str, talk_at: datetime | None) -> Example:
    return lambda say: views.standing(say, row(state, talk_at=talk_at), 2)


EXAMPLES: dict[str, Example] = {
    **of_feature("programme"),
    "about/new": lambda say: views.about(say, "p", MENTORING, roles=[], next_round=WHEN),
    "about/both roles": lambda say: views.about(say, "p", MENTORING, roles=["mentor", "mentee"], next_round=None),
    "about/peer": lambda say: views.about(say, "p", COFFEE, roles=["peer"], next_round=WHEN),
    "card/translated": lambda say: views.card(
        say, {"programme": "p", "name": "Coffee", "summary": "Meet.", "texts": {"es": {"name": "Café"}}}
    ),
    "nominated/as a mentor": lambda say: views.nominated(say, NOMINATED | {"mentor": True}),
    "nominated/as a peer": lambda say: views.nominated(say, NOMINATED | {"mentor": False}),
    "nominating": lambda say: views.nominating(say, "m-bea"),
    "declined": views.declined,
    "form/mentoring, new": lambda say: joining_views.form(say, "p", MENTORING, NEW, role=None, questions=[], known={}),
    "form/peers, known": lambda say: joining_views.form(say, "p", COFFEE, KNOWN, role=None, questions=[], known={}),
    "form/with questions": lambda say: joining_views.form(
        say,
        "p",
        COURSE,
        KNOWN,
        role="mentor",
        questions=COURSE.application,
        known={"finished": 92, "hours": "Two", "worries": ["The hard parts"]},
    ),
    "form/member and consent": lambda say: joining_views.form(
        say, "p", ASKING, KNOWN, role=None, questions=OTHERS, known={"photo": "yes"}
    ),
    "agreement": lambda say: joining_views.agreement(say, "p", COURSE, "mentor", TERMS),
    "agreement/newer": lambda say: joining_views.agreement(say, "p", COURSE, "mentee", TERMS, newer=True),
    "agreed": joining_views.agreed,
    "agreement_changed": lambda say: joining_views.agreement_changed(
        say, {"programme": "p", "name": "Coffee", "texts": {"es": {"name": "Café"}}}
    ),
    "outcome/waiting": lambda say: joining_views.outcome(say, COFFEE, "waiting", 0, cleared=False),
    "outcome/full": lambda say: joining_views.outcome(say, COFFEE, "waitlisted", 2, cleared=True),
    "outcome/by rule": lambda say: joining_views.outcome(say, COURSE, "waitlisted", 2, cleared=False),
    "outcome/by rule, usual words": lambda say: joining_views.outcome(say, COFFEE, "waitlisted", 2, cleared=False),
    "outcome/declined": lambda say: joining_views.outcome(say, COFFEE, "declined", 0, cleared=False),
    "sentence/zone, near": lambda say: describing.sentence(say, Mistake("zone", "Madird", "Europe/Madrid")),
    "sentence/zone, far": lambda say: describing.sentence(say, Mistake("zone", "the moon")),
    "sentence/language": lambda say: describing.sentence(say, Mistake("language", "Klingonish")),
    "sentence/availability": lambda say: describing.sentence(say, Mistake("availability", "whenever")),
    "create_form": making_views.create_form,
    "name_taken": making_views.name_taken,
    "created": lambda say: making_views.created(say, "Lunch", "lunch"),
    "welcome": lambda say: views.welcome(
        say, {"programmes": [{"id": "p", "name": "Coffee", "texts": {"es": {"name": "Café"}}}]}
    ),
    "status/in it": lambda say: _status(say, roles=[_role(paused_until=WHEN.replace(day=20))], agree=True),
    "status/nothing": _status,
    "status/draft": lambda say: _status(say, draft=DRAFT),
    "status/applied": lambda say: _status(say, application=row("waiting")),
    **{
        f"standing/{state}{', a time chosen' if talk_at else ''}": _standing(state, talk_at)
        for state, talk_at in (
            ("agreeing", None),
            ("asked", None),
            ("talk", WHEN),
            ("talk", None),
            ("waitlisted", None),
            ("waiting", None),
        )
    },
    "paused": lambda say: views.paused(say, "Coffee", WHEN),
    "resumed": lambda say: views.resumed(say, "Coffee"),
    "joined/both roles": lambda say: views.joined(say, MENTORING, ["mentor", "mentee"], next_round=WHEN),
    "joined/no date": lambda say: views.joined(say, COFFEE, ["peer"], next_round=None),
    "leaving": lambda say: views.leaving(say, "p", "Coffee"),
    "left": lambda say: views.left(say, "Coffee"),
    "home": lambda say: views.home(say, [("p", COFFEE, True, None), ("q", MENTORING, False, None)]),
    "home/applied": lambda say: views.home(say, [("p", COFFEE, False, row("waitlisted"))], {"a1": 2}),
    "leaving/applied": lambda say: views.leaving(say, "p", "Coffee", applied=True),
    "left/applied": lambda say: views.left(say, "Coffee", applied=True),
    "join_step": lambda say: views.join_step(say, "p", COFFEE),
    "agree_step": lambda say: views.agree_step(say, "p", COFFEE),
    "card/reviewed": lambda say: views.card(
        say, {"programme": "p", "name": "Coffee", "summary": "Meet.", "texts": {}, "reviewed": True}
    ),
    "about_step": lambda say: views.about_step(say, "p", COFFEE),
}

MODULES = (views, joining_views, making_views, describing)
"""Where everything that says something has its example."""
