"""Milestones: what a programme celebrates, told in private and shown to others only by who reached it. Badges."""

import storage.milestone
from bot.chat.spec import ButtonSpec, Command
from bot.feature import Feature, Personal, Setting, Sweep
from bot.features.milestone import handlers, reactions, views
from bot.i18n import N_
from storage.milestone import Milestone

FEATURE = Feature(
    name="milestone",
    commands=(
        Command(
            path=("milestone", "mine"), help=N_("What you reached, and how far you are with each badge"),
            handler=handlers.mine, example="/milestone mine", reads=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="milestone.share", handler=handlers.share, row=Milestone),
        ButtonSpec(name="milestone.keep", handler=handlers.keep, row=Milestone, reads=True),
    ),
    sweeps=(
        Sweep(name="milestone.anniversary", due=storage.milestone.due, next_due=storage.milestone.next_due,
              run=reactions.anniversary),
    ),
    reacts={
        "session.confirmed": reactions.session_confirmed, "goal.reached": reactions.goal_reached,
        "request.solved": reactions.request_solved, "cohort.finished": reactions.cohort_finished, "training.passed": reactions.training_passed, "kudos.given": reactions.kudos_given,
        "programme.joined": reactions.joined, "member.left": reactions.left,
    },
    messages={"milestone.reached": views.reached, "milestone.shared": views.shared},
    refusals={
        "milestone.no_channel": N_("There is no channel for milestones any more, so it stays with you."),
    },
    settings=(
        Setting(key="milestone.channel", kind="channel", label=N_("Channel for milestones"),
                hint=N_("Where members can show what they reached. Empty: it stays with them.")),
    ),
    home=handlers.home,
    personal=(
        Personal(table="milestone", members=("member_id",), forget="delete", why=N_("Milestones that you reached.")),
        Personal(table="anniversary", members=("member_id",), forget="delete",
                 why=N_("When it is a year again since you joined.")),
    ),
)  # fmt: skip
