"""How surveys are shown to those who make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import Action, ActionId, Button, Option
from bot.chat.forms import ChoiceField, Form, NumberField, TextField
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Divider, Fields, Heading, List, Note, Text, View
from bot.features.survey import rules
from bot.features.survey.rules import Question
from bot.features.survey.views import WHO_READS, option_of, score_lines, text_of
from bot.i18n import N_, Say
from bot.suppression import shown
from storage.programme import Programme
from storage.survey import CLOSED, CONFIDENTIAL, DRAFT, Scorecard, Survey

TEMPLATES = {
    "start": N_("At the start"), "middle": N_("In the middle"), "end": N_("At the end"), "exit": N_("On leaving"),
    "own": N_("Only my own questions"),
}  # fmt: skip
MODES = {
    "confidential": N_("Confidential: who answered is stored, not what"),
    "anonymous": N_("Anonymous: not even who answered"),
    "named": N_("Named: you read who said what"),
}
AUDIENCES = {
    "everybody": N_("Everybody in it"), "mentor": N_("Mentors"), "mentee": N_("Mentees"), "peer": N_("Peers"),
    "pairs": N_("Who has a partner now"),
}  # fmt: skip
STATES = {
    "draft": N_("draft"), "opening": N_("being sent"), "open": N_("open"), "closed": N_("closed"),
}  # fmt: skip
MISTAKES = {
    "kind": N_("Question {n} needs a kind first, like “scale: How was it?”. Kinds: scale, nps, choice, many, text."),
    "text": N_("Question {n} needs up to 45 characters of text after its kind."),
    "options": N_(
        "Question {n}: choice and many have 2 to 10 answers after bars, “choice: Which? | tea | coffee”. The others have none."
    ),
    "many": N_("These would be {n} questions. A survey has five at most, so that it fits on one page."),
    "none": N_("A survey of your own needs at least one question."),
}
GROUPS = {"promoters": N_("9 or 10"), "passives": N_("7 or 8"), "detractors": N_("0 to 6")}


def mistake(say: Say, number: int, what: str) -> str:
    """Say what is wrong with the questions somebody wrote."""
    return say.line(MISTAKES[what], n=number)


def create_form(say: Say, programme: Programme, template: str) -> Form:
    """Ask what a survey is: to whom, in which mode, for how long, with which questions of one's own."""
    return Form(
        name="survey.create", key=programme.id, title=say.line("A survey"), submit=say.line("Show it to me"),
        fields=(
            TextField(name="title", label=say.line("Title"), max_length=60, min_length=3),
            ChoiceField(
                name="template", label=say.line("Questions"), options=_options(say, TEMPLATES), value=template,
                hint=say.line("You see them before anything is sent."),
            ),
            ChoiceField(name="audience", label=say.line("To whom"), options=_options(say, AUDIENCES), value="everybody"),
            ChoiceField(
                name="mode", label=say.line("Names"), options=_options(say, MODES), value=CONFIDENTIAL,
                hint=say.line("Without names, nothing is shown below five answers."),
            ),
            NumberField(name="days", label=say.line("Open for how many days"), least=2, most=90, value=14),
            TextField(
                name="own", label=say.line("Questions of your own, one a line"), long=True, required=False,
                max_length=800, hint=say.line("scale: How was it?   choice: Which? | tea | coffee   text: Why?"),
            ),
        ),
    )  # fmt: skip


def _options(say: Say, labels: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, say.line(label)) for value, label in labels.items())


def drafted(say: Say, row: Survey, questions: Sequence[Question]) -> View:
    """Show what a survey will ask, before it is sent."""
    asks = tuple(words(text_of(say, question)) for question in questions)
    send = Button(say.line("Send it out"), ActionId("survey.open", row.id), "primary")
    return View(
        "survey.drafted",
        (
            Heading(say.line("This is what I will ask")), Text(words(Bold(row.title))), List(asks),
            Note(say(WHO_READS[row.mode])), Actions((send,)),
        ),
    )  # fmt: skip


def _line(say: Say, row: Survey) -> Words:
    count = say.plural("one answer", "{n} answers", row.answers)
    if row.status == DRAFT and row.opened_at is not None:
        goes = say("goes out by itself on {day}", day=say.when(row.opened_at, "date"))
        return words(Bold(row.title), " · ", goes)
    return words(Bold(row.title), " · ", say.line(STATES[row.status]), " · ", count)


def listed(say: Say, rows: Sequence[Survey]) -> View:
    """List surveys with what can be done about each."""
    if not rows:
        text = say("No surveys yet. {command} makes one.", command=Code("/coord survey create"))
        return View("survey.none_yet", (Text(text),))
    blocks: list[Block] = [Heading(say.line("Surveys"))]
    for row in rows:
        acts: list[Action] = []
        if row.status == DRAFT:
            acts.append(Button(say.line("Send it out"), ActionId("survey.open", row.id)))
        else:
            acts.append(Button(say.line("What came back"), ActionId("survey.results", row.id)))
            if row.status != CLOSED:
                acts.append(Button(say.line("End it"), ActionId("survey.close", row.id), "danger"))
        blocks += [Text(_line(say, row)), Actions(tuple(acts))]
    return View("survey.listed", tuple(blocks))


