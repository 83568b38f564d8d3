"""How surveys are shown to who answers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import ChoiceField, Field, Form, MultiChoiceField, TextField
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.survey.rules import Question
from bot.i18n import N_, Say
from storage.survey import ANONYMOUS, CONFIDENTIAL, NAMED, Scorecard, SessionRating, Survey, SurveyBallot

WHO_READS = {
    NAMED: N_("With your name: coordinators read who said what."),
    CONFIDENTIAL: N_("Confidential: it is stored that you answered, so that I do not remind you, and never what."),
    ANONYMOUS: N_("Anonymous: nothing stored says whether you answered, or what."),
}

SCALE = (N_("1: not at all"), N_("2"), N_("3"), N_("4"), N_("5: very much"))
HOW_WAS_IT = (N_("1: lost time"), N_("2"), N_("3: fine"), N_("4"), N_("5: it helped a lot"))


def text_of(say: Say, question: Question) -> str:
    """Return a question in the reader's language; one that a coordinator wrote as it stands."""
    return question.text if question.own else say.line(question.text)


def option_of(say: Say, question: Question, value: str) -> str:
    """Return what a value of a closed question means."""
    if question.kind == "scale":
        return say.line(SCALE[int(value) - 1])
    if question.kind == "nps":
        return value
    option = question.options[int(value)]
    return option if question.own else say.line(option)


def answer_form(say: Say, row: Survey, questions: Sequence[Question], ballot: str) -> Form:
    """Ask the questions of a survey; what can be left out is left out by not answering."""
    return Form(
        name="survey.answer", key=ballot, title=say.line("Survey"), submit=say.line("Send"),
        fields=tuple(_field(say, row, question, first=index == 0) for index, question in enumerate(questions)),
    )  # fmt: skip


def _field(say: Say, row: Survey, question: Question, *, first: bool) -> Field:
    label, name = text_of(say, question), question.key
    hint = say.line(WHO_READS[row.mode]) if first else ""
    if question.kind == "text":
        return TextField(name=name, label=label, hint=hint, long=True, required=False, max_length=1500)
    if question.kind == "consent":
        yes_no = (Option("yes", say.line("Yes, you may ask me")), Option("no", say.line("No")))
        return ChoiceField(name=name, label=label, hint=hint, required=False, options=yes_no)
    options = tuple(Option(value, option_of(say, question, value)) for value in question.values)
    if question.kind == "many":
        return MultiChoiceField(name=name, label=label, hint=hint, required=False, options=options)
    return ChoiceField(name=name, label=label, hint=hint, required=False, options=options)


def answered(say: Say, mode: str) -> View:
    """Thank for an answer and say what happens with it."""
    next_ = {
        NAMED: say("Coordinators can read it now. You can change it until the survey ends."),
        CONFIDENTIAL: say(
            "It joined the others. Coordinators see numbers and words without names, and only from five answers on."
        ),
        ANONYMOUS: say(
            "It joined the others. Coordinators see numbers and words without names, and only from five answers on."
        ),
    }[mode]
    return View("survey.thanks", (Text(say("Thank you. It took you a moment, and it counts.")), Note(next_)))


def waiting(say: Say, found: Sequence[tuple[SurveyBallot, Survey]]) -> View:
    """List the surveys that wait."""
    if not found:
        note = Note(
            say("An anonymous one is answered from the message that asked you: nothing here knows whether you did.")
        )
        return View("survey.none", (Text(say("No survey waits for you.")), note))
    blocks: list[Block] = [Heading(say.line("Surveys"))]
    for ballot, row in found:
        blocks += [_line(say, row), Actions((_answer(say, ballot.id),))]
    return View("survey.waiting", tuple(blocks))


def _line(say: Say, row: Survey) -> Text:
    return Text(
        words(Bold(row.title), " · ", say("until {when}", when=say.when(row.closes_at or row.created_at, "date")))
    )


def _answer(say: Say, ballot: str) -> Button:
    return Button(say.line("Answer"), ActionId("survey.answer", ballot), "primary")


def asked(say: Say, p: Mapping[str, Any]) -> View:
    """Ask somebody to take part."""
    text = say(
        "{title}: a few questions, until {when}.",
        title=Bold(p["title"]),
        when=say.when(datetime.fromisoformat(p["closes"]), "date"),
    )
    readers = WHO_READS[p["mode"]]
    return View("survey.asked", (Text(text), Note(say(readers)), Actions((_answer(say, p["ballot"]),))))


