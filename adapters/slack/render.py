"""From a view to Block Kit. Pure: values in, JSON values out, measured and cut to what Slack takes.

Limits: Slack's Block Kit reference (50 blocks a message, 100 a view, 3,000 characters a text, 10 elements a context,
150 a header, 25 actions a row, one table a message).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from adapters.slack.texts import CHUNK, Json, Look, escape, plain_text, sections, text_object
from bot import pictures
from bot.chat.actions import Action, Button, Choice, LinkButton, MemberChoice, Option
from bot.chat.text import Bold, Words, shorten, words
from bot.chat.views import Actions, Block, Chart, Divider, Fields, File, Heading, Image, List, Note, Text, View, as_text

Surface = Literal["message", "modal", "home"]

MOST = {"message": 50, "modal": 100, "home": 100}
WHOLE = 12_000
"""Characters in all blocks of a message together; Slack refuses `msg_blocks_too_long` at a size it does not publish."""

UPLOAD = "upload:"
"""Stands in the place of a file's id until the file is uploaded; a number follows, counting from 0."""

TABLE = (100, 20)
"""Rows and columns that a table may have."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture or file to upload before the message is posted; `alt` is a picture's."""

    name: str
    data: bytes
    alt: str | None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message or view: its blocks, the same as text for screen readers and notifications, pictures and files.

    `files` are shared beside a message: no block can hold them.
    """

    blocks: list[Json]
    text: str
    uploads: tuple[Upload, ...] = ()
    files: tuple[File, ...] = ()


def render(view: View, look: Look, surface: Surface = "message") -> Rendered:
    """Return the view for a surface. What does not fit is cut, and an ellipsis says so."""
    shown = view.blocks if surface != "message" else tuple(_pictured(view))
    uploads = tuple(Upload(one.name, one.data, one.alt) for one in shown if isinstance(one, Image))
    blocks: list[Json] = []
    picture = table = 0
    for block in shown:
        if isinstance(block, Chart):
            as_table = surface == "message" and not table
            table += as_table
            numbers = _chart(block, as_table=as_table)
            # In a message the picture has the title on it, and its alt text.
            blocks += numbers[1:-1] if surface == "message" else numbers
        elif isinstance(block, Image):
            blocks.append(_image(block, picture))
            picture += 1
        else:
            blocks += _block(block, look)
    text = escape(shorten(as_text(view), CHUNK))
    return Rendered(_fitted(blocks, MOST[surface]), text, uploads, tuple(_files(view)))


def _pictured(view: View) -> Iterator[Block]:
    """Yield the blocks, before each chart its picture."""
    for block in view.blocks:
        if isinstance(block, Chart):
            yield Image(pictures.chart(block), block.alt, "chart.png")
        yield block


def _files(view: View) -> Iterator[File]:
    return (block for block in view.blocks if isinstance(block, File))


def modal(view: View, look: Look, title: str, close: str) -> Json:
    """Return a modal that only shows something."""
    shown = render(view, look, "modal")
    return {
        "type": "modal", "title": plain_text(title, 24), "close": plain_text(close, 24),
        "blocks": without_pictures(shown),
    }  # fmt: skip


def home(view: View, look: Look) -> Json:
    """Return an App Home."""
    return {"type": "home", "blocks": without_pictures(render(view, look, "home"))}


def with_pictures(shown: Rendered, files: list[str]) -> list[Json]:
    """Return the blocks with the ids of the uploaded files in place."""
    ids = {f"{UPLOAD}{number}": file for number, file in enumerate(files)}
    return [
        block | {"slack_file": {"id": ids[block["slack_file"]["id"]]}} if block["type"] == "image" else block
        for block in shown.blocks
    ]


def without_pictures(shown: Rendered) -> list[Json]:
    """Return the blocks with each picture as what it shows, in words, where no file can be uploaded in time."""
    return [_context(block["alt_text"]) if block["type"] == "image" else block for block in shown.blocks]


def _block(block: Heading | Text | Fields | List | Divider | Note | File | Actions, look: Look) -> list[Json]:
    match block:
        case Heading(text):
            return [{"type": "header", "text": plain_text(text, 150)}]
        case Text(text):
            return [_rich([_section(part)]) for part in sections(text, look)]
        case Fields(pairs):
            return _fields(pairs, look)
        case List(items):
            return _list(items, look)
        case Divider():
            return [{"type": "divider"}]
        case Note(text):
            return _note(text, look)
        case File(name):
            return [_context(name)]
        case Actions(items):
            elements = [_action(item, number) for number, item in enumerate(items)]
            return [{"type": "actions", "elements": elements}] if elements else []
        case _:
            assert_never(block)


def _rich(elements: list[Json]) -> Json:
    return {"type": "rich_text", "elements": elements}


def _section(elements: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": elements}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [plain_text(text, 2000)]}


def _note(text: Words, look: Look) -> list[Json]:
    """Small print: an element for each span, as a member's words and a mention cannot share one."""
    parts = [text_object(text, 2000)] if text else []
    if None in parts:
        parts = [text_object((span,), 2000) for span in text]
    if parts and len(parts) <= 10 and all(part is not None for part in parts):
        return [{"type": "context", "elements": parts}]
    return [_rich([_section(part)]) for part in sections(text, look)]