def opened(say: Say, row: Survey) -> View:
    """Confirm that a survey goes out."""
    text = say(
        "{title} goes out now and is open until {when}.",
        title=Bold(row.title),
        when=say.when(row.closes_at or row.created_at, "date"),
    )
    note = say("Each gets it at a moment that suits them. I remind once, at half-time.")
    return View("survey.opened", (Text(text), Note(note)))


def results(say: Say, row: Survey, questions: Sequence[Question], said: Sequence[tuple[str, str]]) -> View:
    """Show counts and words, as far as they tell nothing about one person."""
    shown = int(row.shown.get("answers", 0))
    blocks: list[Block] = [
        Heading(say.line("What came back")), Text(_line(say, row)),
        Fields(((say.line("Asked"), words(str(row.asked))), (say.line("Answered"), words(str(row.answers))))),
    ]  # fmt: skip
    if not shown:
        blocks.append(Note(say("From five answers on I show numbers. Fewer would point at people.")))
        return View("survey.too_few", tuple(blocks))
    for question in questions:
        if question.kind == "consent":
            continue
        blocks += [Divider(), Text(words(Bold(text_of(say, question))))]
        if question.kind == "text":
            lines = tuple(words("“", text, "”") for key, text in said if key == question.key)
            blocks.append(List(lines) if lines else Note(say("Words are shown from five on.")))
        else:
            blocks += _counted(say, question, row.shown["counts"].get(question.key, {}))
    later = row.answers - shown
    blocks.append(
        Note(say("Numbers below five are not shown, nor what would give them away. Words stand in no order."))
    )
    if later:
        wait = say.plural(
            "One answer came later. I count it in when there are five new ones.",
            "{n} answers came later. I count them in when there are five new ones.",
            later,
        )
        blocks.append(Note(wait))
    return View("survey.results", tuple(blocks))


def _counted(say: Say, question: Question, counts: Mapping[str, int]) -> list[Block]:
    few = say.line("too few to show")
    if question.kind == "nps":
        groups, score = rules.nps(counts)
        lines = [
            words(say.line(GROUPS[key]), ": ", few if number is None else str(number)) for key, number in groups.items()
        ]
        whole = say("Score: {score}", score=score if score is not None else few)
        return [List(tuple(lines)), Note(whole)]
    every = {value: counts.get(value, 0) for value in question.values}
    lines = [
        words(option_of(say, question, value), ": ", few if number is None else str(number))
        for value, number in shown(every).items()
    ]
    blocks: list[Block] = [List(tuple(lines), size=11)]
    middle = rules.mean(every) if question.kind == "scale" else None
    if middle is not None:
        blocks.append(Note(say("Mean: {mean}", mean=round(middle, 1))))
    return blocks


def named(
    say: Say, row: Survey, questions: Sequence[Question], replies: Sequence[tuple[str, Mapping[str, Any]]]
) -> View:
    """Show who said what in a named survey."""
    blocks: list[Block] = [Heading(say.line("What came back")), Text(_line(say, row))]
    for member, answers in replies:
        lines = []
        for question in questions:
            given = answers.get(question.key)
            if not given:
                continue
            if question.kind in rules.CLOSED_KINDS:
                chosen = [option_of(say, question, one) for one in (given if isinstance(given, list) else [given])]
                lines.append(words(text_of(say, question), " ", ", ".join(chosen)))
            else:
                lines.append(words(text_of(say, question), " “", str(given), "”"))
        if lines:
            blocks += [Text(words(Mention(member))), List(tuple(lines))]
    return View("survey.named", tuple(blocks))


def drawn(say: Say, row: Survey, people: Sequence[str], *, willing: int) -> View:
    """Show who was drawn for a small group."""
    if not people:
        return View(
            "survey.nobody_willing",
            (Text(say("Nobody of {title} offered to talk in a small group.", title=Bold(row.title))),),
        )
    text = say("Drawn by lot, of {n} who offered to talk:", n=willing)
    note = say("They agreed to be asked. What they answered is not tied to their names.")
    return View("survey.drawn", (Text(text), List(tuple(words(Mention(one)) for one in people), size=20), Note(note)))


def scorecards(say: Say, cards: Sequence[Scorecard]) -> View:
    """Show scorecards to coordinators, after their mentors."""
    if not cards:
        note = say("A mentor with five ratings gets one when an end survey closes, and reads it a week before you do.")
        return View("survey.no_scorecards", (Text(say("No scorecards yet.")), Note(note)))
    blocks: list[Block] = [Heading(say.line("Scorecards"))]
    for card in cards[:10]:
        blocks += [Text(words(Mention(card.member_id))), List(score_lines(say, card))]
        if card.word:
            blocks.append(Text(say("Their word: {word}", word=card.word)))
    return View("survey.scorecards", tuple(blocks))
