"""Commands that were typed without what they need: the form that asks for it, and how its answers run the command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import arguments
from bot.arguments import FORM_PREFIX
from bot.chat.forms import Form
from bot.chat.reply import Reply
from bot.chat.spec import Catalogue, Command, FormSpec, ProgrammeParam, Slow
from bot.context import Context
from bot.permission import permit
from storage.programme import Programme


def _command(name: str, catalogue: Catalogue) -> Command | None:
    command = catalogue.commands.get(tuple(name.removeprefix(FORM_PREFIX).split(".")))
    return command if name.startswith(FORM_PREFIX) else None


def accounts(name: str, catalogue: Catalogue, values: Mapping[str, str | tuple[str, ...]]) -> tuple[str, ...]:
    """Return the accounts that were picked in a command's form; none for any other form."""
    command = _command(name, catalogue)
    picked = {
        field: "\n".join(f"<@{one}>" for one in ((value,) if isinstance(value, str) else value))
        for field, value in values.items()
        if value
    }
    return arguments.accounts(command, picked) if command else ()


async def programme(
    ctx: Context, name: str, catalogue: Catalogue, values: Mapping[str, str | tuple[str, ...]]
) -> Programme | None:
    """Return the programme that was chosen in a command's form, so that permission is checked for it; else None."""
    command = _command(name, catalogue)
    for param in command.params if command else ():
        chosen = values.get(param.name, "")
        if isinstance(param, ProgrammeParam) and isinstance(chosen, str):
            return await arguments.programme(ctx.db, ctx.community.id, chosen, needed=param.required)
    return None


def form_spec(name: str, catalogue: Catalogue) -> FormSpec | None:
    """Return a form by its name: a feature's, or the one that asks for the parameters of a command."""
    if name in catalogue.forms:
        return catalogue.forms[name]
    command = _command(name, catalogue)
    if command is None or isinstance(command.handler, Slow):
        return None
    handler = command.handler

    async def take(ctx: Context, values: dict[str, Any]) -> Reply:
        for param in command.params:
            if isinstance(param, ProgrammeParam):
                slug = values[param.name] or ""
                row = await arguments.programme(ctx.db, ctx.community.id, slug, needed=param.required)
                await permit(ctx, command.audience, row)
                values |= {param.name: row}
        given = dict.fromkeys(param.name for param in command.params) | values
        return await handler(ctx, **given)

    async def build(ctx: Context) -> Form:
        return await arguments.form(ctx, command)

    return FormSpec(
        name=name, build=build, handler=take, example={}, audience=command.audience, private=command.private,
        sensitive=command.sensitive,
    )  # fmt: skip
