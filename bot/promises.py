"""What a platform must know of an event before the core has answered it. From the specs alone; nothing is read."""

from __future__ import annotations

from dataclasses import dataclass

from bot import paging
from bot.asking import form_spec
from bot.chat.actions import ActionId
from bot.chat.incoming import Asking, ButtonPress, CommandCall, FormSubmit
from bot.chat.parse import Call, parse
from bot.chat.spec import Catalogue, Command, FormSpec, Slow, Spec


@dataclass(frozen=True, slots=True)
class Promise:
    """`private`: only the actor sees the answer. `may_ask`: a form may be the answer. `slow`: it will take a while."""

    private: bool = True
    may_ask: bool = False
    slow: bool = False


def spec_of(event: Asking, catalogue: Catalogue) -> Spec | None:
    """Return the spec behind an event, if there is one."""
    match event:
        case CommandCall(path=path, line=line):
            if path:
                return catalogue.commands.get(path)
            call = parse(line, catalogue.commands)
            return call.command if isinstance(call, Call) else None
        case ButtonPress(action=encoded):
            name = _name(encoded)
            if name.startswith(paging.PREFIX):
                return catalogue.commands.get(tuple(name.removeprefix(paging.PREFIX).split(".")))
            return catalogue.buttons.get(name)
        case FormSubmit(form=encoded):
            return form_spec(_name(encoded), catalogue)
        case _:
            return None


def promise(event: Asking, catalogue: Catalogue) -> Promise:
    """Return what the answer to an event may be. What nobody knows is answered in private."""
    spec = spec_of(event, catalogue)
    if spec is None:
        return Promise()
    if isinstance(spec, FormSpec):
        return Promise(spec.private)
    if isinstance(spec.handler, Slow):
        # What a slow command lacks is said, not asked.
        return Promise(spec.private, slow=True)
    may_ask = spec.opens_form
    if isinstance(spec, Command) and isinstance(event, CommandCall):
        may_ask = spec.may_ask or any(
            param.required and not event.options.get(param.name, "").strip() for param in spec.params
        )
    return Promise(spec.private, may_ask)


def _name(encoded: str) -> str:
    try:
        return ActionId.parse(encoded).name
    except ValueError:
        return ""
