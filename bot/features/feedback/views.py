"""The words for who sends feedback: plain about what it protects, and from whom it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import Action, ActionId, Button, Choice, Option
from bot.chat.forms import ChoiceField, Form, TextField
from bot.chat.text import Bold, Code, Words, words
from bot.chat.views import Actions, Block, Fields, Heading, List, Note, Text, View
from bot.features.feedback.rules import CODE, LEAST_WAITING, STEPS
from bot.i18n import N_, Say
from storage.feedback import (
    ANONYMOUS,
    CONFIDENTIAL,
    COORDINATORS,
    DONE,
    EVERYBODY,
    PUBLISHED,
    SENDER,
    WAITING,
    WITHDRAWN,
    WORKING,
    FeedbackMessage,
    FeedbackNote,
)

PAGE = 5
TOPICS = {
    "pair": N_("My pair"),
    "programme": N_("The programme"),
    "community": N_("The community"),
    "coordinators": N_("The coordinators"),
    "other": N_("Something else"),
}
MODES = {
    ANONYMOUS: (N_("Anonymous"), N_("Nothing that I store leads to you, so nobody can stop you either.")),
    CONFIDENTIAL: (N_("Confidential"), N_("For 72 hours moderators can stop the sender, not learn who it is.")),
}
STATES = {
    WAITING: N_("It waits for the next batch; nobody has read it yet."),
    PUBLISHED: N_("Coordinators can read it."),
    WORKING: N_("Coordinators are working on it."),
    DONE: N_("Coordinators have marked it as done."),
    WITHDRAWN: N_("You took it back. Its text is erased."),
}
MARKS = {PUBLISHED: N_("Open"), WORKING: N_("Being worked on"), DONE: N_("Done")}
BECOMES = {PUBLISHED: N_("Open again"), WORKING: N_("Being worked on"), DONE: N_("Done")}
SIDES_TO_SENDER = {SENDER: N_("You:"), COORDINATORS: N_("Answer:"), EVERYBODY: N_("Answer to everybody:")}
SIDES = {SENDER: N_("Sender:"), COORDINATORS: N_("Answer:"), EVERYBODY: N_("Answer to everybody:")}


# -- who sends


def send_form(say: Say) -> Form:
    """Ask for a topic, the text and which of the two promises the sender wants."""
    topics = tuple(Option(key, say.line(label)) for key, label in TOPICS.items())
    modes = tuple(Option(key, say.line(label), say.line(hint)) for key, (label, hint) in MODES.items())
    return Form(
        name="feedback.send",
        title=say.line("Anonymous feedback"),
        submit=say.line("Send without my name"),
        intro=say.line("Your name is not stored. Coordinators read notes in a daily batch, shuffled. Your way of writing is not disguised."),
        fields=(
            ChoiceField(name="topic", label=say.line("What is it about?"), options=topics),
            TextField(
                name="text", label=say.line("What would you like to say?"), long=True, min_length=10, max_length=3000,
                hint=say.line("Leave out names and dates that only you would know."),
            ),
            ChoiceField(name="mode", label=say.line("How should I keep it?"), options=modes, value=ANONYMOUS,
                        hint=say.line("/feedback how says exactly what each means.")),
        ),
    )  # fmt: skip


def sent(say: Say, receipt: str) -> View:
    """Show the receipt, once."""
    return View(
        "feedback.sent",
        (
            Text(say("Thank you for saying it. Your note is on its way, without your name.")),
            Text(say("Your receipt: {receipt}", receipt=Code(receipt))),
            Note(say("It is shown only now, and nobody can find it again for you. {command} takes it: read answers there, add to your note, or take it back. I never write to you about it.",
                     command=Code("/feedback inbox"))),
        ),
    )  # fmt: skip


def inbox_form(say: Say) -> Form:
    """Ask for the receipt, and what to do."""
    acts = (
        Option("look", say.line("Read the answer")),
        Option("answer", say.line("Add to it")),
        Option("withdraw", say.line("Take it back")),
    )
    return Form(
        name="feedback.inbox",
        title=say.line("Your note"),
        fields=(
            TextField(name="receipt", label=say.line("Your receipt"), max_length=60),
            ChoiceField(name="act", label=say.line("What would you like to do?"), options=acts, value="look"),
            TextField(
                name="text", label=say.line("What you want to add"), long=True, required=False, max_length=3000,
                hint=say.line("Only if you add to it. Coordinators read it with the next batch."),
            ),
        ),
    )  # fmt: skip


def mine(say: Say, note: FeedbackNote, said: Sequence[FeedbackMessage]) -> View:
    """Show a note and its conversation to who holds the receipt."""
    blocks: list[Block] = [Text(say(STATES[note.status]))]
    if note.hidden:
        blocks.append(Text(say("A moderator has hidden it from coordinators. You can still take it back.")))
    if note.text:
        blocks.append(Text(words("“", note.text, "”")))
    blocks += [Text(words(Bold(say.line(SIDES_TO_SENDER[one.side])), " ", one.text)) for one in said]
    if any(one.waiting for one in said):
        blocks.append(Note(say("What you added waits for the next batch.")))
    return View("feedback.mine", tuple(blocks))


def withdrawn(say: Say) -> View:
    """Say that a note is gone."""
    return View(
        "feedback.withdrawn", (Text(say(STATES[WITHDRAWN])), Note(say("So is everything that was said about it.")))
    )


def how(say: Say) -> View:
    """Say what is stored, who can learn what, and what remains."""
    both = (
        say("Stored: your text and the answers, encrypted; the topic, the week, and a hash of your receipt. Not stored: who you are, the day, the order."),
        say("Coordinators and moderators read notes once a day, shuffled, and only when at least {least} wait together. What you add later waits for the batch too.", least=LEAST_WAITING),
        say("No log, no backup and no table says who wrote what. Nothing is ever sent to you: answers wait for your receipt."),
        say("If you take a note back, it is erased at once. Who looks at the list in that moment can notice that it is gone."),
        say("A note goes by itself a year after its week. {command} cannot find it, as it is not tied to you: your receipt can.", command=Code("kith forget")),
    )  # fmt: skip
    anonymous = (
        say("Nothing that is stored leads to you, not even for a while. How often one person can write is counted in memory only, and forgotten when I restart."),
    )  # fmt: skip
    confidential = (
        say("A code is stored with the note that only I can compare with you, by a key outside the database. By it, a moderator can stop the sender of that note from writing again, and never learns who that is."),
        say("The code is erased 72 hours after the note was published. The key of a week is destroyed 72 hours after the week. Until then, whoever runs me could use both to find out who wrote; afterwards nobody can."),
    )  # fmt: skip
    remains = (
        say("Discord or Slack, and the running program in that moment, do see who pressed the button."),
        say("Who sees at which times everybody is online knows that you were among those who were there that day."),
        say("Your way of writing is not disguised. What only you know gives you away."),
    )
    return View(
        "feedback.how",
        (
            Heading(say.line("How anonymous feedback works")), List(both),
            Text(words(Bold(say.line(MODES[ANONYMOUS][0])))), List(anonymous),
            Text(words(Bold(say.line(MODES[CONFIDENTIAL][0])))), List(confidential),
            Text(say("What remains:")), List(remains),
        ),
    )  # fmt: skip


# -- who reads


def batch(say: Say, p: Mapping[str, Any]) -> View:
    """Tell coordinators that there is something to read."""
    count, added = p["count"], p.get("added", 0)
    lines: list[Block] = []
    if count or not added:
        lines.append(Text(say.plural("There is one new anonymous note.", "There are {n} new anonymous notes.", count)))
    if added:
        lines.append(Text(say.plural("A sender has added something.", "Senders have added {n} things.", added)))
    note = say(
        "Read them with {command}. They are shuffled; please do not guess who wrote them.",
        command=Code("/coord feedback list"),
    )
    return View("feedback.batch", (*lines, Note(note)))


def answer(say: Say, p: Mapping[str, Any]) -> View:
    """Answer a note for everybody, without quoting it."""
    topic = say.line(TOPICS.get(p["topic"], TOPICS["other"]))
    return View(
        "feedback.answer",
        (
            Text(words(say("Somebody gave feedback without a name about this: {topic}", topic=Bold(topic)))),
            Text(words(p["text"])),
            Note(say("You can too: {command}", command=Code("/feedback send"))),
        ),
    )


def escalated(say: Say, p: Mapping[str, Any]) -> View:
    """Tell moderators that coordinators hand a note on."""
    return View(
        "feedback.escalated",
        (
            Text(say("Coordinators hand an anonymous note on to you: {code}", code=Code(p["code"]))),
            Note(say("Read it with {command}.", command=Code("/mod notes"))),
        ),
    )


def _code(note: FeedbackNote) -> str:
    return note.id[:CODE]


def _topic(say: Say, note: FeedbackNote) -> str:
    return say.line(TOPICS.get(note.topic, TOPICS["other"]))


def _line(say: Say, note: FeedbackNote, *more: str) -> Words:
    about = " · ".join((note.week, say.line(MARKS.get(note.status, MARKS[PUBLISHED])), *more))
    return words(Code(_code(note)), " ", Bold(_topic(say, note)), f" · {about}\n", note.text)


def _open(say: Say, notes: Sequence[FeedbackNote], page: int, action: str) -> tuple[Block, ...]:
    """Return a choice among the notes of this page."""
    page = max(0, min(page, (len(notes) - 1) // PAGE))
    here = notes[page * PAGE : (page + 1) * PAGE]
    options = tuple(Option(note.id, f"{_code(note)} · {_topic(say, note)}") for note in here)
    return (Actions((Choice(say.line("Open a note"), ActionId(action), options),)),)


def published(
    say: Say, notes: Sequence[FeedbackNote], said: Mapping[str, Sequence[FeedbackMessage]], page: int = 0
) -> View:
    """List the notes, with how much was said about each."""
    if not notes:
        text = say(
            "No notes to read. They come once a day, and only when at least {least} wait together.", least=LEAST_WAITING
        )
        return View("feedback.none", (Text(text),))
    items = tuple(_line(say, note, *_talk(say, said.get(note.id, ()))) for note in notes)
    return View(
        "feedback.published",
        (
            Heading(say.line("Anonymous notes")), List(items, size=PAGE, paged=True),
            *_open(say, notes, page, "feedback.note"),
        ),
    )  # fmt: skip


def _talk(say: Say, said: Sequence[FeedbackMessage]) -> tuple[str, ...]:
    if not said:
        return ()
    return (say.line("the sender wrote last") if said[-1].side == SENDER else say.line("answered"),)


def note(say: Say, note: FeedbackNote, said: Sequence[FeedbackMessage]) -> View:
    """Show one note to a coordinator, with what was said and what can be done."""
    blocks: list[Block] = [
        Heading(f"{_topic(say, note)} · {note.week}"),
        Text(words(note.text)),
        *(Text(words(Bold(say.line(SIDES[one.side])), " ", one.text)) for one in said),
        Fields(((say.line("Status"), words(say.line(MARKS.get(note.status, MARKS[PUBLISHED])))),)),
    ]
    marks: list[Action] = [
        Button(say.line(BECOMES[after]), ActionId("feedback.mark", note.id, f"{note.status}>{after}"))
        for after in STEPS.get(note.status, ())
    ]
    more: list[Action] = [Button(say.line("Answer"), ActionId("feedback.reply", note.id), "primary")]
    if not note.answered:
        more.append(Button(say.line("Answer everybody"), ActionId("feedback.publish", note.id)))
    if not note.escalated:
        more.append(Button(say.line("Hand on to moderators"), ActionId("feedback.escalate", note.id)))
    blocks += [Actions(tuple(more)), Actions(tuple(marks))]
    blocks.append(Note(say("The sender is not told. They find your answer when they come back with their receipt.")))
    return View("feedback.note", tuple(blocks))


def _quoted(say: Say, note: FeedbackNote) -> str:
    text = note.text if len(note.text) <= 150 else note.text[:149] + "…"
    return say.line("The note: “{text}”", text=text)


def reply_form(say: Say, note: FeedbackNote) -> Form:
    """Ask for the answer to who wrote a note."""
    hint = say.line("Only who has the receipt can read it. Please do not ask who they are.")
    return Form(
        name="feedback.reply",
        key=note.id,
        title=say.line("Answer a note"),
        submit=say.line("Answer"),
        intro=_quoted(say, note),
        fields=(TextField(name="text", label=say.line("Your answer"), long=True, max_length=3000, hint=hint),),
    )


def publish_form(say: Say, note: FeedbackNote) -> Form:
    """Ask for the answer to everybody."""
    hint = say.line("The note is not shown. Leave out what could tell who wrote it.")
    return Form(
        name="feedback.publish",
        key=note.id,
        title=say.line("Answer everybody"),
        submit=say.line("Publish"),
        intro=_quoted(say, note),
        fields=(TextField(name="text", label=say.line("Your answer"), long=True, max_length=3000, hint=hint),),
    )


# -- who moderates


def moderated(say: Say, notes: Sequence[FeedbackNote], page: int = 0) -> View:
    """List the notes for moderators, those that were handed to them first."""
    if not notes:
        return View("feedback.none", (Text(say("No notes to read.")),))
    items = tuple(_line(say, note, *_moderation(say, note)) for note in notes)
    return View(
        "feedback.moderated",
        (
            Heading(say.line("Anonymous notes")), List(items, size=PAGE, paged=True),
            *_open(say, notes, page, "feedback.moderate"),
        ),
    )  # fmt: skip


def _moderation(say: Say, note: FeedbackNote) -> tuple[str, ...]:
    marks = (
        (note.escalated, say.line("handed on by coordinators")),
        (note.hidden, say.line("hidden")),
        (note.blocked, say.line("sender stopped")),
    )
    return tuple(text for is_so, text in marks if is_so)


def moderated_note(say: Say, note: FeedbackNote) -> View:
    """Show one note to a moderator, with what they can do about it."""
    marks = ", ".join(_moderation(say, note))
    actions: list[Action] = [
        Button(say.line("Show it again"), ActionId("feedback.hide", note.id, "show"))
        if note.hidden
        else Button(say.line("Hide it"), ActionId("feedback.hide", note.id, "hide"), "danger")
    ]
    if note.pseudonym is not None and not note.blocked:
        actions.append(Button(say.line("Stop its sender"), ActionId("feedback.block", note.id), "danger"))
    blocks: list[Block] = [Heading(f"{_topic(say, note)} · {note.week}"), Text(words(note.text))]
    if marks:
        blocks.append(Text(words(marks)))
    if note.blocked and note.window_until is not None:
        until = say.when(note.window_until)
        blocks.append(
            Text(say("Whoever wrote this can write again from {until}. I do not tell who that is.", until=until))
        )
    blocks.append(Actions(tuple(actions)))
    blocks.append(
        Note(
            say(
                "Hiding keeps a note from coordinators; its sender can still take it back. Stopping works for confidential notes, for 72 hours after their batch."
            )
        )
    )
    return View("feedback.moderated_note", tuple(blocks))
