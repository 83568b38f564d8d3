"""The composer's completion: commands, their parameters, and people, from what has been typed so far."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from adapters.playground.model import User
from bot.chat.parse import Call, parse
from bot.chat.spec import (
    Audience,
    Catalogue,
    ChoiceParam,
    Command,
    DateParam,
    MemberParam,
    MembersParam,
    NumberParam,
    Param,
    ProgrammeParam,
    TextParam,
)

SHOWN = 8
COMMANDS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Hint:
    """One completion: `insert` becomes the whole line; `label` is read, `detail` explains it."""

    insert: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """Completions, and what the command being typed expects (`usage`, `about` its next parameter)."""

    options: tuple[Hint, ...] = ()
    usage: str = ""
    about: str = ""


Ask = Callable[[Command, str, str], Awaitable[list[str]]]


async def hints(line: str, catalogue: Catalogue, people: Sequence[User], today: date, ask: Ask) -> Hints:
    """Return what fits after `line`; `ask(command, parameter, typed)` is the core's own completion."""
    if not line.startswith("/"):
        return Hints(_people(line, people))
    command = _command(line, catalogue)
    if command is None:
        return Hints(_commands(line, catalogue))
    head, typed, param = _position(line, command)
    if param is None:
        return Hints((), usage(command), command.help)
    values = await _values(param, command, typed, people, today, ask)
    options = tuple(Hint(head + value + " ", value, detail) for value, detail in values)
    return Hints(options[:SHOWN], usage(command), f"{param.name}: {param.help}")


def usage(command: Command) -> str:
    """Return the command with its parameters: <needed> and [may be left out], [given:...] by its name."""
    shown = (
        f"<{param.name}>" if param.required else f"[{param.name}:...]" if param.named else f"[{param.name}]"
        for param in command.params
    )
    return " ".join((f"/{command.name}", *shown))


def with_accounts(line: str, catalogue: Catalogue, people: Iterable[User]) -> str:
    """Return the line with the @handles given for member parameters as accounts, as platforms send them."""
    call = parse(line, catalogue.commands)
    if not isinstance(call, Call):
        return line
    by_handle = {f"@{user.handle}".lower(): user.id for user in people}
    for param in call.command.params:
        raw = call.raw.get(param.name, "")
        if not isinstance(param, MemberParam | MembersParam):
            continue
        for one in raw.split("\n"):
            if one.lower() in by_handle:
                line = re.sub(rf"(?<!\S){re.escape(one)}(?!\S)", f"<@{by_handle[one.lower()]}>", line, count=1)
    return line


def _command(line: str, catalogue: Catalogue) -> Command | None:
    """Return the command whose words all stand in the line, with a space after them."""
    call = parse(line, catalogue.commands)
    if not isinstance(call, Call):
        return None
    words = r"\s+".join(re.escape(word) for word in call.command.path)
    return call.command if re.match(rf"/\s*{words}\s", line, re.IGNORECASE) else None


def _commands(line: str, catalogue: Catalogue) -> tuple[Hint, ...]:
    typed = " ".join(line.removeprefix("/").lower().split())
    found = [
        command
        for command in catalogue.commands.values()
        if command.name.startswith(typed) or any(word.startswith(typed) for word in command.path)
    ]
    found.sort(key=lambda one: (one.audience is not Audience.MEMBER, not one.name.startswith(typed), one.name))
    return tuple(Hint(f"/{one.name} ", f"/{one.name}", _detail(one)) for one in found[:COMMANDS_SHOWN])


def _detail(command: Command) -> str:
    return command.help if command.audience is Audience.MEMBER else f"{command.help} (for {command.audience}s)"


def _position(line: str, command: Command) -> tuple[str, str, Param | None]:
    """Return (what stands, what is being typed, the parameter it is for)."""
    spans = [found.span() for found in re.finditer(r'"[^"]*"?|\S+', line)][len(command.path) :]
    if line[-1:].isspace() or not spans:
        head, typed, index = line, "", len(spans)
    else:
        head, typed, index = line[: spans[-1][0]], line[spans[-1][0] :], len(spans) - 1
    if index < len(command.params):
        return head, typed, command.params[index]
    last = command.params[-1] if command.params else None
    return (head, typed, last) if isinstance(last, TextParam) and last.complete is None else (head, typed, None)


async def _values(
    param: Param, command: Command, typed: str, people: Sequence[User], today: date, ask: Ask
) -> list[tuple[str, str]]:
    match param:
        case MemberParam() | MembersParam():
            return [(f"@{user.handle}", user.name) for user in _matching(typed, people)]
        case ChoiceParam(options=options):
            return [(value, label) for value, label in options if value.lower().startswith(typed.lower())]
        case DateParam():
            days = ((0, "today"), (1, "tomorrow"), (7, "in a week"))
            shown = [((today + timedelta(days=ahead)).isoformat(), word) for ahead, word in days]
            return [(day, word) for day, word in shown if day.startswith(typed)]
        case ProgrammeParam():
            return [(value, "") for value in await ask(command, param.name, typed)]
        case TextParam(complete=complete):
            return [(value, "") for value in await ask(command, param.name, typed)] if complete else []
        case NumberParam():
            return []
        case _:
            assert_never(param)


def _people(line: str, people: Sequence[User]) -> tuple[Hint, ...]:
    found = re.search(r"(?<!\S)@[\w.-]*$", line)
    if found is None:
        return ()
    head = line[: found.start()]
    return tuple(Hint(f"{head}@{user.handle} ", f"@{user.handle}", user.name) for user in _matching(found[0], people))


def _matching(typed: str, people: Sequence[User]) -> list[User]:
    start = typed.removeprefix("@").lower()
    found = [
        user
        for user in people
        if user.handle.lower().startswith(start) or any(word.lower().startswith(start) for word in user.name.split())
    ]
    return found[:SHOWN]
