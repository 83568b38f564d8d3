"""Specs: what a feature offers, as data. From them adapters make commands, menus, manifests and palettes.

A spec states what a platform must know before the handler runs: who may use it, whether the answer is private, whether
a form may be the answer, whether it is slow, only reads, or takes something that must not be written down twice.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeVar

from bot.chat import limits
from bot.chat.forms import Form
from bot.chat.limits import LimitError, at_most
from bot.chat.reply import Reply

Handler = Callable[..., Awaitable[Reply]]
Completer = Callable[[Any, str], Awaitable[list[str]]]


class Audience(StrEnum):
    """Who may use it. Everybody is a member of the community; the other two are granted, per programme."""

    MEMBER = "member"
    COORDINATOR = "coordinator"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True)
class Slow:
    """A handler in three steps, so that no transaction stays open while it computes.

    `read(ctx, **args)` gathers plain values with a reader; `work(values)` is a module-level function run in a process
    that can be killed; `write(ctx, result, **args)` stores the result in one short unit of work and replies.
    """

    read: Callable[..., Awaitable[Any]]
    work: Callable[[Any], Any]
    write: Callable[..., Awaitable[Any]]
    timeout_s: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Param:
    """`name` is one lower-case word; `help` a short line, `label` its name in a form (messages to translate).

    Where a command is one line of text, a `named` one is given as `name:value`, at any place.
    """

    name: str
    help: str
    label: str = ""
    required: bool = True
    named: bool = False

    def __post_init__(self) -> None:
        at_most(f"label of parameter {self.name!r}", len(self.label), limits.FORM_LABEL)
        at_most(f"parameter name {self.name!r}", len(self.name), limits.COMMAND_WORD)
        at_most(f"help of parameter {self.name!r}", len(self.help), limits.COMMAND_HELP)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextParam(_Param):
    """Words; the last one of a command takes the rest of the line. The handler gets a str.

    `closed`: only what `complete` gives can be chosen, so a form shows a choice, or nothing where there is no choice.
    """

    max_length: int = 500
    complete: Completer | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberParam(_Param):
    """A member; the handler gets the `Member` row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersParam(_Param):
    """One or several members, `most` at once; the handler gets a tuple of `Member` rows, each of them once."""

    most: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceParam(_Param):
    """One of a few values (value, label); the handler gets the value."""

    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateParam(_Param):
    """A day as 2026-03-05; the handler gets a `date`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberParam(_Param):
    """A whole number; the handler gets an int."""

    least: int = 0
    most: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeParam(_Param):
    """A programme by its slug: implied when there is one, asked when there are several. The handler gets the row.

    Permission for coordinator and moderator commands is checked for this programme.
    """

    name: str = "programme"


Param = TextParam | MemberParam | MembersParam | ChoiceParam | DateParam | NumberParam | ProgrammeParam


@dataclass(frozen=True, slots=True)
class Menu:
    """A context menu or shortcut for a command: used on a person, on a message, or from anywhere."""

    on: Literal["member", "message", "global"]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command. The handler is called as `handler(ctx, **parameters)`.

    `example` is what a member types; tests drive every adapter with it. `paged` commands show a `List` that
    pages itself. `a_day` limits how often one person may use it; it is counted in memory only.
    """

    path: tuple[str, ...]
    help: str
    handler: Handler | Slow
    example: str
    params: tuple[Param, ...] = ()
    audience: Audience = Audience.MEMBER
    private: bool = True
    opens_form: bool = False
    reads: bool = False
    sensitive: bool = False
    paged: bool = False
    menus: tuple[Menu, ...] = ()
    a_day: int | None = None

    def __post_init__(self) -> None:
        at_most(f"words of command {self.name!r}", len(self.path), limits.COMMAND_WORDS)
        at_most(f"help of command {self.name!r}", len(self.help), limits.COMMAND_HELP)
        at_most(f"parameters of command {self.name!r}", len(self.params), limits.PARAMETERS)
        for word in self.path:
            at_most(f"command word {word!r}", len(word), limits.COMMAND_WORD)
        if not self.example.startswith("/" + " ".join(self.path)):
            raise ValueError(f"command {self.name!r} needs an example that starts with /{' '.join(self.path)}")
        root = {Audience.MEMBER: None, Audience.COORDINATOR: "coord", Audience.MODERATOR: "mod"}[self.audience]
        if (self.path[0] if self.path[0] in {"coord", "mod"} else None) != root:
            raise ValueError(f"command {self.name!r}: what is for {self.audience}s stands under /{root or '<noun>'}")
        if self.sensitive and any(isinstance(param, TextParam) for param in self.params):
            raise ValueError(f"command {self.name!r} is sensitive: it takes its words by form, never as a parameter")
        if self.paged and any(param.required and not isinstance(param, ProgrammeParam) for param in self.params):
            raise ValueError(f"command {self.name!r} pages itself, so it cannot require parameters")
        optional = False
        for param in self.params:
            if param.required and optional:
                raise ValueError(f"command {self.name!r}: required parameters come first")
            optional = optional or not param.required
        handler = self.handler.write if isinstance(self.handler, Slow) else self.handler
        skip = 2 if isinstance(self.handler, Slow) else 1
        taken = list(inspect.signature(handler).parameters)[skip:]
        if taken != [param.name for param in self.params]:
            raise ValueError(
                f"command {self.name!r}: the handler takes {taken}, the spec has {[p.name for p in self.params]}"
            )

    @property
    def name(self) -> str:
        """The path with spaces, without the slash."""
        return " ".join(self.path)

    @property
    def slow(self) -> bool:
        """Whether the answer is deferred."""
        return isinstance(self.handler, Slow)

    @property
    def may_ask(self) -> bool:
        """Whether a form may be the first answer, so that an adapter must not defer."""
        return self.opens_form or any(isinstance(param, ProgrammeParam) for param in self.params)


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonSpec:
    """What a press does. Called as `handler(ctx)`, or `handler(ctx, row)` when `row` names the table of the key.

    `example` is an argument that a press may carry. `row` must have a `community_id`.
    """

    name: str
    handler: Handler | Slow
    row: type[Any] | None = None
    audience: Audience = Audience.MEMBER
    private: bool = True
    opens_form: bool = False
    reads: bool = False
    sensitive: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSpec:
    """A form and what happens with it. `build(ctx)` makes it (again, at each page); `handler(ctx, answers)` takes it.

    `build` gets the row of the form's key as `ctx.row`. A sensitive form has one page, and no draft of it is stored.
    `a_day` limits how often one person may send it; `guess` is the refusal after which they have guessed wrong, and
    wait longer each time. Both are counted in memory only.
    """

    name: str
    build: Callable[[Any], Awaitable[Form]]
    handler: Callable[[Any, dict[str, Any]], Awaitable[Reply]]
    example: Mapping[str, Any]
    row: type[Any] | None = None
    audience: Audience = Audience.MEMBER
    private: bool = True
    sensitive: bool = False
    a_day: int | None = None
    guess: str = ""


