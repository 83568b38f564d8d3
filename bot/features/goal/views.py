"""How goals are shown, and the forms that ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.chat.actions import ActionId, Button, Choice, Option
from bot.chat.forms import ChoiceField, DateField, Form, NumberField, TextField
from bot.chat.text import Bold, Code, Mention, Words, shorten, words
from bot.chat.views import Actions, Block, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.goal.rules import HALF, MOST_STEPS
from bot.i18n import N_, Say
from storage.goal import OPEN, OURS, PRIVATE, REACHED, SHARED, Goal, GoalNote

MOST = 25
"""Goals that a picker offers."""

TERMS = (("short", N_("Short term: some weeks")), ("long", N_("Long term: months or more")))


@dataclass(frozen=True, slots=True)
class Shown:
    """A goal as one member sees it: `with_` are the shown names of the others who can read it, `mine` whether the
    member may change it, `late` whether its day is over.
    """

    goal: Goal
    with_: str
    mine: bool
    late: bool


def wrong_day(say: Say, wrong: str) -> str:
    """Say what is wrong with the day of a goal."""
    if wrong == "past":
        return say.line("That day is over. Please choose today or a later one, or leave it empty.")
    return say.line("That is more than five years away. Please choose a nearer day, or leave it empty.")


def add_form(say: Say, pairs: Sequence[tuple[str, str]], what: str) -> Form:
    """Ask for a goal. `pairs` are (pair, names of the partners)."""
    return Form(
        name="goal.add",
        title=say.line("A new goal"),
        fields=(
            TextField(
                name="what", label=say.line("What do you want to reach?"), max_length=200, min_length=3,
                value=shorten(what, 200), hint=say.line("In your own words, as small as you like."),
            ),
            TextField(
                name="measure", label=say.line("How will you know that you are there?"), max_length=300, required=False,
                hint=say.line("Something you can see or count."),
            ),
            DateField(
                name="due_on", label=say.line("By when?"), required=False,
                hint=say.line("A day like 2026-09-30. Empty: no day, and no reminder."),
            ),
            ChoiceField(
                name="term", label=say.line("Short or long term?"), required=False, value="short",
                options=tuple(Option(value, say.line(label)) for value, label in TERMS),
            ),
            _sight_field(say, pairs, "private"),
        ),
    )  # fmt: skip


def update_form(say: Say, goal: Goal, steps: str, pairs: Sequence[tuple[str, str]] | None) -> Form:
    """Ask how far a goal is. `pairs` is None for who cannot decide who sees it."""
    fields = (
        NumberField(
            name="progress", label=say.line("How far are you, in percent?"), most=100, value=goal.progress,
            required=False, hint=say.line("With steps below, it is the share of those that are done."),
        ),
        TextField(
            name="steps", label=say.line("Steps, one a line"), long=True, max_length=3000, required=False, value=steps,
            hint=say.line("Begin a line with x when it is done. At most {most}.", most=MOST_STEPS),
        ),
        TextField(
            name="note", label=say.line("A note for today"), long=True, max_length=500, required=False,
            hint=say.line("Who can see the goal can read it."),
        ),
        DateField(
            name="due_on", label=say.line("By when?"), required=False, value=goal.due_on,
            hint=say.line("A day like 2026-09-30. Empty: no day, and no reminder."),
        ),
    )  # fmt: skip
    now = f"{goal.sight}:{goal.pair_id}" if goal.pair_id else PRIVATE
    last = () if pairs is None else (_sight_field(say, pairs, now),)
    return Form(name="goal.update", title=say.line("How far are you?"), key=goal.id, fields=(*fields, *last))


def _sight_field(say: Say, pairs: Sequence[tuple[str, str]], value: str) -> ChoiceField:
    options = [Option(PRIVATE, say.line("Only me"))]
    for pair, names in pairs[:10]:
        shared = say.line("It is mine; {names} can read it", names=names)
        ours = say.line("It belongs to all of us: {names} and me", names=names)
        options += [Option(f"{SHARED}:{pair}", shorten(shared, 75)), Option(f"{OURS}:{pair}", shorten(ours, 75))]
    chosen = value if value in {option.value for option in options} else PRIVATE
    return ChoiceField(
        name="sight", label=say.line("Who can see it?"), options=tuple(options), value=chosen,
        hint=say.line("Private unless you share it. Coordinators do not see goals."),
    )  # fmt: skip


def _line(say: Say, shown: Shown) -> Words:
    goal = shown.goal
    parts: list[Words] = [words(Bold(goal.what))]
    if not shown.mine:
        parts.append(words(Mention(goal.member_id)))
    if goal.status == REACHED:
        parts.append(say("reached"))
        return _dotted(parts)
    parts.append(say("{percent} %", percent=goal.progress))
    if goal.due_on:
        by = N_("was meant for {day}") if shown.late else N_("by {day}")
        parts.append(say(by, day=say.day(goal.due_on)))
    if shown.mine:
        parts.append(_sight(say, shown))
    return _dotted(parts)


def _dotted(parts: Sequence[Words]) -> Words:
    whole = parts[0]
    for part in parts[1:]:
        whole = words(whole, " · ", part)
    return whole


def _sight(say: Say, shown: Shown) -> Words:
    if shown.goal.sight == OURS:
        return say("together with {names}", names=shown.with_)
    if shown.goal.sight == SHARED:
        return say("{names} can read it", names=shown.with_)
    return say("private")


def listing(say: Say, goals: Sequence[Shown]) -> View:
    """List goals: those that the member can change, then what partners share."""
    mine = [one for one in goals if one.mine]
    theirs = [one for one in goals if not one.mine]
    blocks: list[Block] = []
    if mine:
        blocks += [Heading(say.line("Your goals")), List(tuple(_line(say, one) for one in mine), paged=True)]
    else:
        blocks.append(Text(say("You have no goal here yet. A small one is a good start.")))
    if theirs:
        blocks += [Text(say("Shared with you:")), List(tuple(_line(say, one) for one in theirs))]
    if goals:
        blocks.append(Actions((_picker(say, [(one.goal.id, one.goal.what) for one in goals], "goal.open"),)))
    blocks.append(Actions((Button(say.line("Add a goal"), ActionId("goal.new")),)))
    return View("goal.list", tuple(blocks))


def _picker(say: Say, goals: Sequence[tuple[str, str]], button: str) -> Choice:
    options = tuple(Option(goal, shorten(what, 75) or "…") for goal, what in goals[:MOST])
    return Choice(say.line("Choose a goal"), ActionId(button), options)


def which(say: Say, goals: Sequence[tuple[str, str]], button: str) -> View:
    """Ask which goal is meant."""
    return View("goal.which", (Text(say("Which one?")), Actions((_picker(say, goals, button),))))


def none(say: Say) -> View:
    """Say that nothing is open, and offer to write something down."""
    new = Button(say.line("Add a goal"), ActionId("goal.new"))
    return View("goal.none", (Text(say("You have no open goal.")), Actions((new,))))


def one(say: Say, shown: Shown, notes: Sequence[GoalNote]) -> View:
    """Show one goal with its steps and newest notes, and what can be done about it."""
    goal = shown.goal
    blocks: list[Block] = [Text(_line(say, shown))]
    if goal.measure:
        blocks.append(Text(say("You will know it by this: {measure}", measure=goal.measure)))
    terms = {"short": N_("A short-term goal."), "long": N_("A long-term goal.")}
    blocks.append(Note(say(terms.get(goal.term, terms["short"]))))
    if goal.steps:
        done = say.line("done")
        lines = tuple(words(text, f" · {done}" if checked else "") for text, checked in goal.steps)
        blocks.append(List(lines, size=MOST_STEPS))
    if lines := tuple(
        words(say.when(note.at, "date"), " · ", Mention(note.member_id), ": ", note.note) for note in notes if note.note
    ):
        blocks.append(List(lines))
    if shown.mine:
        blocks.append(Actions(_buttons(say, goal)))
    return View("goal.one", tuple(blocks))


def _buttons(say: Say, goal: Goal) -> tuple[Button, ...]:
    if goal.status != OPEN:
        return (Button(say.line("Take it up again"), ActionId("goal.reopen", goal.id)),)
    near = goal.progress >= 100
    reached = Button(say.line("It is reached"), ActionId("goal.done", goal.id), "primary" if near else "plain")
    update = Button(say.line("Say how far it is"), ActionId("goal.edit", goal.id), "plain" if near else "primary")
    return (update, reached, Button(say.line("Let it go"), ActionId("goal.drop", goal.id)))


def added(say: Say, shown: Shown) -> View:
    """Confirm a goal: who can see it, and when it will be brought to mind."""
    goal = shown.goal
    who = {
        PRIVATE: N_("Only you can see it."),
        SHARED: N_("It is yours; {names} can read it."),
        OURS: N_("It belongs to all of you: {names} can say how far it is, too."),
    }
    blocks: list[Block] = [
        Text(say("Written down: {what}", what=Bold(goal.what))),
        Text(say(who[goal.sight], names=shown.with_)),
    ]
    if goal.due_on:
        blocks.append(Note(say("I will bring it to mind before {day}.", day=say.day(goal.due_on))))
    blocks.append(Actions(_buttons(say, goal)))
    return View("goal.added", tuple(blocks))


def reached(say: Say, goal: str, what: str) -> View:
    """Be glad with them."""
    again = Button(say.line("Take it up again"), ActionId("goal.reopen", goal))
    return View(
        "goal.reached_now",
        (
            Text(say("You reached it: {what}. Well done.", what=Bold(what))),
            Note(say("Did somebody help you with it? {command} tells them.", command=Code("/kudos give"))),
            Actions((again, Button(say.line("Add a goal"), ActionId("goal.new")))),
        ),
    )


def dropped(say: Say, goal: str, what: str) -> View:
    """Let it go without a word of blame."""
    again = Button(say.line("Take it up again"), ActionId("goal.reopen", goal))
    return View("goal.dropped", (Text(say("Let go: {what}. Goals may change.", what=Bold(what))), Actions((again,))))


def ours(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody that there is a goal of theirs together."""
    return View(
        "goal.ours",
        (
            Text(say("{who} wrote down a goal for all of you: {what}", who=Mention(p["who"]), what=Bold(p["what"]))),
            Actions((Button(say.line("Say how far it is"), ActionId("goal.edit", p["goal"])),)),
        ),
    )


