"""How reports are shown to moderators. Channels only ever say that there is something to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import Action, ActionId, Button, Option
from bot.chat.forms import ChoiceField, Form, TextField
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Divider, Fields, Heading, List, Note, Text, View
from bot.features.report.views import KINDS, OUTCOMES, URGENCIES
from bot.i18n import N_, Say
from storage.audit import Audit
from storage.member import Member
from storage.report import NOTE, QUESTION, RESOLVED, Report, ReportLine, Separation

SHOWN = 8
STATES = {
    "new": N_("new"), "seen": N_("seen"), "asked": N_("waits for an answer"), "resolved": N_("closed"),
}  # fmt: skip


def _title(say: Say, row: Report) -> Words:
    kind, urgency = KINDS.get(row.kind, KINDS["other"]), URGENCIES.get(row.urgency, URGENCIES["soon"])
    return words(
        Bold(f"#{row.number}"), " · ", say.line(kind), " · ", say.line(urgency), " · ", say.line(STATES[row.status])
    )


def queue(say: Say, rows: Sequence[Report]) -> View:
    """List open reports, the urgent first."""
    if not rows:
        return View("report.queue_empty", (Text(say("No open reports.")),))
    blocks: list[Block] = [Heading(say.line("Open reports"))]
    for row in rows[:SHOWN]:
        who = words(" · ", Mention(row.assignee_id)) if row.assignee_id else words()
        blocks += [Text(words(*_title(say, row), *who)), Actions((_look(say, row.id),))]
    if rest := rows[SHOWN:]:
        blocks.append(List(tuple(_title(say, row) for row in rest)))
        blocks.append(Note(say("{command} and a number shows one of these.", command=Code("/mod view"))))
    return View("report.queue", tuple(blocks))


def _look(say: Say, report_id: str) -> Button:
    return Button(say.line("Look"), ActionId("report.view", report_id))


def report(say: Say, row: Report, said: Sequence[ReportLine], *, together: bool) -> View:
    """Show one report whole, with what can be done about it."""
    reporter = words(Mention(row.reporter_id)) if row.reporter_id else say("not stored; they hold a receipt")
    pairs: list[tuple[str, Words]] = [(say.line("From"), reporter)]
    if row.about_id:
        pairs.append((say.line("About"), words(Mention(row.about_id))))
    if row.assignee_id:
        pairs.append((say.line("Who looks after it"), words(Mention(row.assignee_id))))
    pairs.append((say.line("When"), words(say.when(row.created_at, "full" if row.reporter_id else "date"))))
    blocks: list[Block] = [Text(_title(say, row)), Fields(tuple(pairs)), Text(words(row.text or "…"))]
    if said:
        blocks += [Divider(), *(_line(say, line) for line in said)]
    if row.status == RESOLVED:
        return View("report.view", (*blocks, Note(say(OUTCOMES.get(row.outcome, OUTCOMES["nothing"])))))
    acts: list[Action] = [
        Button(say.line("I take it"), ActionId("report.take", row.id)),
        Button(say.line("Ask or note"), ActionId("report.ask", row.id)),
        Button(say.line("Close it"), ActionId("report.resolve", row.id), "primary"),
    ]
    blocks.append(Actions(tuple(acts)))
    strong: list[Action] = []
    if together:
        strong.append(Button(say.line("Keep these two apart"), ActionId("report.separate", row.id), "danger"))
    if row.about_id:
        strong.append(Button(say.line("Freeze this member"), ActionId("report.freeze", row.id), "danger"))
    if strong:
        blocks.append(Actions(tuple(strong)))
        blocks.append(Note(say("Both take effect at once, and both can be undone.")))
    return View("report.view", tuple(blocks))


def _line(say: Say, line: ReportLine) -> Text:
    who = (
        words(Mention(line.by_id), ", ", say("note for moderators:") if line.kind == NOTE else say("question:"))
        if line.by_id
        else say("The reporter:")
    )
    return Text(words(*who, " ", line.text or "…"))


def assigned(say: Say, number: int, who: str, *, mine: bool, report: str) -> View:
    """Confirm who looks after a report."""
    text = (
        say("Report {number} is yours.", number=f"#{number}")
        if mine
        else say("{who} looks after report {number} and is told.", who=Mention(who), number=f"#{number}")
    )
    return View("report.assigned", (Text(text), Actions((_look(say, report),))))


def ask_form(say: Say, row: Report) -> Form:
    """Ask for a question to the reporter, or a note that only moderators read."""
    to = (
        Option(QUESTION, say.line("A question to the reporter")),
        Option(NOTE, say.line("A note for moderators only")),
    )
    hint = (
        say.line("I tell them that a question waits; they read it in private.")
        if row.reporter_id
        else say.line("They find it when they look with their receipt. I cannot tell them.")
    )
    return Form(
        name="report.ask", key=row.id, title=say.line("Ask or note"), submit=say.line("Send"),
        fields=(
            ChoiceField(name="to", label=say.line("What is it"), options=to, value=QUESTION, hint=hint),
            TextField(name="text", label=say.line("Your words"), long=True, max_length=2000),
        ),
    )  # fmt: skip


def asked(say: Say, row: Report, *, question: bool) -> View:
    """Confirm a question or a note."""
    text = say("Asked.") if question else say("Noted; only moderators read it.")
    return View("report.asked_them", (Text(text), Actions((_look(say, row.id),))))


def resolve_form(say: Say, row: Report) -> Form:
    """Ask what came of it."""
    options = tuple(Option(value, say.line(label)) for value, label in OUTCOMES.items())
    return Form(
        name="report.resolve", key=row.id, title=say.line("Close a report"), submit=say.line("Close it"),
        fields=(
            ChoiceField(
                name="outcome", label=say.line("What came of it"), options=options,
                hint=say.line("The reporter reads this sentence."),
            ),
            TextField(
                name="text", label=say.line("A word to the reporter"), long=True, required=False, max_length=2000
            ),
        ),
    )  # fmt: skip


def resolved(say: Say, number: int) -> View:
    """Confirm that a report is closed."""
    return View("report.resolved_it", (Text(say("Report {number} is closed.", number=f"#{number}")),))


def separated(say: Say, row: Separation) -> View:
    """Confirm that two are kept apart."""
    text = say(
        "{one} and {other} are kept apart from now on: no messages of their pair, and no new one together.",
        one=Mention(row.first_id),
        other=Mention(row.second_id),
    )
    back = Button(say.line("End this"), ActionId("report.rejoin", row.id))
    return View(
        "report.separated",
        (Text(text), Note(say("Both are told that their pair rests, and nothing else.")), Actions((back,))),
    )


def rejoined(say: Say, row: Separation) -> View:
    """Confirm that a separation is over."""
    text = say("{one} and {other} are no longer kept apart.", one=Mention(row.first_id), other=Mention(row.second_id))
    return View("report.rejoined", (Text(text),))


def frozen(say: Say, who: Member) -> View:
    """Confirm that a member is frozen."""
    text = say("{who} is frozen: no commands but their rights, no new partner, their pairs rest.", who=Mention(who.id))
    back = Button(say.line("Undo"), ActionId("report.unfreeze", who.id))
    return View("report.frozen_it", (Text(text), Note(say("They are told, without a reason.")), Actions((back,))))


def unfrozen(say: Say, who: Member) -> View:
    """Confirm that a member takes part again."""
    return View("report.unfrozen_it", (Text(say("{who} takes part again, and is told.", who=Mention(who.id))),))


def apart(say: Say, standing: Sequence[Separation], frozen: Sequence[Member]) -> View:
    """List who is kept apart and who is frozen."""
    if not standing and not frozen:
        return View("report.nobody_apart", (Text(say("Nobody is kept apart, and nobody is frozen.")),))
    blocks: list[Block] = []
    for row in standing[:SHOWN]:
        both = words(Mention(row.first_id), " – ", Mention(row.second_id), " · ", say.when(row.since, "date"))
        blocks += [Text(both), Actions((Button(say.line("End this"), ActionId("report.rejoin", row.id)),))]
    for who in frozen[:SHOWN]:
        undo = Button(say.line("Unfreeze"), ActionId("report.unfreeze", who.id))
        blocks += [Text(say("{who} is frozen.", who=Mention(who.id))), Actions((undo,))]
    return View("report.kept_apart", tuple(blocks))


def audit(say: Say, entries: Sequence[Audit]) -> View:
    """List acts, newest first: who, what, about which row, when."""
    if not entries:
        return View("report.no_acts", (Text(say("Nothing yet.")),))
    note = Note(
        say("Row ids and codes, never words. {command} writes all of it to a file.", command=Code("kith audit"))
    )
    items = tuple(
        words(
            say.when(one.at), " · ", Mention(one.actor_id) if one.actor_id else "Kith", " · ", Code(one.act), " ",
            Code(" ".join(part for part in (one.subject, one.reason) if part) or "–"),
        )
        for one in entries
    )  # fmt: skip
    return View("report.audit", (Heading(say.line("What was done")), List(items, paged=True), note))


# -- sent later --------------------------------------------------------------------------------------------------------


def arrived(say: Say, p: Mapping[str, Any]) -> View:
    """Tell moderators that a report came in."""
    return _notice(say, p, "report.arrived", say("A report waits for a moderator."))


def answered(say: Say, p: Mapping[str, Any]) -> View:
    """Tell moderators that the reporter added something."""
    return _notice(say, p, "report.answered", say("There is an answer to a report."))


def waits(say: Say, p: Mapping[str, Any]) -> View:
    """Tell moderators again."""
    return _notice(say, p, "report.waits", say("Nobody has looked at this report yet."))


def _notice(say: Say, p: Mapping[str, Any], key: str, text: Words) -> View:
    kind, urgency = KINDS.get(p["kind"], KINDS["other"]), URGENCIES.get(p["urgency"], URGENCIES["soon"])
    line = words(Bold(f"#{p['number']}"), " · ", say.line(kind), " · ", say.line(urgency))
    who = Note(say("Only moderators can open it, and only in private."))
    return View(key, (Text(text), Text(line), who, Actions((_look(say, p["report"]),))))


def yours(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a moderator that a report was given to them."""
    text = say("Report {number} was given to you.", number=f"#{p['number']}")
    return View("report.yours", (Text(text), Actions((_look(say, p["report"]),))))
