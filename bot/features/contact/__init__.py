"""Pairs across spaces: each may share one contact; nobody sees one before everybody has, and nothing is relayed."""

from datetime import timedelta

from bot.chat.spec import ButtonSpec, Command, FormSpec
from bot.feature import Feature, Personal
from bot.features.contact import handlers, reactions, views
from bot.i18n import N_
from storage.pair import Pair

FEATURE = Feature(
    name="contact",
    commands=(
        Command(
            path=("match", "contact"), help=N_("How to reach a partner who is in another space"), handler=handlers.show,
            example="/match contact", reads=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="contact.share", handler=handlers.share_button, row=Pair, opens_form=True),
        ButtonSpec(name="contact.take_back", handler=handlers.take_back, row=Pair),
    ),
    forms=(
        FormSpec(
            name="contact.form", build=handlers.form, handler=handlers.shared, row=Pair, sensitive=True,
            example={"contact": "ana@example.org"},
        ),
    ),
    messages={"contact.offered": views.offered, "contact.ready": views.ready, "contact.exchanged": views.exchanged},
    refusals={
        "contact.none": N_("None of your partners is in another space, so you can write to each other here."),
        "contact.here": N_("You share a space with your partner, so you can write to each other here."),
    },
    reacts={"pair.introduced": reactions.offer, "pair.ended": reactions.erase, "pair.left": reactions.left},
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(
            table="pair_contact", members=("member_id",), forget="delete", retain=timedelta(days=400), dated="shared_at",
            why=N_("How a partner in another space can reach you. Erased when the pair ends."),
        ),
    ),
)  # fmt: skip
