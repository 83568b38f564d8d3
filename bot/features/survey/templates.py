"""What surveys ask: at the start, in the middle, at the end, on leaving. Own questions come after these."""

from __future__ import annotations

from collections.abc import Mapping

from bot.features.survey.rules import Question
from bot.i18n import N_

CONFIDENT = N_("How confident do you feel about it today?")
SKILLED = N_("How good are you at it today?")

LEAVING = (
    N_("No time"), N_("It was not for me"), N_("My partner and I did not fit"), N_("I reached what I wanted"),
    N_("Something went wrong"),
)  # fmt: skip

TEMPLATES: Mapping[str, tuple[Question, ...]] = {
    "start": (
        Question("confident", "scale", CONFIDENT),
        Question("skilled", "scale", SKILLED),
        Question("hope", "text", N_("What would make this worth your time?")),
    ),
    "middle": (
        Question("satisfied", "scale", N_("How satisfied are you so far?")),
        Question("time", "choice", N_("Do you two find enough time?"), (N_("Yes"), N_("Mostly"), N_("No"))),
        Question("change", "text", N_("What should we change?")),
    ),
    "end": (
        Question("confident", "scale", CONFIDENT),
        Question("skilled", "scale", SKILLED),
        Question("recommend", "nps", N_("Would you recommend it to a friend?")),
        Question("words", "text", N_("What should we keep, what change?")),
        Question("talk", "consent", N_("Would you talk about it in a small group?")),
    ),
    "exit": (
        Question("why", "many", N_("Why are you leaving?"), LEAVING),
        Question("again", "choice", N_("Would you come back?"), (N_("Yes"), N_("Maybe"), N_("No"))),
        Question("words", "text", N_("What should we know?")),
    ),
    "own": (),
}
"""`confident` and `skilled` are asked at the start and at the end, so that growth can be seen in totals."""
