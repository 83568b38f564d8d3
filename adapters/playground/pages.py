"""The parts of the page as HTML: what a member sees in a place, the form that is open, the clock, the drawer."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from adapters.playground.inspection import Inspection
from adapters.playground.model import Message, Space, Spot, User
from adapters.playground.render import Reader, view_html
from bot.chat.forms import (
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    Form,
    MemberField,
    MembersField,
    MultiChoiceField,
    RoleField,
)
from bot.chat.parse import Call, parse
from bot.chat.spec import Catalogue
from bot.chat.views import View

HUES = 8  # avatar colours in the style sheet
RADIOS = 4  # up to so many options are shown at once, more in a select

templates = Environment(
    loader=PackageLoader("adapters.playground"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a message log. `mark` changes whenever the HTML does, so that the page keeps what stands."""

    id: str
    mark: str
    html: str


def initials(name: str) -> str:
    """Return one or two capitals for an avatar."""
    words = [word for word in re.split(r"\W+", name) if word]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()


def hue(user: str) -> int:
    """Return the same colour number for the same account, every time."""
    return zlib.crc32(user.encode()) % HUES


templates.filters["initials"] = initials
templates.filters["hue"] = hue


def part(template: str, **values: Any) -> str:
    """Return a template with its values filled in."""
    return templates.get_template(template).render(**values)


def reader(user: User, space: Space, now: datetime) -> Reader:
    """Return an account as a reader of messages."""
    people = {one.id: one.name for one in space.users.values() if not one.is_bot}
    channels = {spot.id: spot.name for spot in space.spots.values()}
    return Reader(user.id, user.zone or "UTC", user.locale, now, people, channels)


def log_items(
    messages: list[Message],
    who: User,
    space: Space,
    catalogue: Catalogue,
    now: datetime,
    whys: Mapping[str, Sequence[str]],
) -> list[Item]:
    """Return the log of one place for one reader, with a line wherever a new day begins in the reader's zone.

    `whys` has, by message id, why it came, for those messages of which the reader asked that.
    """
    items: list[Item] = []
    zone = ZoneInfo(who.zone or "UTC")
    day: date | None = None
    for message in messages:
        local = message.at.astimezone(zone)
        if local.date() != day:
            day = local.date()
            words = format_date(day, "full", locale=who.locale)
            items.append(_item(f"day-{day.isoformat()}", part("day.html", day=words)))
        html = _message(message, who, space, catalogue, now, local, whys.get(message.id, ()))
        items.append(_item(message.id, html))
    return items


def _item(key: str, html: str) -> Item:
    return Item(key, f"{zlib.crc32(html.encode()):x}", html)


def _message(
    message: Message,
    who: User,
    space: Space,
    catalogue: Catalogue,
    now: datetime,
    local: datetime,
    why: Sequence[str],
) -> str:
    author = space.users.get(message.author) if message.author else None
    return part(
        "message.html",
        message=message,
        author=author,
        body=view_html(message.view, reader(who, space, now)),
        time=format_time(local, "short", locale=who.locale),
        moment=local.isoformat(timespec="minutes"),
        asked=_asked(message, who, space, catalogue),
        caller=space.users.get(message.caller),
        who=who,
        why=why,
    )


def _asked(message: Message, who: User, space: Space, catalogue: Catalogue) -> str:
    """Return the command line behind an answer: whole to who typed it, its name alone to everybody else."""
    if not message.asked:
        return ""
    if message.caller != who.id:
        call = parse(message.asked, catalogue.commands)
        return f"/{call.command.name}" if isinstance(call, Call) else "/"
    handles = {user.id: user.handle for user in space.users.values()}
    return re.sub(r"<@([^>]+)>", lambda found: f"@{handles.get(found[1], found[1])}", message.asked)


def places(spots: list[Spot], unread: Mapping[str, int], chosen: str) -> str:
    """Return the list of places that an account can read; "home" is its own page."""
    return part("places.html", spots=spots, unread=unread, chosen=chosen)


def home(view: View | None, who: User, space: Space, now: datetime) -> list[Item]:
    """Return an account's own page as a log of one entry."""
    body = view_html(view, reader(who, space, now)) if view else Markup("")
    return [_item("home", part("home.html", body=body))]


def local_time(who: User, now: datetime) -> str:
    """Return the time of day where an account is, with the name of the place."""
    zone = who.zone or "UTC"
    place = zone.rsplit("/", 1)[-1].replace("_", " ")
    local = now.astimezone(ZoneInfo(zone))
    return f"{format_date(local, 'EEE', locale=who.locale)} {format_time(local, 'short', locale=who.locale)} · {place}"


def utc(now: datetime) -> str:
    """Return the moment in UTC as the clock shows it."""
    return format_datetime(now.astimezone(UTC), "EEE d MMM y, HH:mm", locale="en")


def _short(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), "EEE d MMM, HH:mm", locale="en")


def drawer(inspection: Inspection) -> str:
    """Return what the drawer shows."""
    return part("drawer.html", inspection=inspection, utc=_short)


def form_html(
    form: Form, page: int, who: User, space: Space, values: Mapping[str, Any], errors: Mapping[str, str]
) -> str:  # fmt: skip
    """Return a page of a form as a dialog's content, with what was typed (`values`) and its mistakes (`errors`)."""
    fields = [
        {
            "at": field,
            "kind": _kind(field),
            "options": _options(field, who, space),
            "value": values.get(field.name, _value(field)),
            "error": errors.get(field.name, ""),
        }
        for field in form.page(page)
    ]
    return part("form.html", form=form, page=page, who=who, fields=fields, errors=errors)


def _kind(field: Field) -> str:
    if isinstance(field, ChoiceField):
        return "radio" if len(field.options) <= RADIOS else "select"
    if isinstance(field, MultiChoiceField | RoleField | MembersField):
        return "checks"
    if isinstance(field, MemberField | ChannelField):
        return "select"
    return {"TextField": "text", "DateField": "date", "NumberField": "number"}[type(field).__name__]


def _options(field: Field, who: User, space: Space) -> list[tuple[str, str, str]]:
    if isinstance(field, ChoiceField | MultiChoiceField):
        return [(one.value, one.label, one.hint) for one in field.options]
    if isinstance(field, MemberField | MembersField):
        return [(one.id, one.name, "") for one in space.users.values() if not one.is_bot]
    if isinstance(field, ChannelField):
        open_to = [spot for spot in space.spots.values() if spot.kind == "channel" and spot.open_to(who.id)]
        return [(spot.id, f"#{spot.name}", "") for spot in open_to]
    if isinstance(field, RoleField):
        return [(role.id, role.name, "") for role in space.roles.values()]
    return []


def _value(field: Field) -> str | tuple[str, ...]:
    if isinstance(field, DateField):
        return field.value.isoformat() if field.value else ""
    if isinstance(field, MembersField):
        return tuple(one.strip("<@>") for one in field.value)
    if isinstance(field, MemberField):
        return (field.value or "").strip("<@>")
    if isinstance(field, MultiChoiceField | RoleField):
        return field.value
    return "" if field.value is None else str(field.value)


def sent_values(form: Form, page: int, raw: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """Return what the page sent for the fields of this page of the form; anything else in it is dropped."""
    sent: dict[str, str | tuple[str, ...]] = {}
    for field in form.page(page):
        given = raw.get(field.name, "")
        many = tuple(str(one) for one in given) if isinstance(given, list) else ((str(given),) if given else ())
        if isinstance(field, MultiChoiceField | RoleField | MembersField):
            sent[field.name] = many
        else:
            sent[field.name] = many[0] if many else ""
    return sent
