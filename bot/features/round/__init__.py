"""Rounds: drawn when they are due or when a coordinator says so, and ended when their time is over."""

from datetime import timedelta

import storage.round
from bot.chat.spec import Audience, Command, ProgrammeParam, Slow
from bot.feature import Feature, Personal, Sweep
from bot.features.round import drawing, handlers, reactions, sweeps, views
from bot.i18n import N_
from bot.matching import match

WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one"))

FEATURE = Feature(
    name="round",
    commands=(
        Command(
            path=("coord", "matching", "preview"), help=N_("See the pairs that a round would make now; nothing is sent"),
            handler=Slow(drawing.read_now, match, handlers.preview), example="/coord matching preview", params=(WHICH,),
            audience=Audience.COORDINATOR,
        ),
        Command(
            path=("coord", "matching", "publish"), help=N_("Make a round now and introduce everybody"),
            handler=Slow(drawing.read_now, match, handlers.publish), example="/coord matching publish", params=(WHICH,),
            audience=Audience.COORDINATOR,
        ),
    ),
    sweeps=(
        Sweep(name="round.endings", due=storage.round.ending, next_due=storage.round.next_ending, run=sweeps.end),
        Sweep(
            name="round.wanted", due=storage.round.wanted, next_due=storage.round.next_wanted,
            run=Slow(drawing.read_wanted, match, drawing.write_wanted),
        ),
    ),
    schedules={"round.draw": drawing.wanted},
    messages={"round.unmatched": views.unmatched},
    refusals={
        "round.no_rounds": N_("{programme} makes no rounds: it is a help queue."),
        "round.nobody": N_("Nobody in {programme} can be paired yet. It takes at least two people."),
    },
    reacts={"programme.applied": reactions.keep_rounds},
    personal=(
        Personal(
            table="rematch", members=("member_id",), forget="delete", retain=timedelta(days=365), dated="asked_at",
            why=N_("That you asked for another partner, and why."),
        ),
    ),
)  # fmt: skip
