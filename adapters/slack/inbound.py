"""One workspace's app: what arrives is acknowledged within three seconds, handed to the core, and answered.

Bolt reads the kind of a payload and runs the listener; both transports, Socket Mode and HTTP, end in `dispatch`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Literal

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack import events, incoming, phrases
from adapters.slack.answers import Answers, acknowledgement
from adapters.slack.client import SILENT
from adapters.slack.homes import Homes
from adapters.slack.incoming import NAME, Malformed, Origin
from adapters.slack.platform import SlackPlatform, Workspace
from adapters.slack.texts import Json
from bot.app import App
from bot.chat.incoming import Actor, Asking, ButtonPress, CommandCall, FormSubmit, HomeOpened, Place, SpaceRef
from bot.chat.parse import Call, parse
from bot.chat.platform import SendFailed
from bot.chat.reply import Ask, Quiet, Replace, Reply, Show
from bot.chat.spec import Command
from bot.i18n import Say, best_language
from bot.paging import PREFIX

log = structlog.get_logger()
ANY = re.compile(r"(?s).*")

PATIENCE = 2.0
"""Seconds that a submission may take before the modal says that it is being worked on. Slack waits for three."""

AT_ONCE = 32
"""So many are handled at the same time; the others are acknowledged and wait. A burst must not starve the socket."""

Ack = Callable[..., Awaitable[Any]]
Make = Callable[[Actor, str], Asking]


class Inbound:
    """Listens for one workspace. `patience` in seconds."""

    def __init__(
        self, app: App, platform: SlackPlatform, workspace: Workspace, homes: Homes, *, patience: float = PATIENCE
    ) -> None:
        self._app = app
        self._at = workspace
        self._homes = homes
        self._patience = patience
        self._answers = Answers(platform, workspace)
        self._entries, self._turns = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._bolt = self._listening()

    async def dispatch(self, body: str | Json, headers: Mapping[str, str], mode: Literal["http", "socket_mode"]) -> Any:
        """Take one payload; return Bolt's response: 400 for what Slack would not send, 503 for what is to come again.

        Nothing of a payload that cannot be read is logged.
        """
        try:
            request = AsyncBoltRequest(body=body, headers=dict(headers), mode=mode)
            answer = await self._bolt.async_dispatch(request)
        except Exception as error:
            log.warning("slack.malformed", workspace=self._at.name, error=type(error).__name__)
            return BoltResponse(status=400)
        # Nobody listens for some kinds of payload (a modal that was closed); and 500 is Bolt failing to read one.
        return BoltResponse(status={404: 200, 500: 400}[answer.status]) if answer.status in (404, 500) else answer

    def take(self, body: Json, headers: Mapping[str, str]) -> None:
        """Take a payload that was acknowledged already, when its turn comes."""
        self._later(self._in_turn(body, headers))

    async def _in_turn(self, body: Json, headers: Mapping[str, str]) -> None:
        async with self._entries:
            await self.dispatch(body, headers, "socket_mode")

    async def settle(self) -> None:
        """Wait until everything that was acknowledged has been answered."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def publish(self, user: str) -> None:
        """Show a member's page as it is now."""
        origin = Origin(
            request_id=f"{NAME}:{self._at.team}:home", team=self._at.team, user=user, name="",
            place=Place("home", user), container="home",
        )  # fmt: skip
        await self._home(origin)

    def _listening(self) -> AsyncApp:
        known = AuthorizeResult(enterprise_id=None, team_id=self._at.team, bot_user_id=self._at.bot, bot_token="-")  # noqa: S106 - no token

        async def authorize(**_: Any) -> AuthorizeResult:
            return known

        bolt = AsyncApp(
            authorize=authorize, client=self._at.client.web, logger=SILENT, request_verification_enabled=False,
            ssl_check_enabled=False, ignoring_self_events_enabled=False,
        )  # fmt: skip
        bolt.use(self._event)
        bolt.command(ANY)(self._command)
        bolt.shortcut(ANY)(self._shortcut)
        bolt.action(ANY)(self._press)
        bolt.view(ANY)(self._submission)
        return bolt

    # -- what people do

    async def _command(self, ack: Ack, body: Json) -> None:
        try:
            origin, line = incoming.command(body)
        except Malformed as why:
            await self._dropped(ack, why)
            return
        parsed = parse(line, self._app.catalogue.commands)
        command = parsed.command if isinstance(parsed, Call) else None
        await ack()
        self._later(self._answer(origin, self._making(CommandCall, origin, line=line), private=_private(command)))

    async def _shortcut(self, ack: Ack, body: Json) -> None:
        try:
            origin, path, author, link = incoming.shortcut(body)
        except Malformed as why:
            await self._dropped(ack, why)
            return
        await ack()
        command = self._app.catalogue.commands.get(path)
        given = incoming.options(command, author, link) if command else {}
        make = self._making(CommandCall, origin, path=path, options=given)
        self._later(self._answer(origin, make, private=_private(command)))

    async def _press(self, ack: Ack, body: Json) -> None:
        try:
            pressed = incoming.press(body)
        except Malformed as why:
            await self._dropped(ack, why)
            return
        await ack()
        if pressed is None:
            return
        origin, action, choice = pressed
        make = self._making(ButtonPress, origin, action=action, choice=choice)
        self._later(self._answer(origin, make, private=self._presses_privately(action)))

    async def _submission(self, ack: Ack, body: Json) -> None:
        try:
            origin, form, values = incoming.submission(body)
        except Malformed as why:
            await self._dropped(ack, why)
            return
        taken = self._later(self._take(origin, form, values, body["view"]))
        await asyncio.wait({taken}, timeout=self._patience)
        if taken.done():
            await ack(**taken.result())
            return
        say = self._say(origin.user)
        await ack(response_action="update", view=self._answers.result(phrases.working(say), say))
        self._later(self._late(taken, origin))

    async def _take(self, origin: Origin, form: str, values: Mapping[str, Any], view: Json) -> Json:
        """Hand a submission to the core; return what it is acknowledged with."""
        async with self._turns:
            actor, locale = await self._at.people.actor(origin.user, origin.name)
            say = Say(best_language(locale), actor.zone or "UTC")
            reply = await self._app.handle(self._making(FormSubmit, origin, form=form, values=values)(actor, locale))
            self._homes.changed(self._at.team, origin.user)
            try:
                if await self._told_elsewhere(origin, form, reply):
                    return {}
                ask = await self._answers.form(reply, origin.place, say) if isinstance(reply, Ask) else None
            except SendFailed as failed:
                log.warning("slack.unanswered", workspace=self._at.name, code=failed.code, reply=type(reply).__name__)
                return {}
        return acknowledgement(self._answers, reply, ask, view, say, self._app.features.refusals)

    async def _told_elsewhere(self, origin: Origin, form: str, reply: Reply) -> bool:
        """Show a form's result where it belongs, if that is outside the modal: a rewritten message, a public one."""
        if isinstance(reply, Replace):
            return await self._answers.rewrite(origin.place, reply.view)
        spec = self._app.catalogue.forms.get(form.partition(":")[0])
        if isinstance(reply, Show) and spec is not None and not spec.private and origin.place.kind != "home":
            await self._answers.post(origin.place.id, reply.view)
            return True
        return False

    async def _late(self, taken: asyncio.Task[Json], origin: Origin) -> None:
        """Show what came of a submission that took longer than its acknowledgement may."""
        answer = await taken
        view = answer.get("view")
        if view is None:
            say, wrong = self._say(origin.user), answer.get("errors")
            view = self._answers.result(phrases.mistakes(say, wrong) if wrong else phrases.done(say), say)
        try:
            await self._answers.update(origin.view, view)
        except SendFailed as failed:
            log.info("slack.modal_closed", workspace=self._at.name, code=failed.code)

    # -- what happens

    async def _event(self, body: Json, next: Callable[[], Awaitable[Any]]) -> BoltResponse | None:  # noqa: A002 - Bolt's name
        """Apply an event before it is acknowledged: one that fails is not, and Slack delivers it again."""
        if body.get("type") != "event_callback" or "event" not in body:
            await next()
            return None
        try:
            seen = events.read(body, self._at.team, self._at.bot)
        except Malformed as why:
            log.warning("slack.malformed", workspace=self._at.name, error=str(why))
            return BoltResponse(status=200)
        if seen.user:
            self._at.people.forget(seen.user)
        if seen.groups:
            self._at.people.forget_groups()
        if seen.opened:
            self._homes.opened(self._at.team, seen.opened.user)
            self._later(self._home(seen.opened))
        if seen.applies is None:
            return BoltResponse(status=200)
        reply = await self._app.handle(seen.applies)
        return BoltResponse(status=200 if isinstance(reply, Quiet) else 503)

    async def _home(self, origin: Origin) -> None:
        async with self._turns:
            actor, locale = await self._at.people.actor(origin.user, origin.name)
            reply = await self._app.handle(self._making(HomeOpened, origin)(actor, locale))
            if isinstance(reply, Show):
                say = Say(best_language(locale), actor.zone or "UTC")
                await self._answers.show(origin, Replace(reply.view), say, private=True)

    # -- inside

    async def _answer(self, origin: Origin, make: Make, *, private: bool) -> None:
        async with self._turns:
            actor, locale = await self._at.people.actor(origin.user, origin.name)
            reply = await self._app.handle(make(actor, locale))
            say = Say(best_language(locale), actor.zone or "UTC")
            self._homes.changed(self._at.team, origin.user)
            await self._answers.show(origin, reply, say, private=private)

    def _say(self, user: str) -> Say:
        """Return what speaks somebody's language, as far as it is known without asking."""
        known = self._at.people.remembered(user)
        return Say(best_language(known.locale), known.zone or "UTC") if known else Say()

    def _making(self, kind: Callable[..., Asking], origin: Origin, **more: Any) -> Make:
        def make(actor: Actor, locale: str) -> Asking:
            return kind(
                request_id=origin.request_id, platform=NAME, space=SpaceRef(NAME, self._at.team), actor=actor,
                place=origin.place, locale=locale, **more,
            )  # fmt: skip

        return make

    def _presses_privately(self, encoded: str) -> bool:
        name = encoded.partition(":")[0]
        if name.startswith(PREFIX):
            return _private(self._app.catalogue.commands.get(tuple(name.removeprefix(PREFIX).split("."))))
        spec = self._app.catalogue.buttons.get(name)
        return spec is None or spec.private

    async def _dropped(self, ack: Ack, why: Malformed) -> None:
        log.warning("slack.malformed", workspace=self._at.name, error=str(why))
        await ack()

    def _later(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("slack.failed", workspace=self._at.name, exc_info=error)


def _private(command: Command | None) -> bool:
    return command is None or command.private