def reminded(say: Say, p: Mapping[str, Any]) -> View:
    """Remind somebody once."""
    when = say.when(datetime.fromisoformat(p["closes"]), "date")
    if p["mode"] == ANONYMOUS:
        text = say(
            "{title} is open until {when}. If you have answered, thank you; if not, the button of my first message still works.",
            title=Bold(p["title"]),
            when=when,
        )
        return View(
            "survey.reminded", (Text(text), Note(say("I write this to everybody, because I do not know who has.")))
        )
    text = say(
        "{title} is open until {when}. {command} takes you there.",
        title=Bold(p["title"]),
        when=when,
        command=Code("/survey open"),
    )
    return View("survey.reminded", (Text(text), Note(say("I do not remind you of it again."))))


def session(say: Say, p: Mapping[str, Any]) -> View:
    """Ask how a session was."""
    presses = tuple(
        Button(say.line(label), ActionId("survey.rate", p["rating"], str(value)))
        for value, label in enumerate(HOW_WAS_IT, 1)
    )
    return View(
        "survey.session",
        (
            Text(say("How was your last session?")),
            Note(
                say(
                    "Sealed: you see each other's answer when both are in, or after four days. It counts, without names, for the mentor's own scorecard."
                )
            ),
            Actions(presses),
        ),
    )


def rated(say: Say, rating: SessionRating) -> View:
    """Thank for a rating that is still sealed."""
    look = Button(say.line("Is it open yet?"), ActionId("survey.ratings", rating.id))
    return View(
        "survey.rated", (Text(say("Thank you. It stays sealed until the others have answered too.")), Actions((look,)))
    )


def ratings(say: Say, given: Sequence[tuple[str, int | None]]) -> View:
    """Show everybody's rating of a session."""
    lines = tuple(
        words(Mention(member), ": ", say.line(HOW_WAS_IT[value - 1]) if value else say.line("no answer"))
        for member, value in given
    )
    return View("survey.ratings", (Text(say("How your session was for each of you:")), List(lines)))


def scorecard_ready(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a mentor that their scorecard is there, for them first."""
    look = Button(say.line("Look"), ActionId("survey.scorecard", p["card"]))
    return View(
        "survey.scorecard_ready",
        (
            Text(say("What your sessions were like for those you met is summed up. You are the first to read it.")),
            Note(say("Coordinators can read it in a week, with your own word beside it if you add one.")),
            Actions((look,)),
        ),
    )


def scorecard(say: Say, card: Scorecard) -> View:
    """Show a mentor their scorecard."""
    word = Button(say.line("Add a word"), ActionId("survey.word", card.id))
    blocks: list[Block] = [Heading(say.line("Your scorecard")), List(score_lines(say, card))]
    if card.word:
        blocks.append(Text(say("Your word: {word}", word=card.word)))
    seen = say("Coordinators can read it from {when} on.", when=say.when(card.seen_from, "date"))
    return View("survey.scorecard", (*blocks, Note(seen), Actions((word,))))


def score_lines(say: Say, card: Scorecard) -> tuple[Words, ...]:
    """Return a line for each value: how often, or that it is too few to say."""
    few = say.line("fewer than five")
    return tuple(
        words(say.line(HOW_WAS_IT[int(value) - 1]), ": ", few if number is None else str(number))
        for value, number in sorted(card.numbers.items())
    )


def word_form(say: Say, card: Scorecard) -> Form:
    """Ask for a mentor's own word."""
    return Form(
        name="survey.word", key=card.id, title=say.line("Your word"), submit=say.line("Save"),
        fields=(
            TextField(
                name="word", label=say.line("What would you like to add?"), long=True, required=False, max_length=800,
                value=card.word, hint=say.line("Coordinators read it beside the numbers."),
            ),
        ),
    )  # fmt: skip


def home(say: Say, found: Sequence[tuple[SurveyBallot, Survey]]) -> tuple[Block, ...]:
    """The surveys that wait, on the member's page."""
    return tuple(block for ballot, row in found for block in (_line(say, row), Actions((_answer(say, ballot.id),))))


def step(say: Say, ballot: SurveyBallot, row: Survey) -> Step:
    """Offer a survey that waits."""
    return Step(Urgency.WAITS, say("{title} waits for your answer.", title=Bold(row.title)), (_answer(say, ballot.id),))
