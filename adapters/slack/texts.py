"""From words to Slack's text. Pure.

What members typed only ever becomes a text object that Slack does not interpret: an element of a rich text, or a
`plain_text` object. `mrkdwn` is written for single mentions, channels, links and moments, with `& < >` escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, assert_never

from bot.chat.text import Bold, Channel, Code, Link, Mention, Plain, Span, When, Words, moment, plain, shorten

Json = dict[str, Any]

CHUNK = 3000
"""Characters a text object may have; rich texts are held to it too, as no limit of theirs is published."""

USER = re.compile(r"[UW][A-Z0-9]{1,20}")
CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,20}")
_FORMATS = {"date": "{date_long}", "time": "{time}", "full": "{date_long}, {time}", "relative": "{ago}"}


@dataclass(frozen=True, slots=True)
class Look:
    """How commands are written here: `/goal add` is `{root} goal add`. `words` are the first words of all commands."""

    root: str = "/kith"
    words: frozenset[str] = frozenset()

    def command(self, text: str) -> str:
        """Return a command as it is typed here; any other text as it is."""
        first = text[1:].split(" ", 1)[0]
        return f"{self.root} {text[1:]}" if text.startswith("/") and first in self.words else text


def escape(text: str) -> str:
    """Return text that `mrkdwn` shows as it is: nothing in it can open a mention, a link or a command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_text(text: str, limit: int = CHUNK) -> Json:
    """Return a text object that is shown as it stands, cut to `limit`; it is never empty, which Slack refuses."""
    return {"type": "plain_text", "text": shorten(text, limit) if text.strip() else "–", "emoji": False}


def sections(text: Words, look: Look, limit: int = CHUNK) -> list[list[Json]]:
    """Return the elements of one or more rich text sections, none with more than `limit` characters."""
    chunks: list[list[Json]] = [[]]
    used = 0
    for span in _cut(text, limit):
        size = len(plain((span,)))
        if used + size > limit and chunks[-1]:
            chunks.append([])
            used = 0
        chunks[-1].append(element(span, look))
        used += size
    if not chunks[0]:
        chunks[0].append({"type": "text", "text": " "})
    return chunks


def _cut(text: Words, limit: int) -> Iterable[Span]:
    for span in text:
        if isinstance(span, Plain | Bold | Code):
            kind = type(span)
            for start in range(0, len(span.text), limit):
                yield kind(span.text[start : start + limit])
        else:
            yield span


def element(span: Span, look: Look) -> Json:
    """Return one element of a rich text."""
    match span:
        case Plain(text):
            return {"type": "text", "text": text}
        case Bold(text):
            return {"type": "text", "text": text, "style": {"bold": True}}
        case Code(text):
            return {"type": "text", "text": look.command(text), "style": {"code": True}}
        case Mention(user=user):
            if user and USER.fullmatch(user):
                return {"type": "user", "user_id": user}
            return {"type": "text", "text": plain((span,))}
        case Channel(channel):
            if CHANNEL.fullmatch(channel):
                return {"type": "channel", "channel_id": channel}
            return {"type": "text", "text": plain((span,))}
        case Link(url, text):
            return {"type": "link", "url": url, "text": text or url}
        case When():
            return {
                "type": "date", "timestamp": int(span.at.timestamp()), "format": _FORMATS[span.style],
                "fallback": moment(span),
            }  # fmt: skip
        case _:
            assert_never(span)


def text_object(text: Words, limit: int = CHUNK) -> Json | None:
    """Return words as one text object, where that needs no member's words in `mrkdwn`; else None."""
    if all(isinstance(span, Plain | Bold) for span in text) or not text:
        shown = plain(text)
        return plain_text(shown, limit) if len(shown) <= limit else None
    if len(text) == 1 and (marked := _marked(text[0])) is not None and len(marked) <= limit:
        return {"type": "mrkdwn", "text": marked, "verbatim": True}
    return None


def _marked(span: Span) -> str | None:
    match span:
        case Mention(user=user) if user and USER.fullmatch(user):
            return f"<@{user}>"
        case Channel(channel) if CHANNEL.fullmatch(channel):
            return f"<#{channel}>"
        case When():
            fallback = escape(moment(span)).replace("|", " ").replace("^", " ")
            return f"<!date^{int(span.at.timestamp())}^{_FORMATS[span.style]}|{fallback}>"
        case _:
            return None
