"""How often, and when, Kith may write to somebody; and why it did or did not."""

from bot.chat.spec import Audience, ButtonSpec, Command, DateParam, FormSpec, MemberParam
from bot.feature import Feature
from bot.features.profile import handlers
from bot.i18n import N_

FEATURE = Feature(
    name="profile",
    commands=(
        Command(
            path=("profile", "nudges"), help=N_("When and how often I may write to you, and what comes next"),
            handler=handlers.nudges, example="/profile nudges", reads=True,
        ),
        Command(
            path=("profile", "pause"), help=N_("Hear nothing, and be paired with nobody, until a day you choose"),
            handler=handlers.pause, example="/profile pause 2026-03-20",
            params=(DateParam(name="until", label=N_("Until"), help=N_("The day on which you are back")),),
        ),
        Command(
            path=("profile", "resume"), help=N_("End a pause now"), handler=handlers.resume,
            example="/profile resume",
        ),
        Command(
            path=("coord", "nudge", "explain"), help=N_("Why something was or was not sent to somebody"),
            handler=handlers.explain, example="/coord nudge explain @bea", audience=Audience.COORDINATOR, reads=True,
            params=(MemberParam(name="who", label=N_("Who"), help=N_("Whose messages")),),
        ),
    ),
    buttons=(
        ButtonSpec(name="profile.show", handler=handlers.nudges, reads=True),
        ButtonSpec(name="profile.change", handler=handlers.change, opens_form=True),
        ButtonSpec(name="profile.pause", handler=handlers.pause_button),
        ButtonSpec(name="profile.resume", handler=handlers.resume_button),
        ButtonSpec(name="profile.why", handler=handlers.why, reads=True),
    ),
    forms=(
        FormSpec(
            name="profile.nudges", build=handlers.form, handler=handlers.save,
            example={"quiet_start": "21:00", "quiet_end": "08:00", "budget": "3", "until": ""},
        ),
    ),
    home=handlers.home,
    refusals={
        "profile.past": N_("That day is over. Please choose a day from tomorrow on."),
        "profile.far": N_("That is more than a year away. Please choose a nearer day, or leave the programme for now."),
    },
)  # fmt: skip
