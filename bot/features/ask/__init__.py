"""Asking for help: a question goes to a mentor who knows, and to another one when it waits too long."""

import storage.request
from bot.chat.spec import ButtonSpec, Command, FormSpec, Menu, TextParam
from bot.feature import Feature, Personal, Setting, Sweep
from bot.features.ask import handlers, library, library_views, routing, views
from bot.i18n import N_
from storage.library import LibraryEntry
from storage.request import Request

FEATURE = Feature(
    name="ask",
    commands=(
        Command(
            path=("ask", "mentor"), help=N_("Ask somebody who knows"), handler=handlers.mentor, opens_form=True,
            example="/ask mentor python How do I test a generator?",
            params=(
                TextParam(name="about", label=N_("About"), help=N_("What it is about"), required=False, max_length=60,
                          complete=handlers.tags),
                TextParam(name="question", label=N_("Question"), help=N_("Your question"), required=False,
                          max_length=2000),
            ),
            menus=(Menu("message", N_("Ask a mentor about this")), Menu("global", N_("Ask a mentor"))),
        ),
        Command(
            path=("ask", "mine"), help=N_("Your open questions, and those you took"), handler=handlers.mine,
            example="/ask mine", reads=True,
        ),
        Command(
            path=("ask", "experts"), help=N_("Who has helped others with something"), handler=handlers.experts,
            example="/ask experts python", reads=True,
            params=(TextParam(name="about", label=N_("About"), help=N_("What it is about"), max_length=60,
                              complete=handlers.tags),),
        ),
        Command(
            path=("ask", "library"), help=N_("What was answered before"), handler=library.look,
            example="/ask library python generators", reads=True,
            params=(TextParam(name="about", label=N_("About"), help=N_("Words that it should hold"), max_length=100),),
        ),
        Command(
            path=("ask", "helping"), help=N_("Which questions of others may reach you"), handler=handlers.helping,
            example="/ask helping", opens_form=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="ask.read", handler=handlers.read, row=Request, reads=True),
        ButtonSpec(name="ask.take", handler=handlers.take, row=Request),
        ButtonSpec(name="ask.decline", handler=handlers.decline, row=Request),
        ButtonSpec(name="ask.solved", handler=handlers.solved, row=Request),
        ButtonSpec(name="ask.not_yet", handler=handlers.not_yet, row=Request, reads=True),
        ButtonSpec(name="ask.other", handler=handlers.somebody_else, row=Request),
        ButtonSpec(name="ask.back", handler=handlers.give_back, row=Request),
        ButtonSpec(name="ask.drop", handler=handlers.drop, row=Request),
        ButtonSpec(name="ask.write", handler=library.write, row=Request, opens_form=True),
        ButtonSpec(name="ask.entry", handler=library.read, row=LibraryEntry, reads=True),
        ButtonSpec(name="ask.agree", handler=library.agree, row=LibraryEntry),
        ButtonSpec(name="ask.refuse", handler=library.refuse, row=LibraryEntry),
        ButtonSpec(name="ask.take_out", handler=library.take_out, row=LibraryEntry),
    ),
    forms=(
        FormSpec(name="ask.send", build=handlers.ask_form, handler=handlers.asked,
                 example={"about": "python", "question": "How do I test a generator?"}),
        FormSpec(name="ask.write", build=library.write_form, handler=library.written, row=Request,
                 example={"question": "How do I test a generator?", "answer": "Call list on it and compare."}),
        FormSpec(name="ask.helping", build=handlers.helping_form, handler=handlers.helped,
                 example={"asked": "yes", "at_once": "2"}),
    ),
    sweeps=(Sweep(name="ask.late", due=storage.request.due, next_due=storage.request.next_due, run=routing.late),),
    messages={
        "ask.offered": views.offered, "ask.claimed": views.claimed, "ask.moved": views.moved,
        "ask.unmet": views.unmet, "ask.thanked": views.thanked, "ask.answered": views.answered,
        "ask.released": views.released, "ask.dropped": views.dropped_for, "ask.for_others": library_views.for_others,
    },
    nudges={
        "ask.offered": N_("a question that you could help with"),
        "ask.answered": N_("whether your question was answered"),
    },
    refusals={
        "ask.enough": N_("You have {most} open questions, which is the limit. {command} lists them."),
        "ask.nobody": N_("Nobody who offers {tag} is free just now, so I kept nothing. A coordinator may know somebody."),
        "ask.taken": N_("Somebody else has this one already, or it is over. Thank you for wanting to help."),
        "ask.written": N_("You have written that down already. Thank you."),
        "ask.resting": N_("You are taking a break, so I leave this one to others."),
    },
    settings=(
        Setting(key="ask.target_hours", kind="number", label=N_("Hours to take a question"), default=24, least=1,
                most=336, hint=N_("When nobody has taken it by then, somebody else is asked.")),
        Setting(key="ask.check_hours", kind="number", label=N_("Hours until I ask whether it helped"), default=48,
                least=1, most=336, hint=N_("Counted from when a mentor took the question. Asked once.")),
        Setting(key="ask.at_once", kind="number", label=N_("Mentors asked at once"), default=1, least=1, most=3,
                hint=N_("How many mentors get a question at the same time.")),
    ),
    reacts={"member.left": routing.left},
    personal=(
        Personal(table="request", members=("asker_id",), forget="redact", texts=("question",),
                 why=N_("Questions that you asked or answered.")),
        Personal(table="request", members=("mentor_id",), forget="keep",
                 why=N_("Questions that you asked or answered.")),
        Personal(table="request_helper", members=("member_id",), forget="delete",
                 why=N_("Which questions of others may reach you.")),
        Personal(table="library_entry", members=("asker_id", "mentor_id"), forget="delete",
                 why=N_("Answers in the library that you asked for or gave.")),
        Personal(table="request_offer", members=("mentor_id",), forget="delete",
                 why=N_("Questions that you were asked to take.")),
    ),
)  # fmt: skip
