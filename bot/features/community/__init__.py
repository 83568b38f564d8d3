"""The community itself: set-up, settings, how it stands, a member's page."""

from bot.chat.spec import Audience, ButtonSpec, ChoiceParam, Command, FormSpec
from bot.feature import Feature
from bot.features.community import handlers, rules
from bot.i18n import N_

FEATURE = Feature(
    name="community",
    always=True,
    commands=(
        Command(
            path=("me", "home"), help=N_("Your page: what is next, your pair, your kudos"), handler=handlers.me,
            example="/me home", reads=True,
        ),
        Command(
            path=("coord", "setup"), help=N_("Set up this community: who coordinates, channels, language, zone"),
            handler=handlers.setup, example="/coord setup", audience=Audience.COORDINATOR, opens_form=True,
        ),
        Command(
            path=("coord", "settings"), help=N_("Change what this community decided"), handler=handlers.settings,
            example="/coord settings kudos", audience=Audience.COORDINATOR, opens_form=True,
            params=(ChoiceParam(name="about", label=N_("About"), help=N_("What to change"), options=rules.PARTS),),
        ),
        Command(
            path=("coord", "status"), help=N_("How the programmes stand, and what needs you"), handler=handlers.status,
            example="/coord status", audience=Audience.COORDINATOR, reads=True,
        ),
    ),
    buttons=(ButtonSpec(name="community.home", handler=handlers.me, reads=True),),
    forms=(
        FormSpec(
            name="community.setup", build=handlers.setup_form, handler=handlers.save_setup,
            audience=Audience.COORDINATOR,
            example={
                "name": "North Bank Makers", "language": "en", "zone": "Europe/Madrid",
                "core.coordinator_roles": (), "core.moderator_roles": (), "core.rooms": "room",
            },
        ),
        FormSpec(
            name="community.settings", build=handlers.settings_form, handler=handlers.save_settings,
            audience=Audience.COORDINATOR, example={"kudos.a_day": "5", "kudos.a_week": "15", "kudos.digest": "fri", "kudos.board": "no"},
        ),
    ),
    desk=handlers.desk,
    steps=handlers.steps,
    refusals={"community.nothing_to_set": N_("There is nothing to set here.")},
)  # fmt: skip
