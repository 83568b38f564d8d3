"""What is said about sessions that took place: the form, the question to the other, the list, the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import ChoiceField, DateField, Form, NumberField, TextField
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Fields, File, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.session.rules import MINUTES
from bot.i18n import N_, Say
from bot.recurrence import to_wall
from bot.sheets import as_csv
from storage.session import CONFIRMED, LOGGED, PLANNED, PROPOSED, Session


@dataclass(frozen=True, slots=True)
class Row:
    """A session as one member sees it: the others by id and by name, what only this member may read, their zone."""

    session: Session
    others: tuple[str, ...]
    names: str
    private: str
    zone: str

    @property
    def day(self) -> date | None:
        """The day it took place or is planned for, on the member's calendar."""
        at = self.session.starts_at or self.session.suggested_at
        return self.session.met_on or (to_wall(at, self.zone).date() if at else None)

    @property
    def sorts(self) -> tuple[date, str]:
        """What the newest comes first by."""
        return self.day or self.session.created_at.date(), self.session.id


def people(say: Say, ids: Sequence[str]) -> Words:
    """Return members as the language lists them."""
    return say.join([words(Mention(member)) for member in ids])


def log_form(
    say: Say,
    name: str,
    key: str,
    *,
    day: date | None,
    minutes: int,
    first: bool = False,
    session: Session | None = None,
    private: str = "",
) -> Form:
    """Ask what a session was about; `session` is what was logged before."""
    steps = (
        say.line("One a line. After your first session each becomes a goal of all of you.")
        if first
        else say.line("What happens next, and who does it.")
    )
    return Form(
        name=name,
        key=key,
        title=say.line("Log a session"),
        fields=(
            DateField(name="day", label=say.line("On which day?"), value=day),
            NumberField(
                name="minutes", label=say.line("For how many minutes?"), least=MINUTES[0], most=MINUTES[1],
                value=minutes,
            ),
            TextField(
                name="topics", label=say.line("What did you talk about?"), max_length=300, required=False,
                value=session.topics if session else "", hint=say.line("Your partner reads this."),
            ),
            TextField(
                name="next_step", label=say.line("Next steps"), long=True, max_length=1000, required=False,
                value=session.next_step if session else "", hint=steps,
            ),
            TextField(
                name="shared", label=say.line("Notes for all of you"), long=True, max_length=1500, required=False,
                value=session.shared if session else "", hint=say.line("Your partner reads this."),
            ),
            TextField(
                name="private", label=say.line("Notes for yourself"), long=True, max_length=1500, required=False,
                value=private, hint=say.line("Nobody else reads this: no partner, no coordinator."),
            ),
            ChoiceField(
                name="help", label=say.line("Would you like a word with a coordinator?"), required=False, value="no",
                options=(Option("no", say.line("No, thank you")), Option("yes", say.line("Yes, please"))),
                hint=say.line("They learn that you would like one, and nothing else."),
            ),
            TextField(
                name="for_coordinators", label=say.line("Words for the coordinators"), long=True, max_length=500,
                required=False, hint=say.line("Only if you like. They read this, with your name."),
            ),
        ),
    )  # fmt: skip


def wrong_day(say: Say, wrong: str, introduced: date) -> str:
    """Say what is wrong with the day of a session."""
    if wrong == "future":
        return say.line("That day is still to come. A session can be logged once it took place.")
    if wrong == "known":
        return say.line("Another session of that day is logged already, and a day counts once.")
    return say.line("You were introduced on {day}. Please choose that day or a later one.", day=say.day(introduced))


def _details(say: Say, day: str, minutes: int, topics: str, next_step: str, shared: str) -> Fields:
    pairs = [
        (say.line("Day"), words(day)),
        (say.line("Length"), say("{minutes} minutes", minutes=minutes)),
        (say.line("Topics"), words(topics)),
        (say.line("Next steps"), words(next_step)),
        (say.line("Notes"), words(shared)),
    ]
    return Fields(tuple((name, value) for name, value in pairs if value))


