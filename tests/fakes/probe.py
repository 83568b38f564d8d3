"""A feature that does nothing useful: every kind of spec, so that the core's promises can be tested by themselves."""

from __future__ import annotations

import time
from typing import Any

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import Answers, ChoiceField, DateField, Form, MemberField, MultiChoiceField, NumberField, TextField
from bot.chat.reply import Ask, Reject, Reply, Show
from bot.chat.spec import (
    Audience,
    ButtonSpec,
    ChoiceParam,
    Command,
    DateParam,
    FormSpec,
    MemberParam,
    NumberParam,
    ProgrammeParam,
    Slow,
    TextParam,
)
from bot.chat.text import words
from bot.chat.views import Actions, List, Text, View
from bot.context import Context
from bot.errors import UserError
from bot.feature import Feature, Features
from bot.features import ALL
from storage.member import Member
from storage.programme import Programme
from tests.fakes.world import World

TOLD: list[Any] = []
"""What handlers were given, newest last; `probe` empties it."""


def shown(key: str, text: str = "done") -> Show:
    """Return a reply with one paragraph and a button."""
    return Show(View(key, (Text(words(text)), Actions((Button("Again", ActionId("probe.press")),)))))


async def write(ctx: Context, why: str) -> Reply:
    """Leave one audit entry."""
    TOLD.append(why)
    ctx.audit("probe.written", "row", "code")
    return shown("probe.written", why)


async def fail(ctx: Context, why: str) -> Reply:
    """Leave one audit entry and fail."""
    ctx.audit("probe.failed")
    raise RuntimeError(f"cannot {why}")


async def refuse(ctx: Context) -> Reply:
    """Leave one audit entry and refuse."""
    ctx.audit("probe.refused")
    raise UserError("probe.no")


async def everything(ctx: Context, who: Member, n: int, day: Any, colour: str | None, words: str | None) -> Reply:
    """Take one of everything."""
    TOLD.append((who.handle, n, day, colour, words))
    return shown("probe.everything")


async def many(ctx: Context) -> Reply:
    """List twenty lines."""
    return Show(View("probe.many", (List(tuple(words(f"line {n}") for n in range(20)), paged=True),)))


async def read(ctx: Context, programme: Programme) -> str:
    """Gather."""
    TOLD.append("read")
    return programme.slug


def double(value: str) -> str:
    """Compute."""
    return value * 2


def forever(value: str) -> str:
    """Never end."""
    time.sleep(600)
    return value


async def store(ctx: Context, result: str, programme: Programme) -> Reply:
    """Store what was computed."""
    TOLD.append(result)
    ctx.audit("probe.stored", programme.id)
    return shown("probe.stored", result)


async def for_programme(ctx: Context, programme: Programme) -> Reply:
    """Do something in a programme."""
    return shown("probe.coordinated", programme.slug)


async def press(ctx: Context) -> Reply:
    """Leave one audit entry."""
    ctx.audit("probe.pressed")
    return shown("probe.pressed", ctx.arg)


async def press_row(ctx: Context, row: Any) -> Reply:
    """Show the row's id."""
    return shown("probe.row", row.id)


async def open_long(ctx: Context) -> Reply:
    """Open the long form."""
    return Ask(await long_form(ctx))


async def long_form(ctx: Context) -> Form:
    """Two pages with one of every kind of field."""
    options = (Option("red", "Red"), Option("blue", "Blue"))
    return Form(
        name="probe.long", title="Long",
        fields=(
            TextField(name="name", label="Name", max_length=10, min_length=2),
            ChoiceField(name="colour", label="Colour", options=options),
            MultiChoiceField(name="more", label="More", options=options, required=False),
            DateField(name="day", label="Day"), NumberField(name="n", label="N", least=1, most=9),
            MemberField(name="who", label="Who"), TextField(name="last", label="Last"),
        ),
    )  # fmt: skip


