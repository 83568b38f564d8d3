"""Who may do what, over every command, button and form that is not for everybody."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

import storage.community
from bot.chat.forms import Form, TextField
from bot.chat.parse import Call, parse
from bot.chat.reply import Reply, Show
from bot.chat.spec import Audience, ButtonSpec, Catalogue, Command, FormSpec, Slow
from bot.chat.text import words
from bot.chat.views import Text, View
from bot.context import Context
from bot.features import ALL
from bot.permission import may
from storage.member import Member
from storage.programme import Programme, Role
from tests.fakes.probe import FEATURE, probe
from tests.fakes.rows import add_with_parents, classes
from tests.fakes.world import COFFEE, World, key

REACHED = Show(View("reached", (Text(words("reached")),)))
FEATURES = (*ALL, FEATURE)
GUARDED = [
    spec
    for feature in FEATURES
    for spec in (*feature.commands, *feature.buttons, *feature.forms)
    if spec.audience is not Audience.MEMBER
]
PERSONS = ("member", "coordinator here", "coordinator elsewhere", "coordinator of all", "moderator", "admin")


def reached(like: Any) -> Any:
    """Return a handler with the parameters of another that only says that it was reached."""

    async def handler(ctx: Context, *args: Any, **kwargs: Any) -> Reply:
        return REACHED

    def work(value: Any) -> Any:
        return value

    if isinstance(like, Slow):
        write = reached(like.write)
        read = reached(like.read)
        return Slow(read, work, write)
    handler.__signature__ = inspect.signature(like)  # type: ignore[attr-defined]
    return handler


async def one_field(ctx: Context) -> Form:
    """A form that can always be sent."""
    return Form(name="any", title="Any", fields=(TextField(name="any", label="Any", required=False),))


def only_reached(catalogue: Catalogue) -> Catalogue:
    """Return a catalogue whose handlers only say that they were reached: what is tested is who gets there."""
    return Catalogue(
        {path: replace(spec, handler=reached(spec.handler)) for path, spec in catalogue.commands.items()},
        {name: replace(spec, handler=reached(spec.handler)) for name, spec in catalogue.buttons.items()},
        {name: replace(spec, handler=reached(spec.handler), build=one_field) for name, spec in catalogue.forms.items()},
    )


async def dress(world: World, person: str, programme: Programme, other: Programme) -> None:
    """Make ana what is tested: by a role in the database, by a platform role, or by administering the space."""
    ana = next(row for row in await world.rows(Member) if row.handle == "ana")
    granted = {
        "coordinator here": ("coordinator", programme.id),
        "coordinator elsewhere": ("coordinator", other.id),
        "coordinator of all": ("coordinator", None),
    }
    if person in granted:
        kind, where = granted[person]
        role = Role(
            id="granted", community_id=ana.community_id, member_id=ana.id, programme_id=where, kind=kind,
            since=world.clock.now(),
        )  # fmt: skip
        async with world.database.unit() as db:
            db.add(role)
    user = world.town.user("ana")
    world.town.change_user(
        replace(user, roles=frozenset({"moderator"}) if person == "moderator" else frozenset(), admin=person == "admin")
    )


def expected(spec: Any, person: str, *, in_programme: bool, roles_set: bool) -> bool:
    """Return whether this person may use this spec, from the design and not from the code."""
    if person == "admin":
        return not roles_set
    if spec.audience is Audience.MODERATOR:
        return person == "moderator" and roles_set
    return person == "coordinator of all" or (person == "coordinator here" and in_programme)


async def event_for(world: World, spec: Any, programme: Programme) -> tuple[Any, bool]:
    """Return an event that asks for the spec as ana, and whether it is about `programme`."""
    if isinstance(spec, Command):
        about = any(param.name == "programme" for param in spec.params)
        call = parse(spec.example, world.app.catalogue.commands)
        assert isinstance(call, Call)
        options = call.raw | ({"programme": programme.slug} if about else {})
        return replace(world.town.command("ana", ""), path=spec.path, options=options), about
    row = await a_row(world, spec, programme) if spec.row else None
    about = isinstance(row, Programme) or getattr(row, "programme_id", None) == programme.id
    action = f"{spec.name}:{row.id if row is not None else ''}"
    if isinstance(spec, ButtonSpec):
        return world.town.press("ana", None, action), about
    return world.town.submit("ana", action, {}), about


async def a_row(world: World, spec: ButtonSpec | FormSpec, programme: Programme) -> Any:
    """Return a row of the table that the spec is about, in the programme where its table knows one."""
    assert spec.row is not None
    if spec.row is Programme:
        return programme
    async with world.database.unit() as db:
        made = {name: (await db.exec(select(cls))).first() for name, cls in classes().items()}
        made["programme"] = programme
        there = made[spec.row.__tablename__]
        if there is not None and getattr(there, "programme_id", programme.id) == programme.id:
            return there  # some tables hold one row of a kind
        return await add_with_parents(db, spec.row, made, f"pressed-{type(spec).__name__}-{spec.name}")


@pytest.fixture
async def two(coffee: World) -> tuple[World, Programme, Programme]:
    """A world with two programmes whose handlers only say that they were reached."""
    await probe(coffee).applies({**COFFEE, "slug": "tea", "name": "Tea"})
    rows = {row.slug: row for row in await coffee.rows(Programme)}
    coffee.app.features.catalogue = only_reached(coffee.app.features.catalogue)
    return coffee, rows["coffee"], rows["tea"]


def test_there_is_something_to_guard():
    """The list of guarded specs is not empty by mistake."""
    assert {Command, ButtonSpec, FormSpec} == {type(spec) for spec in GUARDED}
    assert {Audience.COORDINATOR, Audience.MODERATOR} == {spec.audience for spec in GUARDED}


@pytest.mark.parametrize("roles_set", [True, False], ids=["roles set", "no roles yet"])
@pytest.mark.parametrize("person", PERSONS)
async def test_only_those_who_may_get_to_the_handler(
    two: tuple[World, Programme, Programme], person: str, roles_set: bool
):
    """Every guarded command, button and form lets in exactly whom the design names, and refuses all others in words."""
    world, programme, other = two
    if not roles_set:
        async with world.database.unit() as db:
            for setting in ("core.coordinator_roles", "core.moderator_roles"):
                await storage.community.set_value(db, programme.community_id, setting, [])
    await dress(world, person, programme, other)
    wrong = []
    for spec in GUARDED:
        event, about = await event_for(world, spec, programme)
        told = key(await world.handles(event))
        may = expected(spec, person, in_programme=about, roles_set=roles_set)
        if person == "moderator" and not roles_set:
            may = False
        if told != ("reached" if may else "core.not_allowed"):
            wrong.append((spec.name, told, may))
    assert [] == wrong


async def test_a_role_that_was_lost_is_lost_at_the_next_press(two: tuple[World, Programme, Programme]):
    """The button was shown to a coordinator; by the time of the press they are none."""
    world, programme, other = two
    await dress(world, "coordinator of all", programme, other)
    press = f"probe.coord:{programme.id}"
    assert "reached" == key(await world.presses_id("ana", press))
    async with world.database.unit() as db:
        role = await db.get(Role, "granted")
        role.status = "left"
        db.add(role)
    assert "core.not_allowed" == key(await world.presses_id("ana", press))


async def test_a_platform_role_counts_from_the_event(two: tuple[World, Programme, Programme]):
    """A coordinator by platform role loses it with the role."""
    world, programme, _ = two
    user = world.town.user("ana")
    world.town.change_user(replace(user, roles=frozenset({"coordinator"})))
    assert "reached" == key(await world.presses_id("ana", f"probe.coord:{programme.id}"))
    world.town.change_user(user)
    assert "core.not_allowed" == key(await world.presses_id("ana", f"probe.coord:{programme.id}"))


async def test_a_moderators_word_in_the_event_is_not_trusted(two: tuple[World, Programme, Programme]):
    """What an event says of a moderator may be old: moderation asks the platform itself."""
    world, programme, _ = two
    press = world.town.press("max", None, f"probe.mod:{programme.id}")
    world.town.change_user(replace(world.town.user("max"), roles=frozenset()))
    assert "core.not_allowed" == key(await world.handles(press))


async def test_a_coordinator_of_one_programme_is_asked_which(two: tuple[World, Programme, Programme]):
    """With several programmes the form opens, is refused for the other one, and works for theirs."""
    world, programme, other = two
    await dress(world, "coordinator here", programme, other)
    asked = await world.says("ana", "/coord probe")
    assert "form:cmd.coord.probe" == key(asked)
    assert "core.not_allowed" == key(await world.submits("ana", asked, programme="tea"))
    assert "reached" == key(await world.submits("ana", asked, programme="coffee"))


async def test_a_stranger_learns_nothing_before_they_are_refused(two: tuple[World, Programme, Programme]):
    """Whether a programme exists is not told to who may not ask."""
    world, _, _ = two
    for slug in ("coffee", "nothing", ""):
        assert "core.not_allowed" == key(await world.says("ana", f"/coord probe {slug}"))


@pytest.mark.parametrize("audience", [Audience.COORDINATOR, Audience.MODERATOR])
async def test_an_unknown_standing_grants_nothing(two: tuple[World, Programme, Programme], audience: Audience):
    """Where a platform did not say what somebody is, and no row makes them it, they are nothing but a member."""
    world, programme, _ = two
    ana = next(row for row in await world.rows(Member) if row.handle == "ana")
    async with world.database.read() as db:
        for settings in ({}, {"core.coordinator_roles": ["coordinator"], "core.moderator_roles": ["moderator"]}):
            for anywhere in (True, False):
                assert not await may(
                    db, ana.community_id, ana.id, None, settings, audience, programme.id, anywhere=anywhere
                )
