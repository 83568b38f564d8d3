"""Programmes: what they are about, joining, leaving."""

from bot.chat.spec import ButtonSpec, Command, FormSpec, MemberParam, Menu, ProgrammeParam
from bot.feature import Feature, Setting
from bot.features.programme import handlers, nominating, reactions, views
from bot.i18n import N_
from storage.programme import Programme

WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one"))

FEATURE = Feature(
    name="programme",
    commands=(
        Command(
            path=("programme", "info"), help=N_("What a programme is about and what it asks of you"),
            handler=handlers.info, example="/programme info", params=(WHICH,), reads=True,
        ),
        Command(
            path=("programme", "join"), help=N_("Join a programme: one short form"), handler=handlers.join,
            example="/programme join", params=(WHICH,), opens_form=True,
        ),
        Command(
            path=("programme", "leave"), help=N_("Leave a programme. No reason is needed"), handler=handlers.leave,
            example="/programme leave", params=(WHICH,),
        ),
        Command(
            path=("programme", "nominate"), help=N_("Suggest that somebody join, as a mentor for instance"),
            handler=nominating.nominate, example="/programme nominate @bea", a_day=5,
            params=(MemberParam(name="who", label=N_("Who"), help=N_("Whom you think of")), WHICH),
            menus=(Menu("member", N_("Nominate as mentor")),),
        ),
    ),
    buttons=(
        ButtonSpec(name="programme.decline", handler=nominating.decline, reads=True),
        ButtonSpec(name="programme.join", handler=handlers.join_button, row=Programme, opens_form=True),
        ButtonSpec(name="programme.info", handler=handlers.info_button, row=Programme, reads=True),
        ButtonSpec(name="programme.leave", handler=handlers.leave_for_good, row=Programme),
    ),
    forms=(
        FormSpec(
            name="programme.join", build=handlers.join_form, handler=handlers.joined, row=Programme,
            example={
                "role": "mentee", "zone": "Europe/Madrid", "languages": "English; Spanish", "wants": "writing; Python",
                "offers": "gardening", "interests": "hiking", "availability": "mon 18:00-20:00; sat 09:00-12:00",
            },
        ),
    ),
    messages={"programme.card": views.card, "programme.nominated": views.nominated},
    reacts={
        "member.left": reactions.member_left, "programme.applied": reactions.programme_applied,
        "cohort.opened": reactions.cohort_opened,
    },
    refusals={
        "programme.closed": N_("{programme} is not taking new people at the moment."),
        "programme.not_in": N_("You are not in {programme}."),
        "programme.nominates_self": N_("You need nobody to suggest you. Just join, and welcome."),
        "programme.nominee_left": N_("{who} has left this community, so this would not reach them."),
        "programme.in_already": N_("{who} is in {programme} already. Nothing needs to be done."),
    },
    settings=(
        Setting(
            key="programme.channel", kind="channel", label=N_("Channel for news"), setup=True,
            hint=N_("Where new programmes are announced, with a button to join."),
        ),
    ),
    home=handlers.home,
    steps=handlers.steps,
)  # fmt: skip
