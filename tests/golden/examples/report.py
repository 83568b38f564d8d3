"""What reports say, to members and to moderators."""

from __future__ import annotations

from typing import Any

from bot.features.report import moderator_views, views
from storage.audit import Audit
from storage.report import CONFIDENTIAL, NAMED, NOTE, QUESTION, RESOLVED, Report, ReportLine, Separation
from tests.golden.examples.common import KNOWN, WHEN, Example, of_feature


def _report(**more: Any) -> Report:
    values = {
        "mode": NAMED, "kind": "boundaries", "urgency": "soon", "text": "They keep writing to me at night.",
        "reporter_id": "m-ana", "about_id": "m-bea", "status": "seen",
    } | more  # fmt: skip
    return Report(id="r1", community_id="c", number=4, created_at=WHEN, **values)


SECRET = _report(mode=CONFIDENTIAL, reporter_id=None, about_id=None, urgency="now", kind="wellbeing", status="new")
CLOSED = _report(status=RESOLVED, outcome="talked", assignee_id="m-max")


def _line(place: int, kind: str, text: str, by: str | None = None) -> ReportLine:
    return ReportLine(id=f"l{place}", community_id="c", report_id="r1", place=place, kind=kind, by_id=by, text=text)


SAID = [
    _line(1, QUESTION, "When was that?", "m-max"),
    _line(2, "answer", "On Tuesday."),
    _line(3, NOTE, "Called.", "m-max"),
]
APART = Separation(id="s1", community_id="c", first_id="m-ana", second_id="m-bea", since=WHEN)
TOLD = {"report": "r1", "number": 4, "kind": "boundaries", "urgency": "soon", "outcome": "talked"}
ACTS = [
    Audit(id="a1", community_id="c", at=WHEN, actor_id="m-max", act="report.resolved", subject="r1", reason="talked"),
    Audit(id="a2", community_id="c", at=WHEN, act="schedule.skipped"),
]

EXAMPLES: dict[str, Example] = {
    **of_feature("report"),
    "report_form/new": lambda say: views.report_form(say, link="", author=None, told=False),
    "report_form/message": lambda say: views.report_form(say, link="https://example.org/m/1", author="bea", told=True),
    "reported/named": lambda say: views.reported(say, 4, receipt="", crisis=False, contacts=""),
    "reported/confidential, urgent": lambda say: views.reported(
        say, 4, receipt="0000-0000-0000-0000-0000-0000-00", crisis=True, contacts="Student office, 555 0100"
    ),
    "how/contacts": lambda say: views.how(say, contacts="Student office, 555 0100"),
    "how/none": lambda say: views.how(say, contacts=""),
    "conflict": views.conflict,
    "mine/none": lambda say: views.mine(say, []),
    "mine/some": lambda say: views.mine(say, [(_report(status="asked"), SAID[:2]), (SECRET, []), (CLOSED, [])]),
    "answer_form": lambda say: views.answer_form(say, _report()),
    "answer_kept": lambda say: views.answer_kept(say, 4),
    "receipt_form": views.receipt_form,
    "home/one": lambda say: list(views.home(say, [_report(status="asked")])),
    "seen": lambda say: views.seen(say, TOLD),
    "question": lambda say: views.question(say, TOLD),
    "closed": lambda say: views.closed(say, TOLD),
    "apart/told": lambda say: views.apart(say, {}),
    "frozen/told": lambda say: views.frozen(say, {}),
    "unfrozen/told": lambda say: views.unfrozen(say, {}),
    "queue/none": lambda say: moderator_views.queue(say, []),
    "queue/many": lambda say: moderator_views.queue(say, [SECRET, *[_report(assignee_id="m-max")] * 9]),
    "report/named": lambda say: moderator_views.report(say, _report(), SAID, together=True),
    "report/confidential": lambda say: moderator_views.report(say, SECRET, [], together=False),
    "report/closed": lambda say: moderator_views.report(say, CLOSED, [], together=False),
    "assigned/mine": lambda say: moderator_views.assigned(say, 4, "m-max", mine=True, report="r1"),
    "assigned/other": lambda say: moderator_views.assigned(say, 4, "m-max", mine=False, report="r1"),
    "ask_form/named": lambda say: moderator_views.ask_form(say, _report()),
    "ask_form/confidential": lambda say: moderator_views.ask_form(say, SECRET),
    "asked/question": lambda say: moderator_views.asked(say, _report(), question=True),
    "asked/note": lambda say: moderator_views.asked(say, _report(), question=False),
    "resolve_form": lambda say: moderator_views.resolve_form(say, _report()),
    "resolved": lambda say: moderator_views.resolved(say, 4),
    "separated": lambda say: moderator_views.separated(say, APART),
    "rejoined": lambda say: moderator_views.rejoined(say, APART),
    "frozen/moderator": lambda say: moderator_views.frozen(say, KNOWN),
    "unfrozen/moderator": lambda say: moderator_views.unfrozen(say, KNOWN),
    "apart/none": lambda say: moderator_views.apart(say, [], []),
    "apart/some": lambda say: moderator_views.apart(say, [APART], [KNOWN]),
    "audit/none": lambda say: moderator_views.audit(say, []),
    "audit/some": lambda say: moderator_views.audit(say, ACTS),
    "arrived": lambda say: moderator_views.arrived(say, TOLD),
    "answered": lambda say: moderator_views.answered(say, TOLD),
    "waits": lambda say: moderator_views.waits(say, TOLD),
    "yours": lambda say: moderator_views.yours(say, TOLD),
}  # fmt: skip

MODULES = (views, moderator_views)
"""Where everything that says something has its example."""
