"""Goals: what somebody means to reach, alone or together, and how far it is."""

import storage.goal
from bot.chat.spec import ButtonSpec, Command, FormSpec, TextParam
from bot.feature import Feature, Personal, Sweep
from bot.features.goal import handlers, reactions, sweeps, views
from bot.i18n import N_
from storage.goal import Goal

FEATURE = Feature(
    name="goal",
    commands=(
        Command(
            path=("goal", "add"), help=N_("Write down what you want to reach"), handler=handlers.add,
            example="/goal add prune the old apple trees", opens_form=True,
            params=(
                TextParam(name="what", label=N_("What"), help=N_("What you want to reach; the form asks the rest"),
                          required=False, max_length=200),
            ),
        ),
        Command(
            path=("goal", "update"), help=N_("Say how far a goal is"), handler=handlers.update,
            example="/goal update", opens_form=True,
        ),
        Command(
            path=("goal", "done"), help=N_("Say that a goal is reached"), handler=handlers.done, example="/goal done"
        ),
        Command(
            path=("goal", "list"), help=N_("Your goals, and those that partners share with you"),
            handler=handlers.listing, example="/goal list", reads=True, paged=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="goal.new", handler=handlers.add_button, opens_form=True),
        ButtonSpec(name="goal.open", handler=handlers.opened, reads=True),
        ButtonSpec(name="goal.choose", handler=handlers.chosen, opens_form=True),
        ButtonSpec(name="goal.edit", handler=handlers.edit, row=Goal, opens_form=True),
        ButtonSpec(name="goal.done", handler=handlers.reached, row=Goal),
        ButtonSpec(name="goal.drop", handler=handlers.drop, row=Goal),
        ButtonSpec(name="goal.reopen", handler=handlers.reopen, row=Goal),
    ),
    forms=(
        FormSpec(
            name="goal.add", build=handlers.add_form, handler=handlers.added,
            example={
                "what": "Prune the old apple trees", "measure": "All six are done", "due_on": "2026-09-30",
                "term": "short", "sight": "private",
            },
        ),
        FormSpec(
            name="goal.update", build=handlers.update_form, handler=handlers.updated, row=Goal,
            example={"progress": "40", "steps": "x borrow a saw\nprune the first tree", "note": "The saw is here."},
        ),
    ),
    sweeps=(
        Sweep(name="goal.remind", due=storage.goal.due, next_due=storage.goal.next_due, run=sweeps.remind),
    ),
    messages={
        "goal.ours": views.ours,
        "goal.reached": views.reached_by,
        "goal.from_plan": views.from_plan,
        "goal.remind": views.remind,
    },
    reacts={
        "session.confirmed": reactions.plan_becomes_goals,
        "pair.ended": reactions.hide,
        "member.forgotten": reactions.hand_over,
    },
    nudges={
        "goal.remind": N_("a reminder of a goal"),
    },
    refusals={
        "goal.enough": N_("You have {most} open goals, which is plenty. Reach one or let one go first."),
        "goal.not_yours": N_("This goal is somebody else's, so nothing was changed."),
        "goal.closed": N_("This goal is closed already. It can be taken up again from the list."),
    },
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(
            table="goal", members=("member_id",), forget="redact", texts=("what", "measure", "steps"),
            why=N_("Your goals. Those of a pair or circle stay with the others."),
        ),
        Personal(table="goal_note", members=("member_id",), forget="delete", why=N_("What you noted on goals.")),
        Personal(
            table="goal_reminder", members=("member_id",), forget="delete",
            why=N_("When a goal was brought to your mind."),
        ),
    ),
)  # fmt: skip
