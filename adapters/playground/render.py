"""From a view to HTML, for one reader. Pure: values in, markup out, every word escaped by construction."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from markupsafe import Markup

from bot.chat.actions import Action, Button, Choice, LinkButton, MemberChoice, Option
from bot.chat.text import Bold, Channel, Code, Link, Mention, Plain, Span, When, Words, moment
from bot.chat.views import Actions, Block, Chart, Divider, Fields, File, Heading, Image, List, Note, Text, View
from bot.pages.charts import chart


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: zone (IANA), language and moment for times; `people` (account -> name) and `channels` (id -> name)."""

    user: str = ""
    zone: str = "UTC"
    locale: str = "en"
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


def view_html(view: View, reader: Reader) -> Markup:
    """Return the blocks of a message, in order."""
    return _joined(_block(block, reader) for block in view.blocks)


def words_html(words: Words, reader: Reader) -> Markup:
    """Return words as inline markup."""
    return _joined(_span(span, reader) for span in words)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _block(block: Block, reader: Reader) -> Markup:
    match block:
        case Heading(text):
            return Markup("<h3>{}</h3>").format(text)
        case Text(words):
            return Markup("<p>{}</p>").format(words_html(words, reader))
        case Note(words):
            return Markup('<p class="note">{}</p>').format(words_html(words, reader))
        case Fields(pairs):
            row = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
            rows = _joined(row.format(name, words_html(value, reader)) for name, value in pairs)
            return Markup('<dl class="fields">{}</dl>').format(rows)
        case List(items):
            rows = _joined(Markup("<li>{}</li>").format(words_html(item, reader)) for item in items)
            return Markup("<ul>{}</ul>").format(rows)
        case Divider():
            return Markup("<hr>")
        case Image(data, alt):
            source = "data:image/png;base64," + base64.b64encode(data).decode("ascii")
            return Markup('<img class="picture" src="{}" alt="{}">').format(source, alt)
        case File(name, data, kind):
            source = f"data:{kind};base64," + base64.b64encode(data).decode("ascii")
            return Markup('<p><a class="file" href="{}" download="{}">{}</a></p>').format(source, name, name)
        case Chart():
            return chart(block)
        case Actions(items):
            return Markup('<div class="actions">{}</div>').format(_joined(_action(item, reader) for item in items))
        case _:
            assert_never(block)


def _span(span: Span, reader: Reader) -> Markup:
    match span:
        case Plain(text):
            return Markup("{}").format(text)
        case Bold(text):
            return Markup("<strong>{}</strong>").format(text)
        case Code(text):
            return Markup("<code>{}</code>").format(text)
        case Mention(member, name, user):
            mine = " me" if user and user == reader.user else ""
            shown = reader.people.get(user or "") or name or member
            return Markup('<span class="mention{}">@{}</span>').format(mine, shown)
        case Channel(channel, name):
            return Markup('<span class="mention">#{}</span>').format(reader.channels.get(channel) or name or channel)
        case Link(url, text):
            return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, text)
        case When():
            return _when(span, reader)
        case _:
            assert_never(span)


def _when(span: When, reader: Reader) -> Markup:
    here = replace(span, zone=reader.zone, locale=reader.locale)
    full = moment(replace(here, style="full"))
    if span.style == "full":
        shown = f"{moment(replace(here, style='date'))}, {moment(replace(here, style='time'))}"
    elif span.style != "relative":
        shown = moment(here)
    else:
        shown = format_timedelta(span.at - reader.now, add_direction=True, locale=reader.locale)
    at = span.at.astimezone(ZoneInfo(reader.zone)).isoformat(timespec="minutes")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at, full, shown)


def _action(item: Action, reader: Reader) -> Markup:
    match item:
        case Button(label, action, style):
            html = Markup('<button type="button" class="button {}" data-press="{}">{}</button>')
            return html.format(style, str(action), label)
        case LinkButton(label, url):
            html = Markup('<a class="button plain" href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
            return html.format(url, label)
        case Choice(placeholder, action, options):
            return _select(placeholder, str(action), options)
        case MemberChoice(placeholder, action):
            people = tuple(Option(user, name[:75]) for user, name in reader.people.items())
            return _select(placeholder, str(action), people)
        case _:
            assert_never(item)


def _select(placeholder: str, action: str, options: tuple[Option, ...]) -> Markup:
    option = Markup('<option value="{}">{}</option>')
    shown = _joined(option.format(one.value, f"{one.label} · {one.hint}" if one.hint else one.label) for one in options)
    # A button of its own: arrow keys change a closed select, and looking through the options must not choose one.
    html = Markup(
        '<span class="choice"><select aria-label="{}"><option value="">{}</option>{}</select>'
        '<button type="button" class="button plain" data-choose="{}">Choose</button></span>'
    )
    return html.format(placeholder, placeholder, shown, action)
