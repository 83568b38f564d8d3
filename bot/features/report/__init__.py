"""Safety: reports to moderators, keeping people apart, freezing, and the log of what moderators do."""

import storage.report
from bot.chat.spec import Audience, ButtonSpec, Command, FormSpec, MemberParam, Menu, NumberParam
from bot.feature import Feature, Personal, Setting, Sweep
from bot.features.report import handlers, moderating, moderator_views, reactions, rules, sweeps, views
from bot.i18n import N_
from storage.member import Member
from storage.report import Report, Separation

MOD = Audience.MODERATOR
NUMBER = NumberParam(name="number", label=N_("Report"), help=N_("Its number"), least=1)
WHO = MemberParam(name="who", label=N_("Who"), help=N_("The member"))

FEATURE = Feature(
    name="report",
    always=True,
    commands=(
        Command(
            path=("report",), help=N_("Tell moderators that something is not all right"), handler=handlers.report,
            example="/report", opens_form=True, sensitive=True,
            menus=(Menu("message", N_("Report confidentially")), Menu("member", N_("Report confidentially"))),
        ),
        Command(path=("safety", "how"), help=N_("What happens with a report, and who can help"), handler=handlers.how,
                example="/safety how", reads=True),
        Command(path=("safety", "mine"), help=N_("What you reported with your name"), handler=handlers.mine,
                example="/safety mine", reads=True),
        Command(path=("safety", "receipt"), help=N_("Look at a confidential report with its receipt"), sensitive=True,
                handler=handlers.receipt, example="/safety receipt", opens_form=True),
        Command(path=("safety", "conflict"), help=N_("What helps when two do not get on"), handler=handlers.conflict,
                example="/safety conflict", reads=True),
        Command(path=("mod", "queue"), help=N_("Open reports"), handler=moderating.queue, example="/mod queue",
                audience=MOD, reads=True),
        Command(path=("mod", "view"), help=N_("Look at a report"), handler=moderating.view, example="/mod view 1",
                audience=MOD, params=(NUMBER,)),
        Command(
            path=("mod", "assign"), help=N_("Take a report, or give it to another moderator"),
            handler=moderating.assign, example="/mod assign 1", audience=MOD,
            params=(NUMBER, MemberParam(name="who", label=N_("Who"), help=N_("Empty: you"), required=False)),
        ),
        Command(path=("mod", "ask"), help=N_("Ask the reporter, or leave a note"), handler=moderating.ask,
                example="/mod ask 1", audience=MOD, params=(NUMBER,), opens_form=True),
        Command(path=("mod", "resolve"), help=N_("Close a report"), handler=moderating.resolve,
                example="/mod resolve 1", audience=MOD, params=(NUMBER,), opens_form=True),
        Command(
            path=("mod", "separate"), help=N_("Keep two members apart, at once"), handler=moderating.separate,
            example="/mod separate @ana @bea", audience=MOD,
            params=(
                MemberParam(name="one", label=N_("One"), help=N_("One of the two")),
                MemberParam(name="other", label=N_("The other"), help=N_("The other one")),
            ),
        ),
        Command(path=("mod", "freeze"), help=N_("Stop a member from taking part, at once"), handler=moderating.freeze,
                example="/mod freeze @ana", audience=MOD, params=(WHO,)),
        Command(path=("mod", "unfreeze"), help=N_("Let a member take part again"), handler=moderating.unfreeze,
                example="/mod unfreeze @ana", audience=MOD, params=(WHO,)),
        Command(path=("mod", "apart"), help=N_("Who is kept apart, and who is frozen"), handler=moderating.apart,
                example="/mod apart", audience=MOD, reads=True),
        Command(path=("mod", "audit"), help=N_("What coordinators and moderators did"), handler=moderating.audit,
                example="/mod audit", audience=MOD, reads=True, paged=True),
    ),
    buttons=(
        ButtonSpec(name="report.mine", handler=handlers.mine, reads=True),
        ButtonSpec(name="report.answer", handler=handlers.answer, row=Report, opens_form=True, sensitive=True),
        ButtonSpec(name="report.receipt", handler=handlers.receipt, opens_form=True, sensitive=True),
        ButtonSpec(name="report.view", handler=moderating.view_button, row=Report, audience=MOD),
        ButtonSpec(name="report.take", handler=moderating.take, row=Report, audience=MOD),
        ButtonSpec(name="report.ask", handler=moderating.ask_button, row=Report, audience=MOD, opens_form=True),
        ButtonSpec(name="report.resolve", handler=moderating.resolve_button, row=Report, audience=MOD, opens_form=True),
        ButtonSpec(name="report.separate", handler=moderating.separate_button, row=Report, audience=MOD),
        ButtonSpec(name="report.freeze", handler=moderating.freeze_button, row=Report, audience=MOD),
        ButtonSpec(name="report.rejoin", handler=moderating.rejoin, row=Separation, audience=MOD),
        ButtonSpec(name="report.unfreeze", handler=moderating.unfreeze_button, row=Member, audience=MOD),
    ),
    forms=(
        FormSpec(
            name="report.file", build=handlers.report_form, handler=handlers.reported, sensitive=True,
            a_day=rules.A_DAY,
            example={
                "text": "They keep writing to me at night.", "kind": "boundaries", "urgency": "soon",
                "mode": "confidential", "about": "",
            },
        ),
        FormSpec(name="report.answer", build=handlers.answer_form, handler=handlers.answered, row=Report,
                 sensitive=True, example={"text": "It was on Tuesday."}),
        FormSpec(name="report.receipt", build=handlers.receipt_form, handler=handlers.by_receipt, sensitive=True,
                 example={"receipt": "0000-0000-0000-0000-0000-0000-00", "text": ""}),
        FormSpec(name="report.ask", build=moderating.ask_form, handler=moderating.asked, row=Report, audience=MOD,
                 sensitive=True, example={"to": "question", "text": "When was that?"}),
        FormSpec(name="report.resolve", build=moderating.resolve_form, handler=moderating.resolved, row=Report,
                 audience=MOD, sensitive=True, example={"outcome": "talked", "text": ""}),
    ),
    sweeps=(Sweep(name="report.reminders", due=storage.report.due, next_due=storage.report.next_due, run=sweeps.remind),),
    messages={
        "report.arrived": moderator_views.arrived,
        "report.answered": moderator_views.answered,
        "report.waits": moderator_views.waits,
        "report.yours": moderator_views.yours,
        "report.seen": views.seen,
        "report.question": views.question,
        "report.closed": views.closed,
        "report.apart": views.apart,
        "report.frozen": views.frozen,
        "report.unfrozen": views.unfrozen,
    },
    refusals={
        "report.unknown": N_("There is no report #{number}."),
        "report.not_for_you": N_("This report is for another moderator to look at."),
        "report.not_theirs": N_("They cannot look after report #{number}. Please choose another moderator."),
        "report.resolved": N_("Report #{number} is closed."),
        "report.taken": N_("{who} looks after report #{number} already. You can still ask or note."),
        "report.no_such_receipt": N_("I find no report with this receipt. Please check it letter by letter."),
        "report.not_two": N_("Report #{number} does not name two people. {command} takes their names."),
        "report.nobody_named": N_("Report #{number} names nobody. {command} takes a name."),
        "report.one_person": N_("That is one and the same person."),
        "report.freeze_self": N_("You cannot freeze yourself."),
    },
    settings=(
        Setting(key="report.contacts", kind="text", label=N_("Who can help in a crisis"),
                hint=N_("Local numbers and offices, shown with urgent reports.")),
    ),
    reacts={"member.forgotten": reactions.forget},
    home=handlers.home,
    personal=(
        Personal(
            table="report", members=("reporter_id",), forget="keep", retain=rules.KEPT, dated="resolved_at",
            why=N_("What you reported with your name."),
        ),
        Personal(
            table="report", members=("about_id", "assignee_id"), forget="keep", exported=False,
            why=N_("Reports about you, or that you looked after. They are others' words, so they are not in your copy."),
        ),
        Personal(table="report_line", members=("by_id",), forget="keep", why=N_("Questions and notes of moderators.")),
        Personal(table="separation", members=("first_id", "second_id"), forget="keep",
                 why=N_("Whom moderators keep you apart from.")),
    ),
)  # fmt: skip
