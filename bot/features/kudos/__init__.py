"""Kudos: thanks with a reason."""

from bot.chat.spec import ButtonSpec, Command, MemberParam, Menu, TextParam
from bot.feature import Feature, Personal, Setting
from bot.features.kudos import handlers, views
from bot.i18n import N_

FEATURE = Feature(
    name="kudos",
    commands=(
        Command(
            path=("kudos", "give"), help=N_("Thank somebody, with the reason"), handler=handlers.give,
            example="/kudos give @bea for the patient review of my first patch",
            params=(
                MemberParam(name="who", label=N_("Who"), help=N_("Whom you thank")),
                TextParam(name="why", label=N_("Why"), help=N_("What they did, in your own words"), max_length=500),
            ),
            menus=(
                Menu("member", N_("Give kudos")),
                Menu("message", N_("Give kudos for this")),
                Menu("global", N_("Give kudos")),
            ),
        ),
        Command(
            path=("kudos", "mine"), help=N_("What people thanked you for"), handler=handlers.mine,
            example="/kudos mine", reads=True, paged=True,
        ),
    ),
    buttons=(ButtonSpec(name="kudos.give", handler=handlers.give_button, opens_form=True),),
    messages={"kudos.received": views.received, "kudos.posted": views.posted},
    refusals={
        "kudos.self": N_("Be kind to yourself, by all means. Kudos are for somebody else, though."),
        "kudos.short": N_("Please add a few words about what {who} did. That is what makes it worth reading."),
        "kudos.enough": N_("You have given {most} kudos today, which is the limit here. You can give more from {when}."),
        "kudos.left": N_("{who} has left this community, so this would not reach them."),
    },
    settings=(
        Setting(key="kudos.channel", kind="channel", label=N_("Channel for kudos"), setup=True,
                hint=N_("Where thanks are posted. Empty: they stay private.")),
        Setting(key="kudos.a_day", kind="number", label=N_("Kudos a day"), default=5, least=1, most=50,
                hint=N_("How many one person can give a day, so that each one counts.")),
    ),
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(
            table="kudos", members=("giver_id", "receiver_id"), forget="redact", texts=("reason",),
            why=N_("Thanks that you gave or received."),
        ),
    ),
)  # fmt: skip
