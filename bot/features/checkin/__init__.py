"""Check-ins: "did you two meet?", asked in each member's own time, answered with one tap."""

import storage.checkin
from bot.chat.spec import Audience, ButtonSpec, Command, FormSpec, ProgrammeParam
from bot.feature import Feature, Many, Personal, Sweep
from bot.features.checkin import handlers, reactions, sweeps, views
from bot.i18n import N_
from storage.checkin import CheckIn

WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one"))

FEATURE = Feature(
    name="checkin",
    commands=(
        Command(
            path=("checkin", "now"), help=N_("Answer a check-in that is still open"), handler=handlers.now,
            example="/checkin now", reads=True,
        ),
        Command(
            path=("coord", "checkins"), help=N_("What members answered, in numbers"), handler=handlers.counts,
            example="/coord checkins", params=(WHICH,), audience=Audience.COORDINATOR, reads=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="checkin.met", handler=handlers.met, row=CheckIn),
        ButtonSpec(name="checkin.scheduled", handler=handlers.scheduled, row=CheckIn),
        ButtonSpec(name="checkin.not_yet", handler=handlers.not_yet, row=CheckIn),
        ButtonSpec(name="checkin.help", handler=handlers.help_wanted, row=CheckIn),
        ButtonSpec(name="checkin.answer", handler=handlers.answer, row=CheckIn, example="0"),
        ButtonSpec(name="checkin.write", handler=handlers.write, row=CheckIn, opens_form=True),
        ButtonSpec(name="checkin.later", handler=handlers.later, row=CheckIn),
        ButtonSpec(name="checkin.next_week", handler=handlers.next_week, row=CheckIn),
        ButtonSpec(name="checkin.skip", handler=handlers.skip, row=CheckIn),
        ButtonSpec(name="checkin.until", handler=handlers.until, row=CheckIn, opens_form=True),
        ButtonSpec(name="checkin.other", handler=handlers.other, row=CheckIn, reads=True),
        ButtonSpec(name="checkin.again", handler=handlers.again, row=CheckIn, reads=True),
    ),
    forms=(
        FormSpec(
            name="checkin.write", build=handlers.write_form, handler=handlers.written, row=CheckIn,
            example={"text": "Send her the first page, and ask about the second."},
        ),
        FormSpec(
            name="checkin.until", build=handlers.until_form, handler=handlers.rest, row=CheckIn,
            example={"until": "2026-04-01"},
        ),
    ),
    sweeps=(
        Sweep(
            name="checkin.ask", due=storage.checkin.due, next_due=storage.checkin.next_due, run=Many(sweeps.ask),
            load=storage.checkin.load,
        ),
    ),
    messages={"checkin.ask": views.ask, "checkin.help_wanted": views.help_wanted},
    reacts={
        "pair.introduced": reactions.plan,
        "pair.joined": reactions.plan_for_one_more,
        "pair.ended": reactions.drop,
        "session.confirmed": reactions.after_session,
        "member.habits": reactions.think_again,
    },
    nudges={"checkin.ask": N_("a check-in")},
    coming=reactions.coming,
    refusals={"checkin.none": N_("No check-in is open. I will ask you when the next one is due.")},
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(
            table="check_in", members=("member_id",), forget="redact", texts=("text",),
            why=N_("When you were asked how it goes, what you pressed, and what you wrote for yourself."),
        ),
    ),
)  # fmt: skip