def reached_by(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a partner."""
    return View(
        "goal.reached", (Text(say("{who} reached a goal: {what}", who=Mention(p["who"]), what=Bold(p["what"]))),)
    )


def from_plan(say: Say, p: Mapping[str, Any]) -> View:
    """Tell both that their plan is kept as goals."""
    return View(
        "goal.from_plan",
        (
            Text(say("What you planned in your first session is kept as goals of yours together:")),
            List(tuple(words(line) for line in p["goals"])),
            Note(say("{command} shows them; there you can give them a day.", command=Code("/goal list"))),
        ),
    )


def remind(say: Say, p: Mapping[str, Any]) -> View:
    """Bring a goal to mind."""
    day = say.day(date.fromisoformat(p["due_on"])) if p["due_on"] else ""
    if p["kind"] == HALF:
        text = say("Half of the time for this goal is over: {what}. How far is it?", what=Bold(p["what"]))
    else:
        text = say("This goal is meant for {day}: {what}. How far is it?", day=day, what=Bold(p["what"]))
    return View(
        "goal.remind",
        (
            Text(text),
            Actions(
                (
                    Button(say.line("Say how far it is"), ActionId("goal.edit", p["goal"]), "primary"),
                    Button(say.line("It is reached"), ActionId("goal.done", p["goal"])),
                    Button(say.line("Let it go"), ActionId("goal.drop", p["goal"])),
                )
            ),
            Note(say("Moving its day is fine, too.")),
        ),
    )


def home(say: Say, goals: Sequence[Shown]) -> tuple[Block, ...]:
    """The open goals on a member's page."""
    if not goals:
        return ()
    lines = tuple(_line(say, one) for one in goals[:8])
    picker = _picker(say, [(one.goal.id, one.goal.what) for one in goals], "goal.open")
    return (Text(say("Goals:")), List(lines), Actions((picker,)))


def step(say: Say, shown: Shown) -> Step:
    """Offer to say how far the goal with the nearest day is."""
    update = Button(say.line("Say how far it is"), ActionId("goal.edit", shown.goal.id))
    return Step(Urgency.MINE, words(say("Your goal:"), " ", _line(say, shown)), (update,))


def first_step(say: Say) -> Step:
    """Offer to write down a first goal."""
    new = Button(say.line("Add a goal"), ActionId("goal.new"))
    return Step(Urgency.ELSE, say("A goal gives your meetings a direction."), (new,))
