"""Programmes: what they are about, joining, leaving."""

from bot.chat.spec import (
    Audience,
    ButtonSpec,
    Command,
    DateParam,
    FormSpec,
    MemberParam,
    Menu,
    ProgrammeParam,
    TextParam,
)
from bot.feature import Feature, Setting
from bot.features.programme import granting, handlers, joining, joining_views, making, nominating, reactions, views
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
            path=("programme", "join"), help=N_("Join a programme: one short form"), handler=joining.join,
            example="/programme join", params=(WHICH,), opens_form=True,
        ),
        Command(
            path=("programme", "status"), help=N_("Where you stand: your role, your application, what comes next"),
            handler=handlers.status, example="/programme status", params=(WHICH,), reads=True,
        ),
        Command(
            path=("programme", "pause"), help=N_("Be paired with nobody in one programme until a day"),
            handler=handlers.pause, example="/programme pause 2026-03-20",
            params=(DateParam(name="until", label=N_("Until"), help=N_("The day on which you are back")), WHICH),
        ),
        Command(
            path=("programme", "resume"), help=N_("End a pause of a programme"), handler=handlers.resume,
            example="/programme resume", params=(WHICH,),
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
        Command(
            path=("coord", "cohort", "create"), help=N_("Make a new programme with its first cohort: one form"),
            handler=making.create, example="/coord cohort create", audience=Audience.COORDINATOR, opens_form=True,
        ),
        Command(
            path=("coord", "cohort", "clone"), help=N_("Make a copy of a programme under another name"),
            handler=making.clone, example='/coord cohort clone "Coffee in Bogota"', audience=Audience.COORDINATOR,
            params=(TextParam(name="name", label=N_("Name"), help=N_("What the new one is called"), max_length=80), WHICH),
        ),
    ),
    buttons=(
        ButtonSpec(name="programme.decline", handler=nominating.decline, reads=True),
        ButtonSpec(name="programme.join", handler=joining.join_button, row=Programme, opens_form=True),
        ButtonSpec(name="programme.info", handler=handlers.info_button, row=Programme, reads=True),
        ButtonSpec(name="programme.agree", handler=joining.agree, row=Programme, example="mentor.1"),
        ButtonSpec(name="programme.agreement", handler=joining.read_agreement, row=Programme, reads=True),
        ButtonSpec(name="programme.leave", handler=handlers.leave_for_good, row=Programme),
    ),
    forms=(
        FormSpec(
            name="programme.create", build=making.create_form, handler=making.created, audience=Audience.COORDINATOR,
            example={
                "kind": "peers", "name": "Lunch", "summary": "A new face every month.", "weeks": "4",
                "goal": "Most pairs meet.", "measure": "met", "target": "80",
            },
        ),
        FormSpec(
            name="programme.join", build=joining.join_form, handler=joining.joined, row=Programme,
            example={
                "role": "mentee", "zone": "Europe/Madrid", "languages": "English; Spanish", "wants": "writing; Python",
                "offers": "gardening", "interests": "hiking", "availability": "mon 18:00-20:00; sat 09:00-12:00",
            },
        ),
    ),
    messages={
        "programme.card": views.card, "programme.nominated": views.nominated,
        "programme.agreement_changed": joining_views.agreement_changed, "programme.welcome": views.welcome,
    },
    reacts={
        "member.left": reactions.member_left, "programme.applied": reactions.programme_applied,
        "cohort.opened": reactions.cohort_opened, "space.joined": reactions.newcomer, "programme.joined": granting.bring_in_line, "programme.left": granting.left,
        "training.passed": granting.passed,
    },
    refusals={
        "programme.closed": N_("{programme} is not taking new people at the moment. What you wrote into its form is kept."),
        "programme.declined": N_("Your application to {programme} was declined for {cohort}. You are welcome to apply to the next cohort."),
        "programme.name_taken": N_("{name} cannot be used: there is such a programme already, or it has no letters."),
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
        Setting(
            key="programme.mentor_role", kind="granted", label=N_("Role for mentors"),
            hint=N_("Given when somebody is a mentor and has passed what is asked for, taken when they leave."),
        ),
        Setting(
            key="programme.mentee_role", kind="granted", label=N_("Role for mentees"),
            hint=N_("Given when somebody is a mentee, taken when they leave. On Slack: a user group."),
        ),
        Setting(
            key="programme.peer_role", kind="granted", label=N_("Role for members of a programme"),
            hint=N_("Given to the people of programmes without mentors, taken when they leave."),
        ),
        Setting(
            key="programme.welcome", kind="channel", label=N_("Channel to greet newcomers"),
            hint=N_("At most one post a day, with the programmes that take people. Empty: nobody is greeted."),
        ),
    ),
    home=handlers.home,
    steps=handlers.steps,
)  # fmt: skip
