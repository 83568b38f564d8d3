"""What prompts say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.features.prompt import rules, views
from bot.recurrence_rule import Problem
from storage.programme import Cohort
from storage.prompt import Prompt, PromptAnswer, PromptRun
from tests.golden.examples.common import WHEN, Example, of_feature

WALL = datetime(2026, 3, 4, 17)  # noqa: DTZ001 - wall time
COMING = tuple(WALL + timedelta(weeks=week) for week in range(5))
COHORT = Cohort(id="co", community_id="c", programme_id="p", name="Spring")


def prompt(**changed: Any) -> Prompt:
    """Return a prompt."""
    values: dict[str, Any] = {
        "id": "q1", "community_id": "c", "programme_id": "p", "number": 3, "status": "active", "target": "everyone",
        "question": "What did you learn this week?", "kind": "labels", "labels": ["Much", "Little"],
        "readers": "counts",
        "often": "weekly", "weekday": "WE", "at": "17:00", "rule": "FREQ=WEEKLY;BYDAY=WE", "clock": "member",
        "anchor": "2026-03-04T17:00:00", "created_at": WHEN,
    }  # fmt: skip
    return Prompt(**values | changed)


def run(readers: str, kind: str = "yes_no") -> PromptRun:
    """Return a run of it."""
    return PromptRun(
        id="r1", community_id="c", prompt_id="q1", programme_id="p", day="2026-03-04", slot=0, wall=WALL.isoformat(),
        late_h=24, question="What did you learn this week?", kind=kind, readers=readers, target="everyone",
        due_at=WHEN, from_at=WHEN,
    )  # fmt: skip


def asked(kind: str, readers: str, *labels: str) -> dict[str, Any]:
    """Return what a question is about."""
    return {
        "about": "a1", "question": "How was *this* week?", "kind": kind, "labels": list(labels), "readers": readers,
    }  # fmt: skip


def answer(text: str, code: str = "text") -> PromptAnswer:
    """Return an answer of Bea's."""
    return PromptAnswer(
        id="a1", community_id="c", prompt_id="q1", run_id="r1", member_id="m-bea", day="2026-03-04", slot=0,
        due_at=WHEN, expires_at=WHEN, status="answered", answer=code, text=text,
    )  # fmt: skip


def mistake(key: str) -> Example:
    """Return an example of one mistake in the form."""
    return lambda say: views.mistake(say, rules.Mistake(key))


FEW = {("answered", "yes"): 2, ("asked", ""): 3, ("skipped", ""): 1}
MANY = {("answered", "yes"): 5, ("answered", "not_yet"): 2, ("asked", ""): 3}
LINE = views.Line(prompt=prompt(), coming=COMING, latest=(7, 10), skipped=2)
CUSTOM = prompt(
    often="custom", rule="FREQ=MONTHLY;BYMONTHDAY=-1", target="channel", post_to=["s", "C1"], clock="community"
)
NEVER = rules.Mistake(problem=Problem("rule", "rule_never"))

EXAMPLES: dict[str, Example] = {
    **of_feature("prompt"),
    "ask/yes or not yet": lambda say: views.ask(say, asked("yes_no", "counts")),
    "ask/labels": lambda say: views.ask(say, asked("labels", "named", "Good", "So-so", "Hard")),
    "ask/scale": lambda say: views.ask(say, asked("scale", "counts")),
    "ask/text": lambda say: views.ask(say, asked("text", "me")),
    "post/labels": lambda say: views.post(say, asked("labels", "counts", "Tea", "Coffee")),
    "post/text": lambda say: views.post(say, asked("text", "named")),
    "step": lambda say: views.step(say, "a1", "How was this week?"),
    "other": lambda say: views.other(say, "a1", "How was this week?"),
    "post_form": lambda say: views.post_form(say, "r1", "How was this week?", text="", readers="named"),
    "thanks/press": lambda say: views.thanks(say, "a1", "yes_no", "not_yet", "counts"),
    "thanks/own words": lambda say: views.thanks(say, "a1", "text", "text", "me"),
    "thanks/read by name": lambda say: views.thanks(say, "a1", "text", "text", "named"),
    "reflections": lambda say: views.reflections(
        say, [views.Reflection("What did you learn?", "To ask sooner.", WHEN), views.Reflection("", "To rest.", WHEN)]
    ),
    "reflections/none": lambda say: views.reflections(say, []),
    "form/new": lambda say: views.form(say, "prompt.add", "p", "mentoring", COHORT, None),
    "form/edit": lambda say: views.form(say, "prompt.edit", "q1", "peers", None, CUSTOM),
    **{f"mistake/{key}": mistake(key) for key in views.MISTAKES},
    "mistake/never": lambda say: views.mistake(say, NEVER),
    "preview/draft": lambda say: views.preview(
        say, "prompt.preview", prompt(status="draft", replaces="q0"), COMING, zone="Europe/Madrid"
    ),
    "preview/channel": lambda say: views.preview(say, "prompt.saved", CUSTOM, COMING, zone="Europe/Madrid"),
    "preview/paused": lambda say: views.preview(
        say, "prompt.saved", prompt(status="paused", kind="text", target="cohort"), (), zone="Europe/Madrid"
    ),
    "discarded": views.discarded,
    "listing": lambda say: views.listing(
        say, "Coffee", [LINE, views.Line(prompt=prompt(status="paused"), coming=(), latest=(0, 0), skipped=0)]
    ),
    "listing/over": lambda say: views.listing(
        say, "Coffee", [views.Line(prompt=CUSTOM, coming=(), latest=(0, 0), skipped=1)]
    ),
    "listing/none": lambda say: views.listing(say, "Coffee", []),
    "paused": lambda say: views.paused(say, "q1", "How was this week?"),
    "trial": lambda say: views.trial(say, asked("yes_no", "counts") | {"channel": False}),
    "trial/channel": lambda say: views.trial(say, asked("text", "named") | {"channel": True}),
    "trial_answered": views.trial_answered,
    "answers/few": lambda say: views.answers(say, "How was this week?", [(run("counts"), FEW)], []),
    "answers/many": lambda say: views.answers(say, "How was this week?", [(run("counts"), MANY)], []),
    "answers/named": lambda say: views.answers(
        say, "How was this week?", [(run("named"), FEW)], [(answer("Long."), "text"), (answer("", "yes"), "yes_no")]
    ),
    "answers/private": lambda say: views.answers(say, "How was this week?", [(run("me", "text"), MANY)], []),
    "answers/none": lambda say: views.answers(say, "How was this week?", [], []),
}

MODULES = (views,)
"""Where everything that says something has its example."""
