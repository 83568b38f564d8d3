"""Training: short modules that members go through by themselves, a step at a time. Texts in `texts/LANGUAGE/KEY.toml`.

A module is a list of steps. Some only say something, some ask: with an answer to each choice (and `to`, the name of the
step that it leads to, where it is a scene), or with one right choice (a quiz). Every language has the same steps.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MODULES = ("how", "listening", "inclusion", "confidentiality", "feedback", "conflict")
"""The modules that there are, in the order in which they are best taken."""

PASS = 2 / 3
"""This share of a module's quiz has to be right."""

_TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its label, what is said about it, where it leads, whether it is the right one of a quiz."""

    label: str
    reply: str
    to: str = ""
    right: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something said (`text`, paragraphs between blank lines) or asked (`ask` with `options`)."""

    text: str = ""
    ask: str = ""
    name: str = ""
    options: tuple[Option, ...] = ()

    @property
    def quiz(self) -> bool:
        """Whether one of the choices is the right one."""
        return any(option.right for option in self.options)


@dataclass(frozen=True, slots=True)
class Module:
    """A module in one language; `minutes` is about how long it takes."""

    key: str
    title: str
    summary: str
    minutes: int
    steps: tuple[Step, ...]

    @property
    def questions(self) -> int:
        """How many questions its quiz has."""
        return sum(step.quiz for step in self.steps)

    def passes(self, right: int) -> bool:
        """Whether so many right answers are enough."""
        return right >= PASS * self.questions

    def after(self, at: int, option: int | None) -> int:
        """Return the place of the step that follows step `at` after choice `option`; past the last one at the end."""
        to = self.steps[at].options[option].to if option is not None else ""
        return next((place for place, step in enumerate(self.steps) if to and step.name == to), at + 1)


@dataclass(frozen=True, slots=True)
class Thought:
    """A thought of a month: something to read, a question, and choices that each have an answer."""

    title: str
    text: str
    ask: str
    options: tuple[Option, ...]


@cache
def thoughts(language: str) -> tuple[Thought, ...]:
    """Return the thoughts of a year in a language, in English where they are not written in it."""
    file = _TEXTS / language / "monthly.toml"
    found = tomllib.loads((file if file.exists() else _TEXTS / "en" / "monthly.toml").read_text("utf-8"))
    return tuple(
        Thought(one["title"], one["text"], one["ask"], tuple(Option(**option) for option in one["options"]))
        for one in found["thoughts"]
    )


@cache
def module(key: str, language: str) -> Module:
    """Return a module, in English where it is not written in the language. Raises `KeyError` for an unknown one."""
    file = _TEXTS / language / f"{key}.toml"
    if key not in MODULES:
        raise KeyError(key)
    if not file.exists():
        return module(key, "en")
    found = tomllib.loads(file.read_text("utf-8"))
    steps = tuple(
        Step(
            text=step.get("text", "").strip(), ask=step.get("ask", ""), name=step.get("name", ""),
            options=tuple(Option(**option) for option in step.get("options", [])),
        )
        for step in found["steps"]
    )  # fmt: skip
    return Module(key, found["title"], found["summary"], found["minutes"], steps)


def missing(required: Mapping[str, Collection[str]], kind: str, passed: Collection[str]) -> list[str]:
    """Return what somebody in a role has yet to pass, in the order of the programme; `required` is role -> modules."""
    return [key for key in required.get(kind, ()) if key not in passed]
