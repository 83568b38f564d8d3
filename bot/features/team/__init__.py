"""Who coordinates a single programme: people whom its coordinators ask to share the work."""

from bot.chat.spec import Audience, Command, MemberParam, ProgrammeParam
from bot.feature import Feature
from bot.features.team import handlers, views
from bot.i18n import N_

WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one"))
WHO = MemberParam(name="who", label=N_("Who"), help=N_("Who coordinates this programme"))

FEATURE = Feature(
    name="team",
    commands=(
        Command(
            path=("coord", "team", "add"), help=N_("Let somebody coordinate one programme, and no other"),
            handler=handlers.add, example="/coord team add @bea", audience=Audience.COORDINATOR, params=(WHO, WHICH),
        ),
        Command(
            path=("coord", "team", "remove"), help=N_("Let somebody no longer coordinate a programme"),
            handler=handlers.remove, example="/coord team remove @bea", audience=Audience.COORDINATOR,
            params=(WHO, WHICH),
        ),
        Command(
            path=("coord", "team", "list"), help=N_("Who coordinates a programme"), handler=handlers.listed,
            example="/coord team list", audience=Audience.COORDINATOR, reads=True, params=(WHICH,),
        ),
    ),
    messages={"team.added": views.added_note},
    refusals={
        "team.not_in": N_("{who} does not coordinate {programme} by this list. Roles of the space are changed in the space itself."),
        "team.gone": N_("{who} has left this community, so this would not reach them."),
    },
)  # fmt: skip
