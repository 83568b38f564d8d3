"""Belonging together: the accounts of one person, the spaces of one community."""

from datetime import timedelta

from bot.chat.spec import Audience, Command, TextParam
from bot.feature import Feature, Personal
from bot.features.link import handlers
from bot.i18n import N_

# No command is logged or stored with its words, so a code can be a parameter: the row that is kept has its hash only.
CODE = TextParam(
    name="code", label=N_("Code"), help=N_("The code from the other place. Without it you get one"), required=False,
    max_length=60,
)  # fmt: skip

FEATURE = Feature(
    name="link",
    commands=(
        Command(
            path=("me", "link"), help=N_("Join your accounts on two spaces, so that I know you in both"),
            handler=handlers.member, example="/me link", params=(CODE,), a_day=20,
        ),
        Command(
            path=("coord", "space", "link"), help=N_("Let one community have a second space, with a code"),
            handler=handlers.space, example="/coord space link", params=(CODE,), audience=Audience.COORDINATOR,
            a_day=20,
        ),
    ),
    refusals={
        "link.no_such_code": N_(
            "This code does not work. A code is valid for ten minutes and once. Please make a new one and try again."
        ),
        "link.yourself": N_("You made this code with this same account. Please use it with your other account."),
        "link.two_here": N_("The person who made this code already has an account here. One account in each space can be joined."),
        "link.busy": N_(
            "This account already takes part here, so I did not join it. If your other account does not take part yet, "
            "make the code here with {command} and use it there. Otherwise ask a coordinator."
        ),
        "link.same_community": N_("This code was made in this same community. Please use it in the space that is to join it."),
        "link.own_community": N_(
            "This community already has programmes or notes of its own, so it cannot become part of another one. "
            "Nothing was changed."
        ),
    },
    personal=(
        Personal(
            table="link_code", members=("member_id",), forget="delete", retain=timedelta(days=1), dated="expires_at",
            why=N_("Codes that you made to join accounts or spaces, as hashes."),
        ),
    ),
)  # fmt: skip
