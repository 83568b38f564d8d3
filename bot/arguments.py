"""From what was typed to what a handler takes: members, dates, numbers, programmes. Every mistake is a `UserError`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, assert_never

import storage.member
import storage.programme
from bot.chat.actions import Option
from bot.chat.forms import (
    ChoiceField,
    DateField,
    Field,
    Form,
    MemberField,
    MembersField,
    NumberField,
    TextField,
)
from bot.chat.limits import CHOICE_OPTIONS, OPTION_LABEL
from bot.chat.spec import (
    ChoiceParam,
    Command,
    DateParam,
    MemberParam,
    MembersParam,
    NumberParam,
    Param,
    ProgrammeParam,
    TextParam,
)
from bot.chat.text import Code, shorten
from bot.errors import UserError
from bot.i18n import Say
from storage.community import Space
from storage.db import Db
from storage.member import Member
from storage.programme import Programme

if TYPE_CHECKING:
    from bot.context import Context

ACCOUNT = re.compile(r"<@!?([^>|]+)(?:\|[^>]*)?>")
FORM_PREFIX = "cmd."


@dataclass(frozen=True, slots=True)
class Missing:
    """Parameters that are needed and were not given, and what was understood of the rest."""

    names: tuple[str, ...]
    raw: Mapping[str, str]


def accounts(command: Command, raw: Mapping[str, str]) -> tuple[str, ...]:
    """Return the accounts that were given for a command's members as `<@account>`; none of more than there may be."""
    named: list[str] = []
    for param in command.params:
        if isinstance(param, MemberParam):
            named.append(raw.get(param.name, ""))
        elif isinstance(param, MembersParam):
            several = raw.get(param.name, "").split("\n")
            named += several if len(set(several)) <= param.most else []
    return tuple(dict.fromkeys(found.group(1) for found in map(ACCOUNT.fullmatch, named) if found))


async def typed(db: Db, space: Space, command: Command, raw: Mapping[str, str]) -> dict[str, Any] | Missing:
    """Return parameter -> value for the handler (None for what may be left out and was), or what is missing."""
    values: dict[str, Any] = {}
    missing: list[str] = []
    for param in command.params:
        text = raw.get(param.name, "").strip()
        if isinstance(param, ProgrammeParam):
            value = await programme(db, space.community_id, text, needed=param.required)
            if value is None and param.required:
                missing.append(param.name)
            values[param.name] = value
        elif not text:
            if param.required:
                missing.append(param.name)
            values[param.name] = None
        else:
            values[param.name] = await _value(db, space, param, text)
    return Missing(tuple(missing), dict(raw)) if missing else values


async def _value(db: Db, space: Space, param: Param, text: str) -> Any:
    match param:
        case TextParam(max_length=limit):
            if len(text) > limit:
                raise UserError("core.text_too_long", name=param.name, limit=limit)
            return text
        case ChoiceParam(options=options):
            for value, label in options:
                if text.lower() in (value.lower(), label.lower()):
                    return value
            shown = ", ".join(value for value, _ in options)
            raise UserError("core.bad_choice", value=text, name=param.name, options=shown)
        case DateParam():
            return parse_date(text)
        case NumberParam(least=least, most=most):
            if not re.fullmatch(r"[+-]?\d{1,9}", text) or not least <= int(text) <= most:
                raise UserError("core.bad_number", name=param.name, least=least, most=most)
            return int(text)
        case MemberParam():
            return await member(db, space, text)
        case MembersParam(most=most):
            return await members(db, space, text.split("\n"), most)
        case ProgrammeParam():
            return await programme(db, space.community_id, text, needed=True)
        case _:
            assert_never(param)


def parse_date(text: str) -> date:
    """Read 2026-03-05. Raises `UserError`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UserError("core.bad_date", value=text[:40]) from None


async def member(db: Db, space: Space, text: str) -> Member:
    """Return the member that `<@account>`, `@handle` or a name means. Raises `UserError` for none or several."""
    if account := ACCOUNT.fullmatch(text):
        found = await storage.member.by_account(db, space.community_id, space.id, account.group(1))
        if found is None:
            raise UserError("core.no_member", value=text)
        return found
    several = await storage.member.by_handle(db, space.community_id, text.removeprefix("@").strip())
    if len(several) != 1:
        raise UserError("core.several_members" if several else "core.no_member", value=text[:60])
    return several[0]


async def members(db: Db, space: Space, several: Sequence[str], most: int) -> tuple[Member, ...]:
    """Return the members that these words mean, each once. Raises `UserError` for one nobody has, and for too many."""
    named = list(dict.fromkeys(one.strip() for one in several if one.strip()))
    if len(named) > most:
        raise UserError("core.too_many_members", most=most, given=len(named))
    found = [await member(db, space, one) for one in named]
    return tuple({one.id: one for one in found}.values())


async def programme(db: Db, community_id: str, slug: str, *, needed: bool) -> Programme | None:
    """Return the open programme with this short name; without one, the only one there is. Raises `UserError`."""
    if slug:
        found = await storage.programme.by_slug(db, community_id, slug.lower())
        if found is None or found.closed_at is not None:
            raise UserError("core.no_programme", value=slug[:60])
        return found
    open_ones = await storage.programme.open_ones(db, community_id)
    if needed and not open_ones:
        raise UserError("core.no_programmes")
    return open_ones[0] if len(open_ones) == 1 else None


async def form(ctx: Context, command: Command) -> Form:
    """Return the form that asks for a command's parameters, for platforms where they can be left out."""
    asked = [await _field(ctx, param) for param in command.params]
    fields = [field for field in asked if field is not None]
    title = shorten("/" + command.name, 24)
    return Form(name=FORM_PREFIX + ".".join(command.path), title=title, fields=tuple(fields))


async def _field(ctx: Context, param: Param) -> Field | None:
    say = ctx.say
    label = say.line(param.label) if param.label else param.name.replace("_", " ").capitalize()
    common: dict[str, Any] = {
        "name": param.name,
        "label": label,
        "hint": say.line(param.help),
        "required": param.required,
    }
    match param:
        case TextParam(closed=True, complete=complete) if complete is not None:
            values = (await complete(ctx, ""))[:CHOICE_OPTIONS]
            shown = tuple(Option(one, one) for one in values)
            return ChoiceField(**common, options=shown) if shown else None
        case TextParam(max_length=limit):
            return TextField(**common, max_length=limit, long=limit > 100)
        case ChoiceParam(options=options):
            return ChoiceField(**common, options=tuple(Option(value, say.line(text)) for value, text in options))
        case DateParam():
            return DateField(**common)
        case NumberParam(least=least, most=most):
            return NumberField(**common, least=least, most=most)
        case MemberParam():
            return MemberField(**common)
        case MembersParam(most=most):
            return MembersField(**common, most=most)
        case ProgrammeParam():
            programmes = await storage.programme.open_ones(ctx.db, ctx.community.id)
            shown = tuple(Option(row.slug, shorten(row.name, OPTION_LABEL)) for row in programmes[:CHOICE_OPTIONS])
            if not shown:
                raise UserError("core.no_programmes")
            return ChoiceField(**common, options=shown)
        case _:
            assert_never(param)


def missing(names: tuple[str, ...], command: Command, say: Say) -> UserError:
    """Return the error for parameters that were left out where no form can ask for them."""
    usage = Code("/" + command.name + "".join(f" <{param.name}>" for param in command.params))
    return UserError("core.missing", name=say.join(list(names)), usage=usage)
