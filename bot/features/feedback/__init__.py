"""Anonymous feedback: no author is stored anywhere; notes are published in shuffled daily batches."""

from bot.chat.spec import Audience, ButtonSpec, Command, FormSpec, Menu
from bot.feature import Feature
from bot.features.feedback import handlers, schedule, views
from bot.i18n import N_

FEATURE = Feature(
    name="feedback",
    commands=(
        Command(
            path=("feedback", "send"), help=N_("Say what is wrong, or what is good, without your name"),
            handler=handlers.open_form, example="/feedback send", opens_form=True, sensitive=True,
            menus=(Menu("global", N_("Anonymous feedback")),),
        ),
        Command(
            path=("feedback", "inbox"), help=N_("See what became of your note, or take it back"),
            handler=handlers.open_inbox, example="/feedback inbox", opens_form=True, sensitive=True,
        ),
        Command(
            path=("feedback", "how"), help=N_("What is stored, and who can learn what"), handler=handlers.how,
            example="/feedback how", reads=True, sensitive=True,
        ),
        Command(
            path=("coord", "feedback"), help=N_("Read the anonymous notes that were published"), handler=handlers.read,
            example="/coord feedback", audience=Audience.COORDINATOR, reads=True, paged=True,
        ),
    ),
    buttons=(ButtonSpec(name="feedback.open", handler=handlers.open_form, opens_form=True, sensitive=True),),
    forms=(
        FormSpec(
            name="feedback.send", build=handlers.send_form, handler=handlers.send, sensitive=True, a_day=3,
            example={"topic": "pair", "text": "My pair never answers and I do not know whom to ask."},
        ),
        FormSpec(
            name="feedback.inbox", build=handlers.inbox_form, handler=handlers.inbox, sensitive=True, a_day=20,
            example={"receipt": "0000-0000-0000-0000-0000-0000-00", "act": "look"},
        ),
    ),
    schedules={"feedback.batch": schedule.publish},
    messages={"feedback.batch": views.batch},
    reacts={"community.ready": schedule.keep},
    refusals={
        "feedback.too_few": N_(
            "Anonymous feedback needs at least {least} active members, so that nobody can guess who wrote. "
            "This community has fewer. Please talk to somebody you trust."
        ),
        "feedback.no_such_receipt": N_("I can't find a note with this receipt. Please check it letter by letter."),
    },
)  # fmt: skip
