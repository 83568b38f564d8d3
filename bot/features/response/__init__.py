"""The response clock: what happens, kindly and step by step, when somebody does not answer."""

import storage.response
from bot.chat.spec import ButtonSpec
from bot.feature import Feature, Personal, Setting, Sweep
from bot.features.response import handlers, reactions, sweeps, views
from bot.i18n import N_
from storage.response import Response

FEATURE = Feature(
    name="response",
    buttons=(
        ButtonSpec(name="response.fine", handler=handlers.fine, row=Response),
        ButtonSpec(name="response.later", handler=handlers.later, row=Response),
        ButtonSpec(name="response.wait", handler=handlers.wait, row=Response),
        ButtonSpec(name="response.back", handler=handlers.back),
    ),
    sweeps=(
        Sweep(
            name="response.steps", due=storage.response.due, next_due=storage.response.next_due, run=sweeps.step,
        ),
    ),
    settings=(
        Setting(
            key="response.days", kind="number", label=N_("Days to answer an introduction"), default=4, least=1, most=30,
            hint=N_("After so many I remind once; after twice as many I warn; then I offer another partner."),
        ),
        Setting(
            key="response.inactive_after", kind="number", label=N_("Open questions until a rest"), default=6, least=0,
            most=50, hint=N_("Who leaves so many in a row open is asked and paired no more. 0: never."),
        ),
    ),
    messages={
        "response.remind": views.remind,
        "response.warn": views.warn,
        "response.patience": views.patience,
        "response.reroute": views.reroute,
        "response.unavailable": views.unavailable,
        "response.inactive": views.inactive,
    },
    nudges={"response.remind": N_("a reminder to answer an introduction")},
    reacts={
        "pair.introduced": reactions.introduced,
        "pair.ended": reactions.ended,
        "pair.met": reactions.met,
        "pair.well": reactions.met,
        "pair.joined": reactions.joined,
        "pair.left": reactions.left,
        "row.pressed": reactions.pressed,
        "checkin.answered": reactions.checked_in,
        "session.planned": reactions.in_touch,
        "session.logged": reactions.in_touch,
        "member.silent": reactions.silent,
    },
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(
            table="response", members=("member_id",), forget="keep",
            why=N_("Whether an introduction waited for a sign of you, and how long."),
        ),
    ),
)  # fmt: skip
