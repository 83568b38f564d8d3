"""Sentences in the reader's language: gettext catalogues, read and compiled in memory at start.

`Say` is handed to every view. Parameters of a sentence may be strings (shown as they are, whatever they hold), numbers
or spans, so translation never touches what a member typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.chat.text import Bold, Channel, Code, Link, Mention, Plain, When, Words, plain, words
from bot.zones import usable

FALLBACK = "en"
LANGUAGES = ("en", "es")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools know
    """Mark a sentence for translation where it is declared; it is translated where it is shown."""
    return message


@cache
def _catalogue(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return message id -> translations (one, or one a plural form) of a language; empty for the fallback.

    A language is a folder of catalogues: `kith.po` for the core and what several speak, and one a feature.
    """
    if language == FALLBACK:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for source in resources.files("bot.locales").joinpath(language, "LC_MESSAGES").iterdir():
        if not source.name.endswith(".po"):
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        for message in catalogue:
            if message.id and message.string and "fuzzy" not in message.flags:
                key = message.id if isinstance(message.id, str) else message.id[0]
                found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found


@cache
def _plural_index(language: str, number: int) -> int:
    return 0 if number == 1 else 1 if language in LANGUAGES else 0


def best_language(*wanted: str | None) -> str:
    """Return the first of the wanted locales ("es-419", "en_GB") that Kith speaks, else English."""
    for locale in wanted:
        language = (locale or "").replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return FALLBACK


class Say:
    """Says sentences in one language, with times in one zone. Call it with the English sentence and its parameters."""

    def __init__(self, language: str = FALLBACK, zone: str = "UTC") -> None:
        try:
            self._locale = Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            language, self._locale = FALLBACK, Locale.parse(FALLBACK)
        self.language = language
        self.zone = usable(zone)

    def __call__(self, message: str, /, **params: object) -> Words:
        """Return the sentence as words: `{name}` in it is replaced by the parameter's span or text."""
        return self._fill(_catalogue(self.language).get(message, (message,))[0], params)

    def plural(self, one: str, many: str, n: int, /, **params: object) -> Words:
        """Return `one` or `many` for the number `n`, which fills `{n}`."""
        found = _catalogue(self.language).get(one)
        chosen = found[min(_plural_index(self.language, n), len(found) - 1)] if found else (one if n == 1 else many)
        return self._fill(chosen, {"n": n, **params})

    def line(self, message: str, /, **params: object) -> str:
        """Return the sentence as plain text, for labels, titles and hints."""
        return plain(self(message, **params))

    def when(self, at: datetime, style: Literal["date", "time", "full", "relative"] = "full") -> When:
        """Return a moment that the platform shows in the reader's own zone."""
        return When(at, style, self.zone, self.language)

    def day(self, day: date) -> str:
        """Return a day of the calendar, which is the same one in every zone ("Thursday, March 5, 2026")."""
        return format_date(day, "full", locale=self._locale)

    def join(self, items: Sequence[str | Words], style: Literal["standard", "or"] = "standard") -> Words:
        """Join items as the language does: "Ana, Bea and Chen"."""
        marks = [f"\x00{index}\x00" for index in range(len(items))]
        parts = re.split(r"\x00(\d+)\x00", format_list(marks, style, locale=self._locale))
        return words(*(items[int(part)] if index % 2 else part for index, part in enumerate(parts)))

    def _fill(self, sentence: str, params: Mapping[str, object]) -> Words:
        parts = _PLACEHOLDER.split(sentence)
        return words(*(self._span(params, part) if index % 2 else part for index, part in enumerate(parts)))

    def _span(self, params: Mapping[str, object], name: str) -> Any:
        value = params.get(name, "{" + name + "}")
        if isinstance(value, Plain | Bold | Code | Mention | Channel | Link | When | tuple | str):
            return value
        if isinstance(value, int | float):
            return format_decimal(value, locale=self._locale)
        return str(value)
