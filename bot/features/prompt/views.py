"""A question, what is said to each answer, and what coordinators see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot import questions
from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import ChannelField, ChoiceField, DateField, Field, Form, TextField
from bot.chat.limits import OPTION_LABEL
from bot.chat.text import Bold, Channel, Code, Mention, When, Words, moment, shorten, words
from bot.chat.views import Actions, Block, Fields, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.prompt import rules
from bot.i18n import N_, Say
from bot.recurrence import PROBLEMS
from storage.programme import Cohort
from storage.prompt import ANSWERED, ASKED, DRAFT, PAUSED, SKIPPED, Prompt, PromptAnswer, PromptRun

TARGETS = {
    "everyone": N_("Everybody in the programme"),
    "mentor": N_("Mentors"),
    "mentee": N_("Mentees"),
    "peer": N_("Peers"),
    "channel": N_("A channel"),
}
KINDS = {
    "yes_no": N_("Yes or not yet"),
    "scale": N_("A number from 1 to 5"),
    "labels": N_("Buttons with my own words"),
    "text": N_("In their own words"),
}
READERS = {
    "me": N_("Nobody but the member"),
    "counts": N_("Coordinators, in numbers"),
    "named": N_("Coordinators, with names"),
}
OFTEN = {
    "daily": N_("Every day"),
    "workdays": N_("Monday to Friday"),
    "weekly": N_("Every week"),
    "two_weeks": N_("Every two weeks"),
    "first": N_("Monthly, the first such weekday"),
    "second": N_("Monthly, the second such weekday"),
    "third": N_("Monthly, the third such weekday"),
    "fourth": N_("Monthly, the fourth such weekday"),
    "last": N_("Monthly, the last such weekday"),
    "custom": N_("A rule of my own"),
}
CLOCKS = {"member": N_("Each member's own"), "community": N_("The community's")}
LATE = {12: N_("Up to half a day"), 24: N_("Up to a day"), 72: N_("Up to three days")}
PRESSED = {"yes": N_("Yes"), "not_yet": N_("Not yet"), "text": N_("in their own words")}
MISTAKES = {
    "bad_time": N_("Please write a time of the day like 17:00."),
    "no_channel": N_("Please choose the channel, or ask people instead."),
    "bad_labels": N_("Please write two to five different words or phrases, with ; between them."),
    "long_label": N_("Please keep each under 60 characters."),
    "nobody_reads": N_("In a channel, buttons that nobody reads have no use. Please choose numbers or names."),
    "is_over": N_("This rule is over: it has no day left from today on."),
}
UNKNOWN = N_("{programme} has no prompt {value}. Its number stands in {command}.")
ROLES_OF = {"mentoring": ("mentor", "mentee"), "help": ("mentor", "mentee")}


# -- what members read


def ask(say: Say, p: Mapping[str, Any]) -> View:
    """Ask a member in private."""
    return View("prompt.ask", (*_question(say, p, "prompt"), questions.put_off(say, "prompt", p["about"])))


def post(say: Say, p: Mapping[str, Any]) -> View:
    """Ask everybody in a channel."""
    return View("prompt.post", _question(say, p, "prompt.post"))


def _question(say: Say, p: Mapping[str, Any], buttons: str) -> tuple[Block, ...]:
    dot = "." if buttons == "prompt" else "_"
    if p["kind"] == "text":
        name = f"{buttons}{dot}write"
        answers = Actions((Button(say.line("Write an answer"), ActionId(name, p["about"]), "primary"),))
    else:
        labels = [_label(say, p["kind"], one) for one in rules.labels_of(p["kind"], p["labels"])]
        answers = questions.buttons(f"{buttons}{dot}answer", p["about"], questions.numbered(labels))
    return (Text(words(p["question"])), questions.who_reads(say, p["readers"]), answers)


def _label(say: Say, kind: str, value: str) -> str:
    return say.line(PRESSED[value]) if kind == "yes_no" and value in PRESSED else value


def step(say: Say, key: str, question: str) -> Step:
    """Offer to answer an open question."""
    answer = Button(say.line("Answer"), ActionId("prompt.again", key), "primary")
    return Step(Urgency.WAITS, words(shorten(question, 150)), (answer,))


def other(say: Say, key: str, question: str) -> View:
    """Offer the rarer ways to put the question off."""
    return questions.other_times(say, "prompt", key, words(question))


def post_form(say: Say, key: str, question: str, *, text: str, readers: str) -> Form:
    """Ask for an answer in words to a prompt in a channel."""
    form = questions.text_form(say, "prompt", key, question, text=text, readers=readers)
    return Form(
        name="prompt.post_write", key=key, title=form.title, submit=form.submit, intro=form.intro, fields=form.fields
    )


def thanks(say: Say, key: str, kind: str, value: str, readers: str) -> View:
    """Confirm an answer and say who can read it."""
    if kind == "text":
        text = say("Kept for you.") if readers == "me" else say("Noted. Thank you.")
    else:
        text = say("{answer}: noted. Thank you.", answer=Bold(_label(say, kind, value)))
    notes = [questions.who_reads(say, readers)]
    if kind == "text" and readers == "me":
        notes.append(Note(say("{command} shows what you wrote.", command=Code("/me reflections"))))
    return View("prompt.thanks", (Text(text), *notes, questions.change(say, "prompt", key)))


@dataclass(frozen=True, slots=True)
class Reflection:
    """Something a member wrote for themselves, at `at` (aware UTC)."""

    question: str
    text: str
    at: datetime


def reflections(say: Say, found: Sequence[Reflection]) -> View:
    """List what a member wrote for themselves, newest first."""
    if not found:
        hint = say("Some questions can be answered in your own words. Where only you can read it, it is kept here.")
        return View("prompt.no_reflections", (Text(say("You have written nothing for yourself yet.")), Note(hint)))
    items = tuple(
        words(*((Bold(one.question), "\n") if one.question else ()), one.text, " · ", say.when(one.at, "date"))
        for one in found
    )
    note = Note(say("Only you can read this."))
    return View(
        "prompt.reflections", (Heading(say.line("What you wrote for yourself")), List(items, 5, paged=True), note)
    )


# -- what coordinators read


def _day(say: Say, code: str) -> str:
    """Return the name of a weekday in the middle of a sentence."""
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    day = monday.replace(day=2 + rules.WEEKDAYS.index(code))
    return moment(When(day, "date", "UTC", say.language)).split(",")[0]


def form(say: Say, name: str, key: str, kind: str, cohort: Cohort | None, prompt: Prompt | None) -> Form:
    """Ask for everything that makes a prompt, filled in with how it stands or with what is usual."""
    p = prompt
    roles = ROLES_OF.get(kind, ("peer",))
    targets = [
        Option(code, say.line(label)) for code, label in TARGETS.items() if code in ("everyone", *roles, "channel")
    ]
    if cohort is not None:
        named = shorten(say.line("The cohort {name}", name=cohort.name), OPTION_LABEL)
        targets.insert(-1, Option(f"cohort:{cohort.id}", named))
    chosen = (f"cohort:{p.cohort_id}" if p.target == "cohort" else p.target) if p else "everyone"
    fields: tuple[Field, ...] = (
        TextField(name="question", label=say.line("The question"), long=True, max_length=500, min_length=3,
                  value=p.question if p else ""),
        ChoiceField(name="target", label=say.line("Who is asked"), options=tuple(targets),
                    value=chosen if chosen in {one.value for one in targets} else "everyone"),
        _choice(say, "kind", N_("How they answer"), KINDS, p.kind if p else "yes_no"),
        TextField(name="labels", label=say.line("Your own words for the buttons"), required=False, max_length=330,
                  value="; ".join(p.labels) if p else "", hint=say.line("Two to five, like: Good; So-so; Hard")),
        _choice(say, "readers", N_("Who can read the answers"), READERS, p.readers if p else "counts",
                hint=N_("It stands under the question.")),
        _choice(say, "often", N_("How often"), OFTEN, p.often if p else "weekly"),
        ChoiceField(name="weekday", label=say.line("On which weekday"), value=p.weekday if p else "TH",
                    options=tuple(Option(code, _day(say, code).capitalize()) for code in rules.WEEKDAYS),
                    hint=say.line("Counts for weekly, every two weeks and monthly.")),
        TextField(name="at", label=say.line("At what time"), max_length=5, value=p.at if p else "17:00",
                  hint=say.line("Like 17:00")),
        _choice(say, "clock", N_("By whose clock"), CLOCKS, p.clock if p else "member",
                hint=N_("A channel always goes by the community's.")),
        TextField(name="rule", label=say.line("A rule of your own"), required=False, max_length=200,
                  value=p.rule if p and p.often == "custom" else "",
                  hint=say.line("RFC 5545, like FREQ=MONTHLY;BYMONTHDAY=-1. Only for \"A rule of my own\".")),
        ChannelField(name="channel", label=say.line("Which channel"), required=False,
                     value=p.post_to[1] if p and p.post_to else None),
        DateField(name="first", label=say.line("From which day on"), required=False,
                  value=date.fromisoformat(p.anchor[:10]) if p else None,
                  hint=say.line("Like 2026-03-05. Empty: from now on.")),
        ChoiceField(name="late", label=say.line("How late it may come"), value=str(p.late_h if p else 24),
                    options=tuple(Option(str(hours), say.line(label)) for hours, label in LATE.items()),
                    hint=say.line("When I was not running, or it was their night. Later, it is skipped.")),
    )  # fmt: skip
    return Form(name=name, key=key, title=say.line("A prompt"), submit=say.line("Show me"), fields=fields)


def _choice(say: Say, name: str, label: str, options: Mapping[str, str], value: str, hint: str = "") -> Field:
    offered = tuple(Option(code, say.line(text)) for code, text in options.items())
    return ChoiceField(
        name=name, label=say.line(label), options=offered, value=value, hint=say.line(hint) if hint else ""
    )


def mistake(say: Say, wrong: rules.Mistake) -> str:
    """Say what is wrong with a field."""
    if wrong.problem is not None:
        return say.line(PROBLEMS[wrong.problem.key], **wrong.problem.params)
    return say.line(MISTAKES[wrong.key])


def preview(say: Say, key: str, prompt: Prompt, coming: Sequence[datetime], *, zone: str) -> View:
    """Show a prompt with its next five occurrences; a draft with what can be done about it."""
    intro = {
        "prompt.preview": N_("Nothing is sent yet. This is what it would be:"),
        "prompt.saved": N_("Saved. This is how it stands:"),
        "prompt.resumed": N_("It goes on from now. What passed during the pause is not made up for."),
    }[key]
    rows = (
        (say.line("The question"), words(prompt.question)),
        (say.line("Who is asked"), _target(say, prompt)),
        (say.line("How they answer"), _answering(say, prompt)),
        (say.line("Who can read the answers"), say(READERS[prompt.readers])),
        (say.line("How often"), _when(say, prompt, zone)),
    )
    blocks: list[Block] = [Text(say(intro)), Fields(rows)]
    if coming:
        blocks += [Text(say("The next times:")), List(tuple(words(_wall(say, one)) for one in coming))]
    if prompt.status == PAUSED:
        blocks.append(Note(say("It is paused.")))
    if prompt.status == DRAFT:
        blocks.append(
            Actions(
                (
                    Button(say.line("Save"), ActionId("prompt.save", prompt.id), "primary"),
                    Button(say.line("Change"), ActionId("prompt.change", prompt.id)),
                    Button(say.line("Discard"), ActionId("prompt.discard", prompt.id)),
                )
            )
        )
        if prompt.replaces is not None:
            note = say("Who has been asked today keeps the old question; everybody else gets the new one.")
            blocks.append(Note(note))
    return View(key, tuple(blocks))


def _wall(say: Say, wall: datetime) -> str:
    at = wall.replace(tzinfo=UTC)
    return ", ".join(moment(When(at, style, "UTC", say.language)) for style in ("date", "time"))


def _target(say: Say, prompt: Prompt) -> Words:
    if prompt.target == "channel" and prompt.post_to:
        return words(Channel(prompt.post_to[1]))
    return say(TARGETS[prompt.target]) if prompt.target in TARGETS else say("The cohort")


def _answering(say: Say, prompt: Prompt) -> Words:
    return words(" · ".join(prompt.labels)) if prompt.kind == "labels" else say(KINDS[prompt.kind])


def _when(say: Say, prompt: Prompt, zone: str) -> Words:
    often = words(Code(prompt.rule)) if prompt.often == "custom" else say(OFTEN[prompt.often])
    weekday = "" if prompt.often in ("daily", "workdays", "custom") else f", {_day(say, prompt.weekday)}"
    clock = say("on each member's own clock") if prompt.clock == "member" else words(zone)
    return words(often, weekday, f", {prompt.at} (", clock, ")")


def discarded(say: Say) -> View:
    """Confirm that a draft is gone."""
    return View("prompt.discarded", (Text(say("Discarded. Nothing was changed.")),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A prompt in the list: its next wall times, (answered, asked) of the last time, skipped times of the last 30 days."""

    prompt: Prompt
    coming: tuple[datetime, ...]
    latest: tuple[int, int]
    skipped: int


