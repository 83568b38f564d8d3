"""Words as Discord's markdown. What members typed is escaped here, and nowhere can it format, link or mention.

Source: Discord's "Message Formatting" reference and help centre article "Markdown Text 101".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from bot.chat.text import Bold, Channel, Code, Link, Mention, Plain, When, Words, shorten

STYLES = {"date": "D", "time": "t", "full": "F", "relative": "R"}
LONGEST_ATOM = 900
"""Bold words, code and link texts are not broken over two messages, so they are shortened to this."""

LONGEST_URL = 600
LONGEST_TEXT = 20_000
"""More than the messages of one view can hold; what is longer is cut before it is looked at."""

_URL = re.compile(r"https?://[^\s<>\[\]()*~|`\\]+", re.IGNORECASE)
# Controls, unpaired surrogates and marks that turn the reading direction for everything after them.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SPECIAL = re.compile(r"([\\*_~`|\[\]<])")
_LINE_START = re.compile(r"^([>#+\-]|\d+(?=[.)]))")
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_ID = re.compile(r"\d{1,20}")


def size(text: str) -> int:
    """Return how long Discord may count this: UTF-16 units, which is never less than characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Return the text without what cannot be seen but changes what is."""
    return _UNSEEN.sub("", text)


def label(text: str, most: int) -> str:
    """Return words for a place that takes at least one and at most `most` characters, as Discord may count them."""
    shown = clean(text).strip() or "…"
    while size(shown) > most:
        shown = shown[:-1]
    return shown


def sound(text: str) -> str:
    """Return typed text that can be stored: without half characters and without NUL, which no database takes."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "")


def escape(text: str) -> str:
    """Return words that Discord shows as they are. Web addresses stay whole, so that they can be opened."""
    return "".join(_tokens(clean(text)))


def _tokens(text: str) -> Iterator[str]:
    """Yield escaped words and the white space between them, each of which may be cut off from its neighbours."""
    for token in re.findall(r"\s+|\S+", text):
        yield token if token.isspace() else _word(token)


def _word(token: str) -> str:
    parts: list[str] = []
    at = 0
    for url in _URL.finditer(token):
        parts += [_escaped(token[at : url.start()]), url.group(0)]
        at = url.end()
    parts.append(_escaped(token[at:]))
    return _nobody(_LINE_START.sub(_backslash, "".join(parts)))


def _nobody(text: str) -> str:
    """Take the meaning from words that would call everybody."""
    return _EVERYONE.sub("@\u200b", text)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _backslash(found: re.Match[str]) -> str:
    text = found.group(1)
    # A number at the start of a line makes a list; the dot after it is what has to be kept from doing so.
    return f"{text}\\" if text[0].isdigit() else f"\\{text}"


def atoms(words: Words) -> Iterator[str]:
    """Yield the words as markdown in pieces that must not be broken."""
    for span in words:
        match span:
            case Plain(text):
                for token in _tokens(clean(shorten(text, LONGEST_TEXT))):
                    yield from _broken(token)
            case Bold(text):
                yield _bold(text)
            case Code(text):
                yield _code(text)
            case Mention(name=name, user=user, member=member):
                yield f"<@{user}>" if user and _ID.fullmatch(user) else escape(f"@{shorten(name or member, 100)}")
            case Channel(channel, name):
                yield f"<#{channel}>" if _ID.fullmatch(channel) else escape(f"#{shorten(name or channel, 100)}")
            case Link(url, text):
                yield _link(url, text)
            case When(at=at, style=style):
                yield f"<t:{int(at.timestamp())}:{STYLES[style]}>"
            case _:
                assert_never(span)


def mentioned(words: Words) -> set[str]:
    """Return the accounts that the words may notify."""
    return {
        span.user for span in words if isinstance(span, Mention) and span.user is not None and _ID.fullmatch(span.user)
    }


def one_line(words: Words) -> Words:
    """Return the words with white space instead of line breaks, for lists and small print."""
    return tuple(Plain(re.sub(r"\s*\n\s*", " ", span.text)) if isinstance(span, Plain) else span for span in words)


def _broken(token: str) -> Iterator[str]:
    """Break a word that no message could hold, but not between a backslash and what it escapes."""
    if size(token) <= LONGEST_ATOM:
        yield token
        return
    yield from re.findall(rf"(?:\\.|[^\\]|\\$){{1,{LONGEST_ATOM // 4}}}", token, re.DOTALL)


def _bold(text: str) -> str:
    bare = escape(shorten(" ".join(clean(text).split()), LONGEST_ATOM // 2))
    return f"**{bare}**" if bare else ""


def _code(text: str) -> str:
    bare = shorten(" ".join(clean(text).split()), LONGEST_ATOM)
    if not bare:
        return ""
    if "`" not in bare:
        return f"`{_nobody(bare)}`"
    return f"`` {_nobody(bare.replace('``', '`ˋ'))} ``"


def _link(url: str, text: str) -> str:
    address = re.sub(r"[\s<>()\[\]\\`*|]", lambda bad: f"%{ord(bad.group(0)):02X}", clean(url))
    address = _EVERYONE.sub("%40", address)
    if size(address) > LONGEST_URL:
        return escape(shorten(text, LONGEST_ATOM // 2))
    if text == url or _URL.search(text):
        # A masked link that shows another address is what Discord itself refuses to draw.
        return f"<{address}>"
    bare = escape(shorten(" ".join(clean(text).split()), LONGEST_ATOM // 2))
    return f"[{bare}](<{address}>)" if bare else f"<{address}>"
