"""Pairs: who meets whom, why, where, and how it ends."""

from bot.chat.spec import ButtonSpec, Command, FormSpec
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
        Command(
            path=("match", "rematch"), help=N_("Find another partner. No reason is needed"), handler=handlers.rematch,
            example="/match rematch", opens_form=True,
        ),
        Command(
            path=("match", "leave"), help=N_("Leave your pair. No reason is needed"), handler=handlers.leave,
            example="/match leave", opens_form=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="pair.why", handler=handlers.why_button, row=Pair, reads=True),
        ButtonSpec(name="pair.question", handler=handlers.question, row=Pair),
        ButtonSpec(name="pair.rematch", handler=handlers.rematch_button, row=Pair, opens_form=True),
        ButtonSpec(name="pair.leave", handler=handlers.leave_button, row=Pair, opens_form=True),
    ),
    forms=(
        FormSpec(
            name="pair.rematch", build=handlers.rematch_form, handler=handlers.rematched, row=Pair, sensitive=True,
            example={"reason": "We could not find a time."},
        ),
        FormSpec(
            name="pair.leave", build=handlers.leave_form, handler=handlers.left, row=Pair, sensitive=True,
            example={"reason": "A new job."},
        ),
    ),
    messages={
        "pair.introduced": views.introduced,
        "pair.joined": views.joined,
        "pair.question": views.question,
        "pair.partner_left": views.partner_left,
        "pair.parted": views.parted,
        "pair.rematch_asked": views.rematch_asked,
        "pair.ended": views.ended,
    },
    refusals={
        "pair.none": N_("You have no partner at the moment. I will write to you when the next round is made."),
        "pair.not_yours": N_("This pair is not yours."),
        "pair.no_more_questions": N_("You have had all the questions I know. By now you surely have your own."),
    },
    reacts={
        "pair.introduced": reactions.introduce,
        "pair.joined": reactions.welcome,
        "pair.ended": reactions.say_goodbye,
        "pair.frozen": reactions.freeze,
        "pair.unfrozen": reactions.unfreeze,
        "member.frozen": reactions.freeze_member,
        "member.unfrozen": reactions.unfreeze_member,
        "trial.over": reactions.end_trial,
        "programme.left": reactions.leave_pairs,
        "member.forgotten": reactions.forget_reasons,
    },
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(table="pair_member", members=("member_id",), forget="keep", why=N_("Whom you were paired with.")),
    ),
)  # fmt: skip