async def take_long(ctx: Context, answers: Answers) -> Reply:
    """Take the form, unless the last word is "no"."""
    if answers["last"] == "no":
        return Reject({"last": "Say yes."})
    TOLD.append(answers)
    ctx.audit("probe.taken")
    return shown("probe.taken")


async def open_secret(ctx: Context) -> Reply:
    """Open the sensitive form."""
    return Ask(await secret_form(ctx))


async def secret_form(ctx: Context) -> Form:
    """One field."""
    return Form(name="probe.secret", title="Secret", fields=(TextField(name="text", label="Text", min_length=5),))


async def take_secret(ctx: Context, answers: Answers) -> Reply:
    """Take the secret; a bad one fails."""
    TOLD.append(ctx.member.id)
    if answers["text"] == "break it":
        raise RuntimeError(answers["text"])
    return shown("probe.secret")


async def complete(ctx: Context, typed: str) -> list[str]:
    """Offer thirty words."""
    if typed == "break":
        raise RuntimeError(typed)
    return [f"{typed}{n}" for n in range(30)]


WHICH = ProgrammeParam(help="Which")
COLOURS = (("red", "Red"), ("blue", "Blue"))
COORD = Audience.COORDINATOR
FEATURE = Feature(
    name="probe",
    commands=(
        Command(path=("probe", "write"), help="Write", handler=write, example="/probe write it",
                params=(TextParam(name="why", help="Why", max_length=20, complete=complete),)),
        Command(path=("probe", "fail"), help="Fail", handler=fail, example="/probe fail it",
                params=(TextParam(name="why", help="Why"),)),
        Command(path=("probe", "refuse"), help="Refuse", handler=refuse, example="/probe refuse"),
        Command(path=("probe", "all"), help="All", handler=everything, example="/probe all @bea 3 2026-03-05 red a b",
                params=(MemberParam(name="who", help="Who"), NumberParam(name="n", help="N", least=1, most=9),
                        DateParam(name="day", help="Day"),
                        ChoiceParam(name="colour", help="Colour", options=COLOURS, required=False),
                        TextParam(name="words", help="Words", required=False))),
        Command(path=("probe", "many"), help="Many", handler=many, example="/probe many", reads=True, paged=True),
        Command(path=("probe", "slow"), help="Slow", handler=Slow(read, double, store), example="/probe slow",
                params=(WHICH,)),
        Command(path=("probe", "endless"), help="Endless", handler=Slow(read, forever, store, timeout_s=0.2),
                example="/probe endless", params=(WHICH,)),
        Command(path=("probe", "long"), help="Long", handler=open_long, example="/probe long", opens_form=True),
        Command(path=("probe", "secret"), help="Secret", handler=open_secret, example="/probe secret",
                opens_form=True, sensitive=True),
        Command(path=("coord", "probe"), help="Probe", handler=for_programme, example="/coord probe", params=(WHICH,),
                audience=COORD),
        Command(path=("coord", "everywhere"), help="Probe", handler=refuse, example="/coord everywhere",
                audience=COORD),
        Command(path=("mod", "probe"), help="Probe", handler=for_programme, example="/mod probe", params=(WHICH,),
                audience=Audience.MODERATOR),
    ),
    buttons=(
        ButtonSpec(name="probe.press", handler=press),
        ButtonSpec(name="probe.row", handler=press_row, row=Member),
        ButtonSpec(name="probe.coord", handler=press_row, row=Programme, audience=COORD),
        ButtonSpec(name="probe.mod", handler=press_row, row=Programme, audience=Audience.MODERATOR),
    ),
    forms=(
        FormSpec(name="probe.long", build=long_form, handler=take_long, example={}),
        FormSpec(name="probe.coord", build=long_form, handler=take_long, example={}, row=Programme, audience=COORD),
        FormSpec(name="probe.secret", build=secret_form, handler=take_secret, example={}, sensitive=True, a_day=2),
    ),
    refusals={"probe.no": "No {word}."},
)  # fmt: skip


def probe(world: World) -> World:
    """Add the feature to a world."""
    TOLD.clear()
    world.app.features = Features((*ALL, FEATURE))
    return world
