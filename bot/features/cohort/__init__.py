"""Cohorts: the people who go through a programme together, from a beginning to an end."""

from bot.chat.spec import Audience, ButtonSpec, Command, ProgrammeParam, TextParam
from bot.feature import Feature, Personal
from bot.features.cohort import handlers, views
from bot.i18n import N_
from storage.programme import Cohort

WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one"))

FEATURE = Feature(
    name="cohort",
    commands=(
        Command(
            path=("coord", "cohort", "list"), help=N_("The cohorts of a programme, newest first"),
            handler=handlers.listed, example="/coord cohort list", audience=Audience.COORDINATOR, reads=True,
            params=(WHICH,),
        ),
        Command(
            path=("coord", "cohort", "open"), help=N_("Open the next cohort, so that people can join"),
            handler=handlers.open_next, example='/coord cohort open "Autumn 2026"', audience=Audience.COORDINATOR,
            params=(TextParam(name="name", label=N_("Name"), help=N_("What it is called"), max_length=60), WHICH),
        ),
        Command(
            path=("coord", "cohort", "close"), help=N_("Bring the open cohort to its end"),
            handler=handlers.close, example="/coord cohort close", audience=Audience.COORDINATOR, reads=True,
            params=(WHICH,),
        ),
    ),
    buttons=(
        ButtonSpec(name="cohort.close", handler=handlers.close_it, row=Cohort, audience=Audience.COORDINATOR),
    ),
    messages={"cohort.finished": views.finished},
    personal=(
        Personal(table="cohort_member", members=("member_id",), forget="delete",
                 why=N_("Cohorts that you went through.")),
    ),
    refusals={
        "cohort.open": N_("{name} is open. {command} brings it to its end first."),
        "cohort.none_open": N_("No cohort of this programme is open. {command} opens one."),
        "cohort.no_goals": N_("A cohort needs a goal to be measured by. Add one to the programme's file, under [[goals]]."),
        "cohort.known": N_("There was a cohort called {name} already. Please choose another name."),
    },
)  # fmt: skip
