"""Shoutouts: praise that a coordinator writes for a channel and a moment, with the yes of who is praised."""

import storage.shoutout
from bot.chat.spec import Audience, ButtonSpec, Command, FormSpec
from bot.feature import Feature, Personal, Sweep
from bot.features.shoutout import handlers, sweeps, views
from bot.i18n import N_
from storage.shoutout import Shoutout, ShoutoutMember

FEATURE = Feature(
    name="shoutout",
    commands=(
        Command(
            path=("coord", "shoutout", "write"), help=N_("Praise somebody before everybody, now or later"),
            handler=handlers.write, example="/coord shoutout write", opens_form=True, audience=Audience.COORDINATOR,
        ),
        Command(
            path=("coord", "shoutout", "list"), help=N_("Shoutouts that wait to be posted"),
            handler=handlers.listed, example="/coord shoutout list", reads=True, audience=Audience.COORDINATOR,
        ),
    ),
    buttons=(
        ButtonSpec(name="shoutout.write", handler=handlers.write, opens_form=True, audience=Audience.COORDINATOR),
        ButtonSpec(name="shoutout.drop", handler=handlers.drop, row=Shoutout, audience=Audience.COORDINATOR),
        ButtonSpec(name="shoutout.yes", handler=handlers.yes, row=ShoutoutMember),
        ButtonSpec(name="shoutout.no", handler=handlers.no, row=ShoutoutMember),
    ),
    forms=(
        FormSpec(name="shoutout.write", build=handlers.write_form, handler=handlers.written,
                 audience=Audience.COORDINATOR,
                 example={"who": ("bea",), "words": "For four years of patient reviews.", "channel": "kudos",
                          "day": "2026-03-20", "at": "10:00"}),
    ),
    sweeps=(
        Sweep(name="shoutout.post", due=storage.shoutout.due, next_due=storage.shoutout.next_due, run=sweeps.post),
    ),
    reacts={"member.left": sweeps.left},
    messages={
        "shoutout.ask": views.ask, "shoutout.posted": views.posted, "shoutout.not_wanted": views.not_wanted,
    },
    personal=(
        Personal(table="shoutout", members=("author_id",), forget="redact", texts=("words",),
                 why=N_("Shoutouts that you wrote.")),
        Personal(table="shoutout_member", members=("member_id",), forget="delete",
                 why=N_("Shoutouts that praise you, and whether you agreed.")),
    ),
)  # fmt: skip
