"""Training: members go through short modules by themselves, and a programme may match only who has passed."""

from bot.chat.spec import Audience, ButtonSpec, Command, ProgrammeParam, TextParam
from bot.feature import Feature, Personal
from bot.features.training import handlers, reactions, views
from bot.i18n import N_
from storage.training import TrainingProgress

FEATURE = Feature(
    name="training",
    commands=(
        Command(
            path=("training", "next"), help=N_("Go on with your training, where you stopped"), handler=handlers.go_on,
            example="/training next",
        ),
        Command(
            path=("training", "list"), help=N_("All modules, and what you have passed"), handler=handlers.listed,
            example="/training list", reads=True,
        ),
        Command(
            path=("training", "library"), help=N_("Something to read, of your programmes"), handler=handlers.library,
            example="/training library feedback", reads=True,
            params=(TextParam(name="about", label=N_("About"), help=N_("Words that it should hold"), required=False,
                              max_length=100),),
        ),
        Command(
            path=("training", "transcript"), help=N_("What you have passed, as a file to keep"),
            handler=handlers.transcript, example="/training transcript", reads=True,
        ),
        Command(
            path=("coord", "training"), help=N_("Who has yet to pass what, of your programme"),
            handler=handlers.status, example="/coord training", audience=Audience.COORDINATOR, reads=True,
            params=(
                ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one")),
            ),
        ),
    ),
    buttons=(
        ButtonSpec(name="training.go", handler=handlers.go_on),
        ButtonSpec(name="training.begin", handler=handlers.begin, example="how"),
        ButtonSpec(name="training.pick", handler=handlers.pick, row=TrainingProgress, example="1.0"),
        ButtonSpec(name="training.thought", handler=handlers.thought, reads=True, example="0.0"),
        ButtonSpec(name="training.next", handler=handlers.following, row=TrainingProgress, example="0"),
    ),
    reacts={"programme.joined": reactions.joined, "programme.applied": reactions.applied},
    schedules={"training.monthly": reactions.month},
    messages={"training.waits": views.waits, "training.thought": views.thought},
    nudges={"training.thought": N_("a thought of the month for mentors")},
    refusals={
        "training.gone": N_("There is no such module here. {command} shows those there are."),
        "training.no_transcript": N_("There is nothing to write down yet. {command} begins your training."),
    },
    steps=handlers.steps,
    personal=(
        Personal(table="training_progress", members=("member_id",), forget="delete",
                 why=N_("How far you are with your training.")),
    ),
)  # fmt: skip
