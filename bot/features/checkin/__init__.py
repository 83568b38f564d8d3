"""Check-ins: "did you two meet?", asked in each member's own time, answered with one tap."""

import storage.checkin
from bot.chat.spec import ButtonSpec, Command
from bot.feature import Feature, Personal, Sweep
from bot.features.checkin import handlers, reactions, sweeps, views
from bot.i18n import N_
from storage.checkin import CheckIn

FEATURE = Feature(
    name="checkin",
    commands=(
        Command(
            path=("checkin", "now"), help=N_("Answer a check-in that is still open"), handler=handlers.now,
            example="/checkin now", reads=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="checkin.met", handler=handlers.met, row=CheckIn),
        ButtonSpec(name="checkin.scheduled", handler=handlers.scheduled, row=CheckIn),
        ButtonSpec(name="checkin.not_yet", handler=handlers.not_yet, row=CheckIn),
        ButtonSpec(name="checkin.help", handler=handlers.help_wanted, row=CheckIn),
        ButtonSpec(name="checkin.later", handler=handlers.later, row=CheckIn),
        ButtonSpec(name="checkin.again", handler=handlers.again, row=CheckIn, reads=True),
    ),
    sweeps=(
        Sweep(name="checkin.ask", due=storage.checkin.due, next_due=storage.checkin.next_due, run=sweeps.ask),
    ),
    messages={"checkin.ask": views.ask, "checkin.help_wanted": views.help_wanted},
    reacts={"pair.introduced": reactions.plan, "pair.ended": reactions.drop},
    refusals={"checkin.none": N_("No check-in is open. I will ask you when the next one is due.")},
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(
            table="check_in", members=("member_id",), forget="keep",
            why=N_("When you were asked how it goes, and which button you pressed."),
        ),
    ),
)  # fmt: skip
