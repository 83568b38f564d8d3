"""Feedback without a name, in both directions: no author is stored, notes come in shuffled daily batches, and who wrote
reads the answers with a receipt."""

import storage.feedback
from bot.chat.spec import Audience, ButtonSpec, Command, FormSpec, Menu, TextParam
from bot.feature import Feature, Setting, Sweep
from bot.features.feedback import desk, handlers, schedule, views
from bot.i18n import N_
from storage.feedback import FeedbackNote

_COORDINATOR, _MODERATOR = Audience.COORDINATOR, Audience.MODERATOR
_NOTE = TextParam(name="note", label=N_("Note"), help=N_("The note's code, like 3f9ab2"), complete=desk.codes)

FEATURE = Feature(
    name="feedback",
    always=True,
    commands=(
        Command(
            path=("feedback", "send"), help=N_("Say what is wrong, or what is good, without your name"),
            handler=handlers.open_form, example="/feedback send", opens_form=True, sensitive=True,
            menus=(Menu("global", N_("Anonymous feedback")),),
        ),
        Command(
            path=("feedback", "inbox"), help=N_("Read the answer to your note, add to it, or take it back"),
            handler=handlers.open_inbox, example="/feedback inbox", opens_form=True, sensitive=True,
        ),
        Command(
            path=("feedback", "how"), help=N_("What is stored, and who can learn what"), handler=handlers.how,
            example="/feedback how", reads=True, sensitive=True,
        ),
        Command(
            path=("coord", "feedback", "list"), help=N_("Read and answer the notes that were published"),
            handler=desk.read, example="/coord feedback list", audience=_COORDINATOR, reads=True, paged=True,
        ),
        Command(
            path=("mod", "notes"), help=N_("See published, hidden and escalated notes"), handler=desk.watch,
            example="/mod notes", audience=_MODERATOR, reads=True, paged=True,
        ),
        Command(
            path=("mod", "hide"), help=N_("Hide a note from coordinators"), handler=desk.hide_named,
            example="/mod hide 3f9ab2", params=(_NOTE,), audience=_MODERATOR,
        ),
        Command(
            path=("mod", "block-sender"), help=N_("Stop whoever wrote a note for a while, without learning who"),
            handler=desk.block_named, example="/mod block-sender 3f9ab2", params=(_NOTE,), audience=_MODERATOR,
        ),
    ),
    buttons=(
        ButtonSpec(name="feedback.open", handler=handlers.open_form, opens_form=True, sensitive=True),
        ButtonSpec(name="feedback.note", handler=desk.open_note, audience=_COORDINATOR, reads=True),
        ButtonSpec(
            name="feedback.mark", handler=desk.mark, row=FeedbackNote, audience=_COORDINATOR,
            example="published>working",
        ),
        ButtonSpec(
            name="feedback.reply", handler=desk.open_reply, row=FeedbackNote, audience=_COORDINATOR, opens_form=True
        ),
        ButtonSpec(
            name="feedback.publish", handler=desk.open_publish, row=FeedbackNote, audience=_COORDINATOR,
            opens_form=True,
        ),
        ButtonSpec(name="feedback.escalate", handler=desk.escalate, row=FeedbackNote, audience=_COORDINATOR),
        ButtonSpec(name="feedback.moderate", handler=desk.open_moderated, audience=_MODERATOR, reads=True),
        ButtonSpec(name="feedback.hide", handler=desk.hide, row=FeedbackNote, audience=_MODERATOR, example="hide"),
        ButtonSpec(name="feedback.block", handler=desk.block, row=FeedbackNote, audience=_MODERATOR),
    ),
    forms=(
        FormSpec(
            name="feedback.send", build=handlers.send_form, handler=handlers.send, sensitive=True, a_day=3,
            example={
                "topic": "pair", "mode": "anonymous", "text": "My pair never answers and I do not know whom to ask.",
            },
        ),
        FormSpec(
            name="feedback.inbox", build=handlers.inbox_form, handler=handlers.inbox, sensitive=True, a_day=40,
            guess="feedback.no_such_receipt",
            example={"receipt": "0000-0000-0000-0000-0000-0000-00", "act": "look"},
        ),
        FormSpec(
            name="feedback.reply", build=desk.reply_form, handler=desk.reply, row=FeedbackNote, sensitive=True,
            audience=_COORDINATOR, example={"text": "Thank you. We look into it this week."},
        ),
        FormSpec(
            name="feedback.publish", build=desk.publish_form, handler=desk.publish, row=FeedbackNote, sensitive=True,
            audience=_COORDINATOR, example={"text": "Pairs can now be changed at any time: tell a coordinator."},
        ),
    ),
    sweeps=(
        Sweep(
            name="feedback.windows", due=storage.feedback.over, next_due=storage.feedback.next_over,
            run=schedule.close_windows,
        ),
    ),
    schedules={"feedback.batch": schedule.publish, "feedback.keys": schedule.turn_keys},
    settings=(
        Setting(
            key="feedback.channel", kind="channel", label=N_("Channel for answers to feedback"),
            hint=N_("Where coordinators can answer a note for everybody."),
        ),
    ),
    messages={
        "feedback.batch": views.batch,
        "feedback.answer": views.answer,
        "feedback.escalated": views.escalated,
    },
    reacts={"community.ready": schedule.keep},
    refusals={
        "feedback.too_few": N_(
            "Anonymous feedback needs at least {least} active members, so that nobody can guess who wrote. "
            "This community has fewer. Please talk to somebody you trust."
        ),
        "feedback.no_such_receipt": N_("I can't find a note with this receipt. Please check it letter by letter."),
        "feedback.blocked": N_(
            "A moderator has stopped whoever wrote one of the last confidential notes, and that note is yours. "
            "Nobody learns that it was you. You can write again from {until}."
        ),
        "feedback.enough_this_week": N_(
            "You have sent {most} confidential notes this week, which is as many as I take. "
            "If it is urgent, please talk to somebody you trust."
        ),
        "feedback.nobody_read_it": N_(
            "Nobody has read this note yet. You can add to it once it was published, or take it back and write anew."
        ),
        "feedback.taken_back": N_("You took this note back, so there is nothing to add to."),
        "feedback.not_there": N_("This note is not there to be read: it may have been taken back."),
        "feedback.hidden": N_("A moderator has hidden this note."),
        "feedback.changed": N_("Somebody else has changed this note meanwhile. Open it again to see how it stands."),
        "feedback.no_channel": N_(
            "There is no channel for answers to feedback yet. Choose one with /coord settings, under Feedback."
        ),
        "feedback.answered_already": N_("An answer to this note was published already."),
        "feedback.escalated_already": N_("The moderators have this note already."),
        "feedback.cannot_block": N_(
            "There is nothing left by which the sender could be stopped: the note is anonymous, "
            "or its 72 hours are over."
        ),
        "feedback.no_such_note": N_("I can't find a note with this code. /mod notes shows them."),
    },
)  # fmt: skip
