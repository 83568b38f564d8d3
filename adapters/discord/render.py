"""Views as messages of Components V2. Pure. Whatever is in a view, what comes out is something that Discord takes.

Source of the limits: Discord's API reference, "Components" (40 components and 4,000 characters of text a message).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from adapters.discord.markup import atoms, mentioned, one_line, size
from adapters.discord.markup import label as text_label
from bot import pictures
from bot.chat.actions import Action, ActionId, Button, Choice, LinkButton, MemberChoice, Option
from bot.chat.text import Bold, Words, shorten, words
from bot.chat.views import Actions, Block, Chart, Divider, Fields, File, Heading, Image, List, Note, Text, View, texts

ROW, BUTTON, SELECT, USER_SELECT, SECTION, TEXT, MEDIA, FILE, SEPARATOR, CONTAINER = 1, 2, 3, 5, 9, 10, 12, 13, 14, 17
STYLES = {"plain": 2, "primary": 1, "danger": 4}
LINK_STYLE = 5

EPHEMERAL, NO_EMBEDS, COMPONENTS_V2 = 1 << 6, 1 << 2, 1 << 15
MOST_TEXT = 4000
MOST_COMPONENTS = 40
MOST_MESSAGES = 5
"""A view longer than this many messages ends in an ellipsis: nobody reads more, and a channel is not ours alone."""

MOST_FILES = 10
ROWS_KEPT = 3
CUSTOM_ID = 100
BUTTON_LABEL, OPTION, PLACEHOLDER = 80, 100, 150
MARK = "~"
"""Stands between a number and an action id that is in the message already: Discord takes each id once."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its components, its pictures and files, and the accounts that it may notify."""

    components: tuple[dict[str, Any], ...]
    files: tuple[Image | File, ...] = ()
    mentions: tuple[str, ...] = ()

    def body(self, *, mark: str = "", private: bool = False) -> dict[str, Any]:
        """Return the request that posts it. `mark` is a key that `marked` finds again in the message."""
        container: dict[str, Any] = {"type": CONTAINER, "components": list(self.components)}
        if mark:
            container["id"] = marking(mark)
        body: dict[str, Any] = {
            "flags": COMPONENTS_V2 | NO_EMBEDS | (EPHEMERAL if private else 0),
            "components": [container],
            "allowed_mentions": {"parse": [], "users": list(self.mentions)},
        }
        if self.files:
            body["attachments"] = [
                {"id": str(index), "filename": file.name}
                | ({"description": file.alt} if isinstance(file, Image) else {})
                for index, file in enumerate(self.files)
            ]
        return body


def marking(key: str) -> int:
    """Return the component id that stands for a key: 31 bits of its hash, never 0 (which Discord takes for none)."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % (2**31 - 1) + 1


def marked(message: dict[str, Any], key: str) -> bool:
    """Return whether a message from a channel's history was sent with this key."""
    return any(part.get("id") == marking(key) and part.get("type") == CONTAINER for part in message["components"])


def action_of(custom_id: str) -> str:
    """Return the action that a component's id stands for."""
    number, mark, rest = custom_id.partition(MARK)
    return rest if mark and number.isdecimal() else custom_id


@dataclass(slots=True)
class _Part:
    """One component with its weight: how many components and how much text it holds."""

    component: dict[str, Any]
    count: int = 1
    text: int = 0
    files: tuple[Image | File, ...] = ()
    mentions: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Page:
    """A message as it fills up; the container itself is one component."""

    parts: list[_Part] = field(default_factory=list)

    def room_for(self, part: _Part) -> bool:
        return (
            sum(one.count for one in self.parts) + part.count < MOST_COMPONENTS
            and sum(one.text for one in self.parts) + part.text <= MOST_TEXT
            and sum(len(one.files) for one in self.parts) + len(part.files) <= MOST_FILES
        )

    def done(self) -> Message:
        ids: dict[str, int] = {}
        components = tuple(_distinct(part.component, ids) for part in self.parts)
        files = tuple(file for part in self.parts for file in part.files)
        mentions = {user for part in self.parts for user in part.mentions}
        named = _named(files)
        return Message(_pointed(components, named), named, tuple(sorted(mentions)[:100]))