Spec = Command | ButtonSpec | FormSpec
T = TypeVar("T", bound="Spec")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every command, button and form of the installation, by name; built once, refuses doubles and what cannot show."""

    commands: Mapping[tuple[str, ...], Command] = field(default_factory=dict)
    buttons: Mapping[str, ButtonSpec] = field(default_factory=dict)
    forms: Mapping[str, FormSpec] = field(default_factory=dict)

    @classmethod
    def of(
        cls, *, commands: tuple[Command, ...], buttons: tuple[ButtonSpec, ...], forms: tuple[FormSpec, ...]
    ) -> Catalogue:
        """Collect specs. Raises `ValueError` for a name used twice, `LimitError` for a tree no platform can show."""
        _trees_fit(commands)
        return cls(
            _by("command", commands, lambda spec: spec.path),
            _by("button", buttons, lambda spec: spec.name),
            _by("form", forms, lambda spec: spec.name),
        )


def _by(kind: str, specs: tuple[T, ...], key: Callable[[T], Any]) -> dict[Any, T]:
    found: dict[Any, T] = {}
    for spec in specs:
        if key(spec) in found:
            raise ValueError(f"{kind} {key(spec)!r} stands twice")
        found[key(spec)] = spec
    return found


def _trees_fit(commands: tuple[Command, ...]) -> None:
    """Hold each top-level command to Discord's 25 entries a group and 8,000 characters a tree."""
    roots: dict[str, int] = {}
    groups: dict[tuple[str, ...], set[str]] = {}
    for command in commands:
        size = len(command.help) + sum(len(word) for word in command.path)
        for param in command.params:
            size += (len(param.name) + len(param.help)) * (param.most if isinstance(param, MembersParam) else 1)
            if isinstance(param, ChoiceParam):
                size += sum(len(value) + len(label) for value, label in param.options)
        roots[command.path[0]] = roots.get(command.path[0], 0) + size
        for depth in range(1, len(command.path)):
            groups.setdefault(command.path[:depth], set()).add(command.path[depth])
        for shorter in (command.path[:depth] for depth in range(1, len(command.path))):
            if any(other.path == shorter for other in commands):
                raise LimitError(f"/{' '.join(shorter)} cannot be both a command and a group")
    for root, size in roots.items():
        at_most(f"characters of command tree /{root}", size, limits.COMMAND_TREE)
    for path, words in groups.items():
        at_most(f"entries under /{' '.join(path)}", len(words), limits.COMMANDS_IN_GROUP)
