"""What surveys say, to who answers and to who asks."""

from __future__ import annotations

from typing import Any

from bot.features.survey import coordinator_views, rules, views
from bot.features.survey.templates import TEMPLATES
from storage.programme import Programme
from storage.survey import ANONYMOUS, CONFIDENTIAL, NAMED, Scorecard, SessionRating, Survey, SurveyBallot
from tests.golden.examples.common import WHEN, Example, of_feature

OWN = rules.own_questions("choice: Which room? | the big one | the small one\nmany: When? | Mon | Fri\nnps: Again?")
QUESTIONS = [*TEMPLATES["middle"], *(OWN if isinstance(OWN, list) else [])]
END = [*TEMPLATES["end"]]


def _survey(**more: Any) -> Survey:
    values = {
        "title": "Half-time", "mode": CONFIDENTIAL, "status": "open", "template": "middle", "asked": 14,
        "opened_at": WHEN,
    } | more  # fmt: skip
    return Survey(
        id="s1", community_id="c", audience="everybody", questions=[], created_at=WHEN, closes_at=WHEN, **values
    )


SHOWN = _survey(
    answers=13,
    shown={
        "answers": 12,
        "counts": {"satisfied": {"3": 5, "4": 7}, "time": {"0": 9, "2": 3}, "own3": {"10": 6, "8": 1, "2": 5}},
        "words": ["w1"],
    },
)
BALLOT = SurveyBallot(id="b1", community_id="c", survey_id="s1", member_id="m-ana")
CARD = Scorecard(
    id="k1", community_id="c", survey_id="s1", member_id="m-ana", seen_from=WHEN, word="I was ill in May.",
    numbers={"1": 0, "2": None, "3": None, "4": 6, "5": 9},
)  # fmt: skip
PROGRAMME = Programme(id="p", community_id="c", slug="coffee", name="Coffee", kind="peers", file={}, created_at=WHEN)
TOLD = {"ballot": "b1", "title": "Half-time", "closes": WHEN.isoformat()}


def _mode(mode: str) -> Example:
    return lambda say: views.answered(say, mode)


def _question(question: rules.Question) -> Example:
    return lambda say: views.text_of(say, question)


EXAMPLES: dict[str, Example] = {
    **of_feature("survey"),
    **{f"answered/{mode}": _mode(mode) for mode in (NAMED, CONFIDENTIAL, ANONYMOUS)},
    **{f"text_of/{name} {one.key}": _question(one) for name, many in TEMPLATES.items() for one in many},
    "option_of/scale": lambda say: views.option_of(say, QUESTIONS[0], "5"),
    "option_of/template": lambda say: views.option_of(say, QUESTIONS[1], "1"),
    "option_of/own": lambda say: views.option_of(say, QUESTIONS[3], "0"),
    "answer_form/middle": lambda say: views.answer_form(say, _survey(), QUESTIONS[:5], "b1"),
    "answer_form/end, anonymous": lambda say: views.answer_form(say, _survey(mode=ANONYMOUS), END, "b1"),
    "waiting/none": lambda say: views.waiting(say, []),
    "waiting/one": lambda say: views.waiting(say, [(BALLOT, _survey())]),
    "asked/confidential": lambda say: views.asked(say, TOLD | {"mode": CONFIDENTIAL}),
    "reminded/confidential": lambda say: views.reminded(say, TOLD | {"mode": CONFIDENTIAL}),
    "reminded/anonymous": lambda say: views.reminded(say, TOLD | {"mode": ANONYMOUS}),
    "session": lambda say: views.session(say, {"rating": "r1"}),
    "rated": lambda say: views.rated(
        say, SessionRating(id="r1", community_id="c", session_id="x", pair_id="p", member_id="m-ana", value=4)
    ),
    "ratings": lambda say: views.ratings(say, [("m-ana", 4), ("m-bea", None)]),
    "scorecard_ready": lambda say: views.scorecard_ready(say, {"card": "k1"}),
    "scorecard": lambda say: views.scorecard(say, CARD),
    "score_lines": lambda say: list(views.score_lines(say, CARD)),
    "word_form": lambda say: views.word_form(say, CARD),
    "home/one": lambda say: list(views.home(say, [(BALLOT, _survey())])),
    "step": lambda say: views.step(say, BALLOT, _survey()),
    **{
        f"mistake/{what}": (lambda say, what=what: coordinator_views.mistake(say, 2, what))
        for what in coordinator_views.MISTAKES
    },
    "create_form": lambda say: coordinator_views.create_form(say, PROGRAMME, "middle"),
    "drafted": lambda say: coordinator_views.drafted(say, _survey(status="draft"), QUESTIONS),
    "listed/none": lambda say: coordinator_views.listed(say, []),
    "listed/some": lambda say: coordinator_views.listed(
        say, [_survey(status="draft", opened_at=None), _survey(answers=1), _survey(status="closed", answers=9)]
    ),
    "listed/planned": lambda say: coordinator_views.listed(say, [_survey(status="draft", opened_at=WHEN)]),
    "opened": lambda say: coordinator_views.opened(say, _survey()),
    "results/few": lambda say: coordinator_views.results(say, _survey(answers=3), QUESTIONS, []),
    "results/many": lambda say: coordinator_views.results(say, SHOWN, QUESTIONS, [("change", "Longer rounds.")]),
    "named": lambda say: coordinator_views.named(
        say, _survey(mode=NAMED), QUESTIONS, [("m-ana", {"satisfied": "4", "change": "Longer.", "own2": ["0", "1"]})]
    ),
    "drawn/nobody": lambda say: coordinator_views.drawn(say, _survey(), [], willing=0),
    "drawn/two": lambda say: coordinator_views.drawn(say, _survey(), ["m-ana", "m-bea"], willing=5),
    "scorecards/none": lambda say: coordinator_views.scorecards(say, []),
    "scorecards/one": lambda say: coordinator_views.scorecards(say, [CARD]),
}  # fmt: skip

MODULES = (views, coordinator_views)
"""Where everything that says something has its example."""