def listing(say: Say, programme: str, lines: Sequence[Line]) -> View:
    """List the prompts of a programme."""
    if not lines:
        hint = say("{command} makes one.", command=Code("/coord prompt add"))
        return View("prompt.none", (Text(say("{programme} has no prompts yet.", programme=programme)), Note(hint)))
    items = tuple(_line(say, line) for line in lines)
    return View(
        "prompt.list",
        (Heading(say.line("Prompts of {programme}", programme=programme)), List(items, size=3, paged=True)),
    )


def _line(say: Say, line: Line) -> Words:
    prompt = line.prompt
    parts: list[str | Words] = [
        words(Bold(f"{prompt.number}"), " ", shorten(prompt.question, 100)),
        words(_target(say, prompt), " · ", words(_when(say, prompt, say.line("the community's clock")))),
    ]
    if prompt.status == PAUSED:
        parts.append(say("Paused."))
    elif line.coming:
        parts.append(words(say("Next: "), " · ".join(_wall(say, one) for one in line.coming)))
    else:
        parts.append(say("It has no day left."))
    if line.latest[1]:
        parts.append(
            say("The last time: {answered} of {asked} answered.", answered=line.latest[0], asked=line.latest[1])
        )
    if line.skipped:
        parts.append(
            say.plural("Skipped once in 30 days: too late.", "Skipped {n} times in 30 days: too late.", line.skipped)
        )
    return words(*(part if index == 0 else words("\n", part) for index, part in enumerate(parts)))