def render(view: View, *, most: int = MOST_MESSAGES) -> tuple[Message, ...]:
    """Return the view as one message or, where its text takes more room, up to `most`; the last one has the buttons."""
    pages = [_Page()]
    for part in _parts(view.blocks):
        if not pages[-1].room_for(part):
            pages.append(_Page())
        pages[-1].parts.append(part)
    if len(pages) > most:
        pages = _shortened(pages, most)
    done = tuple(page.done() for page in pages if page.parts)
    return done or (Message(({"type": TEXT, "content": "…"},)),)


def _shortened(pages: Sequence[_Page], most: int) -> list[_Page]:
    """Keep the first pages, and the last buttons of the others, which stand for what could be done with the rest."""
    pressed = [part for page in pages[most:] for part in page.parts if part.component["type"] == ROW]
    tail = [_Part({"type": TEXT, "content": "…"}, 1, 1), *pressed[-ROWS_KEPT:]]
    last = _Page(list(pages[most - 1].parts))
    while last.parts and not all(_Page([*last.parts, *tail[:index]]).room_for(part) for index, part in enumerate(tail)):
        last.parts.pop()
    return [*pages[: most - 1], _Page([*last.parts, *tail])]


def _parts(blocks: Sequence[Block]) -> Iterator[_Part]:
    skip = False
    for index, block in enumerate(blocks):
        if skip:
            skip = False
            continue
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if isinstance(block, Text) and (section := _section(block, following)) is not None:
            skip = True
            yield section
        else:
            yield from _block(block)


def _section(block: Text, following: Block | None) -> _Part | None:
    """Put a link beside the words it belongs to."""
    match following:
        case Actions((LinkButton() as link,)):
            lines = list(_texts(block.words))
        case _:
            return None
    if len(lines) != 1:
        return None
    component = {"type": SECTION, "components": [lines[0].component], "accessory": _item(link)}
    return _Part(component, 3, lines[0].text, (), lines[0].mentions)


