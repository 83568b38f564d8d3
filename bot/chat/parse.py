"""The one parser of typed commands: words in, a command and its raw arguments out. Pure; knows no member, no row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.chat.spec import Command, MembersParam, TextParam

_TOKEN = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')


@dataclass(frozen=True, slots=True)
class Call:
    """A command and what was typed for each parameter; what was left out is absent. `extra` is what fits nowhere."""

    command: Command
    raw: dict[str, str]
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No command starts like this. `word` is the first one that does not fit; `nearest` a whole command like it."""

    word: str
    nearest: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """The words name a group ("goal"), or nothing was typed: `names` are the commands under it."""

    path: tuple[str, ...]
    names: tuple[str, ...]


def parse(line: str, commands: Mapping[tuple[str, ...], Command]) -> Call | Unknown | Group:
    """Read a line such as `/kudos give @bea for the review`; a leading slash is not needed, case does not matter.

    Each parameter takes one word, or several "in quotes"; the last one takes the rest of the line if it is text.
    Members that begin with @ may be several, and stand in `raw` under each other. What is named is looked for first.
    """
    text = line.strip().removeprefix("/").strip()
    tokens = list(_TOKEN.finditer(text))
    words = [token.group(0).lower() for token in tokens]
    for depth in range(min(len(words), max((len(path) for path in commands), default=0)), 0, -1):
        command = commands.get(tuple(words[:depth]))
        if command is not None:
            return _arguments(command, text, tokens[depth:])
    if words and words[-1] == "help":
        words = words[:-1]
    under = [path for path in commands if path[: len(words)] == tuple(words)]
    if under or not words:
        return Group(tuple(words), tuple(sorted(" ".join(path) for path in under)))
    return _unknown(words, commands)


def _arguments(command: Command, text: str, tokens: list[re.Match[str]]) -> Call:
    raw, text, left = _named(command, text, tokens)
    placed = [param for param in command.params if not param.named]
    for index, param in enumerate(placed):
        if not left:
            break
        last_words = isinstance(param, TextParam) and index == len(placed) - 1
        if last_words and len(left) > 1:
            raw[param.name] = text[left[0].start() :].strip()
            left = []
        elif isinstance(param, MembersParam):
            several = [_value(left.pop(0))]
            while left and left[0].group(0).startswith(("@", "<@")):
                several.append(_value(left.pop(0)))
            raw[param.name] = "\n".join(several)
        else:
            raw[param.name] = _value(left.pop(0))
    return Call(command, raw, text[left[0].start() :] if left else "")


def _named(command: Command, text: str, tokens: list[re.Match[str]]) -> tuple[dict[str, str], str, list[re.Match[str]]]:
    """Take what is given as `name:value` out of the line; return it, the line without it, and what is left of it."""
    raw: dict[str, str] = {}
    names = [param.name for param in command.params if param.named]
    if not names or not tokens:
        return raw, text, list(tokens)
    start = tokens[0].start()
    pattern = re.compile(rf"(?<!\S)({'|'.join(map(re.escape, names))}):({_TOKEN.pattern})", re.IGNORECASE)

    def take(found: re.Match[str]) -> str:
        raw.setdefault(found[1].lower(), next(group for group in found.groups()[2:] if group is not None))
        return ""

    rest = pattern.sub(take, text[start:]).strip()
    return raw, rest, list(_TOKEN.finditer(rest))


def _value(token: re.Match[str]) -> str:
    return next((group for group in token.groups() if group is not None), "")


def _unknown(words: list[str], commands: Mapping[tuple[str, ...], Command]) -> Unknown:
    """Find the first word that does not fit and the nearest whole command, judged word by word and as a whole."""
    fits = 0
    while fits < len(words) and any(path[: fits + 1] == tuple(words[: fits + 1]) for path in commands):
        fits += 1
    names = {" ".join(path): path for path in commands}
    typed = " ".join(words[:3])
    two = " ".join(words[:2])
    near = get_close_matches(two, names, n=1, cutoff=0.6) or get_close_matches(typed, names, n=1, cutoff=0.6)
    if not near:
        siblings = {
            path[fits]: " ".join(path) for path in sorted(commands, reverse=True) if path[:fits] == tuple(words[:fits])
        }
        near = [
            siblings[word] for word in get_close_matches(words[min(fits, len(words) - 1)], siblings, n=1, cutoff=0.6)
        ]
    return Unknown(" ".join(words[: fits + 1]), near[0] if near else None)
