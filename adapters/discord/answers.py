"""Answers to interactions: the first one within three seconds, what is longer after it, a form always first.

Source of the limits: Discord's API reference, "Receiving and Responding" (3 seconds; a token lives for 15 minutes).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import structlog

from adapters.discord.failures import ALREADY_ANSWERED, TOO_LATE, code_of
from adapters.discord.forms import modal
from adapters.discord.incoming import Question, Typing
from adapters.discord.render import EPHEMERAL, Message, render
from adapters.discord.rest import Rest
from bot.app import App
from bot.chat.incoming import CommandCall, FormSubmit
from bot.chat.platform import RateLimited, SendFailed, Transient
from bot.chat.reply import Ask, Quiet, Reject, Replace, Reply, Show
from bot.chat.text import Plain, words
from bot.chat.views import File, Image, List, View
from bot.promises import Promise, promise

log = structlog.get_logger()

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, COMPLETE, MODAL = 4, 5, 6, 7, 8, 9
PATIENCE = 1.5
"""Seconds that a handler may take before the answer is put off; the other half of the three is for the network."""

CALLBACK = "/interactions/{id}/{token}/callback"
WEBHOOK = "/webhooks/{application}/{token}"
ORIGINAL = WEBHOOK + "/messages/@original"
ECHO = {"with_response": "true"}
TRIES = 4
CHOICE = 100


@dataclass(frozen=True, slots=True)
class Handle:
    """Where an interaction is answered. The token is good for 15 minutes and never stored or logged."""

    id: str
    token: str
    application: str
    has_message: bool = False


@dataclass(slots=True)
class Answers:
    """Asks the core and brings its replies back."""

    app: App
    rest: Rest
    patience: float = PATIENCE

    async def answer(self, event: Question, to: Handle) -> None:
        """Handle an event and show what came of it. Never raises `SendFailed`: what cannot be shown is logged."""
        what = promise(event, self.app.catalogue)
        turn = _Turn(self.rest, to, what, isinstance(event, CommandCall))
        try:
            await self._answered(event, turn)
        except SendFailed as failed:
            late = code_of(failed) in TOO_LATE
            log.warning("answer.too_late" if late else "answer.failed", asked=type(event).__name__, code=failed.code)

    async def _answered(self, event: Question, turn: _Turn) -> None:
        if turn.promise.slow and not turn.promise.may_ask:
            await turn.defer()
        asked = asyncio.ensure_future(self.app.handle(event))
        # A form cannot follow a deferred answer, so where one may come the member waits.
        if not turn.deferred and not turn.promise.may_ask:
            done, _ = await asyncio.wait({asked}, timeout=self.patience)
            if not done:
                await turn.defer()
        reply = await asked
        if isinstance(reply, Ask) and isinstance(event, FormSubmit):
            log.error("answer.form_after_form", form=reply.form.name)
            reply = Quiet()
        await turn.show(reply)

    async def complete(self, typing: Typing, to: Handle) -> None:
        """Offer completions for what is being typed; none when it takes too long."""
        found = await self.app.complete(typing.event, typing.param, typing.typed)
        choices = [{"name": one[:CHOICE], "value": one[:CHOICE]} for one in dict.fromkeys(found) if one][:25]
        try:
            await _callback(self.rest, to, {"type": COMPLETE, "data": {"choices": choices}})
        except SendFailed as failed:
            log.info("completion.too_late", code=failed.code)


@dataclass(slots=True)
class _Turn:
    """One interaction on its way to an answer."""

    rest: Rest
    to: Handle
    promise: Promise
    command: bool
    deferred: bool = False

    async def defer(self) -> None:
        """Say that an answer will come. A press keeps its message as it is meanwhile."""
        if self.to.has_message:
            await self._first({"type": DEFER_UPDATE})
        else:
            await self._first({"type": DEFER, "data": {"flags": EPHEMERAL if self.promise.private else 0}})
        self.deferred = True

    async def show(self, reply: Reply) -> None:
        """Show a reply: at once, or in the place of the put-off answer."""
        match reply:
            case Ask() if self.deferred:
                # Nobody knew that a form would come; the member can repeat it.
                log.error("answer.form_after_defer", form=reply.form.name)
                await self._quiet()
            case Ask():
                await self._first({"type": MODAL, "data": modal(reply)})
            case Show(view):
                await self._show(view)
            case Replace(view):
                await self._replace(view)
            case Reject(errors):
                await self._show(View("discord.rejected", (List(tuple(words(Plain(why)) for why in errors.values())),)))
            case Quiet():
                await self._quiet()
            case _:
                assert_never(reply)

    async def _show(self, view: View) -> None:
        # What the core itself says (a refusal, a reference) is nobody else's business.
        private = self.promise.private or view.key.startswith("core.")
        messages = render(view)
        if not self.deferred:
            await self._first({"type": MESSAGE, "data": messages[0].body(private=private)}, messages[0])
        elif self.to.has_message:
            await self._follow(messages[0], private)
        else:
            await self._edit(messages[0])
        for message in messages[1:]:
            await self._follow(message, private)

    async def _replace(self, view: View) -> None:
        if not self.to.has_message:
            await self._show(view)
            return
        messages = render(view)
        if self.deferred:
            await self._edit(messages[0])
        else:
            await self._first({"type": UPDATE, "data": messages[0].body()}, messages[0])
        for message in messages[1:]:
            await self._follow(message, self.promise.private)

    async def _quiet(self) -> None:
        if not self.deferred:
            await self.defer()
        if not self.to.has_message:
            await self.rest.call("DELETE", ORIGINAL, self._webhook(), limited=False)

    async def _first(self, body: dict[str, Any], message: Message | None = None) -> None:
        await _callback(self.rest, self.to, body, message.files if message else ())

    async def _edit(self, message: Message) -> None:
        body = message.body()
        body["flags"] &= ~EPHEMERAL
        await _patiently(self.rest, "PATCH", ORIGINAL, self._webhook(), body, message.files)

    async def _follow(self, message: Message, private: bool) -> None:
        await _patiently(self.rest, "POST", WEBHOOK, self._webhook(), message.body(private=private), message.files)

    def _webhook(self) -> dict[str, str]:
        return {"application": self.to.application, "token": self.to.token}


async def _callback(rest: Rest, to: Handle, body: dict[str, Any], files: Sequence[Image | File] = ()) -> None:
    """Give the first answer. One that may have been lost is given again: Discord takes only one of them."""
    again = False
    ids = {"id": to.id, "token": to.token}
    try:
        for _ in range(TRIES):
            try:
                await rest.call("POST", CALLBACK, ids, json_body=body, files=files, limited=False, query=ECHO)
            except Transient:
                again = True
                await asyncio.sleep(0.05)
            else:
                return
        raise Transient("callback", doubtful=True)
    except SendFailed as failed:
        if not (again and code_of(failed) == ALREADY_ANSWERED):
            raise


async def _patiently(
    rest: Rest, method: str, path: str, ids: Mapping[str, str], body: dict[str, Any], files: Sequence[Image | File]
) -> None:
    """Make a call about an answer that exists. Nobody else will repeat it, so it waits for limits and tries again.

    A message that may have been posted is not posted again.
    """
    for attempt in range(TRIES):
        try:
            await rest.call(method, path, ids, json_body=body, files=files, limited=False)
        except RateLimited as limited:
            if attempt == TRIES - 1:
                raise
            await asyncio.sleep(min(limited.retry_after, 60.0))
        except Transient as failed:
            if attempt == TRIES - 1 or (failed.doubtful and method == "POST"):
                raise
            await asyncio.sleep(0.2 * 2**attempt)
        else:
            return