def _confirming(say: Say, session: str, suggestion: int) -> Actions:
    return Actions(
        (
            Button(say.line("That is right"), ActionId("session.right", session, str(suggestion)), "primary"),
            Button(say.line("That is not how I remember it"), ActionId("session.other", session, str(suggestion))),
        )
    )


def asked(say: Say, p: Mapping[str, Any]) -> View:
    """Ask whether what another logged is right."""
    day = say.day(date.fromisoformat(p["day"]))
    return View(
        "session.logged",
        (
            Text(say("{who} logged a session with you.", who=Mention(p["by"]))),
            _details(say, day, p["minutes"], p["topics"], p["next_step"], p["shared"]),
            _confirming(say, p["session"], p["suggestion"]),
            Note(say("It counts once one of you others says that it is right.")),
        ),
    )


def logged(say: Say, session: str, others: Sequence[str], *, helped: bool, told: bool) -> View:
    """Confirm a log."""
    blocks: list[Block] = []
    if others:
        text = say("Thank you. I asked {people} whether it is right; then it counts.", people=people(say, others))
        blocks.append(Text(text))
    else:
        blocks.append(Text(say("Thank you, it is kept. There is nobody else here to confirm it.")))
    blocks += _help(say, helped=helped, told=told)
    blocks.append(Actions((Button(say.line("Correct it"), ActionId("session.change", session)),)))
    return View("session.kept", tuple(blocks))


def _help(say: Say, *, helped: bool, told: bool) -> tuple[Block, ...]:
    if not helped:
        return ()
    if told:
        return (Text(say("The coordinators know that you would like a word.")),)
    return (Text(say("This community has no channel for coordinators yet, so please write to one of them.")),)


def known(say: Say, session: Session, me: str, *, helped: bool = False, told: bool = False) -> View:
    """Say that this day is logged already, and offer what can be done. What was noted for oneself is kept."""
    asked_for = (*_help(say, helped=helped, told=told), Note(say("What you noted for yourself is kept.")))
    if session.status == CONFIRMED:
        text = Text(say("This day is logged and confirmed already. It counts once."))
        return View("session.known", (text, *asked_for))
    if session.logged_by == me:
        change = Actions((Button(say.line("Correct it"), ActionId("session.change", session.id)),))
        return View("session.known", (Text(say("You have logged this day already.")), *asked_for, change))
    who = Mention(session.logged_by or "")
    return View(
        "session.known",
        (
            Text(say("{who} has logged this day already. Is it right?", who=who)),
            _details(say, say.day(session.met_on) if session.met_on else "", session.minutes, session.topics,
                     session.next_step, session.shared),
            *asked_for,
            _confirming(say, session.id, session.suggestion),
        ),
    )  # fmt: skip


def confirmed(say: Say, minutes: int) -> View:
    """Thank for confirming, with what all sessions add up to."""
    hours = say("Together you have spent {hours} h in sessions.", hours=round(minutes / 60, 1))
    return View("session.right", (Text(say("Thank you. It counts now.")), Note(hours)))


def otherwise_said(say: Say, writer: str, session: str, suggestion: int) -> View:
    """Confirm a doubt; it can be taken back."""
    right = Button(say.line("It is right after all"), ActionId("session.right", session, str(suggestion)))
    text = say("Thank you. I told {who} that you remember it otherwise; nobody else.", who=Mention(writer))
    return View("session.doubted", (Text(text), Actions((right,))))


def otherwise(say: Say, p: Mapping[str, Any]) -> View:
    """Tell who logged a session that another remembers it otherwise."""
    day = say.day(date.fromisoformat(p["day"]))
    text = say("{who} remembers your session of {day} a little differently. Have a word, and correct it if need be.",
               who=Mention(p["by"]), day=day)  # fmt: skip
    change = Button(say.line("Correct it"), ActionId("session.change", p["session"]))
    return View("session.otherwise", (Text(text), Actions((change,))))


