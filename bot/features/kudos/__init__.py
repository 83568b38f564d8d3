"""Kudos: thanks with a reason."""

from bot import schedules
from bot.chat.spec import Audience, ButtonSpec, Command, FormSpec, MembersParam, Menu, TextParam
from bot.feature import Feature, Personal, Setting
from bot.features.kudos import digest, handlers, views
from bot.i18n import N_
from storage.kudos import Kudos

FEATURE = Feature(
    name="kudos",
    commands=(
        Command(
            path=("kudos", "give"), help=N_("Thank somebody, with the reason"), handler=handlers.give,
            example="/kudos give @bea for the patient review of my first patch",
            params=(
                MembersParam(name="who", label=N_("Who"), help=N_("Whom you thank, five people at most"), most=5),
                TextParam(name="why", label=N_("Why"), help=N_("What they did, in your own words"), max_length=500),
                TextParam(name="value", label=N_("For which value"), help=N_("What it shows that we care about"),
                          required=False, named=True, closed=True, complete=handlers.values, max_length=60),
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
        Command(
            path=("kudos", "preferences"), help=N_("Who may see what you are thanked for"),
            handler=handlers.preferences, example="/kudos preferences", opens_form=True,
        ),
        Command(
            path=("kudos", "board"), help=N_("Who was thanked by most people, where it is turned on"),
            handler=digest.board, example="/kudos board", reads=True,
        ),
        Command(
            path=("coord", "kudos", "unthanked"), help=N_("Active people whom nobody has thanked lately"),
            handler=digest.unthanked, example="/coord kudos unthanked", reads=True, paged=True,
            audience=Audience.COORDINATOR,
        ),
    ),
    buttons=(
        ButtonSpec(name="kudos.give", handler=handlers.give_button, opens_form=True),
        ButtonSpec(name="kudos.undo", handler=handlers.undo, row=Kudos),
        ButtonSpec(name="kudos.show", handler=handlers.show, row=Kudos),
        ButtonSpec(name="kudos.keep", handler=handlers.keep, row=Kudos),
    ),
    forms=(
        FormSpec(name="kudos.preferences", build=handlers.preferences_form, handler=handlers.preferred,
                 example={"sight": views.PUBLIC}),
    ),
    schedules={"kudos.digest": digest.post},
    reacts={"community.ready": digest.keep, "member.linked": digest.linked},
    messages={
        "kudos.received": views.received, "kudos.posted": views.posted, "kudos.taken_back": views.taken_back,
        "kudos.digest": views.digest,
    },
    refusals={
        "kudos.self": N_("Be kind to yourself, by all means. Kudos are for somebody else, though."),
        "kudos.short": N_("Please add a few words about what {who} did. That is what makes it worth reading."),
        "kudos.enough": N_("You have given all the kudos you have for now. You can give more from {when}."),
        "kudos.fewer": N_("You can give {left} more for now, and these are {given}. Perhaps you thank the others later."),
        "kudos.repeated": N_("You have said this in the same words before. What did {who} do this time?"),
        "kudos.too_late": N_("Thanks can be taken back for ten minutes, and those have passed."),
        "kudos.no_value": N_("{value} is not one of the values here. There are: {values}."),
        "kudos.no_values": N_("This community has named no values, so your thanks need none."),
        "kudos.no_board": N_("This community keeps no list of who was thanked most."),
        "kudos.left": N_("{who} has left this community, so this would not reach them."),
    },
    settings=(
        Setting(key="kudos.channel", kind="channel", label=N_("Channel for kudos"), setup=True,
                hint=N_("Where thanks are posted. Empty: they stay private.")),
        Setting(key="kudos.a_day", kind="number", label=N_("Kudos a day"), default=5, least=1, most=50,
                hint=N_("How many one person can give a day, so that each one counts.")),
        Setting(key="kudos.a_week", kind="number", label=N_("Kudos a week"), default=15, least=1, most=200,
                hint=N_("How many one person can give a week, from Monday on.")),
        Setting(key="kudos.values", kind="text", label=N_("What you value"),
                hint=N_("Words that thanks can be given for, between commas: patience, courage.")),
        Setting(key="kudos.digest", kind="choice", label=N_("Thanks of the week"), default="fri",
                options=schedules.DAYS_OR_NEVER,
                hint=N_("The best reasons, in the channel for kudos, at four in the afternoon.")),
        Setting(key="kudos.board", kind="yesno", label=N_("A list of who was thanked most"), default=False,
                hint=N_("By how many different people. Only who likes to be thanked in public is on it.")),
    ),
    home=handlers.home,
    desk=digest.desk,
    steps=handlers.steps,
    personal=(
        Personal(
            table="kudos", members=("giver_id", "receiver_id"), forget="redact", texts=("reason",),
            why=N_("Thanks that you gave or received."),
        ),
        Personal(
            table="recognition", members=("member_id",), forget="delete",
            why=N_("Whether thanks to you may be shown to others."),
        ),
    ),
)  # fmt: skip
