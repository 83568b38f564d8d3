"""What a developer writes is held to the limits of every platform when it is built: one over is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.chat import limits
from bot.chat.actions import ActionId, Button, Choice, LinkButton, MemberChoice, Option
from bot.chat.forms import ChoiceField, Form, MultiChoiceField, TextField
from bot.chat.limits import LimitError
from bot.chat.reply import Quiet, Reply
from bot.chat.spec import Catalogue, Command, TextParam
from bot.chat.views import Actions, Chart, File, Heading, Image

ACTION = ActionId("a")


def text(size: int) -> str:
    """Return so many letters."""
    return "x" * size


def options(size: int) -> tuple[Option, ...]:
    """Return so many options."""
    return tuple(Option(str(number), "label") for number in range(size))


def command(path: tuple[str, ...], *, help: str = "Help", params: int = 0) -> Command:  # noqa: A002
    """Make a command with so many parameters."""
    names = [f"p{number}" for number in range(params)]
    scope: dict[str, Any] = {}
    exec(f"async def handler(ctx, {', '.join(names)}): ...", scope)
    spec = tuple(TextParam(name=name, help="H", required=False) for name in names)
    return Command(path=path, help=help, handler=scope["handler"], example="/" + " ".join(path), params=spec)


def catalogue(*commands: Command) -> Catalogue:
    """Collect commands."""
    return Catalogue.of(commands=commands, buttons=(), forms=())


def tree(size: int) -> Catalogue:
    """Make one command tree of so many characters."""
    left, commands = size, []
    while left > 0:
        path = ("aa", f"b{len(commands):02}")
        used = min(limits.COMMAND_HELP, left - 5)
        rest = left - 5 - used
        if 0 < rest < 6:
            used -= 6 - rest
        commands.append(command(path, help=text(used)))
        left -= used + 5
    groups = [commands[start : start + 20] for start in range(0, len(commands), 20)]
    named = [
        Command(
            path=("a", f"{number}", spec.path[1]), help=spec.help, handler=spec.handler,
            example=f"/a {number} {spec.path[1]}",
        )
        for number, group in enumerate(groups) for spec in group
    ]  # fmt: skip
    return catalogue(*named)


BUILDERS: dict[str, tuple[int, Callable[[int], Any]]] = {
    "button label": (limits.BUTTON_LABEL, lambda size: Button(text(size), ACTION)),
    "link label": (limits.BUTTON_LABEL, lambda size: LinkButton(text(size), "https://example.org")),
    "buttons in a row": (limits.BUTTONS, lambda size: Actions((Button("b", ACTION),) * size)),
    "choice options": (limits.CHOICE_OPTIONS, lambda size: Choice("p", ACTION, options(size))),
    "option label": (limits.OPTION_LABEL, lambda size: Option("v", text(size))),
    "option value": (limits.OPTION_VALUE, lambda size: Option(text(size), "l")),
    "option hint": (limits.OPTION_LABEL, lambda size: Option("v", "l", text(size))),
    "placeholder": (limits.PLACEHOLDER, lambda size: Choice(text(size), ACTION, options(1))),
    "member placeholder": (limits.PLACEHOLDER, lambda size: MemberChoice(text(size), ACTION)),
    "action id": (limits.ACTION_ID, lambda size: ActionId(text(size - 2), "k")),
    "action argument": (limits.ACTION_ARGUMENT, lambda size: ActionId("a", "", text(size))),
    "form title": (limits.FORM_TITLE, lambda size: Form(name="f", title=text(size), fields=FIELD)),
    "field label": (limits.FORM_LABEL, lambda size: TextField(name="n", label=text(size))),
    "field hint": (limits.FORM_HINT, lambda size: TextField(name="n", label="l", hint=text(size))),
    "field options": (limits.CHOICE_OPTIONS, lambda size: ChoiceField(name="n", label="l", options=options(size))),
    "many options": (limits.CHOICE_OPTIONS, lambda size: MultiChoiceField(name="n", label="l", options=options(size))),
    "heading": (limits.HEADING, lambda size: Heading(text(size))),
    "name of a file": (limits.FILE_NAME, lambda size: File(text(size), b"")),
    "bytes of a file": (limits.FILE_SIZE, lambda size: File("a.csv", b"x" * size)),
    "alt of a picture": (limits.ALT_TEXT, lambda size: Image(b"", text(size))),
    "alt of a chart": (limits.ALT_TEXT, lambda size: Chart("bar", "t", (), (), text(size))),
    "command word": (limits.COMMAND_WORD, lambda size: command((text(size),))),
    "command help": (limits.COMMAND_HELP, lambda size: command(("a",), help=text(size))),
    "command words": (limits.COMMAND_WORDS, lambda size: command(("a",) * size)),
    "parameters": (limits.PARAMETERS, lambda size: command(("a",), params=size)),
    "parameter name": (limits.COMMAND_WORD, lambda size: TextParam(name=text(size), help="h")),
    "parameter help": (limits.COMMAND_HELP, lambda size: TextParam(name="n", help=text(size))),
    "commands in a group": (
        limits.COMMANDS_IN_GROUP, lambda size: catalogue(*(command(("a", f"b{number}")) for number in range(size))),
    ),
}  # fmt: skip
FIELD = (TextField(name="n", label="l"),)


@pytest.mark.parametrize("what", BUILDERS)
def test_the_limit_itself_is_allowed_and_one_over_is_refused(what: str):
    """The value is built at its limit; one more raises, and the message tells both numbers."""
    limit, build = BUILDERS[what]
    build(limit)
    with pytest.raises(LimitError, match=rf"{limit + 1} is over the limit of {limit}"):
        build(limit + 1)


def test_a_command_tree_has_eight_thousand_characters():
    """Discord counts names and descriptions of one top-level command together."""
    fits, size = None, limits.COMMAND_TREE
    while fits is None:
        try:
            fits = tree(size)
        except LimitError:
            size -= 10
    assert size > limits.COMMAND_TREE * 0.9
    with pytest.raises(LimitError, match="characters of command tree"):
        tree(limits.COMMAND_TREE + 500)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Form(name="f", title="t", fields=()),
        lambda: Form(name="f", title="t", fields=FIELD * 2),
        lambda: Choice("p", ACTION, ()),
        lambda: LinkButton("l", "javascript:alert(1)"),
        lambda: Image(b"", " "),
        lambda: File("../a.csv", b""),
        lambda: Chart("bar", "t", ("a",), (("s", (1.0, 2.0)),), "alt"),
        lambda: ActionId("a:b"),
        lambda: ActionId("a", "b:c"),
    ],
)
def test_what_could_not_be_shown_is_refused(build: Callable[[], Any]):
    """Empty forms and choices, doubled fields, other schemes, silent pictures and lopsided charts are never built."""
    with pytest.raises(ValueError):
        build()


async def one(ctx: Any, a: str) -> Reply:
    """Take one parameter."""
    return Quiet()


@pytest.mark.parametrize(
    "wrong",
    [
        {"example": "/other"},
        {"params": ()},
        {"params": (TextParam(name="b", help="h"),)},
        {"sensitive": True},
        {"paged": True},
        {"path": ("coord", "a"), "example": "/coord a"},
    ],
)
def test_a_command_that_contradicts_itself_is_refused(wrong: dict[str, Any]):
    """Wrong example, other parameters than the handler's, sensitive words, paging with a need, foreign ground."""
    right: dict[str, Any] = {
        "path": ("a",), "help": "h", "handler": one, "example": "/a x", "params": (TextParam(name="a", help="h"),),
    }  # fmt: skip
    Command(**right)
    with pytest.raises(ValueError):
        Command(**right | wrong)
