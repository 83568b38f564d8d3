"""Promises over all that features offer: examples run as they stand, and every name leads somewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

import bot
from bot.chat.parse import Call, parse
from bot.chat.reply import Ask, Reject, Show
from bot.chat.spec import Audience, ButtonSpec, Catalogue, Command, FormSpec
from bot.errors import FIELD_ERRORS
from bot.feature import Feature, Features
from bot.features import ALL
from bot.features.community.rules import PARTS
from tests.fakes.rows import add_with_parents, classes
from tests.fakes.world import World, key, view

FEATURES = Features(ALL)
CATALOGUE = FEATURES.catalogue
COMMANDS = list(CATALOGUE.commands.values())
BUTTONS = list(CATALOGUE.buttons.values())
FORMS = list(CATALOGUE.forms.values())
WHO = {Audience.MEMBER: "ana", Audience.COORDINATOR: "vera", Audience.MODERATOR: "max"}
FAULTS = {"core.broken", "core.no_command", "core.nearest", "core.help", "core.too_many_words", "core.not_allowed"}
SOURCES = {path: ast.parse(path.read_text()) for path in sorted(Path(bot.__file__).parent.rglob("*.py"))}


def name(spec: Any) -> str:
    """Return the name of a spec, for the test's own name."""
    return spec.name


def calls(*names: str) -> Iterator[tuple[Path, list[Any]]]:
    """Yield the constant arguments (None for others) of every call in the core to a function of one of these names."""
    for path, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in names:
                yield path, [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]


# -- examples


@pytest.mark.parametrize("command", COMMANDS, ids=name)
def test_the_example_of_a_command_is_read_as_that_command(command: Command):
    """Every example parses whole: the right command, nothing missing but a programme, nothing left over."""
    call = parse(command.example, CATALOGUE.commands)
    assert isinstance(call, Call)
    assert (command, "") == (call.command, call.extra)
    needed = {param.name for param in command.params if param.required and param.name != "programme"}
    assert needed <= call.raw.keys()


@pytest.mark.parametrize("command", COMMANDS, ids=name)
async def test_the_example_of_a_command_runs(coffee: World, command: Command):
    """What the help shows works when it is typed as it stands by somebody who may."""
    if command.audience is Audience.MEMBER:
        await coffee.until("2026-03-03 09:30")
    assert key(await coffee.says(WHO[command.audience], command.example)) not in FAULTS


@pytest.mark.parametrize("form", FORMS, ids=name)
async def test_the_example_of_a_form_is_taken_or_refused_in_words(coffee: World, form: FormSpec):
    """Every form can be built and sent with its example, page by page; no answer of it is wrong by itself."""
    await coffee.until("2026-03-03 09:30")
    row = await a_row(coffee, form)
    reply: Any = None
    values = {field: value if isinstance(value, tuple) else str(value) for field, value in form.example.items()}
    for page in range(5):
        who = WHO[form.audience]
        reply = await coffee._handled(coffee.town.submit(who, f"{form.name}:{row or part(form)}:{page}", values))
        if not isinstance(reply, Ask) or reply.page <= page:
            break
    assert not isinstance(reply, Ask | Reject), reply
    assert key(reply) not in FAULTS


@pytest.mark.parametrize("button", BUTTONS, ids=name)
async def test_a_press_is_answered_in_words(coffee: World, button: ButtonSpec):
    """Every button can be pressed by anybody who tampers, with and without its row, and never breaks."""
    await coffee.until("2026-03-03 09:30")
    row = await a_row(coffee, button)
    for pressed in (row, "nothing"):
        reply = await coffee.presses_id(WHO[button.audience], f"{button.name}:{pressed}:{button.example}")
        assert key(reply) not in FAULTS


def part(form: FormSpec) -> str:
    """Return the key of a form that is about no row."""
    return "kudos" if form.name == "community.settings" else ""


async def a_row(world: World, spec: ButtonSpec | FormSpec) -> str:
    """Return the id of a row that the spec can be about, made when there is none."""
    if spec.row is None:
        return ""
    async with world.database.unit() as db:
        made = {name: (await db.exec(select(cls))).first() for name, cls in classes().items()}
        table = next(name for name, cls in classes().items() if cls is spec.row)
        if made[table] is None:
            made[table] = await add_with_parents(db, spec.row, made, "made")
    return made[table].id


async def test_a_reading_command_writes_nothing(coffee: World):
    """What is declared as reading runs on a connection that cannot write, so it would have failed."""
    for command in COMMANDS:
        if command.reads:
            assert "core.broken" != key(await coffee.says(WHO[command.audience], command.example))


