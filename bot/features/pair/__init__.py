"""Pairs: who meets whom, why, where, and how it ends."""

from bot.chat.spec import ButtonSpec, Command
from bot.feature import Feature, Personal
from bot.features.pair import handlers, reactions, views
from bot.i18n import N_
from storage.pair import Pair

FEATURE = Feature(
    name="pair",
    commands=(
        Command(
            path=("match", "why"), help=N_("Who your partner is, and why you two"), handler=handlers.why,
            example="/match why", reads=True,
        ),
    ),
    buttons=(ButtonSpec(name="pair.why", handler=handlers.why_button, row=Pair, reads=True),),
    messages={
        "pair.introduced": views.introduced,
        "pair.partner_left": views.partner_left,
        "pair.ended": views.ended,
    },
    refusals={
        "pair.none": N_("You have no partner at the moment. I will write to you when the next round is made."),
        "pair.not_yours": N_("This pair is not yours."),
    },
    reacts={
        "pair.introduced": reactions.introduce,
        "pair.ended": reactions.say_goodbye,
        "programme.left": reactions.leave_pairs,
        "member.forgotten": reactions.forget_reasons,
    },
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(table="pair_member", members=("member_id",), forget="keep", why=N_("Whom you were paired with.")),
    ),
)  # fmt: skip
