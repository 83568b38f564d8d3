"""What a programme's file recommends to read: found by words, and suggested where it may help."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.chat.text import Bold, Link, Words, words
from bot.chat.views import Block, List, Text
from bot.i18n import Say
from bot.programme.file import ProgrammeFile

SESSION, STUCK = "session", "stuck"
"""Tags with a meaning: suggested before a session; suggested to who presses that they need help."""

SUGGESTED = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A resource in the reader's language. `text` is empty where there is only an address, and the other way round."""

    title: str
    url: str
    text: str
    tags: tuple[str, ...]


def of(file: ProgrammeFile, language: str) -> list[Found]:
    """Return the resources of a file in a language."""
    texts = file.texts(language)
    return [
        Found(texts[f"resources.{one.key}"], one.url or "", texts.get(f"resource_texts.{one.key}", ""), one.tags)
        for one in file.resources
    ]


def search(known: Iterable[Found], text: str) -> list[Found]:
    """Return what holds every word of `text` in its title, words or tags, whatever the case; all of it for no words."""
    wanted = _stems(text)
    return [one for one in known if all(any(word in other for other in _stems(_whole(one))) for word in wanted)]


def suggest(known: Iterable[Found], tag: str, about: Collection[str] = ()) -> list[Found]:
    """Return at most two: first what shares a word with what it is about, then what carries the tag."""
    topics = _stems(" ".join(about))
    scored = [(len(topics & _stems(" ".join(one.tags) + " " + one.title)), tag in one.tags, one) for one in known]
    fits = sorted((one for one in scored if one[0] or one[1]), key=lambda one: (-one[0], not one[1]))
    return [one for *_, one in fits][:SUGGESTED]


def line(one: Found) -> Words:
    """Return a resource as a line."""
    title = words(Link(one.url, one.title)) if one.url else words(Bold(one.title))
    return words(title, ": ", one.text) if one.text else title


def blocks(say: Say, found: Iterable[Found]) -> tuple[Block, ...]:
    """Return suggestions as part of a message; nothing for none."""
    lines = tuple(line(one) for one in found)
    return (Text(say("This may help:")), List(lines, size=len(lines))) if lines else ()


def _whole(one: Found) -> str:
    return " ".join((one.title, one.text, *one.tags))


def _stems(text: str) -> set[str]:
    """Return the words of a text that carry meaning: three letters or more, in lower case."""
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 2}
