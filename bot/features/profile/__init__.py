"""What somebody tells about themselves; how often, and when, Kith may write to them, and why it did or did not."""

from bot.chat.spec import (
    Audience,
    ButtonSpec,
    ChoiceParam,
    Command,
    DateParam,
    FormSpec,
    MemberParam,
    TextParam,
)
from bot.feature import Feature
from bot.features.profile import describing, handlers
from bot.i18n import N_

FEATURE = Feature(
    name="profile",
    commands=(
        Command(
            path=("profile", "view"), help=N_("What you told me about yourself, and who sees it"),
            handler=describing.view, example="/profile view", reads=True,
        ),
        Command(
            path=("profile", "edit"), help=N_("Change what you told me about yourself"), handler=describing.edit,
            example="/profile edit", opens_form=True,
        ),
        Command(
            path=("profile", "availability"), help=N_("Choose when you are usually free, day by day"),
            handler=describing.availability, example="/profile availability", opens_form=True,
        ),
        Command(
            path=("profile", "timezone"), help=N_("Set your time zone"), handler=describing.timezone,
            example="/profile timezone Europe/Madrid",
            params=(TextParam(name="zone", label=N_("Time zone"), help=N_("Like Europe/Madrid"), max_length=60,
                              complete=describing.zones),),
        ),
        Command(
            path=("profile", "language"), help=N_("The language in which I write to you"),
            handler=describing.language, example="/profile language es",
            params=(ChoiceParam(name="language", label=N_("Language"), help=N_("The language of my messages"),
                                options=(("en", "English"), ("es", "Español"))),),
        ),
        Command(
            path=("profile", "avoid", "add"), help=N_("Never be paired with somebody. Nobody sees this"),
            handler=describing.avoid_add, example="/profile avoid add @bea",
            params=(MemberParam(name="who", label=N_("Who"), help=N_("Whom you avoid")),),
        ),
        Command(
            path=("profile", "avoid", "remove"), help=N_("Take somebody off that list"),
            handler=describing.avoid_remove, example="/profile avoid remove @bea",
            params=(MemberParam(name="who", label=N_("Who"), help=N_("Whom you no longer avoid")),),
        ),
        Command(
            path=("profile", "avoid", "list"), help=N_("Whom you avoid; only you see it"),
            handler=describing.avoid_list, example="/profile avoid list", reads=True,
        ),
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
        ButtonSpec(name="profile.edit", handler=describing.edit, opens_form=True),
        ButtonSpec(name="profile.week", handler=describing.availability, opens_form=True),
        ButtonSpec(name="profile.change", handler=handlers.change, opens_form=True),
        ButtonSpec(name="profile.pause", handler=handlers.pause_button),
        ButtonSpec(name="profile.resume", handler=handlers.resume_button),
        ButtonSpec(name="profile.why", handler=handlers.why, reads=True),
    ),
    forms=(
        FormSpec(
            name="profile.edit", build=describing.edit_form, handler=describing.edited,
            example={
                "pronouns": "she/her", "languages": "English; Spanish", "wants": "writing", "offers": "gardening",
                "interests": "hiking", "needs": "Captions in calls.",
            },
        ),
        FormSpec(
            name="profile.week", build=describing.availability_form, handler=describing.availability_saved,
            example={"day_0": ("6",), "day_5": ("1", "2")},
        ),
        FormSpec(
            name="profile.nudges", build=handlers.form, handler=handlers.save,
            example={"quiet_start": "21:00", "quiet_end": "08:00", "budget": "3", "until": ""},
        ),
    ),
    home=handlers.home,
    refusals={
        "profile.zone": N_("I don't know {given}. Please write it like Europe/Madrid."),
        "profile.zone_near": N_("I don't know {given}. Did you mean {nearest}?"),
        "profile.avoid_self": N_("You are never paired with yourself, so there is nothing to add."),
        "profile.avoid_many": N_("Your list holds {most} people, which is the most. If it is that hard, a coordinator can help."),
        "profile.avoid_not": N_("{who} is not on your list, so nothing was changed."),
    },
)  # fmt: skip
