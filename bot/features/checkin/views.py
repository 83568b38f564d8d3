"""The question and what is said to each answer. Warm, short, never a reproach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import questions, resources
from bot.chat.actions import ActionId, Button
from bot.chat.forms import Form
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Fields, Heading, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.checkin.rules import LEAST
from bot.i18n import N_, Say
from bot.resources import Found

ANSWERS = {
    "met": N_("We met"),
    "scheduled": N_("Scheduled"),
    "not_yet": N_("Not yet"),
    "help": N_("I need help"),
    "text": N_("wrote something for themselves"),
    "none": N_("no answer yet"),
}
"""Answers in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was answered to one question: (answer, value) -> how many. `plan` is the question after the first session."""

    question: str
    plan: bool
    answers: Mapping[tuple[str, str], int]


def ask(say: Say, p: Mapping[str, Any]) -> View:
    """Ask how it goes, with the buttons that suit the question, and who may read the answer."""
    key, kind = p["checkin"], p.get("kind", "met")
    blocks: list[Block] = [Text(_question(say, p))]
    match kind:
        case "text":
            blocks += [questions.who_reads(say, "me"), questions.write(say, "checkin", key)]
        case "scale" | "labels":
            labels = p["labels"].get(say.language) or questions.SCALE if kind == "labels" else questions.SCALE
            blocks += [
                questions.who_reads(say, "counts"),
                questions.buttons("checkin.answer", key, questions.numbered(labels)),
            ]
        case _:
            blocks.append(
                Actions(
                    (
                        Button(say.line("We met"), ActionId("checkin.met", key), "primary"),
                        Button(say.line("Scheduled"), ActionId("checkin.scheduled", key)),
                        Button(say.line("Not yet"), ActionId("checkin.not_yet", key)),
                        Button(say.line("I need help"), ActionId("checkin.help", key)),
                    )
                )
            )
    return View("checkin.ask", (*blocks, questions.put_off(say, "checkin", key)))


def _question(say: Say, p: Mapping[str, Any]) -> Words:
    people = say.join([words(Mention(member)) for member in p["partners"]])
    return words(say("You and {people}: ", people=people), _asked(say, p))


def _asked(say: Say, p: Mapping[str, Any]) -> str:
    if p.get("plan"):
        return say.line("You have had your first session. What will you do before the next one?")
    meet = N_("Did you two meet this week?") if len(p["partners"]) == 1 else N_("Did you all meet this week?")
    return p["questions"].get(say.language) or say.line(meet)


def step(say: Say, p: Mapping[str, Any]) -> Step:
    """Offer to answer the same question."""
    answer = Button(say.line("Answer"), ActionId("checkin.again", p["checkin"]), "primary")
    return Step(Urgency.WAITS, _question(say, p), (answer,))


def other(say: Say, p: Mapping[str, Any]) -> View:
    """Offer the rarer ways to put the question off."""
    return questions.other_times(say, "checkin", p["checkin"], _question(say, p))


def write_form(say: Say, p: Mapping[str, Any], text: str) -> Form:
    """Ask for an answer in words, which stays with who writes it."""
    return questions.text_form(say, "checkin", p["checkin"], _asked(say, p), text=text, readers="me")


def _answered(say: Say, key: str, checkin: str, text: Words, *more: Block, ended: bool) -> View:
    over = (Note(say("This pair has ended, so I ask nothing more about it. Your answer is kept.")),) if ended else ()
    return View(key, (Text(text), *more, *over, questions.change(say, "checkin", checkin)))


def thanks_met(say: Say, checkin: str, *, ended: bool = False) -> View:
    """They met."""
    note = Note(say("Did something they said help? {command} tells them.", command=Code("/kudos give")))
    return _answered(say, "checkin.met", checkin, say("Lovely. Thank you for telling me."), note, ended=ended)


def thanks_scheduled(say: Say, checkin: str, *, ended: bool = False) -> View:
    """They have a date."""
    return _answered(say, "checkin.scheduled", checkin, say("Good, you have a date. Enjoy it."), ended=ended)


def thanks_not_yet(say: Say, checkin: str, *, ended: bool = False) -> View:
    """They have not met; that is fine."""
    note = Note(say("If it helps: propose two times, and say that half an hour is enough."))
    return _answered(say, "checkin.not_yet", checkin, say("That happens. Thank you for telling me."), note, ended=ended)


def thanks_help(say: Say, checkin: str, *, told: bool, ended: bool = False, to_read: Sequence[Found] = ()) -> View:
    """They would like help: say who knows now, and what is not known."""
    if told:
        text = say("Thank you for saying so. The coordinators know that you would like a word, and nothing else.")
    else:
        text = say(
            "Thank you for saying so. This community has no channel for coordinators yet, so please write to one of them."
        )
    note = Note(say("If you would rather not be named: {command}.", command=Code("/feedback send")))
    return _answered(say, "checkin.help", checkin, text, *resources.blocks(say, to_read), note, ended=ended)


def thanks(say: Say, checkin: str, value: str, *, ended: bool = False) -> View:
    """They pressed a label or a place on the scale."""
    text = say("{answer}: noted. Thank you for telling me.", answer=Bold(value))
    return _answered(say, "checkin.thanks", checkin, text, ended=ended)


def thanks_text(say: Say, checkin: str, *, plan: bool, ended: bool = False) -> View:
    """They wrote something for themselves."""
    text = say("Kept for you. Nobody else can read it; {command} shows it.", command=Code("/me reflections"))
    notes = [Note(say("To make it a goal, and share it with your partner if you like: {command}.",
                      command=Code("/goal add")))] if plan else []  # fmt: skip
    return _answered(say, "checkin.kept", checkin, text, *notes, ended=ended)


def counts(say: Say, programme: str, counted: Sequence[Counted]) -> View:
    """Show coordinators how the last weeks were answered."""
    if not counted:
        return View("checkin.no_counts", (Text(say("Nobody was asked in the last four weeks.")),))
    pairs = tuple((_title(say, one)[:150], _numbers(say, one.answers)) for one in counted)
    note = Note(
        say("Of the last four weeks. Numbers only; how a scale or label divides is shown from {least} answers on.",
            least=LEAST)
    )  # fmt: skip
    return View(
        "checkin.counts", (Heading(say.line("Check-ins of {programme}", programme=programme)), Fields(pairs), note)
    )


def _title(say: Say, one: Counted) -> str:
    return say.line("After the first session") if one.plan else one.question or say.line("Did you two meet this week?")


def _numbers(say: Say, answers: Mapping[tuple[str, str], int]) -> Words:
    valued = {value: n for (_, value), n in answers.items() if value}
    told: list[str | Words] = [
        words(say(label), f" {answers[answer, '']}") for answer, label in ANSWERS.items() if (answer, "") in answers
    ]
    if sum(valued.values()) >= LEAST:
        told = [*(f"{value}: {n}" for value, n in sorted(valued.items())), *told]
    elif valued:
        told = [say.plural("one answer", "{n} answers", sum(valued.values())), *told]
    return say.join(told)


def help_wanted(say: Say, p: Mapping[str, Any]) -> View:
    """Tell coordinators who would like a word."""
    return View(
        "checkin.help_wanted",
        (
            Text(say('{member} pressed "I need help" in a check-in.', member=Mention(p["member"]))),
            Note(say("Nothing else was said. A friendly private word from one of you is a good next step.")),
        ),
    )