def _block(block: Block) -> Iterator[_Part]:
    match block:
        case Heading(text):
            yield from _texts(words(text), first="### ", flat=True)
        case Text(content):
            yield from _texts(content)
        case Note(content):
            yield from _texts(content, first="-# ", flat=True)
        case Fields(pairs):
            yield from _joined(_line("", words(Bold(name), " ", value)) for name, value in pairs)
        case List(items):
            yield from _joined(_line("- ", item) for item in items)
        case Divider():
            yield _Part({"type": SEPARATOR, "divider": True, "spacing": 1})
        case Image():
            yield _Part({"type": MEDIA, "items": [{"media": {}, "description": block.alt}]}, 1, 0, (block,))
        case File():
            yield _Part({"type": FILE, "file": {}}, 1, 0, (block,))
        case Chart():
            yield from _block(Image(pictures.chart(block), block.alt, "chart.png"))
            yield from _joined(_numbers(block))
        case Actions(items):
            yield from _rows(items)
        case _:
            assert_never(block)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as pieces of markdown that must not be broken."""

    pieces: tuple[str, ...]
    mentions: frozenset[str] = frozenset()


def _line(start: str, content: Words) -> _Line:
    return _Line((start, *atoms(one_line(content))), frozenset(mentioned(content)))


def _texts(content: Words, *, first: str = "", flat: bool = False) -> Iterator[_Part]:
    shown = one_line(content) if flat else content
    yield from _joined([_Line((first, *atoms(shown)), frozenset(mentioned(content)))])


def _joined(lines: Iterable[_Line]) -> Iterator[_Part]:
    """Yield as few texts as hold all the lines."""
    held: list[str] = []
    weight, mentions = 0, frozenset[str]()
    for line in lines:
        glue = "\n" if held else ""
        for piece in line.pieces:
            heavy = size(piece) + len(glue)
            if weight + heavy > MOST_TEXT:
                yield from _text("".join(held), mentions)
                held, weight, heavy, mentions, glue = [], 0, heavy - len(glue), frozenset(), ""
            held.append(glue + piece)
            weight, glue = weight + heavy, ""
        mentions |= line.mentions
    yield from _text("".join(held), mentions)


def _text(text: str, mentions: frozenset[str]) -> Iterator[_Part]:
    bare = text.strip("\n ")
    if bare.strip(" \n#-*>\u200b"):
        yield _Part({"type": TEXT, "content": bare}, 1, size(bare), (), mentions)


def _numbers(chart: Chart) -> Iterator[_Line]:
    """Say what is in a chart, a line a label: a picture can be blocked, small, or not seen."""
    for row, label in enumerate(chart.labels):
        told = ", ".join(
            f"{name} {values[row]:g}{chart.unit}" if len(chart.series) > 1 else f"{values[row]:g}{chart.unit}"
            for name, values in chart.series
        )
        yield _line("-# ", words(Bold(shorten(label, 100)), " ", shorten(told, 400)))


def _rows(items: tuple[Action, ...]) -> Iterator[_Part]:
    """Yield rows: buttons beside each other, each select in a row of its own."""
    buttons = [_item(item) for item in items if isinstance(item, Button | LinkButton)]
    if buttons:
        yield _Part({"type": ROW, "components": buttons}, 1 + len(buttons))
    for item in items:
        if not isinstance(item, Button | LinkButton):
            yield _Part({"type": ROW, "components": [_item(item)]}, 2)


def _item(item: Action) -> dict[str, Any]:
    match item:
        case Button(label, action, style):
            return {
                "type": BUTTON,
                "style": STYLES[style],
                "label": text_label(label, BUTTON_LABEL),
                "custom_id": str(action),
            }
        case LinkButton(label, url):
            return {"type": BUTTON, "style": LINK_STYLE, "label": text_label(label, BUTTON_LABEL), "url": url[:512]}
        case Choice(placeholder, action, options):
            return {
                "type": SELECT, "custom_id": str(action), "placeholder": text_label(placeholder, PLACEHOLDER),
                "options": choices(options),
            }  # fmt: skip
        case MemberChoice(placeholder, action):
            return {"type": USER_SELECT, "custom_id": str(action), "placeholder": text_label(placeholder, PLACEHOLDER)}
        case _:
            assert_never(item)


def choices(options: Iterable[Option], chosen: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return options as Discord takes them: each value once, no label empty."""
    wanted = set(chosen)
    shown: dict[str, dict[str, Any]] = {}
    for option in options:
        one: dict[str, Any] = {"label": text_label(option.label, OPTION), "value": option.value or "-"}
        if option.hint:
            one["description"] = text_label(option.hint, OPTION)
        if option.value in wanted:
            one["default"] = True
        shown.setdefault(one["value"], one)
    return list(shown.values())


def _distinct(component: dict[str, Any], ids: dict[str, int]) -> dict[str, Any]:
    """Give a component whose id is in the message already another one for the same action."""
    changed = dict(component)
    if "components" in component:
        changed["components"] = [_distinct(part, ids) for part in component["components"]]
    custom = component.get("custom_id")
    if custom is not None:
        ids[custom] = ids.get(custom, 0) + 1
        if ids[custom] > 1:
            changed["custom_id"] = f"{ids[custom]}{MARK}{custom}"[:CUSTOM_ID]
    return changed


def _pointed(components: tuple[dict[str, Any], ...], files: tuple[Image | File, ...]) -> tuple[dict[str, Any], ...]:
    """Point each picture and file at its own attachment."""
    addresses = iter([f"attachment://{file.name}" for file in files])
    done = []
    for component in components:
        if component["type"] == MEDIA:
            item = component["items"][0] | {"media": {"url": next(addresses)}}
            component = component | {"items": [item]}
        elif component["type"] == FILE:
            component = component | {"file": {"url": next(addresses)}}
        done.append(component)
    return tuple(done)


def _named(files: tuple[Image | File, ...]) -> tuple[Image | File, ...]:
    """Name each picture by its number, and a file as it is called; two of one name are told apart."""
    named: dict[str, Image | File] = {}
    for index, file in enumerate(files):
        name = f"picture-{index + 1}.png" if isinstance(file, Image) else file.name
        name = f"{index + 1}-{name}" if name in named else name
        named[name] = replace(file, name=name)
    return tuple(named.values())


__all__ = ["ActionId", "Message", "action_of", "choices", "marked", "marking", "render", "texts"]
