"""Text as spans, never as platform markup.

What a member typed travels as `Plain` and can neither format, link nor mention: escaping is the renderer's duty and
mentions exist only as `Mention` spans.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time


@dataclass(frozen=True, slots=True)
class Plain:
    """Words as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Something to copy or type exactly: a command, a receipt."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A member. `user` is the account on the reader's space, filled in at delivery; without one, `name` is shown."""

    member: str
    name: str = ""
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the reader's space, by the platform's own id."""

    channel: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address with words on it; `url` is http or https, anything else is refused."""

    url: str
    text: str

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")):
            raise ValueError(f"a link must be http or https, not {self.url[:40]!r}")


@dataclass(frozen=True, slots=True)
class When:
    """A moment (aware UTC), shown in the reader's own zone. `zone` and `locale` serve the plain fallback."""

    at: datetime
    style: Literal["date", "time", "full", "relative"] = "full"
    zone: str = "UTC"
    locale: str = "en"

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a moment needs a zone: pass an aware datetime")


Span = Plain | Bold | Code | Mention | Channel | Link | When
Words = tuple[Span, ...]


def words(*parts: str | Span | Words) -> Words:
    """Join strings (as `Plain`), spans and words into words; empty strings vanish, neighbours of `Plain` merge."""
    flat: list[Span] = []
    for part in parts:
        for span in _spans(part):
            if isinstance(span, Plain) and not span.text:
                continue
            if isinstance(span, Plain) and flat and isinstance(flat[-1], Plain):
                flat[-1] = Plain(flat[-1].text + span.text)
            else:
                flat.append(span)
    return tuple(flat)


def _spans(part: str | Span | Words) -> Iterable[Span]:
    if isinstance(part, str):
        return (Plain(part),)
    if isinstance(part, tuple):
        return part
    return (part,)


def plain(text: Words) -> str:
    """Return the words as one line of plain text, for notifications, screen readers, tests and transcripts."""
    return "".join(_plain(span) for span in text)


def _plain(span: Span) -> str:
    match span:
        case Plain(text) | Bold(text) | Code(text):
            return text
        case Mention(name=name, member=member):
            return f"@{name or member}"
        case Channel(channel, name):
            return f"#{name or channel}"
        case Link(url, text):
            return f"{text} ({url})" if text != url else url
        case When():
            return moment(span)


def moment(span: When) -> str:
    """Return the moment in words, in the span's own zone and language ("Thursday, 5 March 2026, 10:00 CET")."""
    local = span.at.astimezone(ZoneInfo(span.zone))
    match span.style:
        case "date":
            return format_date(local, "full", locale=span.locale)
        case "time":
            return format_time(local, "short", tzinfo=local.tzinfo, locale=span.locale)
        case "full" | "relative":
            day = format_date(local, "full", locale=span.locale)
            return f"{day}, {format_time(local, 'short', tzinfo=local.tzinfo, locale=span.locale)} ({span.zone})"


def shorten(text: str, limit: int) -> str:
    """Cut `text` to at most `limit` characters, ending in an ellipsis when something was cut."""
    return text if len(text) <= limit else text[: max(0, limit - 1)].rstrip() + "…"


def mentioned(text: Words) -> set[str]:
    """Return the ids of the members mentioned in the words."""
    return {span.member for span in text if isinstance(span, Mention)}


def addressed(text: Words, people: dict[str, tuple[str, str | None]]) -> Words:
    """Fill in name and account of each mention from `people`: member id -> (name, account on the reader's space)."""
    return tuple(
        replace(span, name=people[span.member][0], user=people[span.member][1])
        if isinstance(span, Mention) and span.member in people
        else span
        for span in text
    )