async def test_what_is_shown_says_its_key(coffee: World):
    """The key of a view has two words, so that tests and logs can name it."""
    for command in COMMANDS:
        reply = await coffee.says(WHO[command.audience], command.example)
        if isinstance(reply, Show):
            assert 2 == len(view(reply).key.split(".")), view(reply).key


# -- names


def test_every_refusal_has_a_sentence():
    """Each key of a `UserError` in the source is declared, and so is each mistake in a field."""
    used = {arguments[0] for _, arguments in calls("UserError") if arguments and arguments[0]}
    assert len(used) > 20
    assert set() == used - FEATURES.refusals.keys()
    wrong = {arguments[0] for _, arguments in calls("_Wrong") if arguments and arguments[0]}
    assert FIELD_ERRORS.keys() == wrong


def test_every_message_has_a_builder_and_every_builder_is_used():
    """Each key handed to the outbox is declared by a feature, and no feature declares one that nobody sends."""
    sent = {
        arguments[1]
        for _, arguments in calls("note", "nudge", "post", "room", "open_room", "edit")
        if len(arguments) > 1 and isinstance(arguments[1], str)
    }
    assert set() == sent - FEATURES.messages.keys()
    words = {node.value for tree in SOURCES.values() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert FEATURES.messages.keys() <= words


def test_every_button_and_form_named_in_a_view_exists():
    """An `ActionId` in the source names a button, a page of a list or a form."""
    named = {arguments[0] for _, arguments in calls("ActionId") if arguments and isinstance(arguments[0], str)}
    assert len(named) > 10
    assert set() == named - CATALOGUE.buttons.keys() - CATALOGUE.forms.keys()


def test_every_fact_that_somebody_waits_for_happens():
    """No feature reacts to a fact that nobody tells."""
    told = {arguments[0] for _, arguments in calls("happened") if arguments}
    assert set() == {fact for feature in ALL for fact in feature.reacts} - told


def test_every_schedule_that_is_kept_has_a_handler():
    """A kind of schedule that is written has what an occurrence does."""
    words = {node.value for tree in SOURCES.values() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert FEATURES.schedules.keys() <= words
    kept = {arguments[1] for _, arguments in calls("keep") if len(arguments) > 1 and isinstance(arguments[1], str)}
    assert set() == kept - FEATURES.schedules.keys()


def test_every_setting_is_declared_and_can_be_reached():
    """What a handler asks for is declared, and each setting is in `/coord setup` or a part of `/coord settings`."""
    asked = {arguments[0] for _, arguments in calls("setting") if arguments and isinstance(arguments[0], str)}
    assert set() == asked - FEATURES.settings.keys()
    parts = {part for part, _ in PARTS}
    assert set() == {key for key, one in FEATURES.settings.items() if not one.setup and key.split(".")[0] not in parts}


def test_names_begin_with_their_feature():
    """A button, form, message, refusal, setting or sweep is named after its feature, so that no two can meet."""
    for feature in ALL:
        names = [
            *(button.name for button in feature.buttons if feature.name != "core"),
            *(form.name for form in feature.forms),
            *(sweep.name for sweep in feature.sweeps),
            *(setting.key for setting in feature.settings),
            *feature.messages,
            *feature.refusals,
            *feature.schedules,
        ]
        assert [] == [name for name in names if not name.startswith(f"{feature.name}.")]


@pytest.mark.parametrize("what", ["commands", "buttons", "forms", "messages", "refusals", "schedules"])
def test_a_name_that_stands_twice_is_refused(what: str):
    """Two features cannot take the same name."""
    donor = next(feature for feature in ALL if getattr(feature, what))
    twin = Feature(name="twin", **{what: getattr(donor, what)})
    with pytest.raises(ValueError, match="twice"):
        Features((*ALL, twin))


def test_commands_stand_where_their_audience_looks():
    """Coordinators' commands are under /coord, moderators' under /mod, and nothing else is."""
    roots = {Audience.COORDINATOR: "coord", Audience.MODERATOR: "mod"}
    for command in COMMANDS:
        assert (command.path[0] if command.path[0] in roots.values() else None) == roots.get(command.audience)
        for wrong in {*Audience} - {command.audience}:
            with pytest.raises(ValueError):
                replace(command, audience=wrong)


def test_a_command_cannot_also_be_a_group():
    """Discord has no command that has commands under it."""
    command = COMMANDS[0]
    deeper = replace(command, path=(*command.path, "more"), example=f"/{command.name} more")
    with pytest.raises(ValueError, match="both a command and a group"):
        Catalogue.of(commands=(*COMMANDS, deeper), buttons=(), forms=())
