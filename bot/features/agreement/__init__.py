"""Pair agreements: rhythm, channel, confidentiality, hopes; valid when everybody said yes."""

import storage.agreement
from bot.chat.spec import ButtonSpec, Command, FormSpec
from bot.feature import Feature, Personal, Sweep
from bot.features.agreement import handlers, reactions, sweeps, views
from bot.i18n import N_
from storage.agreement import Agreement, AgreementSeat
from storage.pair import Pair

FEATURE = Feature(
    name="agreement",
    commands=(
        Command(
            path=("match", "agreement"), help=N_("How you and your partner work together"), handler=handlers.show,
            example="/match agreement", reads=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="agreement.open", handler=handlers.open_button, row=Pair, opens_form=True),
        ButtonSpec(name="agreement.see", handler=handlers.see, row=Pair, reads=True),
        ButtonSpec(name="agreement.agree", handler=handlers.agree, row=Agreement, example="1"),
        ButtonSpec(name="agreement.keep", handler=handlers.keep, row=AgreementSeat),
    ),
    forms=(
        FormSpec(
            name="agreement.form", build=handlers.form, handler=handlers.suggested, row=Pair,
            example={
                "rhythm": "fortnightly", "channel": "video", "confidentiality": "between",
                "hope": "Somebody to think aloud with.",
            },
        ),
    ),
    sweeps=(
        Sweep(
            name="agreement.half_time", due=storage.agreement.due, next_due=storage.agreement.next_due,
            run=sweeps.half_time,
        ),
    ),
    messages={
        "agreement.suggested": views.suggestion,
        "agreement.agreed": views.agreed,
        "agreement.half_time": views.half_time,
    },
    nudges={
        "agreement.half_time": N_("a look at your agreement at half-time"),
    },
    refusals={
        "agreement.no_pair": N_("You have no partner at the moment, so there is nothing to agree on yet."),
        "agreement.changed": N_(
            "Somebody suggested something else meanwhile, so nothing was changed. {command} shows the newest."
        ),
    },
    reacts={
        "pair.introduced": reactions.begin,
        "pair.ended": reactions.drop,
        "pair.resumes": reactions.count_again,
        "pair.left": reactions.count_again,
        "pair.joined": reactions.ask_everybody_again,
    },
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(
            table="agreement_seat", members=("member_id",), forget="delete",
            why=N_("What you hoped for with a partner, and what you agreed to."),
        ),
    ),
)  # fmt: skip
