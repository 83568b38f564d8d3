"""Forms: what a member fills in. A form longer than a platform's page is paged by the core, with a saved draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.chat import limits
from bot.chat.actions import Option
from bot.chat.limits import at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """`name` comes back with the answer; `label` is read; `hint` says what is asked and who sees it."""

    name: str
    label: str
    hint: str = ""
    required: bool = True

    def __post_init__(self) -> None:
        at_most(f"label of field {self.name!r}", len(self.label), limits.FORM_LABEL)
        at_most(f"hint of field {self.name!r}", len(self.hint), limits.FORM_HINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField(_Field):
    """Words of the member's own; the answer is a stripped str ("" when left out)."""

    long: bool = False
    max_length: int = limits.TEXT_FIELD
    min_length: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceField(_Field):
    """One of up to 25 options; the answer is its value (None when left out)."""

    options: tuple[Option, ...]
    value: str | None = None

    def __post_init__(self) -> None:
        _Field.__post_init__(self)
        at_most(f"options of field {self.name!r}", len(self.options), limits.CHOICE_OPTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiChoiceField(_Field):
    """Any of up to 25 options; the answer is a tuple of values, in the form's order."""

    options: tuple[Option, ...]
    value: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _Field.__post_init__(self)
        at_most(f"options of field {self.name!r}", len(self.options), limits.CHOICE_OPTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberField(_Field):
    """A member of the community, by picker; the answer is a `Member` row (None when left out)."""

    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersField(_Field):
    """Up to `most` members of the community, by picker; the answer is a tuple of `Member` rows."""

    most: int = 5
    value: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelField(_Field):
    """A channel of the space, by picker; the answer is the platform's id (None when left out)."""

    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleField(_Field):
    """Platform roles or groups, by picker; the answer is a tuple of the platform's ids."""

    value: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DateField(_Field):
    """A day; the answer is a `date` (None when left out)."""

    value: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberField(_Field):
    """A whole number from `least` to `most`; the answer is an int (None when left out)."""

    least: int = 0
    most: int = 1_000_000
    value: int | None = None


Field = (
    TextField
    | ChoiceField
    | MultiChoiceField
    | MemberField
    | MembersField
    | ChannelField
    | RoleField
    | DateField
    | NumberField
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form. `name` is its spec's, `key` the row it is about. Fields may be many: the core pages them."""

    name: str
    title: str
    fields: tuple[Field, ...]
    key: str = ""
    submit: str = ""
    intro: str = ""

    def __post_init__(self) -> None:
        at_most(f"title of form {self.name!r}", len(self.title), limits.FORM_TITLE)
        if not self.fields:
            raise ValueError(f"form {self.name!r} asks nothing")
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError(f"form {self.name!r} names a field twice")

    @property
    def pages(self) -> int:
        """How many pages the form takes; the intro takes the place of one field."""
        return -(-(len(self.fields) + bool(self.intro)) // limits.FORM_FIELDS_A_PAGE)

    def page(self, number: int) -> tuple[Field, ...]:
        """Return the fields of page `number` (from 0)."""
        start = number * limits.FORM_FIELDS_A_PAGE - bool(self.intro)
        return self.fields[max(0, start) : start + limits.FORM_FIELDS_A_PAGE]


Answers = dict[str, Any]
