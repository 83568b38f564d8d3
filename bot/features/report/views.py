"""How reports are shown to those who make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import ChoiceField, Form, MemberField, TextField
from bot.chat.text import Bold, Code, words
from bot.chat.views import Actions, Block, Divider, Heading, List, Note, Text, View
from bot.i18n import N_, Say
from storage.report import ASKED, CONFIDENTIAL, NAMED, QUESTION, RESOLVED, Report, ReportLine

SHOWN = 5

KINDS = {
    "harassment": N_("Harassment or threats"),
    "boundaries": N_("Somebody crossed a line"),
    "discrimination": N_("Discrimination"),
    "wellbeing": N_("I am worried about somebody, or about myself"),
    "other": N_("Something else"),
}
URGENCIES = {
    "now": N_("Now: somebody may be in danger"),
    "soon": N_("Soon: within a day"),
    "later": N_("It can wait a few days"),
}
MODES = {
    NAMED: N_("With my name: moderators can write to me"),
    CONFIDENTIAL: N_("Confidential: my name is not stored, I get a receipt"),
}
STATES = {
    "new": N_("Nobody has looked at it yet."),
    "seen": N_("A moderator has seen it."),
    "asked": N_("A moderator has a question for you."),
    "resolved": N_("It is closed."),
}
OUTCOMES = {
    "talked": N_("We talked with those concerned."),
    "warned": N_("Somebody was warned."),
    "separated": N_("People are kept apart now."),
    "removed": N_("Somebody is no longer here."),
    "nothing": N_("We looked at it and did not act."),
    "elsewhere": N_("It went to somebody who is better placed to help."),
}

DANGER = N_(
    "If somebody is in danger right now, please call the emergency number where you are. I am a program, and moderators may be asleep."
)


def report_form(say: Say, *, link: str, author: str | None, told: bool) -> Form:
    """Ask what happened. `link` and `author` (an account) come from the message it is about.

    Five fields, one page: between pages a draft would have to be stored.
    """
    first = (
        say.line("Only moderators read this. If somebody is in danger now, call your emergency number first.")
        if told
        else say.line("Only moderators read this, when they look: they have no channel here yet.")
    )
    return Form(
        name="report.file", title=say.line("Report"), submit=say.line("Send"),
        fields=(
            TextField(name="text", label=say.line("What happened"), long=True, max_length=2500, hint=first, value=f"{link}\n" if link else ""),
            ChoiceField(name="kind", label=say.line("What kind of thing is it"), options=_options(say, KINDS)),
            ChoiceField(
                name="urgency", label=say.line("How urgent is it"), options=_options(say, URGENCIES), value="soon"
            ),
            ChoiceField(
                name="mode", label=say.line("Your name"), options=_options(say, MODES), value=CONFIDENTIAL,
                hint=say.line("With a receipt you can read questions and answer them, and nobody writes to you."),
            ),
            MemberField(name="about", label=say.line("Who it is about"), required=False, value=author),
        ),
    )  # fmt: skip


def _options(say: Say, labels: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, say.line(label)) for value, label in labels.items())


def reported(say: Say, number: int, *, receipt: str, crisis: bool, contacts: str) -> View:
    """Confirm a report; with who can help right now where it may be needed, and the receipt, shown once."""
    blocks: list[Block] = []
    if crisis:
        blocks.append(Text(say(DANGER)))
        if contacts:
            blocks += [Text(say("People who can help:")), Text(words(contacts))]
        blocks.append(Divider())
    blocks.append(
        Text(
            say("Thank you for telling. Moderators know now that report {number} waits for them.", number=f"#{number}")
        )
    )
    if receipt:
        blocks += [
            Text(say("Your receipt: {receipt}", receipt=Code(receipt))),
            Note(
                say(
                    "I show it once and keep only a fingerprint of it. {command} takes it: there you read what moderators ask, and answer.",
                    command=Code("/safety receipt"),
                )
            ),
        ]
    else:
        blocks.append(
            Note(
                say(
                    "I write to you when a moderator has seen it, has a question, or has closed it. {command} shows it.",
                    command=Code("/safety mine"),
                )
            )
        )
    return View("report.filed", tuple(blocks))


def how(say: Say, *, contacts: str) -> View:
    """Say what happens with a report."""
    blocks: tuple[Block, ...] = (
        Heading(say.line("When something is not all right")),
        Text(
            say(
                "{command} opens a form. It works on a message too, from its menu. Moderators read it, nobody else: not coordinators, not the person it is about, and not a moderator if it is about them.",
                command=Code("/report"),
            )
        ),
        List(
            (
                say("With your name: a moderator can write to you, and you hear what became of it."),
                say(
                    "Confidential: your name is not stored. You get a receipt, and with it you read questions and answer them. Nobody writes to you."
                ),
                say(
                    "Moderators can keep two people apart or stop somebody from taking part, at once. Both can be undone, and both are written down: who did it, when, and why."
                ),
            )
        ),
        Note(
            say(
                "What remains: the platform and the running program see who sends a form, and a confidential report reaches moderators at once, so they know about when it was written. What you write may tell who you are."
            )
        ),
        Note(
            say(
                "Words are encrypted where they are kept, and deleted two years after a report is closed. If you ask to be forgotten, what you reported with your name goes at once."
            )
        ),
        Text(say(DANGER)),
    )
    more: tuple[Block, ...] = (Text(say("People who can help:")), Text(words(contacts))) if contacts else ()
    return View("report.how", (*blocks, *more))


def conflict(say: Say) -> View:
    """What helps when two do not get on, for mentors and everybody else."""
    return View(
        "report.conflict",
        (
            Heading(say.line("When the two of you do not get on")),
            Text(say("It happens in good pairs too. This often helps:")),
            List(
                (
                    say(
                        "Say what you saw, not what the other person is: “We have moved the last two dates” rather than “You are unreliable”."
                    ),
                    say("Say what you need, and ask what they need. You may both be waiting for the other."),
                    say("Look at what you agreed on, and change what does not fit any more. A smaller plan is a plan."),
                    say("If it is heavy, sleep on it. Nothing here is so urgent that it cannot be said tomorrow."),
                    say("You may stop. Asking for another partner needs no reason, and blames nobody."),
                )
            ),
            Text(
                say(
                    "Please do not try to solve this alone: threats, insults, pressure, advances, or somebody who may harm themselves. {command} is for that, and a mentor is not asked to be more than a mentor.",
                    command=Code("/report"),
                )
            ),
        ),
    )


def mine(say: Say, reports: Sequence[tuple[Report, Sequence[ReportLine]]]) -> View:
    """Show reports to who made them, with what was asked and answered."""
    if not reports:
        return View(
            "report.none",
            (
                Text(
                    say(
                        "You have reported nothing with your name. {command} is there if you need it.",
                        command=Code("/report"),
                    )
                ),
            ),
        )
    blocks: list[Block] = []
    for row, said in reports:
        blocks += [
            Text(
                words(
                    Bold(f"#{row.number}"),
                    " · ",
                    say.line(KINDS.get(row.kind, KINDS["other"])),
                    " · ",
                    say.line(STATES[row.status]),
                )
            ),
        ]
        if row.status == RESOLVED and row.outcome in OUTCOMES:
            blocks.append(Text(say(OUTCOMES[row.outcome])))
        blocks += [_line(say, line) for line in said]
        if row.status != RESOLVED and row.mode == NAMED:
            blocks.append(
                Actions(
                    (
                        Button(
                            say.line("Answer"),
                            ActionId("report.answer", row.id),
                            "primary" if row.status == ASKED else "plain",
                        ),
                    )
                )
            )
        if row.status != RESOLVED and row.mode == CONFIDENTIAL:
            again = Button(say.line("Add something"), ActionId("report.receipt"))
            blocks.append(Actions((again,)))
    return View("report.mine", tuple(blocks))


def _line(say: Say, line: ReportLine) -> Text:
    who = say("A moderator:") if line.kind == QUESTION else say("You:")
    return Text(words(who, " ", line.text or "…"))


def answer_form(say: Say, row: Report) -> Form:
    """Ask for the answer."""
    return Form(
        name="report.answer", key=row.id, title=say.line("Your answer"), submit=say.line("Send"),
        fields=(TextField(name="text", label=say.line("What would you like to say"), long=True, max_length=2000),),
    )  # fmt: skip


def answer_kept(say: Say, number: int) -> View:
    """Confirm an answer."""
    return View(
        "report.answer_kept", (Text(say("Moderators find your answer at report {number}.", number=f"#{number}")),)
    )


def receipt_form(say: Say) -> Form:
    """Ask for a receipt, and what to add."""
    return Form(
        name="report.receipt", title=say.line("Your report"), submit=say.line("Look"),
        fields=(
            TextField(name="receipt", label=say.line("Your receipt"), max_length=60),
            TextField(
                name="text", label=say.line("Would you like to add something?"), long=True, required=False,
                max_length=2000,
            ),
        ),
    )  # fmt: skip


def home(say: Say, waiting: Sequence[Report]) -> tuple[Block, ...]:
    """A question waits."""
    return tuple(
        block
        for row in waiting
        for block in (
            Text(say("A moderator has a question about your report {number}.", number=f"#{row.number}")),
            Actions((Button(say.line("Answer"), ActionId("report.answer", row.id), "primary"),)),
        )
    )


# -- sent later --------------------------------------------------------------------------------------------------------


def seen(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a reporter that somebody looked."""
    return View("report.seen", (Text(say("A moderator has seen your report {number}.", number=f"#{p['number']}")),))


