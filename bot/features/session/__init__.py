"""Sessions: finding a time, preparing, logging, confirming."""

import storage.session
from bot.chat.spec import ButtonSpec, Command, FormSpec, MemberParam, Menu
from bot.feature import Feature, Personal, Sweep
from bot.features.session import handlers, log_views, logs, pages, reactions, sweeps, views
from bot.i18n import N_
from storage.pair import Pair
from storage.session import Session

WHO = MemberParam(
    name="who", label=N_("With whom"), help=N_("Which partner; not needed when there is only one"), required=False
)
LOG = {
    "day": "2026-03-03", "minutes": "45", "topics": "the first patch", "next_step": "Ana reads the guide",
    "shared": "We liked it.", "private": "Ask about tests next time.", "help": "no", "for_coordinators": "",
}  # fmt: skip

FEATURE = Feature(
    name="session",
    commands=(
        Command(
            path=("session", "plan"), help=N_("Find a time to meet your partner"), handler=handlers.plan,
            example="/session plan", params=(WHO,), reads=True,
        ),
        Command(
            path=("session", "prep"), help=N_("What to talk about the next time"), handler=pages.prep,
            example="/session prep", params=(WHO,), reads=True,
        ),
        Command(
            path=("session", "log"), help=N_("Log a session that took place"), handler=logs.log,
            example="/session log", params=(WHO,), opens_form=True, menus=(Menu("global", N_("Log a session")),),
        ),
        Command(
            path=("session", "list"), help=N_("Your sessions, and the hours they add up to"), handler=pages.listing,
            example="/session list", reads=True, paged=True,
        ),
        Command(
            path=("session", "export"), help=N_("Your sessions as a table to keep"), handler=pages.export,
            example="/session export", reads=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="session.plan", handler=handlers.plan_with, reads=True),
        ButtonSpec(name="session.prep", handler=pages.prep_with, reads=True),
        ButtonSpec(name="session.log", handler=logs.log_with, opens_form=True),
        ButtonSpec(name="session.pick", handler=handlers.pick, row=Pair, example="2026-03-09T17:00Z"),
        ButtonSpec(name="session.another", handler=handlers.another, row=Pair, opens_form=True),
        ButtonSpec(name="session.move", handler=handlers.move, row=Session, opens_form=True),
        ButtonSpec(name="session.accept", handler=handlers.accept, row=Session, example="1"),
        ButtonSpec(name="session.cancel", handler=handlers.cancel, row=Session),
        ButtonSpec(name="session.change", handler=logs.change, row=Session, opens_form=True),
        ButtonSpec(name="session.right", handler=logs.right, row=Session, example="1"),
        ButtonSpec(name="session.other", handler=logs.other, row=Session, example="1"),
    ),
    forms=(
        FormSpec(
            name="session.another", build=handlers.another_form, handler=handlers.another_given, row=Pair,
            example={"day": "2026-03-09", "at": "18:00", "minutes": "60"},
        ),
        FormSpec(
            name="session.move", build=handlers.move_form, handler=handlers.move_given, row=Session,
            example={"day": "2026-03-09", "at": "18:00"},
        ),
        FormSpec(name="session.log", build=logs.log_form, handler=logs.logged, row=Pair, example=LOG),
        FormSpec(name="session.change", build=logs.change_form, handler=logs.changed, row=Session, example=LOG),
    ),
    sweeps=(
        Sweep(name="session.remind", due=storage.session.due, next_due=storage.session.next_due, run=sweeps.remind),
    ),
    messages={
        "session.suggested": views.suggested,
        "session.planned": views.planned,
        "session.cancelled": views.cancelled,
        "session.withdrawn": views.withdrawn,
        "session.pair_ended": views.pair_ended,
        "session.reminder": views.reminder,
        "session.logged": log_views.asked,
        "session.otherwise": log_views.otherwise,
        "session.help_wanted": log_views.help_wanted,
    },
    reacts={"pair.ended": reactions.call_off_all},
    refusals={
        "session.no_pair": N_("Sessions are for two or more, and you have no partner at the moment."),
        "session.not_together": N_("You and {who} are not in a pair together."),
        "session.not_yours": N_("This session is of another pair, so nothing was changed."),
        "session.ended": N_("This pair has ended, so nothing was changed."),
        "session.changed": N_("This has changed since. {look} shows how it stands."),
        "session.own": N_("You proposed this time yourself, so it waits for the others."),
        "session.over": N_("That time is over, or too near. Please choose a later one."),
        "session.taken": N_("One of you has another session at that time. Please choose another one."),
        "session.confirmed": N_("This session is confirmed already. It counts."),
        "session.own_log": N_("You logged this one yourself, so it waits for another's word."),
        "session.nothing": N_("There is nothing to export yet."),
    },
    home=pages.home,
    steps=pages.steps,
    personal=(
        Personal(
            table="session", members=("logged_by", "suggested_by"), forget="redact",
            texts=("topics", "next_step", "shared"),
            why=N_("Sessions that you logged, and what you wrote for your partner."),
        ),
        Personal(
            table="session_note", members=("member_id",), forget="delete",
            why=N_("What you noted on sessions for yourself, and whether you confirmed them."),
        ),
        Personal(
            table="session_reminder", members=("member_id",), forget="delete",
            why=N_("When you were reminded of a session."),
        ),
    ),
)  # fmt: skip
