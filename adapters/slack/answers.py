"""From a reply to what the member sees: an ephemeral message, a rewritten one, a modal, their Home."""

from __future__ import annotations

import asyncio
from collections.abc import Container
from typing import Any, assert_never

import structlog

from adapters.slack import forms, phrases
from adapters.slack.incoming import Origin
from adapters.slack.platform import SlackPlatform, Workspace
from adapters.slack.render import modal, render
from adapters.slack.texts import Json
from bot.chat.forms import RoleField
from bot.chat.incoming import Place
from bot.chat.platform import MessageRef, RateLimited, SendFailed
from bot.chat.reply import Ask, Quiet, Reject, Replace, Reply, Show
from bot.chat.views import View
from bot.i18n import Say

log = structlog.get_logger()

LONGEST_WAIT = 30.0
"""Seconds that an answer waits when Slack says to come back later."""


class Answers:
    """Shows replies in one workspace. What cannot be shown is logged by its code: the member can ask again."""

    def __init__(self, platform: SlackPlatform, workspace: Workspace) -> None:
        self._platform = platform
        self._at = workspace
        self._client = workspace.client

    async def show(self, origin: Origin, reply: Reply, say: Say, *, private: bool) -> None:
        """Answer a command, a press or a shortcut. Raises nothing of Slack's."""
        try:
            await self._patiently(origin, reply, say, private=private)
        except SendFailed as failed:
            log.warning("slack.unanswered", workspace=self._at.name, code=failed.code, reply=type(reply).__name__)

    async def _patiently(self, origin: Origin, reply: Reply, say: Say, *, private: bool) -> None:
        try:
            await self._show(origin, reply, say, private=private)
        except RateLimited as limited:
            if limited.retry_after > LONGEST_WAIT:
                raise
            # A refused call did nothing, so this is its first time.
            await asyncio.sleep(limited.retry_after)
            await self._show(origin, reply, say, private=private)

    async def _show(self, origin: Origin, reply: Reply, say: Say, *, private: bool) -> None:
        match reply:
            case Quiet():
                return
            case Show(view):
                await self._shown(origin, view, say, private=private)
            case Replace(view):
                await self._replaced(origin, view, say)
            case Ask():
                await self._asked(origin, reply, say)
            case Reject(errors):
                await self._shown(origin, phrases.mistakes(say, dict(errors)), say, private=True)
            case _:
                assert_never(reply)

    async def _shown(self, origin: Origin, view: View, say: Say, *, private: bool) -> None:
        if origin.container == "modal":
            await self.update(origin.view, self.result(view, say))
        elif not private and origin.place.kind != "home":
            await self._in_public(origin, view)
        elif origin.place.kind != "home":
            await self._in_private(origin, view, say)
        elif not await self._opened(origin, self.result(view, say)):
            await self.post(origin.user, view)

    async def _in_private(self, origin: Origin, view: View, say: Say) -> None:
        body = await self._platform.body(self._at, render(view, self._at.look), origin.user)
        if origin.response_url and await self._responded(origin, {"response_type": "ephemeral"} | body):
            return
        try:
            await self._client.write(
                "chat.postEphemeral", channel=origin.place.id, user=origin.user, parse="none", link_names=False, **body
            )
        except RateLimited:
            raise
        except SendFailed:
            if origin.place.kind == "dm":
                raise
            # The bot is not in that channel: a modal is as private and leaves no history.
            if not await self._opened(origin, self.result(view, say)):
                raise

    async def _in_public(self, origin: Origin, view: View) -> None:
        body = await self._platform.body(self._at, render(view, self._at.look), origin.place.id)
        if not (origin.response_url and await self._responded(origin, {"response_type": "in_channel"} | body)):
            await self.post(origin.place.id, view)

    async def _responded(self, origin: Origin, body: Json) -> bool:
        try:
            await self._client.respond(origin.response_url, {"replace_original": False} | body)
        except RateLimited:
            raise
        except SendFailed as failed:
            log.info("slack.response_url", workspace=self._at.name, code=failed.code)
            return False
        return True

    async def post(self, channel: str, view: View) -> None:
        """Post a message that everybody in a conversation reads. Raises `SendFailed`."""
        body = await self._platform.body(self._at, render(view, self._at.look), channel)
        await self._client.write(
            "chat.postMessage", channel=channel, unfurl_links=False, unfurl_media=False, parse="none",
            link_names=False, **body,
        )  # fmt: skip

    async def _replaced(self, origin: Origin, view: View, say: Say) -> None:
        match origin.container:
            case "home":
                await self._platform.show_home(self._at.team, origin.user, view)
            case "modal":
                await self.update(origin.view, self.result(view, say))
            case _:
                if not await self._rewritten(origin, view):
                    await self._shown(origin, view, say, private=True)

    async def _rewritten(self, origin: Origin, view: View) -> bool:
        if not origin.ephemeral and await self.rewrite(origin.place, view):
            return True
        if not origin.response_url:
            return False
        body = await self._platform.body(self._at, render(view, self._at.look), origin.user)
        return await self._responded(origin, body | {"replace_original": True})

    async def rewrite(self, place: Place, view: View) -> bool:
        """Rewrite the bot's message at a place; False when there is none that can be rewritten."""
        if place.message is None:
            return False
        try:
            await self._platform.edit(MessageRef(place.id, place.message), view, space=self._at.team)
        except RateLimited:
            raise
        except SendFailed:
            return False
        return True

    async def _asked(self, origin: Origin, ask: Ask, say: Say) -> None:
        view = await self.form(ask, origin.place, say)
        if origin.container == "modal":
            await self.update(origin.view, view)
        elif not await self._opened(origin, view):
            await self._in_private(origin, phrases.too_late(say), say)

    async def form(self, ask: Ask, place: Place, say: Say, *, shows: Json | None = None) -> Json:
        """Return a page of a form as a modal, with the user groups that its role fields offer."""
        wanted = any(isinstance(field, RoleField) for field in ask.form.page(ask.page))
        try:
            groups = (await self._at.people.groups()).all if wanted else ()
        except SendFailed:
            groups = ()
        return forms.modal(
            ask, submit=say.line(phrases.SEND), later=say.line(phrases.NEXT), close=say.line(phrases.CLOSE),
            place=place, groups=groups, shows=shows,
        )  # fmt: skip

    def result(self, view: View, say: Say) -> Json:
        """Return a modal that shows what came of something."""
        return modal(view, self._at.look, phrases.TITLE, say.line(phrases.CLOSE))

    async def update(self, view_id: str, view: Json) -> None:
        """Put another view in the place of an open modal. Raises `SendFailed`."""
        await self._client.write("views.update", view_id=view_id, view=view)

    async def _opened(self, origin: Origin, view: Json) -> bool:
        """Open a modal; False when the three seconds for it are over."""
        try:
            await self._client.write("views.open", trigger_id=origin.trigger, view=view)
        except SendFailed as failed:
            if failed.code in ("expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"):
                return False
            raise
        return True


def acknowledgement(
    answers: Answers, reply: Reply, ask: Json | None, view: dict[str, Any], say: Say, refusals: Container[str]
) -> Json:
    """Return what a submission is acknowledged with. `ask` is the modal of an `Ask`; `view` what was submitted.

    A refusal (its key is one of `refusals`) lies on top of the form, so that what was typed is there again under it.
    """
    match reply:
        case Show(shown) if shown.key in refusals:
            return {"response_action": "push", "view": answers.result(shown, say)}
        case Show(shown) | Replace(shown):
            return {"response_action": "update", "view": answers.result(shown, say)}
        case Ask():
            return {"response_action": "update", "view": ask}
        case Reject(errors):
            here = forms.errors(errors, view)
            if here is not None:
                return {"response_action": "errors", "errors": here}
            return {"response_action": "update", "view": answers.result(phrases.mistakes(say, dict(errors)), say)}
        case Quiet():
            return {}
        case _:
            assert_never(reply)