def paused(say: Say, key: str, question: str) -> View:
    """Say that a prompt is paused, and offer to go on."""
    go_on = Button(say.line("Go on"), ActionId("prompt.resume", key), "primary")
    text = say("Paused: {question}", question=Bold(shorten(question, 100)))
    return View("prompt.paused", (Text(text), Note(say("Nobody is asked until you let it go on.")), Actions((go_on,))))


def trial(say: Say, p: Mapping[str, Any]) -> View:
    """Show a coordinator what members would get; presses are kept nowhere."""
    shown = post(say, p) if p["channel"] else ask(say, p)
    blocks = [_as_trial(block, p["about"]) for block in shown.blocks]
    return View("prompt.trial", (Note(say("A test, for you alone. Nothing you press is kept.")), *blocks))


def _as_trial(block: Block, key: str) -> Block:
    if not isinstance(block, Actions):
        return block
    items = [item for item in block.items if isinstance(item, Button)]
    return Actions(tuple(Button(one.label, ActionId("prompt.trial", key), one.style) for one in items))


def trial_answered(say: Say) -> View:
    """Say what a press would do."""
    return View("prompt.trial_answered", (Text(say("That works. A member's press would be kept; yours is not.")),))


# -- answers


def answered(counted: Mapping[tuple[str, str], int]) -> int:
    """Return how many answered."""
    return sum(n for (status, _), n in counted.items() if status == ANSWERED)


