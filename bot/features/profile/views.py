"""How somebody's wishes about messages are shown, and how a decision is explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import ChoiceField, DateField, Form
from bot.chat.text import Code, Mention, Words, words
from bot.chat.views import Actions, Block, Fields, Heading, List, Note, Text, View
from bot.explaining import Told, sentence
from bot.features.profile import rules
from bot.i18n import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What somebody chose: quiet hours on their own clock, messages a week, of which `used` this week, a pause."""

    quiet_start: str
    quiet_end: str
    budget: int
    used: int
    zone: str
    paused_until: datetime | None = None
    inactive: bool = False
    joined: bool = True


def nudges(say: Say, habits: Habits, following: Told | None, kinds: Mapping[str, str]) -> View:
    """Show what is set, and preview what comes next."""
    blocks: list[Block] = [Heading(say.line("When I may write to you")), _fields(say, habits)]
    if following is not None:
        line = sentence(say, following, kinds)
        blocks.append(Text(say("The next thing I would send you: {what}", what=line)))
    else:
        blocks.append(Text(say("As far as I know today, there is nothing I would send you.")))
    pause = (
        Button(say.line("End the pause"), ActionId("profile.resume"))
        if habits.paused_until
        else Button(say.line("Pause for two weeks"), ActionId("profile.pause"))
    )
    change = Button(say.line("Change"), ActionId("profile.change"), "primary")
    blocks.append(Actions((change, pause, Button(say.line("Why?"), ActionId("profile.why")))))
    blocks.append(Note(say("What falls on the same day comes as one message, and counts once.")))
    return View("profile.nudges", tuple(blocks))


def home(say: Say, habits: Habits) -> tuple[Block, ...]:
    """Say in a line how somebody is written to."""
    if habits.paused_until:
        line = say("I am quiet until {when}.", when=say.when(habits.paused_until, "date"))
    elif not habits.budget:
        line = say("I never ask you anything by myself.")
    else:
        line = say.plural(
            "I write to you at most once a week.", "I write to you at most {n} times a week.", habits.budget
        )
    return (Text(line), Actions((Button(say.line("Messages to you"), ActionId("profile.show")),)))


def _fields(say: Say, habits: Habits) -> Fields:
    quiet = (
        say("none")
        if habits.quiet_start == habits.quiet_end
        else say("from {start} to {end}, {zone}", start=habits.quiet_start, end=habits.quiet_end, zone=habits.zone)
    )
    week = say("at most {budget}, {used} so far this week", budget=habits.budget, used=habits.used)
    pairs: list[tuple[str, Words]] = [
        (say.line("Quiet hours"), quiet),
        (say.line("Messages a week"), week if habits.budget else say("none: I never ask you anything by myself")),
    ]
    if habits.paused_until:
        pairs.append((say.line("Paused until"), words(say.when(habits.paused_until, "date"))))
    if habits.inactive:
        pairs.append((say.line("Rest"), say("many questions stayed open, so none are asked for now")))
    if not habits.joined:
        pairs.append((say.line("Consent"), say("no programme was joined yet, so nothing is sent")))
    return Fields(tuple(pairs))


def form(say: Say, quiet_start: str, quiet_end: str, budget: int, until: date | None) -> Form:
    """Ask when and how often."""

    def hours(chosen: str) -> tuple[Option, ...]:
        return tuple(Option(hour, hour) for hour in rules.choices(rules.HOURS, chosen))

    budgets = sorted({*rules.BUDGETS, budget})
    return Form(
        name="profile.nudges", title=say.line("Messages to you"), submit=say.line("Save"),
        fields=(
            ChoiceField(
                name="quiet_start", label=say.line("Quiet from"), options=hours(quiet_start), value=quiet_start,
                hint=say.line("On your own clock"),
            ),
            ChoiceField(
                name="quiet_end", label=say.line("Quiet until"), options=hours(quiet_end), value=quiet_end,
                hint=say.line("The same hour twice: no quiet hours"),
            ),
            ChoiceField(
                name="budget", label=say.line("At most so many messages a week"), value=str(budget),
                options=tuple(Option(str(count), str(count)) for count in budgets),
                hint=say.line("With 0 I never ask you anything by myself."),
            ),
            DateField(
                name="until", label=say.line("Pause until"), required=False, value=until,
                hint=say.line("The day on which you are back. Empty: no pause."),
            ),
        ),
    )  # fmt: skip


def saved(say: Say, shown: View) -> View:
    """Confirm, and show what holds now."""
    return View(
        "profile.saved", (Text(say("Saved. It holds from now on, also for what waits already.")), *shown.blocks)
    )


def paused(say: Say, until: datetime) -> View:
    """Confirm a pause."""
    back = Button(say.line("End the pause"), ActionId("profile.resume"))
    return View(
        "profile.paused",
        (
            Text(say("Enjoy the rest. I am back on {when}, and until then nobody new is brought to you.", when=say.when(until, "date"))),
            Actions((back,)),
            Note(say("If you have a partner now, a word to them is kind. {command} ends the pause.", command=Code("/profile resume"))),
        ),
    )  # fmt: skip


def resumed(say: Say, *, paused: bool) -> View:
    """Confirm that a pause is over."""
    text = say("Good to have you back.") if paused else say("There was no pause. All is as it was.")
    return View("profile.resumed", (Text(text),))


def explained(
    say: Say,
    member: str,
    habits: Habits,
    *,
    mine: bool,
    kinds: Mapping[str, str],
    lately: Sequence[Told],
    coming: Sequence[Told],
    unanswered: int,
) -> View:
    """Say what was and was not sent lately, what comes next, and why."""
    about = (
        say("This is what I asked you, and why or why not.")
        if mine
        else say("This is what I asked {member}, and why or why not.", member=Mention(member))
    )
    blocks: list[Block] = [Text(about), _fields(say, habits)]
    if unanswered:
        blocks.append(
            Note(
                say.plural(
                    "One message since the last word from there.",
                    "{n} messages since the last word from there.",
                    unanswered,
                )
            )
        )
    for heading, told in ((say("Lately:"), lately), (say("Next:"), coming)):
        blocks.append(Text(heading))
        lines = tuple(sentence(say, one, kinds) for one in told) or (say("nothing"),)
        blocks.append(List(lines))
    blocks.append(Note(say("Only the kind of each message is kept, never what it said.")))
    return View("profile.explained", tuple(blocks))
