"""Rounds and pairs: who meets whom, why, where."""

import storage.pair
from bot.chat.spec import Audience, ButtonSpec, Command, ProgrammeParam, Slow
from bot.feature import Feature, Personal, Sweep
from bot.features.pair import handlers, reactions, rounds, views
from bot.i18n import N_
from bot.matching import match
from storage.pair import Pair

WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one"))

FEATURE = Feature(
    name="pair",
    commands=(
        Command(
            path=("match", "why"), help=N_("Who your partner is, and why you two"), handler=handlers.why,
            example="/match why", reads=True,
        ),
        Command(
            path=("coord", "matching", "preview"), help=N_("See the pairs that a round would make now; nothing is sent"),
            handler=Slow(rounds.read_now, match, handlers.preview), example="/coord matching preview", params=(WHICH,),
            audience=Audience.COORDINATOR,
        ),
        Command(
            path=("coord", "matching", "publish"), help=N_("Make a round now and introduce everybody"),
            handler=Slow(rounds.read_now, match, handlers.publish), example="/coord matching publish", params=(WHICH,),
            audience=Audience.COORDINATOR,
        ),
    ),
    buttons=(ButtonSpec(name="pair.why", handler=handlers.why_button, row=Pair, reads=True),),
    sweeps=(
        Sweep(name="pair.endings", due=storage.pair.ending, next_due=storage.pair.next_ending, run=rounds.end),
        Sweep(
            name="pair.rounds", due=storage.pair.wanted, next_due=storage.pair.next_wanted,
            run=Slow(rounds.read_wanted, match, rounds.write_wanted),
        ),
    ),
    schedules={"pair.round": rounds.wanted},
    messages={
        "pair.introduced": views.introduced,
        "pair.unmatched": views.unmatched,
        "pair.partner_left": views.partner_left,
        "pair.ended": views.ended,
    },
    refusals={
        "pair.none": N_("You have no partner at the moment. I will write to you when the next round is made."),
        "pair.no_rounds": N_("{programme} makes no rounds: it is a help queue."),
        "pair.nobody": N_("Nobody in {programme} can be paired yet. It takes at least two people."),
        "pair.not_yours": N_("This pair is not yours."),
    },
    reacts={
        "programme.applied": reactions.keep_rounds,
        "programme.left": reactions.leave_pairs,
        "member.forgotten": reactions.forget_reasons,
    },
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(table="pair_member", members=("member_id",), forget="keep", why=N_("Whom you were paired with.")),
    ),
)  # fmt: skip
