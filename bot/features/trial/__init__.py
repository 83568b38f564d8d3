"""Trials: each is asked in secret whether to go on. Only when all say so, the pair does; a no is never attributed."""

import storage.trial
from bot.chat.spec import ButtonSpec
from bot.feature import Feature, Personal, Sweep
from bot.features.trial import handlers, reactions, sweeps, views
from bot.i18n import N_
from storage.trial import TrialAnswer

FEATURE = Feature(
    name="trial",
    buttons=(
        # One button for both answers: its name stands in the platform's and our own logs, its argument does not.
        ButtonSpec(name="trial.answer", handler=handlers.answer, row=TrialAnswer, sensitive=True, example="continue"),
        ButtonSpec(name="trial.again", handler=handlers.again, row=TrialAnswer, reads=True),
    ),
    sweeps=(
        Sweep(name="trial.ask", due=storage.trial.due, next_due=storage.trial.next_due, run=sweeps.ask),
        Sweep(name="trial.decide", due=storage.trial.deciding, next_due=storage.trial.next_deciding, run=sweeps.decide),
    ),
    messages={"trial.ask": views.ask, "trial.confirmed": views.confirmed, "trial.over": views.over},
    nudges={
        "trial.ask": N_("a question about your trial"),
    },
    refusals={"trial.closed": N_("This trial is over, so nothing was changed.")},
    reacts={
        "pair.introduced": reactions.begin,
        "pair.ended": reactions.drop,
        "pair.rests": reactions.rest,
        "pair.resumes": reactions.resume,
    },
    home=handlers.home,
    steps=handlers.steps,
    personal=(
        Personal(
            table="trial_answer", members=("member_id",), forget="delete",
            why=N_("Whether you would like to go on with a partner, until that is decided."),
        ),
    ),
)  # fmt: skip
