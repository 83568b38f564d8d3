"""Applications: coordinators read, ask back, talk, and decide; who applied hears each step in plain words."""

from datetime import timedelta

import storage.application
from bot.chat.spec import Audience, ButtonSpec, ChoiceParam, Command, FormSpec, MemberParam, ProgrammeParam
from bot.feature import Feature, Personal, Sweep
from bot.features.application import applying, reactions, reviewing, reviewing_views, rules, views
from bot.i18n import N_
from storage.application import Application

WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one"))
COORDINATOR = Audience.COORDINATOR
YEAR = timedelta(days=365)

FEATURE = Feature(
    name="application",
    commands=(
        Command(
            path=("coord", "application", "list"), help=N_("Who applied and waits for you, the longest first"),
            handler=reviewing.listed, example="/coord application list", audience=COORDINATOR, reads=True,
            params=(
                WHICH,
                ChoiceParam(name="which", label=N_("Which"), help=N_("Those that wait for you, or others"),
                            options=rules.SHELVES, required=False, named=True),
            ),
        ),
        Command(
            path=("coord", "application", "open"), help=N_("Read one person's application"),
            handler=reviewing.open_one, example="/coord application open @bea", audience=COORDINATOR, reads=True,
            params=(MemberParam(name="who", label=N_("Who"), help=N_("Whose application")), WHICH),
        ),
    ),
    buttons=(
        ButtonSpec(name="application.pick", handler=reviewing.pick, audience=COORDINATOR, reads=True),
        ButtonSpec(name="application.read", handler=reviewing.read, row=Application, audience=COORDINATOR, reads=True),
        ButtonSpec(name="application.next", handler=reviewing.following, row=Application, audience=COORDINATOR,
                   reads=True),
        ButtonSpec(name="application.approve", handler=reviewing.approve, row=Application, audience=COORDINATOR,
                   example="1"),
        ButtonSpec(name="application.waitlist", handler=reviewing.waitlist, row=Application, audience=COORDINATOR,
                   example="1"),
        ButtonSpec(name="application.decline", handler=reviewing.decline, row=Application, audience=COORDINATOR,
                   opens_form=True),
        ButtonSpec(name="application.ask", handler=reviewing.ask, row=Application, audience=COORDINATOR,
                   opens_form=True),
        ButtonSpec(name="application.talk", handler=reviewing.talk, row=Application, audience=COORDINATOR,
                   example="1"),
        ButtonSpec(name="application.score", handler=reviewing.score, row=Application, audience=COORDINATOR,
                   opens_form=True),
        ButtonSpec(name="application.reply", handler=applying.reply, row=Application, opens_form=True),
        ButtonSpec(name="application.slot", handler=applying.slot, row=Application, example="0"),
        ButtonSpec(name="application.no_slot", handler=applying.no_slot, row=Application),
    ),
    forms=(
        FormSpec(name="application.decline", build=reviewing.decline_form, handler=reviewing.declined, row=Application,
                 audience=COORDINATOR, example={"word": "We had many more people than places."}),
        FormSpec(name="application.ask", build=reviewing.ask_form, handler=reviewing.asked, row=Application,
                 audience=COORDINATOR, example={"question": "How many hours a week could you give?"}),
        FormSpec(name="application.score", build=reviewing.score_form, handler=reviewing.scored, row=Application,
                 audience=COORDINATOR, example={"note": "Listens well."}),
        FormSpec(name="application.reply", build=applying.reply_form, handler=applying.replied, row=Application,
                 example={"answer": "About two hours, in the evening."}),
    ),
    sweeps=(
        Sweep(name="application.remind", due=storage.application.due, next_due=storage.application.next_due,
              run=reactions.remind),
    ),
    messages={
        "application.approved": views.approved, "application.waitlisted": views.waitlisted,
        "application.declined": views.declined, "application.lapsed": views.lapsed,
        "application.asked": views.asked, "application.answered": reviewing_views.answered, "application.talk": views.talk,
        "application.talk_set": views.talk_set, "application.waits": reviewing_views.waits,
    },
    refusals={
        "application.decided": N_("This application has been decided already. Nothing was changed."),
        "application.none": N_("{who} has not applied to this programme, or took the application back."),
        "application.gone": N_("{who} has left this community. The application stays, and nothing was sent."),
        "application.no_times": N_("I found no time in the next four weeks that suits you both. Please write to each other."),
        "application.slot_over": N_("These times are over or were changed. The newest message about it has those that hold."),
    },
    reacts={
        "application.waits": reactions.waits, "programme.left": reactions.place_free,
        "programme.applied": reactions.places_changed, "member.left": reactions.left,
        "member.forgotten": reactions.forgotten, "cohort.finished": reactions.cohort_finished,
    },
    desk=reviewing.desk,
    steps=applying.steps,
    personal=(
        Personal(table="application_word", members=("author_id",), forget="redact", texts=("text",), retain=YEAR,
                 dated="at", why=N_("What you asked or answered about an application.")),
        Personal(table="application_review", members=("reviewer_id",), forget="redact", texts=("note",), retain=YEAR,
                 dated="updated_at", why=N_("What you noted as a reviewer.")),
        Personal(table="application", members=("member_id",), forget="delete", why=N_("Your applications.")),
        Personal(table="application", members=("decided_by", "talk_with"), forget="keep", exported=False,
                 why=N_("Applications that you decided or talked about.")),
        Personal(table="agreement_accepted", members=("member_id",), forget="delete",
                 why=N_("Agreements that you accepted, by version.")),
    ),
)  # fmt: skip
