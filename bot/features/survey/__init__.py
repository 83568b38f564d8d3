"""Surveys: asked of many, shown without names; ratings of sessions, sealed; scorecards, to mentors first."""

import storage.survey
from bot.chat.spec import Audience, ButtonSpec, ChoiceParam, Command, FormSpec, NumberParam, ProgrammeParam, TextParam
from bot.feature import Feature, Personal, Setting, Sweep
from bot.features.survey import coordinating, coordinator_views, handlers, planning, reactions, rules, sweeps, views
from bot.i18n import N_
from storage.programme import Programme
from storage.survey import Scorecard, SessionRating, Survey, SurveyBallot

COORD = Audience.COORDINATOR
WHICH = TextParam(
    name="which", label=N_("Which survey"), help=N_("Its title; empty shows all"), required=False, max_length=60,
    complete=coordinating.titles,
)  # fmt: skip

FEATURE = Feature(
    name="survey",
    commands=(
        Command(path=("survey", "open"), help=N_("The surveys that wait for you"), handler=handlers.waiting,
                example="/survey open", reads=True),
        Command(
            path=("coord", "survey", "create"), help=N_("Make a survey; you see it before it is sent"), audience=COORD,
            handler=coordinating.create, example="/coord survey create middle", opens_form=True,
            params=(
                ChoiceParam(name="template", label=N_("Template"), help=N_("Which questions it begins with"),
                            options=tuple(coordinator_views.TEMPLATES.items())),
                ProgrammeParam(label=N_("Programme"), help=N_("Of which programme")),
            ),
        ),
        Command(path=("coord", "survey", "list"), help=N_("Surveys: send, end, read"), audience=COORD,
                handler=coordinating.listed, example="/coord survey list", reads=True),
        Command(path=("coord", "survey", "open"), help=N_("Send a survey out"), audience=COORD,
                handler=coordinating.open_, example="/coord survey open", params=(WHICH,)),
        Command(path=("coord", "survey", "close"), help=N_("End a survey now"), audience=COORD,
                handler=coordinating.close, example="/coord survey close", params=(WHICH,)),
        Command(path=("coord", "survey", "results"), help=N_("What came back"), audience=COORD,
                handler=coordinating.show, example="/coord survey results", params=(WHICH,)),
        Command(
            path=("coord", "survey", "draw"), help=N_("Draw volunteers for a small group"), audience=COORD,
            handler=coordinating.draw, example="/coord survey draw 6",
            params=(NumberParam(name="number", label=N_("How many"), help=N_("In all"), least=1, most=50), WHICH),
        ),
        Command(path=("coord", "survey", "scorecards"), help=N_("Scorecards that mentors have read"), audience=COORD,
                handler=coordinating.scorecards, example="/coord survey scorecards", reads=True),
    ),
    buttons=(
        ButtonSpec(name="survey.answer", handler=handlers.answer, row=SurveyBallot, opens_form=True, sensitive=True),
        ButtonSpec(name="survey.rate", handler=handlers.rate, row=SessionRating, sensitive=True, example="4"),
        ButtonSpec(name="survey.ratings", handler=handlers.ratings, row=SessionRating, reads=True),
        ButtonSpec(name="survey.scorecard", handler=handlers.scorecard, row=Scorecard, reads=True),
        ButtonSpec(name="survey.word", handler=handlers.word, row=Scorecard, opens_form=True),
        ButtonSpec(name="survey.open", handler=coordinating.open_button, row=Survey, audience=COORD),
        ButtonSpec(name="survey.close", handler=coordinating.close_button, row=Survey, audience=COORD),
        ButtonSpec(name="survey.results", handler=coordinating.show_button, row=Survey, audience=COORD),
    ),
    forms=(
        FormSpec(name="survey.answer", build=handlers.answer_form, handler=handlers.answered, row=SurveyBallot,
                 sensitive=True, example={"satisfied": "4", "time": "0", "change": "Longer rounds."}),
        FormSpec(name="survey.word", build=handlers.word_form, handler=handlers.worded, row=Scorecard, sensitive=True,
                 example={"word": "I was ill in May."}),
        FormSpec(
            name="survey.create", build=coordinating.create_form, handler=coordinating.created, row=Programme,
            audience=COORD,
            example={
                "title": "Half-time", "template": "middle", "audience": "everybody", "mode": "confidential",
                "days": "14", "own": "scale: How is the room?",
            },
        ),
    ),
    sweeps=(
        Sweep(name="survey.moments", due=storage.survey.due, next_due=storage.survey.next_due, run=sweeps.advance),
        Sweep(name="survey.ratings", due=storage.survey.ratings_due, next_due=storage.survey.next_rating_due,
              run=sweeps.open_ratings),
    ),
    messages={
        "survey.asked": views.asked,
        "survey.reminded": views.reminded,
        "survey.session": views.session,
        "survey.scorecard": views.scorecard_ready,
    },
    nudges={
        "survey.asked": N_("a survey"),
        "survey.reminded": N_("a reminder of a survey"),
        "survey.session": N_("a question how a session was"),
    },
    refusals={
        "survey.over": N_("{title} is over. Thank you for wanting to answer."),
        "survey.answered": N_("You have answered {title} already. Without a name it cannot be found again to change it."),
        "survey.sent_out": N_("{title} was sent out already."),
        "survey.not_open": N_("{title} is not open."),
        "survey.unknown": N_("I know no such survey as “{which}”. {command} shows them."),
        "survey.sealed": N_("It is still sealed: somebody has not answered yet."),
        "survey.sealed_no_more": N_("The ratings of that session are open now, so yours stays as it is."),
    },
    settings=(
        Setting(key="survey.sessions", kind="yesno", label=N_("Ask how each session was"), default=False,
                hint=N_("Sealed until both have answered; summed up for the mentor.")),
    ),
    reacts={"session.confirmed": reactions.ask_for_ratings, "member.left": reactions.leave,
            "programme.applied": planning.applied, "cohort.opened": planning.cohort_opened,
            "cohort.finished": planning.cohort_finished},
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(table="survey_ballot", members=("member_id",), forget="delete",
                 why=N_("Surveys that asked you, and whether you answered.")),
        Personal(table="survey_reply", members=("member_id",), forget="delete",
                 why=N_("What you said in surveys with your name.")),
        Personal(table="survey_volunteer", members=("member_id",), forget="delete",
                 why=N_("Surveys after which you offered to talk.")),
        Personal(table="session_rating", members=("member_id",), forget="delete", why=N_("How sessions were for you.")),
        Personal(table="scorecard", members=("member_id",), forget="delete", retain=rules.KEPT, dated="seen_from",
                 why=N_("What your sessions were like for others, in numbers, and your word.")),
    ),
)  # fmt: skip
