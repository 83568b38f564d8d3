"""Events: workshops, webinars, socials, circles of mentors."""

import storage.event
from bot.chat.spec import Audience, ButtonSpec, ChoiceParam, Command, FormSpec, TextParam
from bot.feature import Feature, Personal, Setting, Sweep
from bot.features.event import coordinator_views, handlers, reactions, sweeps, views
from bot.i18n import N_
from storage.event import Event, EventSeat

COORD = Audience.COORDINATOR
WHICH = TextParam(
    name="which", label=N_("Which event"), help=N_("Its title, or the beginning of it"), required=False,
    max_length=80, complete=handlers.titles,
)  # fmt: skip
FILLED = {
    "title": "Giving feedback", "day": "2026-03-20", "at": "18:00", "minutes": "60", "place": "Room 4",
    "capacity": "12", "host": "", "about": "How to say what is hard to hear.",
}  # fmt: skip

FEATURE = Feature(
    name="event",
    commands=(
        Command(path=("event", "list"), help=N_("What is coming, and your seats"), handler=handlers.coming,
                example="/event list", reads=True),
        Command(path=("event", "join"), help=N_("Take a seat at an event"), handler=handlers.join,
                example="/event join", params=(WHICH,)),
        Command(path=("event", "leave"), help=N_("Give a seat back"), handler=handlers.leave,
                example="/event leave", params=(WHICH,)),
        Command(
            path=("coord", "event", "create"), help=N_("Make an event"), handler=handlers.create, audience=COORD,
            example="/coord event create circle", opens_form=True,
            params=(
                ChoiceParam(name="kind", label=N_("Kind"), help=N_("A circle brings a template for peer review"),
                            options=tuple(views.KINDS.items()), required=False),
            ),
        ),
        Command(path=("coord", "event", "list"), help=N_("Events: change, cancel, who came"), audience=COORD,
                handler=handlers.manage, example="/coord event list", reads=True),
    ),
    buttons=(
        ButtonSpec(name="event.join", handler=handlers.join_button, row=Event),
        ButtonSpec(name="event.leave", handler=handlers.leave_button, row=Event),
        ButtonSpec(name="event.details", handler=handlers.details, row=Event, reads=True),
        ButtonSpec(name="event.rate", handler=handlers.rate, row=EventSeat, example="helped"),
        ButtonSpec(name="event.word", handler=handlers.word, row=EventSeat, opens_form=True),
        ButtonSpec(name="event.change", handler=handlers.change, row=Event, audience=COORD, opens_form=True),
        ButtonSpec(name="event.cancel", handler=handlers.cancel, row=Event, audience=COORD, reads=True),
        ButtonSpec(name="event.cancel_it", handler=handlers.cancel_for_good, row=Event, audience=COORD),
        ButtonSpec(name="event.attendance", handler=handlers.attendance, row=Event, audience=COORD, opens_form=True),
        ButtonSpec(name="event.results", handler=handlers.results, row=Event, audience=COORD, reads=True),
    ),
    forms=(
        FormSpec(name="event.create", build=handlers.create_form, handler=handlers.created, audience=COORD,
                 example=FILLED),
        FormSpec(name="event.change", build=handlers.change_form, handler=handlers.changed, audience=COORD, row=Event,
                 example=FILLED),
        FormSpec(name="event.attendance", build=handlers.attendance_form, handler=handlers.attended, audience=COORD,
                 row=Event, example={}),
        FormSpec(name="event.word", build=handlers.word_form, handler=handlers.worded, row=EventSeat,
                 example={"word": "More time for questions."}),
    ),
    sweeps=(
        Sweep(name="event.stages", due=storage.event.due, next_due=storage.event.next_due, run=sweeps.advance),
    ),
    messages={
        "event.card": views.card,
        "event.moved_up": views.moved_up,
        "event.reminder": views.reminder,
        "event.changed": views.changed_for_you,
        "event.cancelled": views.cancelled,
        "event.how_was_it": views.how_was_it,
        "event.who_came": coordinator_views.who_came,
    },
    nudges={
        "event.reminder": N_("a reminder of an event"),
        "event.how_was_it": N_("a question how an event was"),
    },
    refusals={
        "event.over": N_("{title} is over, or was cancelled."),
        "event.unknown": N_("I know no event called “{which}”. {command} shows what is coming."),
        "event.no_seat": N_("You have no seat at {title}."),
        "event.not_begun": N_("{title} begins {when}. You can note who came from then on."),
        "event.summed_up": N_("What people said of {title} is summed up by now. Thank you for wanting to add to it."),
        "event.nobody_came": N_("Nobody has a seat at {title}."),
    },
    settings=(
        Setting(key="event.channel", kind="channel", label=N_("Channel for events"),
                hint=N_("Where events are announced, with a button to join.")),
        Setting(key="event.calendar", kind="yesno", label=N_("Also among the server's own events"), default=False,
                hint=N_("On Discord. Needs the permission to create events.")),
    ),
    reacts={"member.left": reactions.leave_seats},
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(table="event", members=("host_id",), forget="keep", why=N_("Events that you led.")),
        Personal(table="event_seat", members=("member_id",), forget="delete",
                 why=N_("Events you had a seat at, and what you said of them.")),
    ),
)  # fmt: skip