def _fields(pairs: tuple[tuple[str, Words], ...], look: Look) -> list[Json]:
    """Two columns where every value is one text object, else a line each."""
    cells = [(name, text_object(value, 2000)) for name, value in pairs]
    if all(value is not None for _, value in cells):
        return [
            {
                "type": "section",
                "fields": [cell for name, value in cells[at : at + 5] for cell in (plain_text(name, 2000), value)],
            }
            for at in range(0, len(cells), 5)
        ]
    lines = [words(Bold(name), ": ", value) for name, value in pairs]
    return [_rich([_section(part)]) for line in lines for part in sections(line, look)]


def _list(items: tuple[Words, ...], look: Look) -> list[Json]:
    """Bullets, as many in one block as its length allows."""
    blocks: list[Json] = []
    lines: list[Json] = []
    used = 0
    for item in items:
        for part in sections(item, look):
            size = _length(part)
            if lines and used + size > CHUNK:
                blocks.append(_bullets(lines))
                lines, used = [], 0
            lines.append(_section(part))
            used += size
    return [*blocks, _bullets(lines)] if lines else blocks


def _bullets(lines: list[Json]) -> Json:
    return _rich([{"type": "rich_text_list", "style": "bullet", "elements": lines}])


def _image(image: Image, number: int) -> Json:
    return {"type": "image", "slack_file": {"id": f"{UPLOAD}{number}"}, "alt_text": image.alt}


def _chart(chart: Chart, *, as_table: bool) -> list[Json]:
    """A chart as its numbers: a table in a message, lines elsewhere; what it shows, in words, under it."""
    heading = {"type": "header", "text": plain_text(chart.title, 150)}
    rows, columns = TABLE
    if as_table and len(chart.labels) < rows and len(chart.series) < columns:
        head = [_cell(" "), *(_cell(name) for name, _ in chart.series)]
        lines = [
            [_cell(label), *(_cell(f"{values[row]:g}{chart.unit}") for _, values in chart.series)]
            for row, label in enumerate(chart.labels)
        ]
        return [heading, {"type": "table", "rows": [head, *lines]}, _context(chart.alt)]
    told = "\n".join(
        f"{label}: " + ", ".join(f"{name} {values[row]:g}{chart.unit}" for name, values in chart.series)
        for row, label in enumerate(chart.labels)
    )
    shown = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": shorten(told, CHUNK) or "–"}]}
    return [heading, _rich([shown]), _context(chart.alt)]


def _cell(text: str) -> Json:
    return {"type": "raw_text", "text": text or " "}


def _action(item: Action, number: int) -> Json:
    """Return an interactive element. The number keeps ids apart where two of a row do the same."""
    match item:
        case Button(label, action, style):
            button: Json = {
                "type": "button", "text": plain_text(label, 75), "action_id": action_id(str(action), number),
            }  # fmt: skip
            return button if style == "plain" else button | {"style": style}
        case LinkButton(label, url):
            text = plain_text(label, 75)
            return {"type": "button", "text": text, "url": url, "action_id": action_id("", number)}
        case Choice(placeholder, action, options):
            return {
                "type": "static_select", "action_id": action_id(str(action), number),
                "placeholder": plain_text(placeholder, 150), "options": [option(one) for one in options],
            }  # fmt: skip
        case MemberChoice(placeholder, action):
            return {
                "type": "users_select", "action_id": action_id(str(action), number),
                "placeholder": plain_text(placeholder, 150),
            }  # fmt: skip
        case _:
            assert_never(item)


def action_id(action: str, number: int) -> str:
    """Return Slack's id of an action; `action_of` reads it."""
    return f"{number}|{action}"


def action_of(action_id: str) -> str:
    """Return the action in Slack's id; "" for a link, which sends nothing that anybody handles."""
    return action_id.partition("|")[2]


def option(one: Option) -> Json:
    """Return one thing to choose."""
    shown: Json = {"text": plain_text(one.label, 75), "value": one.value}
    return shown | {"description": plain_text(one.hint, 75)} if one.hint else shown


def _fitted(blocks: list[Json], most: int) -> list[Json]:
    """Keep as many blocks as a surface takes, buttons before words: a message that cannot be answered is no use."""
    kept: list[Json] = []
    used = 0
    over = False
    actions = sum(block["type"] == "actions" for block in blocks)
    for block in blocks:
        actions -= block["type"] == "actions"
        size = _length(block)
        if block["type"] != "actions" and (used + size > WHOLE or len(kept) + actions >= most - 1):
            over = True
            continue
        if len(kept) < most - 1:
            kept.append(block)
            used += size
    return [*kept, _context("…")] if over else kept


def _length(value: object) -> int:
    """Characters that are read in a piece of Block Kit."""
    return sum(len(text) for text in _texts(value))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, str) and key in ("text", "fallback", "alt_text"):
                yield one
            elif isinstance(one, dict | list):
                yield from _texts(one)
