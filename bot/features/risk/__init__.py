"""Pairs at risk: seen from buttons, logs and schedules alone. No message is ever read."""

from bot.chat.spec import Audience, ButtonSpec, Command, ProgrammeParam
from bot.feature import Feature, Personal, Setting
from bot.features.risk import handlers, views
from bot.i18n import N_
from storage.pair import Pair
from storage.programme import Programme

FEATURE = Feature(
    name="risk",
    commands=(
        Command(
            path=("coord", "metrics", "at-risk"), help=N_("Pairs that may need you, why, and what would help"),
            handler=handlers.risk, example="/coord metrics at-risk", audience=Audience.COORDINATOR, reads=True,
            params=(
                ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one")),
            ),
        ),
    ),
    buttons=(
        ButtonSpec(
            name="risk.open", handler=handlers.risk, row=Programme, audience=Audience.COORDINATOR, reads=True,
        ),
        ButtonSpec(name="risk.ask", handler=handlers.ask, row=Pair, audience=Audience.COORDINATOR),
        ButtonSpec(name="risk.fine", handler=handlers.fine, row=Pair),
        ButtonSpec(name="risk.help", handler=handlers.help_wanted, row=Pair),
    ),
    settings=(
        Setting(
            key="risk.stalled_days", kind="number", label=N_("Days without a sign of life"), default=14, least=3,
            most=90, hint=N_("A pair that has not met, or was not heard of for so long, is stalled."),
        ),
        Setting(
            key="risk.one_sided_after", kind="number", label=N_("Open check-ins of one side"), default=2, least=1,
            most=10, hint=N_("So many in a row that one leaves open while the other answers."),
        ),
    ),
    refusals={"risk.over": N_("This pair is no longer on the list. Nothing was sent.")},
    messages={"risk.ask": views.ask, "risk.help_wanted": views.help_wanted},
    nudges={"risk.ask": N_("a question how your pair is getting on")},
    personal=(
        Personal(
            table="pair_word", members=("member_id",), forget="delete",
            why=N_("What you said when I asked how your pair gets on."),
        ),
    ),
)  # fmt: skip
