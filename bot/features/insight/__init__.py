"""How a programme goes, for those who coordinate it: figures, charts, a weekly brief, files to keep."""

from bot import schedules
from bot.chat.spec import Audience, ButtonSpec, Command, ProgrammeParam, Slow
from bot.feature import Feature, Personal, Setting
from bot.features.insight import brief, handlers, views
from bot.i18n import N_
from storage.programme import Programme

COORDINATOR = Audience.COORDINATOR
WHICH = ProgrammeParam(label=N_("Programme"), help=N_("Which programme; not needed when there is only one"))
EXPORT = Slow(read=handlers.read_export, work=handlers.make_files, write=handlers.export, timeout_s=60)

FEATURE = Feature(
    name="insight",
    commands=(
        Command(
            path=("coord", "metrics", "overview"), help=N_("How the programme goes: the last four weeks and its goals"),
            handler=handlers.overview, example="/coord metrics overview", audience=COORDINATOR, reads=True,
            params=(WHICH,),
        ),
        Command(
            path=("coord", "metrics", "funnel"), help=N_("How far those come who join, and how they came"),
            handler=handlers.funnel, example="/coord metrics funnel", audience=COORDINATOR, reads=True,
            params=(WHICH,),
        ),
        Command(
            path=("coord", "metrics", "retention"), help=N_("Who is still there after how many weeks"),
            handler=handlers.retention, example="/coord metrics retention", audience=COORDINATOR, reads=True,
            params=(WHICH,),
        ),
        Command(
            path=("coord", "metrics", "pairs"), help=N_("How pairs get on, and whether it is alike for everybody"),
            handler=handlers.pairs, example="/coord metrics pairs", audience=COORDINATOR, reads=True, params=(WHICH,),
        ),
        Command(
            path=("coord", "metrics", "mentors"), help=N_("How much mentors carry, and how soon questions are answered"),
            handler=handlers.mentors, example="/coord metrics mentors", audience=COORDINATOR, reads=True,
            params=(WHICH,),
        ),
        Command(
            path=("coord", "metrics", "export"), help=N_("Everything as a page, a workbook, a table and JSON"),
            handler=EXPORT, example="/coord metrics export", audience=COORDINATOR, params=(WHICH,),
        ),
    ),
    buttons=(
        ButtonSpec(
            name="insight.open", handler=handlers.opened, row=Programme, audience=COORDINATOR, reads=True,
            example="funnel",
        ),
    ),
    schedules={"insight.brief": brief.post},
    reacts={"community.ready": brief.keep},
    messages={"insight.brief": views.brief},
    settings=(
        Setting(
            key="insight.brief", kind="choice", label=N_("Weekly brief to coordinators"), default="mon",
            options=schedules.DAYS_OR_NEVER, hint=N_("At nine, in their channel: what changed, and what would help."),
        ),
    ),
    personal=(
        Personal(
            table="outcome", members=("member_id",), forget="delete",
            why=N_("Results that were measured elsewhere and brought in by coordinators."),
        ),
    ),
)  # fmt: skip
