"""From what a form sent to what a handler takes. Every field is checked, and all mistakes are told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, assert_never

from bot.arguments import ACCOUNT, member
from bot.chat.forms import (
    Answers,
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    Form,
    MemberField,
    MembersField,
    MultiChoiceField,
    NumberField,
    RoleField,
    TextField,
)
from bot.errors import FIELD_ERRORS, UserError
from bot.i18n import Say
from storage.community import Space
from storage.db import Db

Raw = Mapping[str, str | tuple[str, ...]]


class _Wrong(Exception):
    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key, self.params = key, params


async def read(db: Db, space: Space, fields: tuple[Field, ...], raw: Raw, say: Say) -> tuple[Answers, dict[str, str]]:
    """Return (field -> typed answer, field -> what is wrong in the member's language); one of the two is empty."""
    answers: Answers = {}
    errors: dict[str, str] = {}
    for field in fields:
        try:
            answers[field.name] = await _answer(db, space, field, raw.get(field.name, ""))
        except _Wrong as wrong:
            errors[field.name] = say.line(FIELD_ERRORS[wrong.key], **wrong.params)
    return ({}, errors) if errors else (answers, {})


async def _answer(db: Db, space: Space, field: Field, given: str | tuple[str, ...]) -> Any:
    many = tuple(value for value in ((given,) if isinstance(given, str) else given) if value.strip())
    one = many[0].strip() if many else ""
    if field.required and not one:
        raise _Wrong("required")
    match field:
        case TextField():
            return _text(field, one)
        case ChoiceField(options=options):
            if one and one not in {option.value for option in options}:
                raise _Wrong("bad_choice")
            return one or None
        case MultiChoiceField(options=options):
            known = [option.value for option in options]
            if set(many) - set(known):
                raise _Wrong("bad_choice")
            return tuple(value for value in known if value in many)
        case MemberField():
            return await _member(db, space, one) if one else None
        case MembersField(most=most):
            return await _members(db, space, many, most)
        case ChannelField():
            return one or None
        case RoleField():
            return many
        case DateField():
            return _date(one) if one else None
        case NumberField(least=least, most=most):
            if not one:
                return None
            if not re.fullmatch(r"[+-]?\d{1,9}", one) or not least <= int(one) <= most:
                raise _Wrong("bad_number", least=least, most=most)
            return int(one)
        case _:
            assert_never(field)


def _text(field: TextField, text: str) -> str:
    if len(text) > field.max_length:
        raise _Wrong("too_long", limit=field.max_length)
    if text and len(text) < field.min_length:
        raise _Wrong("too_short", least=field.min_length)
    return text


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Wrong("bad_date") from None


async def _member(db: Db, space: Space, account: str) -> Any:
    try:
        return await member(db, space, account if ACCOUNT.fullmatch(account) else f"<@{account}>")
    except UserError:
        raise _Wrong("no_member") from None


async def _members(db: Db, space: Space, accounts: tuple[str, ...], most: int) -> tuple[Any, ...]:
    if len(set(accounts)) > most:
        raise _Wrong("too_many", most=most)
    found = [await _member(db, space, one) for one in accounts]
    return tuple({one.id: one for one in found}.values())


def refill(form: Form, raw: Raw) -> Form:
    """Return the form with what was typed before filled in; what no longer fits a field is left out."""
    return replace(form, fields=tuple(_refilled(field, raw) for field in form.fields))


def _refilled(field: Field, raw: Raw) -> Field:
    if field.name not in raw:
        return field
    given = raw[field.name]
    many = tuple(value for value in ((given,) if isinstance(given, str) else given) if value)
    one = many[0] if many else ""
    match field:
        case TextField():
            return replace(field, value=one[: field.max_length])
        case ChoiceField(options=options):
            return replace(field, value=one if one in {option.value for option in options} else None)
        case MultiChoiceField(options=options):
            return replace(field, value=tuple(option.value for option in options if option.value in many))
        case MemberField() | ChannelField():
            return replace(field, value=one or None)
        case MembersField(most=most):
            several = tuple(one for value in many for one in value.split("\n") if one)
            return replace(field, value=several[:most])
        case RoleField():
            return replace(field, value=many)
        case DateField():
            try:
                return replace(field, value=date.fromisoformat(one) if one else None)
            except ValueError:
                return field
        case NumberField():
            return replace(field, value=int(one) if re.fullmatch(r"[+-]?\d{1,9}", one) else None)
        case _:
            assert_never(field)
