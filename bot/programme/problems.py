"""What is wrong with a programme file, said so that it can be mended."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

Place = list[int | str]
KeysBeside = Callable[[Place], list[str]]

Finding = tuple[str, str, str]
"""A key inside the place that is checked (or nothing), what is wrong there, and its cure."""


def findings(found: Sequence[Finding]) -> PydanticCustomError:
    """An error of our own rules: pydantic takes one a place, so it carries all that were found there."""
    return PydanticCustomError("rule", "rule", {"found": found})


def wrong(what: str, cure: str) -> PydanticCustomError:
    """The same for one finding at the place itself."""
    return findings([("", what, cure)])


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a programme file: the dotted key or the line, what it is, and its cure.

    In a key, `checkins[2]` is the second check-in of the file.
    """

    what: str
    cure: str
    key: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """One line: `rounds.weekday: what. Cure.`"""
        where = self.key or (f"line {self.line}" if self.line else "")
        return f"{where}: {self.what} {self.cure}" if where else f"{self.what} {self.cure}"


class ProgrammeFileError(ValueError):
    """A programme file that cannot be used; `problems` has everything that is wrong with it."""

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))
        self.path = path
        self.problems = problems


def nearest(word: str, known: Iterable[str]) -> str:
    """A cure for a wrong word: the known one that is closest, or all of them."""
    names = list(known)
    near = get_close_matches(word, names, n=1)
    return f"Was “{near[0]}” meant?" if near else f"Use one of {', '.join(names)}."


def syntax_problem(error: tomllib.TOMLDecodeError) -> Problem:
    """What a TOML reader found, with its line."""
    found = re.fullmatch(
        r"(?P<what>.*?) \((?:at line (?P<line>\d+), column (?P<column>\d+)|at end of document)\)", str(error)
    )
    if not found:
        return Problem(f"The file is not TOML: {error}.", _TOML_CURE)
    column = f" (column {found['column']})" if found["column"] else " (at the end of the file)"
    line = int(found["line"]) if found["line"] else None
    return Problem(f"The line is not TOML{column}: {found['what'].lower()}.", _TOML_CURE, line=line)


_TOML_CURE = "Texts stand in double quotes, sections in [brackets], one key a line."

_CURES = {
    "missing": ("It is missing.", "Add it."),
    "string_type": ("It is not a text.", "Write it in double quotes."),
    "string_too_short": ("It is empty.", "Write something, or leave the key out where it may be."),
    "string_pattern_mismatch": ("It is not a key.", "Use small letters, digits and hyphens, as in first-year."),
    "int_type": ("It is not a whole number.", "Write it without quotes or decimals."),
    "float_parsing": ("It is not a number.", "Write it without quotes."),
    "float_type": ("It is not a number.", "Write it without quotes."),
    "finite_number": ("It is not a finite number.", "Write an ordinary one."),
    "bool_parsing": ("It is not a yes or no.", "Write true or false, without quotes."),
    "bool_type": ("It is not a yes or no.", "Write true or false, without quotes."),
}
"""By pydantic's type of error: https://docs.pydantic.dev/latest/errors/validation_errors/."""


def problems_in(error: ValidationError, keys_beside: KeysBeside) -> tuple[Problem, ...]:
    """Everything pydantic found; `keys_beside` gives the keys that a section may hold, for the place of one in it."""
    return tuple(problem for detail in error.errors() for problem in _problems(detail, keys_beside))


def _problems(detail: ErrorDetails, keys_beside: KeysBeside) -> Iterator[Problem]:
    place = [part for part in detail["loc"] if part != "[key]"]
    context = detail.get("ctx", {})
    if detail["type"] == "rule":
        for inner, what, cure in context["found"]:
            yield Problem(what, cure, ".".join(filter(None, (_dotted(place), inner))))
    else:
        what, cure = _explained(detail, place, context, keys_beside)
        yield Problem(what, cure, _dotted(place))


def _explained(
    detail: ErrorDetails, place: Place, context: Mapping[str, Any], keys_beside: KeysBeside
) -> tuple[str, str]:
    kind = detail["type"]
    if kind in _CURES:
        return _CURES[kind]
    if kind == "extra_forbidden":
        return "There is no such key.", nearest(str(place[-1]), keys_beside(place))
    if kind in ("literal_error", "enum"):
        known = re.findall(r"'([^']+)'", context["expected"])
        return f"“{detail['input']}” is not known here.", nearest(str(detail["input"]), known)
    if kind == "string_too_long":
        return "It is too long.", f"Use at most {context['max_length']} characters."
    if bounds := [f"{_BOUNDS[name]} {context[name]:g}" for name in _BOUNDS if name in context]:
        return f"{detail['input']} is out of range.", f"Write a number {bounds[0]}."
    if kind.startswith("time"):
        return f"“{detail['input']}” is not a time of the day.", 'Write it as "18:00".'
    if kind.startswith("date"):
        return f"“{detail['input']}” is not a date.", "Write it as 2026-03-05."
    shape = "[[double brackets]]" if kind in ("tuple_type", "list_type") else "[brackets]"
    return f"{detail['msg']}.", f"Sections of this kind stand in {shape}."


_BOUNDS = {"ge": "from", "gt": "above", "le": "up to", "lt": "below"}


def _dotted(place: Place) -> str:
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".")
