"""Questions to members, whoever asks them: how they are answered with one press, put off, skipped, left for a while.

Check-ins and prompts share this, so that a question looks and behaves the same wherever it comes from. Buttons are
named after their feature: `FEATURE.answer` (its argument is the answer), `FEATURE.write`, `FEATURE.later`,
`FEATURE.other`, `FEATURE.next_week`, `FEATURE.skip`, `FEATURE.until`, `FEATURE.again`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.chat.actions import ActionId, Button
from bot.chat.forms import DateField, Form, TextField
from bot.chat.text import Words
from bot.chat.views import Actions, Note, Text, View
from bot.i18n import N_, Say

SCALE = ("1", "2", "3", "4", "5")
MOST_LABELS = 5
LABEL_LENGTH = 60

TOMORROW, NEXT_WEEK = timedelta(days=1), timedelta(days=7)
LONGEST_REST = timedelta(days=366)

BY_MEMBER = "by_member"
"""Why a question was dropped: its member skipped it. They can still answer it."""

READERS = {
    "me": N_("Only you can read your answer."),
    "counts": N_("Coordinators see how many gave each answer, not who."),
    "named": N_("Coordinators of the programme can read your answer, with your name."),
}
"""Who may read an answer, as it stands under each question."""


def who_reads(say: Say, readers: str) -> Note:
    """Say who may read an answer; it stands under the question."""
    return Note(say(READERS[readers]))


def buttons(name: str, key: str, options: Sequence[tuple[str, str]]) -> Actions:
    """Return one button an answer, at most five: (argument, label)."""
    return Actions(tuple(Button(label, ActionId(name, key, value)) for value, label in options))


def numbered(labels: Sequence[str]) -> list[tuple[str, str]]:
    """Return labels as (argument, label): a press carries the place of the label, not its words."""
    return [(str(place), label) for place, label in enumerate(labels)]


def chosen(labels: Sequence[str], argument: str) -> str | None:
    """Return the label of a press, or None for an argument that no button has."""
    return labels[int(argument)] if argument in map(str, range(len(labels))) else None


def write(say: Say, feature: str, key: str) -> Actions:
    """Offer to answer in one's own words: a form, and only after this tap."""
    return Actions((Button(say.line("Write an answer"), ActionId(f"{feature}.write", key), "primary"),))


def put_off(say: Say, feature: str, key: str) -> Actions:
    """Offer what else can be done with a question than answering it."""
    return Actions(
        (
            Button(say.line("Ask me tomorrow"), ActionId(f"{feature}.later", key)),
            Button(say.line("Skip this one"), ActionId(f"{feature}.skip", key)),
            Button(say.line("Other times"), ActionId(f"{feature}.other", key)),
        )
    )


def other_times(say: Say, feature: str, key: str, question: Words) -> View:
    """Offer the rarer ways to put a question off."""
    return View(
        f"{feature}.other",
        (
            Text(question),
            Actions(
                (
                    Button(say.line("Next week"), ActionId(f"{feature}.next_week", key)),
                    Button(say.line("None until a day"), ActionId(f"{feature}.until", key)),
                    Button(say.line("Back to the question"), ActionId(f"{feature}.again", key)),
                )
            ),
        ),
    )


def snoozed(say: Say, feature: str, until: datetime) -> View:
    """Say when the question comes back."""
    return View(f"{feature}.snoozed", (Text(say("Of course. I will ask again on {when}.", when=say.when(until))),))


def skipped(say: Say, feature: str, key: str) -> View:
    """Confirm that this one is skipped; it can still be answered."""
    answer = Button(say.line("Answer after all"), ActionId(f"{feature}.again", key))
    return View(f"{feature}.skipped", (Text(say("Skipped. Nobody is told.")), Actions((answer,))))


def text_form(say: Say, feature: str, key: str, question: str, *, text: str, readers: str) -> Form:
    """Ask for an answer in the member's own words."""
    return Form(
        name=f"{feature}.write", key=key, title=say.line("Your answer"), submit=say.line("Save"), intro=question[:1000],
        fields=(
            TextField(
                name="text", label=say.line("In your own words"), long=True, max_length=2000, value=text,
                hint=say.line(READERS[readers]),
            ),
        ),
    )  # fmt: skip


def until_form(say: Say, feature: str, key: str) -> Form:
    """Ask for the day from which on the member wants to be asked again."""
    return Form(
        name=f"{feature}.until", key=key, title=say.line("None until a day"), submit=say.line("Save"),
        fields=(
            DateField(
                name="until", label=say.line("Ask me again from this day on"),
                hint=say.line("Write it like 2026-03-05. What comes before it is skipped."),
            ),
        ),
    )  # fmt: skip


def bad_day(say: Say, until: date, today: date) -> str | None:
    """Return what is wrong with the day in words, or None. Both are local days of the member."""
    if until <= today:
        return say.line("Please choose a day after today.")
    if until > today + LONGEST_REST:
        return say.line("Please choose a day within a year.")
    return None


def resting(say: Say, feature: str, until: datetime) -> View:
    """Confirm that nothing is asked before a day."""
    return View(
        f"{feature}.resting",
        (
            Text(say("Of course. I will not ask this before {day}.", day=say.when(until, "date"))),
            Note(say("What you are asked until then is skipped. Nobody is told.")),
        ),
    )


def change(say: Say, feature: str, key: str) -> Actions:
    """Offer to change an answer."""
    return Actions((Button(say.line("Change my answer"), ActionId(f"{feature}.again", key)),))
