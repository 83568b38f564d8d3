"""Names of languages: `Spanish`, `español`, `castellano` and `es` are one language, kept as its code."""

import unicodedata
from functools import cache

from babel import Locale

# The languages in which a roster may name languages; each language's own name is understood as well.
_WRITTEN_IN = ("en", "es")
_ALSO = {"castellano": "es", "mandarin": "zh", "farsi": "fa", "flemish": "nl", "tagalog": "fil"}


@cache
def find_language(text: str) -> str | None:
    """The ISO 639 code, such as `es`, for a language's code or name in English, Spanish or itself; None when unknown.

    A regional code is taken as its language (`pt-BR` is `pt`).
    """
    wanted = _plain(text)
    code = wanted.replace("_", "-").split("-")[0]
    if code in _codes():
        return code
    return _by_name().get(wanted)


@cache
def _codes() -> frozenset[str]:
    return frozenset(_languages("en"))


def _languages(written_in: str) -> dict[str, str]:
    listed = Locale(written_in).languages.items()
    return {code: _plain(name) for code, name in listed if code.isalpha() and code not in _NO_LANGUAGE}


@cache
def _by_name() -> dict[str, str]:
    names = dict(_ALSO)
    for written_in in _WRITTEN_IN:
        for code, name in _languages(written_in).items():
            names.setdefault(name, code)
    for code in _OWN_NAMES:
        names.setdefault(_plain(str(Locale(code).get_language_name())), code)
    return names


# CLDR's codes for "none", "several" and "not known".
_NO_LANGUAGE = {"und", "mul", "mis", "zxx"}
_OWN_NAMES = (
    "ar", "bn", "ca", "cs", "da", "de", "el", "eu", "fa", "fi", "fr", "gl", "he", "hi", "hu", "id", "it", "ja", "ko",
    "ms", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip


def _plain(text: str) -> str:
    """Without capitals and accents, which people leave out."""
    return "".join(
        char for char in unicodedata.normalize("NFKD", text.strip().casefold()) if not unicodedata.combining(char)
    )
