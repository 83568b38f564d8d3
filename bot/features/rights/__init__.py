"""A member's rights: what is stored about them and why, a copy of it, and to be forgotten."""

from bot.chat.spec import ButtonSpec, Command
from bot.feature import Feature
from bot.features.rights import handlers
from bot.i18n import N_

FEATURE = Feature(
    name="rights",
    always=True,
    commands=(
        Command(
            path=("privacy",), help=N_("What I store about you, why, for how long, and what I may do here"),
            handler=handlers.privacy, example="/privacy", reads=True, paged=True,
        ),
        Command(
            path=("me", "export"), help=N_("A copy of everything that I store about you"), handler=handlers.export,
            example="/me export", reads=True, a_day=20,
        ),
        Command(
            path=("me", "forget"), help=N_("Be forgotten here, for good; I ask once more first"),
            handler=handlers.forget, example="/me forget", reads=True,
        ),
    ),
    buttons=(
        ButtonSpec(name="rights.export", handler=handlers.export, reads=True),
        ButtonSpec(name="rights.forget", handler=handlers.forget, reads=True),
        ButtonSpec(name="rights.forgotten", handler=handlers.forgotten),
        ButtonSpec(name="rights.stay", handler=handlers.stay, reads=True),
    ),
)  # fmt: skip