def question(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a reporter that a question waits; the question itself is read in private."""
    look = Button(say.line("Look"), ActionId("report.mine"))
    text = say("A moderator has a question about your report {number}.", number=f"#{p['number']}")
    return View("report.question", (Text(text), Actions((look,))))


def closed(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a reporter that their report is closed, and what came of it."""
    text = say("Your report {number} is closed.", number=f"#{p['number']}")
    sentence = OUTCOMES.get(p.get("outcome", ""))
    outcome = (Text(say(sentence)),) if sentence else ()
    look = Actions((Button(say.line("Look"), ActionId("report.mine")),))
    return View("report.closed", (Text(text), *outcome, look))


def apart(say: Say, p: Mapping[str, Any]) -> View:  # noqa: ARG001
    """Tell somebody that a pair rests."""
    return View(
        "report.apart",
        (
            Text(say("Moderators have paused a pair that you are or were in. You do not have to do anything.")),
            Note(
                say("This says nothing about whose fault anything is. A moderator is there if you would like to talk.")
            ),
        ),
    )


def frozen(say: Say, p: Mapping[str, Any]) -> View:  # noqa: ARG001
    """Tell somebody that they cannot take part for now."""
    return View(
        "report.frozen",
        (
            Text(
                say(
                    "Moderators have paused your part in this community while they look at something. It can be undone."
                )
            ),
            Note(
                say(
                    "You can still see and take your data, give feedback, and report. To talk about it, write to a moderator."
                )
            ),
        ),
    )


def unfrozen(say: Say, p: Mapping[str, Any]) -> View:  # noqa: ARG001
    """Tell somebody that they take part again."""
    return View("report.unfrozen", (Text(say("The pause is over: you take part again, as before.")),))
