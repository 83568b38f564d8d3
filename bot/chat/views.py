"""A message as a value: blocks of words, pictures and actions. Renderers turn it into what a platform shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, assert_never

from bot.chat import limits
from bot.chat.actions import Action
from bot.chat.limits import at_most
from bot.chat.text import Words, plain


@dataclass(frozen=True, slots=True)
class Heading:
    """One short line above the rest; written by us, never by members."""

    text: str

    def __post_init__(self) -> None:
        at_most("heading", len(self.text), limits.HEADING)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    words: Words


@dataclass(frozen=True, slots=True)
class Fields:
    """Pairs of a short name and what it holds."""

    pairs: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class List:
    """Lines under each other. With `of`, it pages itself: the core shows `size` at a time with [Earlier] [Later]."""

    items: tuple[Words, ...]
    size: int = 8
    paged: bool = False


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two parts."""


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: context, what happens next, who can read this."""

    words: Words


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as PNG bytes; `alt` says what it shows to who cannot see it."""

    data: bytes
    alt: str
    name: str = "image.png"

    def __post_init__(self) -> None:
        at_most("alt text", len(self.alt), limits.ALT_TEXT)
        if not self.alt.strip():
            raise ValueError("a picture needs an alt text")


@dataclass(frozen=True, slots=True)
class File:
    """Something to keep, as bytes: a calendar entry, a table. `name` is what it is saved as, `kind` its media type.

    Where a platform cannot attach it to an answer, it comes in a direct message.
    """

    name: str
    data: bytes
    kind: str = "application/octet-stream"

    def __post_init__(self) -> None:
        at_most("file name", len(self.name), limits.FILE_NAME)
        at_most("bytes of a file", len(self.data), limits.FILE_SIZE)
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", self.name):
            raise ValueError(f"a file is called with a-z, 0-9, dots, dashes and underscores, not {self.name!r}")


@dataclass(frozen=True, slots=True)
class Chart:
    """Named series over labels; adapters draw it or ask the core for a picture (`bot.pictures.chart`).

    `alt` is made from the data. `unit` goes behind each number: "%", or nothing.
    """

    kind: Literal["line", "bar"]
    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    alt: str
    unit: str = ""

    def __post_init__(self) -> None:
        at_most("alt text", len(self.alt), limits.ALT_TEXT)
        if not self.alt.strip():
            raise ValueError("a chart needs an alt text")
        for name, values in self.series:
            if len(values) != len(self.labels):
                raise ValueError(f"chart series {name!r} has {len(values)} values for {len(self.labels)} labels")


@dataclass(frozen=True, slots=True)
class Actions:
    """What can be pressed, in reading order."""

    items: tuple[Action, ...]

    def __post_init__(self) -> None:
        at_most("actions in one row", len(self.items), limits.BUTTONS)


Block = Heading | Text | Fields | List | Divider | Note | Image | File | Chart | Actions


@dataclass(frozen=True, slots=True)
class View:
    """A message. `key` names what it says ("kudos.given"): tests and logs use it instead of the wording."""

    key: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        if not self.blocks:
            raise ValueError(f"view {self.key!r} shows nothing")


def texts(block: Block) -> Iterator[Words]:
    """Yield each piece of words in a block."""
    match block:
        case Text(words) | Note(words):
            yield words
        case Fields(pairs):
            yield from (value for _, value in pairs)
        case List(items):
            yield from items
        case Heading() | Divider() | Image() | File() | Chart() | Actions():
            return
        case _:
            assert_never(block)


def rewrite(view: View, change: Callable[[Words], Words]) -> View:
    """Return the view with `change` applied to every piece of words."""
    return replace(view, blocks=tuple(_rewrite(block, change) for block in view.blocks))


def _rewrite(block: Block, change: Callable[[Words], Words]) -> Block:
    match block:
        case Text(words):
            return Text(change(words))
        case Note(words):
            return Note(change(words))
        case Fields(pairs):
            return Fields(tuple((name, change(value)) for name, value in pairs))
        case List(items):
            return replace(block, items=tuple(change(item) for item in items))
        case Heading() | Divider() | Image() | File() | Chart() | Actions():
            return block
        case _:
            assert_never(block)


def as_text(view: View) -> str:
    """Return the whole message as plain text: for screen readers, notifications, transcripts and tests."""
    return "\n".join(line for block in view.blocks for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield text
        case Text(words) | Note(words):
            yield plain(words)
        case Fields(pairs):
            yield from (f"{name}: {plain(value)}" for name, value in pairs)
        case List(items):
            yield from (f"- {plain(item)}" for item in items)
        case Divider():
            yield ""
        case Image(alt=alt) | Chart(alt=alt):
            yield alt
        case File(name):
            yield f"({name})"
        case Actions(items):
            yield " ".join(f"[{getattr(item, 'label', None) or getattr(item, 'placeholder', '')}]" for item in items)
        case _:
            assert_never(block)


def tree(value: Any) -> Any:
    """Return a view, form or any part of one as plain JSON values with each type's name: what golden tests compare."""
    if isinstance(value, tuple):
        return [tree(item) for item in value]
    if isinstance(value, bytes):
        # How small a picture packs depends on the library that drew it.
        return "<PNG>" if value.startswith(b"\x89PNG") else f"<{len(value)} bytes>"
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is not None:
        return {"is": type(value).__name__} | {name: tree(getattr(value, name)) for name in fields}
    return value if isinstance(value, str | int | float | bool | None) else str(value)
