"""What an event asks for: which spec, and how to run it in a context. Routing only; nothing is stored here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot import answers, arguments, asking, filling, paging, views
from bot.arguments import Missing
from bot.chat.actions import ActionId
from bot.chat.incoming import Asking, ButtonPress, CommandCall, FormSubmit, HomeOpened
from bot.chat.parse import Call, Group, Unknown, parse
from bot.chat.platform import Capabilities
from bot.chat.reply import Ask, Replace, Reply, Show
from bot.chat.spec import Audience, Catalogue, Command, Slow, Spec
from bot.chat.text import Code
from bot.context import Context
from bot.errors import REFUSALS, UserError
from bot.home import home, next_steps
from bot.i18n import Say
from bot.shelf import Shelf
from storage.programme import Programme

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An event, understood. `prepare(ctx)` reads what the handler takes; it may answer itself (a missing parameter).

    `handler` is then called as `handler(ctx, *args, **kwargs)`. `effect` names it in the inbox and the log. `accounts`
    are those it is about, who may have no row yet.
    """

    spec: Spec | None
    effect: str
    handler: Callable[..., Awaitable[Reply]] | Slow
    prepare: Callable[[Context], Awaitable[Arguments | Reply]]
    audience: Audience = Audience.MEMBER
    reads: bool = False
    sensitive: bool = False
    table: type[Any] | None = None
    key: str = ""
    arg: str = ""
    page: int = 0
    finish: Callable[[Context, Reply], Awaitable[Reply]] | None = None
    accounts: tuple[str, ...] = ()


def understand(event: Asking, catalogue: Catalogue, can: Capabilities, shelf: Shelf) -> Request | Unknown | Group:
    """Return what an event asks for. Raises `UserError` for a button or form that no longer exists."""
    match event:
        case CommandCall():
            return _command_call(event, catalogue)
        case ButtonPress():
            return _button(event, catalogue)
        case FormSubmit():
            return _form(event, catalogue, can, shelf)
        case HomeOpened():
            return Request(spec=None, effect="home", handler=_home, prepare=_nothing, reads=True)


def _command_call(event: CommandCall, catalogue: Catalogue) -> Request | Unknown | Group:
    if event.path:
        command = catalogue.commands.get(event.path)
        if command is None:
            return Unknown(" ".join(event.path), None)
        return _command(command, dict(event.options))
    if not event.line.strip(" /"):
        return Request(spec=None, effect="next", handler=_next_steps, prepare=_nothing, reads=True)
    parsed = parse(event.line, catalogue.commands)
    return _command(parsed.command, parsed.raw, parsed.extra) if isinstance(parsed, Call) else parsed


def _command(command: Command, raw: dict[str, str], extra: str = "", *, page: int = 0, turned: bool = False) -> Request:
    async def prepare(ctx: Context) -> Arguments | Reply:
        if extra:
            raise UserError("core.too_many_words", extra=Code(extra[:60]))
        values = await arguments.typed(ctx.db, ctx.space, command, raw)
        if isinstance(values, Missing):
            if command.slow:
                raise arguments.missing(values.names, command, ctx.say)
            asked = await arguments.form(ctx, command)
            return Ask(answers.refill(asked, values.raw))
        return (), values

    async def finish(ctx: Context, reply: Reply) -> Reply:
        if isinstance(reply, Show) and command.paged:
            view = paging.cut(
                reply.view, page, paging.PREFIX + ".".join(command.path), raw.get("programme", ""), ctx.say
            )
            return Replace(view) if turned else Show(view)
        if isinstance(reply, Ask):
            return await filling.prefill(ctx, reply, sensitive=command.sensitive)
        return reply

    return Request(
        spec=command, effect=command.name, handler=command.handler, prepare=prepare, audience=command.audience,
        reads=command.reads or command.opens_form, sensitive=command.sensitive, page=page, finish=finish,
        accounts=arguments.accounts(command, raw),
    )  # fmt: skip


def _action(encoded: str) -> ActionId:
    try:
        return ActionId.parse(encoded)
    except ValueError:
        raise UserError("core.gone") from None


def _button(event: ButtonPress, catalogue: Catalogue) -> Request:
    action = _action(event.action)
    if action.name.startswith(paging.PREFIX):
        path = tuple(action.name.removeprefix(paging.PREFIX).split("."))
        command = catalogue.commands.get(path)
        if command is None or not command.paged:
            raise UserError("core.gone")
        number = int(action.arg) if action.arg.isdecimal() else 0
        return _command(command, {"programme": action.key} if action.key else {}, page=number, turned=True)
    spec = catalogue.buttons.get(action.name)
    if spec is None:
        raise UserError("core.gone")

    async def finish(ctx: Context, reply: Reply) -> Reply:
        if isinstance(reply, Ask) and not reply.errors:
            return await filling.prefill(ctx, reply, sensitive=_form_is_sensitive(catalogue, reply))
        return reply

    return Request(
        spec=spec, effect=spec.name, handler=spec.handler, prepare=_row_argument, audience=spec.audience,
        reads=spec.reads or spec.opens_form, sensitive=spec.sensitive, table=spec.row, key=action.key,
        arg=event.choice if event.choice is not None else action.arg, finish=finish,
    )  # fmt: skip


def _form_is_sensitive(catalogue: Catalogue, reply: Ask) -> bool:
    spec = catalogue.forms.get(reply.form.name)
    return spec is not None and spec.sensitive


def _form(event: FormSubmit, catalogue: Catalogue, can: Capabilities, shelf: Shelf) -> Request:
    action = _action(event.form)
    spec = asking.form_spec(action.name, catalogue)
    if spec is None:
        raise UserError("core.gone")

    async def prepare(ctx: Context) -> Arguments | Reply:
        return (), {"programme": await asking.programme(ctx, action.name, catalogue, event.values)}

    async def submit(ctx: Context, programme: Programme | None) -> Reply:  # noqa: ARG001 - permission was checked for it
        return await filling.submit(ctx, spec, action, event.values, can, shelf)

    return Request(
        spec=spec, effect=spec.name, handler=submit, prepare=prepare, audience=spec.audience, sensitive=spec.sensitive,
        table=spec.row, key=action.key, arg=action.arg, accounts=asking.accounts(action.name, catalogue, event.values),
    )  # fmt: skip


async def _nothing(ctx: Context) -> Arguments | Reply:  # noqa: ARG001
    return (), {}


async def _row_argument(ctx: Context) -> Arguments | Reply:
    return ((ctx.row,) if ctx.row is not None else ()), {}


async def _home(ctx: Context) -> Reply:
    return Show(await home(ctx))


async def _next_steps(ctx: Context) -> Reply:
    return Show(await next_steps(ctx))


def guide(found: Unknown | Group, catalogue: Catalogue, say: Say) -> Reply:
    """Answer words that are no command: the nearest one, or what stands under them."""
    if isinstance(found, Unknown):
        return Show(views.unknown(say, found.word, found.nearest, REFUSALS))
    commands = [catalogue.commands[tuple(name.split(" "))] for name in found.names]
    if not found.path:
        commands = [command for command in commands if command.audience is Audience.MEMBER]
    return Show(views.help_page(say, found.path, commands))
