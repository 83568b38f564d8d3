"""A small bot of our own behind the page, with every kind of block, field and reply, and no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from adapters.playground.inspection import DueRow, Inspection, OutboxRow, Step
from adapters.playground.server import Playground
from adapters.playground.town import Town, User
from bot.chat.actions import ActionId, Button, Choice, LinkButton, MemberChoice, Option
from bot.chat.forms import (
    ChannelField,
    ChoiceField,
    DateField,
    Form,
    MemberField,
    MultiChoiceField,
    NumberField,
    RoleField,
    TextField,
)
from bot.chat.incoming import ButtonPress, CommandCall, FormSubmit, HomeOpened, Incoming
from bot.chat.parse import Call, parse
from bot.chat.platform import Address
from bot.chat.reply import Ask, Quiet, Reject, Replace, Reply, Show
from bot.chat.spec import (
    Audience,
    ButtonSpec,
    Catalogue,
    ChoiceParam,
    Command,
    DateParam,
    FormSpec,
    MemberParam,
    NumberParam,
    TextParam,
)
from bot.chat.text import Bold, Channel, Code, Link, Mention, When, words
from bot.chat.views import Actions, Chart, Divider, Fields, Heading, List, Note, Text, View
from bot.clock import MovedClock, SeededIds

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = {
    "ana": ("Ana Ruiz", "America/Bogota"),
    "bea": ("Bea Okoro", "Africa/Lagos"),
    "chen": ("Chen Wei", "Asia/Shanghai"),
    "dara": ("Dara Ó Briain", "Europe/Dublin"),
    "emi": ("Emi Sato", "Asia/Tokyo"),
}


def options(*labels: str) -> tuple[Option, ...]:
    """Return options whose values are their labels in lower case."""
    return tuple(Option(label.lower(), label) for label in labels)


JOIN = Form(
    name="programme.join",
    title="Join Spring mentoring",
    intro="Two short pages. You can change everything later.",
    submit="Join",
    fields=(
        ChoiceField(name="role", label="I would like to be", options=options("Mentor", "Mentee", "Both")),
        TextField(name="wants", label="What I want to learn", hint="Your mentor sees this.", long=True, max_length=300),
        MultiChoiceField(
            name="days", label="Good days", options=options("Monday", "Wednesday", "Friday"), required=False
        ),
        NumberField(name="hours", label="Hours a month", least=1, most=20, value=2),
        DateField(name="start", label="First day", required=False),
        MemberField(name="friend", label="Who told you about us", required=False),
        ChannelField(name="channel", label="Introduce me in", required=False),
        RoleField(name="roles", label="Groups", required=False),
    ),
)


async def never(*args, **kwargs):
    """Stand in for a handler: the stub answers by itself."""
    raise AssertionError("the stub calls no handler")


async def kudos(ctx, to, why):
    """Have the parameters of the spec."""


async def goal(ctx, what, kind, by, hours):
    """Have the parameters of the spec."""


async def plain(ctx):
    """Have no parameters."""


async def notes(ctx, text):
    """Have one parameter of words."""


async def complete(ctx, typed):
    """Mark a parameter as completed by the core."""
    return []


CATALOGUE = Catalogue.of(
    commands=(
        Command(
            path=("programme", "join"),
            help="Join a programme.",
            handler=plain,
            example="/programme join",
            opens_form=True,
        ),
        Command(
            path=("kudos", "give"),
            help="Thank somebody where everybody can read it.",
            handler=kudos,
            private=False,
            example="/kudos give @bea for the review",
            params=(
                MemberParam(name="to", help="Who helped you."),
                TextParam(name="why", help="What for, in a sentence."),
            ),
        ),
        Command(
            path=("goal", "add"),
            help="Write down something you want to reach.",
            handler=goal,
            example='/goal add "read more" small 2026-03-09 2',
            params=(
                TextParam(name="what", help="The goal.", complete=complete),
                ChoiceParam(name="kind", help="How big it is.", options=(("small", "Small"), ("big", "Big"))),
                DateParam(name="by", help="Until when.", required=False),
                NumberParam(name="hours", help="Hours a week.", required=False),
            ),
        ),
        Command(path=("me", "show"), help="See what Kith knows about you.", handler=plain, example="/me show"),
        Command(path=("fail",), help="Fail on our side.", handler=plain, example="/fail"),
        Command(
            path=("coord", "status"),
            help="See how the programme goes.",
            handler=plain,
            example="/coord status",
            audience=Audience.COORDINATOR,
        ),
    ),
    buttons=(ButtonSpec(name="checkins.answer", handler=never), ButtonSpec(name="cheer", handler=never, private=False)),
    forms=(FormSpec(name="programme.join", build=never, handler=never, example={}),),
)


def checkin() -> View:
    """Ask whether two people met."""
    answers = ("We met", "Scheduled", "Not yet")
    return View(
        "checkins.asked",
        (
            Text(words("Did you and ", Mention("m-bea", "Bea Okoro", "bea"), " meet this week?")),
            Actions(
                (
                    *(
                        Button(
                            label, ActionId("checkins.answer", "c1", label), "primary" if label == "We met" else "plain"
                        )
                        for label in answers
                    ),
                    Button("I need help", ActionId("checkins.answer", "c1", "help"), "danger"),
                )
            ),
            Note(words("Only you and the coordinators see your answer.")),
        ),
    )


def everything() -> View:
    """Show every block and span at once."""
    return View(
        "test.everything",
        (
            Heading("How it goes"),
            Text(
                words(
                    "Round 2 of ",
                    Bold("Spring mentoring"),
                    " began ",
                    When(START, "date"),
                    ". See ",
                    Channel("general"),
                    ".",
                )
            ),
            Fields(
                (
                    ("Pairs", words("24")),
                    ("Met this week", words("19 of 24")),
                    ("Next round", words(When(START + timedelta(days=14)))),
                )
            ),
            List(
                (
                    words("Ask ", Mention("m-ana", user="ana"), " about capacity"),
                    words("Type ", Code("/me show"), " any time"),
                )
            ),
            Divider(),
            Chart(
                "bar",
                "Pairs that met",
                ("W1", "W2", "W3", "W4"),
                (("Met", (12.0, 15.0, 17.0, 19.0)), ("Not yet", (12.0, 9.0, 7.0, 5.0))),
                "Met: 12, 15, 17, 19. Not yet: 12, 9, 7, 5.",
            ),
            Actions(
                (
                    LinkButton("Read the guide", "https://example.org/guide"),
                    Choice("Show another week", ActionId("checkins.answer", "w"), options("Week 1", "Week 2")),
                    MemberChoice("Write to somebody", ActionId("checkins.answer", "m")),
                )
            ),
            Note(words("Guide: ", Link("https://example.org", "example.org"))),
        ),
    )


class StubApp:
    """Answers a few commands the way the core does; `heard` keeps every event."""

    def __init__(self, clock, town):
        self.clock, self.town, self.catalogue = clock, town, CATALOGUE
        self.heard: list[Incoming] = []

    async def handle(self, event: Incoming) -> Reply:
        """Answer one event."""
        self.heard.append(event)
        match event:
            case CommandCall(line=line):
                return await self._command(line, event)
            case ButtonPress(action="join"):
                return Ask(JOIN)
            case ButtonPress(action=action, choice=choice):
                said = choice or ActionId.parse(action).arg
                return Replace(View("checkins.thanked", (Text(words("Thank you, noted: ", Bold(said))),)))
            case FormSubmit():
                return self._form(event)
            case HomeOpened():
                return Show(View("home", (Heading("Your week"), Text(words("Nothing to do today. Enjoy it.")))))
            case _:
                return Quiet()

    async def complete(self, event: CommandCall, param: str, typed: str) -> list[str]:
        """Complete goals."""
        return [value for value in ("read", "write") if value.startswith(typed)]

    async def _command(self, line: str, event: CommandCall) -> Reply:
        call = parse(line, CATALOGUE.commands)
        match call.command.name if isinstance(call, Call) else "":
            case "programme join":
                return Ask(JOIN)
            case "kudos give":
                to = call.raw["to"].strip("<@>")
                name = self.town.user(to).name
                await self.town.send(
                    Address("oak", "user", to),
                    View("kudos.got", (Text(words("You were thanked.")),)),
                    key=event.request_id,
                )
                return Show(
                    View(
                        "kudos.given",
                        (
                            Text(
                                words(Bold(event.actor.name), " thanks ", Mention("", name, to), ": ", call.raw["why"])
                            ),
                        ),
                    )
                )
            case "fail":
                raise RuntimeError("a fault of the stub")
            case "me show" | "coord status":
                return Show(everything())
            case _:
                return Show(View("core.no_command", (Text(words("I do not know ", Code(line), ".")),)))

    def _form(self, event: FormSubmit) -> Reply:
        page = int(ActionId.parse(event.form).arg)
        if page == 0:
            errors = {"wants": "Please answer this one."} if not event.values["wants"] else {}
            return Reject(errors) if errors else Ask(JOIN, 1)
        return Show(View("programme.joined", (Text(words("Welcome! ", "You are in.")),)))


def make_town(clock) -> Town:
    """Return a town of five people, two channels and a room."""
    town = Town(clock, ids=SeededIds(7))
    town.add_space("oak", "Oak Street")
    town.add_channel("oak", "general")
    town.add_channel("oak", "kudos")
    town.add_role("oak", "mentors", "Mentors")
    for user, (name, zone) in NAMES.items():
        town.add_user("oak", User(user, name, user, zone, admin=user == "emi"))
    return town


def make_playground() -> tuple[Playground, StubApp]:
    """Return a page over the stub: +1 day asks Ana and Bea whether they met."""
    clock = MovedClock(START)
    town = make_town(clock)
    app = StubApp(clock, town)
    sent: list[OutboxRow] = []

    async def advance(by: timedelta | None) -> str:
        clock.advance(by or timedelta(hours=6))
        if by == timedelta(hours=1):
            return "One hour passed. Nothing was due."
        room = await town.open_room("oak", ["ana", "bea"], "Ana and Bea", key="r1")
        await town.send(
            Address("oak", "room", room),
            View("pair.intro", (Text(words("You two are a pair. Say hello!")),)),
            key="intro",
        )
        for user in ("ana", "bea"):
            key = f"checkin-{user}-{clock.now():%m%d%H}"
            await town.send(Address("oak", "user", user), checkin(), key=key)
            sent.append(OutboxRow(clock.now(), NAMES[user][0], "checkins.asked", "sent"))
        return "One day passed. 2 check-ins were sent."

    async def inspect() -> Inspection:
        due = (DueRow(clock.now() + timedelta(days=1), "Check-ins of Spring mentoring"),)
        return Inspection(tuple(reversed(sent)), due)

    async def why(message: str) -> list[str]:
        return [f"It fell due. <b>{message}</b>"] if message == town.messages[0].id else []

    steps = (
        Step("Join", "Ana joins the programme with a short form.", line="/programme join", user="ana"),
        Step("Let a day pass", "Kith asks the pairs how it goes.", move="day"),
        Step("Answer", "Open the message from Kith and press an answer."),
        Step("Say thanks", "Bea thanks Ana where everybody can read it.", line="/kudos give @ana ", user="bea"),
    )
    people = list(NAMES)
    return Playground(app, town, advance=advance, inspect=inspect, why=why, people=people, steps=steps), app