def help_wanted(say: Say, p: Mapping[str, Any]) -> View:
    """Tell coordinators who would like a word."""
    blocks: list[Block] = [Text(say("{member} would like a word, after a session.", member=Mention(p["member"])))]
    if p["words"]:
        blocks.append(Text(words("“", p["words"], "”")))
    else:
        blocks.append(
            Note(say("They wrote nothing more. A friendly private word from one of you is a good next step."))
        )
    return View("session.help_wanted", tuple(blocks))


STATES = {
    PROPOSED: N_("proposed"),
    PLANNED: N_("planned"),
    LOGGED: N_("waits to be confirmed"),
    CONFIRMED: N_("confirmed"),
}


def _state(say: Say, session: Session) -> str:
    return say.line(STATES[session.status])


def listing(say: Say, rows: Sequence[Row], me: str) -> View:
    """List sessions, newest first, with what they add up to."""
    if not rows:
        return View(
            "session.none", (Text(say("No sessions yet. {command} finds a time.", command=Code("/session plan"))),)
        )
    minutes = sum(row.session.minutes for row in rows if row.session.status == CONFIRMED)
    waits = [row for row in rows if row.session.status == LOGGED and row.session.logged_by != me]
    blocks: list[Block] = [Text(say("Confirmed so far: {hours} h", hours=round(minutes / 60, 1)))]
    blocks.append(List(tuple(_line(say, row) for row in rows), paged=True))
    for row in waits[:2]:
        step = confirm_step(say, row)
        blocks += [Text(step.text), Actions(step.buttons)]
    blocks.append(Note(say("What you noted for yourself is shown to you alone.")))
    return View("session.list", tuple(blocks))


def _line(say: Say, row: Row) -> Words:
    session = row.session
    day = say.day(row.day) if row.day else "…"
    line = words(Bold(day), " · ", row.names or "…", " · ", say("{minutes} minutes", minutes=session.minutes), " · ",
                 _state(say, session))  # fmt: skip
    for text in (session.topics, session.next_step, session.shared):
        line = words(line, " · ", text) if text else line
    return words(line, " · ", say("for yourself: {words}", words=row.private)) if row.private else line


HEADER = (
    N_("Day"), N_("With"), N_("Minutes"), N_("State"), N_("Topics"), N_("Next steps"), N_("Notes"),
    N_("Notes for yourself"),
)  # fmt: skip


def export(say: Say, rows: Sequence[Row]) -> View:
    """Give the sessions as a table, oldest first."""
    cells = [
        (
            row.day.isoformat() if row.day else "", row.names, row.session.minutes, _state(say, row.session),
            row.session.topics, row.session.next_step, row.session.shared, row.private,
        )
        for row in reversed(rows)
    ]  # fmt: skip
    file = File("sessions.csv", as_csv([say.line(name) for name in HEADER], cells), "text/csv")
    text = say.plural("Here is your session as a table.", "Here are your {n} sessions as a table.", len(rows))
    return View(
        "session.export",
        (Text(text), file, Note(say("It holds what you noted for yourself, too. It was made for you alone."))),
    )


def confirm_step(say: Say, row: Row) -> Step:
    """Offer to confirm what another logged."""
    session = row.session
    day = say.day(session.met_on) if session.met_on else "…"
    text = say("{who} logged {minutes} minutes on {day}.", who=Mention(session.logged_by or ""),
               minutes=session.minutes, day=day)  # fmt: skip
    buttons = (
        Button(say.line("That is right"), ActionId("session.right", session.id, str(session.suggestion)), "primary"),
        Button(say.line("That is not how I remember it"),
               ActionId("session.other", session.id, str(session.suggestion))),
    )  # fmt: skip
    return Step(Urgency.WAITS, text, buttons)