def asked(counted: Mapping[tuple[str, str], int]) -> int:
    """Return how many were asked, whether they answered or not."""
    return sum(n for (status, _), n in counted.items() if status in (ASKED, ANSWERED))


def answers(
    say: Say,
    question: str,
    runs: Sequence[tuple[PromptRun, Mapping[tuple[str, str], int]]],
    named: Sequence[tuple[PromptAnswer, str]],
) -> View:
    """Show how a prompt was answered: numbers for each day, then, where members were told so, who said what."""
    if not runs:
        return View("prompt.no_answers", (Heading(shorten(question, 150)), Text(say("It has not gone out yet."))))
    items = [_counted(say, run, counted) for run, counted in runs]
    items += [
        words(row.day, " · ", Mention(row.member_id), ": ", row.text or _label(say, kind, row.answer))
        for row, kind in named
    ]
    note = say("Where no names are read, how the answers divide is shown from {least} on.", least=rules.LEAST)
    return View("prompt.answers", (Heading(shorten(question, 150)), List(tuple(items), size=8, paged=True), Note(note)))


def _counted(say: Say, run: PromptRun, counted: Mapping[tuple[str, str], int]) -> Words:
    number = answered(counted)
    parts: list[str | Words] = [say("{answered} of {asked} answered", answered=number, asked=asked(counted))]
    told = run.readers == "named" or (run.readers == "counts" and number >= rules.LEAST)
    if told and run.kind != "text":
        values = rules.labels_of(run.kind, run.labels)
        parts += [f"{_label(say, run.kind, one)}: {n}" for one in values if (n := counted.get((ANSWERED, one)))]
    if skipped := sum(n for (status, _), n in counted.items() if status == SKIPPED):
        parts.append(say.plural("skipped for one: too late", "skipped for {n}: too late", skipped))
    return words(Bold(run.day), ": ", *(part if not index else words(", ", part) for index, part in enumerate(parts)))
