"""Buttons and pickers: what a member can press in a message.

An action carries a name, a row id and at most one small untrusted argument, never state: the row is read again and
permission checked again at every press, so actions work after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.chat import limits
from bot.chat.limits import at_most


@dataclass(frozen=True, slots=True)
class ActionId:
    """`name` of the button spec ("checkins.met"), `key` of the row it is about, `arg` (a page, a choice)."""

    name: str
    key: str = ""
    arg: str = ""

    def __post_init__(self) -> None:
        if ":" in self.name or ":" in self.key:
            raise limits.LimitError(f"an action's name and key hold no colon: {self.name!r}, {self.key!r}")
        at_most("action argument", len(self.arg), limits.ACTION_ARGUMENT)
        at_most("action id", len(str(self)), limits.ACTION_ID)

    def __str__(self) -> str:
        return f"{self.name}:{self.key}:{self.arg}" if self.arg else f"{self.name}:{self.key}".removesuffix(":")

    @classmethod
    def parse(cls, text: str) -> ActionId:
        """Read what `str` wrote. Input is untrusted: raises `ValueError` when it is not an action id."""
        name, _, rest = text.partition(":")
        key, _, arg = rest.partition(":")
        if not name:
            raise ValueError("an action id needs a name")
        return cls(name, key, arg)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: `value` comes back, `label` is read."""

    value: str
    label: str
    hint: str = ""

    def __post_init__(self) -> None:
        at_most("option value", len(self.value), limits.OPTION_VALUE)
        at_most("option label", len(self.label), limits.OPTION_LABEL)
        at_most("option hint", len(self.hint), limits.OPTION_LABEL)


@dataclass(frozen=True, slots=True)
class Button:
    """A press sends `action` back."""

    label: str
    action: ActionId
    style: Literal["plain", "primary", "danger"] = "plain"

    def __post_init__(self) -> None:
        at_most("button label", len(self.label), limits.BUTTON_LABEL)


@dataclass(frozen=True, slots=True)
class LinkButton:
    """Opens a web page; nothing comes back."""

    label: str
    url: str

    def __post_init__(self) -> None:
        at_most("button label", len(self.label), limits.BUTTON_LABEL)
        if not self.url.startswith(("https://", "http://")):
            raise ValueError("a link button needs an http or https address")


@dataclass(frozen=True, slots=True)
class Choice:
    """A select: the chosen value comes back as the action's argument."""

    placeholder: str
    action: ActionId
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        at_most("choice placeholder", len(self.placeholder), limits.PLACEHOLDER)
        at_most("choice options", len(self.options), limits.CHOICE_OPTIONS)
        if not self.options:
            raise ValueError("a choice needs at least one option")


@dataclass(frozen=True, slots=True)
class MemberChoice:
    """A people picker: the chosen account comes back as the action's argument."""

    placeholder: str
    action: ActionId

    def __post_init__(self) -> None:
        at_most("choice placeholder", len(self.placeholder), limits.PLACEHOLDER)


Action = Button | LinkButton | Choice | MemberChoice
