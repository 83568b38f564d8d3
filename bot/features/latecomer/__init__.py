"""Latecomers: who joins a running round is offered to a mentor with room, or to a pair that says yes to one more."""

import storage.latecomer
from bot.chat.spec import ButtonSpec, Slow
from bot.feature import Feature, Personal, Sweep
from bot.features.latecomer import handlers, reactions, rules, sweeps, views
from bot.i18n import N_
from storage.latecomer import LateQuestion

FEATURE = Feature(
    name="latecomer",
    buttons=(
        # One button for both answers: its name stands in logs, its argument does not.
        ButtonSpec(name="latecomer.answer", handler=handlers.answer, row=LateQuestion, sensitive=True, example="yes"),
    ),
    sweeps=(
        Sweep(
            name="latecomer.look", due=storage.latecomer.looking, next_due=storage.latecomer.next_looking,
            run=Slow(sweeps.read, rules.best, sweeps.write),
        ),
        Sweep(name="latecomer.ask", due=storage.latecomer.due, next_due=storage.latecomer.next_due, run=sweeps.ask),
    ),
    messages={"latecomer.mentor_asked": views.mentor_asked, "latecomer.pair_asked": views.pair_asked},
    nudges={
        "latecomer.mentor_asked": N_("a question about somebody who joined late"),
        "latecomer.pair_asked": N_("a question about somebody who joined late"),
    },
    refusals={"latecomer.settled": N_("Thank you. This has found its way already, so nothing was changed.")},
    reacts={"programme.joined": reactions.look_for, "programme.left": reactions.give_up},
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(
            table="latecomer", members=("member_id",), forget="redact", texts=("reasons",),
            why=N_("That a place in a running round was looked for, for you."),
        ),
        Personal(
            table="late_question", members=("member_id",), forget="delete",
            why=N_("Whether you would like to take somebody in who joined later."),
        ),
    ),
)  # fmt: skip
