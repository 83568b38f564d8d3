"""One open page: which members it shows, what they do, and what the page is told. No HTTP here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from adapters.playground import pages, palette
from adapters.playground.inspection import Inspection
from adapters.playground.model import Message, Space, User
from adapters.playground.town import Town
from bot.chat.actions import ActionId
from bot.chat.forms import Form
from bot.chat.incoming import Asking, ButtonPress, CommandCall, FormSubmit, Incoming, Place
from bot.chat.parse import Call, parse
from bot.chat.reply import Ask, Quiet, Reject, Replace, Reply, Show
from bot.chat.spec import Catalogue, Command
from bot.clock import Clock

LOG_SHOWN = 150  # messages of one place on the page at once
HOME = "home"
NOT_KNOWN = "Nothing is kept about this message any more."
STEPS: Mapping[str, timedelta | None] = {"hour": timedelta(hours=1), "day": timedelta(days=1), "next": None}


class App(Protocol):
    """What the playground uses of the core."""

    @property
    def clock(self) -> Clock:
        """The clock that the page shows."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """Every command, button and form."""
        ...

    async def handle(self, event: Incoming) -> Reply:
        """Answer one event."""
        ...

    async def complete(self, event: CommandCall, param: str, typed: str) -> list[str]:
        """Complete a parameter."""
        ...


class PageError(Exception):
    """The page asked for something that cannot be done; the sentence is shown on it."""


@dataclass(slots=True)
class Pane:
    """A member on the page, and the place that is open (`HOME` for the own page)."""

    user: str
    spot: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A form that is open on the page: who fills it in, which page of it, where it was asked for."""

    user: str
    form: Form
    page: int
    place: Place
    typed: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Desk:
    """What all open pages share. `read`: (account, place) -> how many messages were there when it was last open."""

    app: App
    town: Town
    people: tuple[str, ...]
    advance: Callable[[timedelta | None], Awaitable[str]]
    inspect: Callable[[], Awaitable[Inspection]]
    why: Callable[[str], Awaitable[Sequence[str]]]
    read: dict[tuple[str, str], int] = field(default_factory=dict)

    def space_of(self, user: str) -> Space:
        """Return the space of an account. `PageError` when the account is not there."""
        for space in self.town.spaces.values():
            if user in space.users:
                return space
        raise PageError("This member is no longer here. Choose somebody else.")

    def unread(self, user: str) -> dict[str, int]:
        """Return place -> messages that the account has not had open yet."""
        seen = self.town.visible(user, space=self.space_of(user).id)
        counts: dict[str, int] = {}
        for message in seen:
            counts[message.channel] = counts.get(message.channel, 0) + 1
        return {spot: count - self.read.get((user, spot), 0) for spot, count in counts.items()}


class Visit:
    """One open page. `tell` sends one JSON value to it; `act` takes one from it."""

    def __init__(self, desk: Desk, tell: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self._desk = desk
        self._tell = tell
        self._panes: dict[int, Pane] = {}
        self._form: Opened | None = None
        self._drawer = False
        self._whys: dict[str, tuple[str, ...]] = {}
        self._told: dict[str, dict[str, Any]] = {}
        self.changed = asyncio.Event()
        self._stop = desk.town.subscribe(self._heard)

    @property
    def stale(self) -> bool:
        """Whether the page may show something that is no longer so."""
        return self.changed.is_set() or self._told.get("clock") != self._clock()

    def close(self) -> None:
        """Stop listening to the town."""
        self._stop()

    def _heard(self, message: Message) -> None:  # noqa: ARG002 - any message may change what is shown
        self.changed.set()

    async def act(self, said: Mapping[str, Any]) -> None:
        """Do what the page asks. Raises `PageError` with a sentence for it, also for what is gone."""
        acts = {
            "open": self._open, "close": self._close, "type": self._type, "press": self._press, "submit": self._submit,
            "dismiss": self._dismiss, "complete": self._complete, "advance": self._advance, "drawer": self._toggle,
            "why": self._explain,
        }  # fmt: skip
        act = acts.get(str(said.get("do")))
        if act is None:
            raise PageError("The page asked for something this version does not know. Reload it.")
        try:
            await act(said)
        except KeyError as missing:
            raise PageError("That is no longer there. Nothing was changed.") from missing

    async def refresh(self) -> None:
        """Tell the page what changed of all that it shows."""
        self.changed.clear()
        await self._tell_new("clock", self._clock())
        for number, pane in list(self._panes.items()):
            await self._tell_new(f"pane {number}", self._pane(number, pane))
        await self._tell_new("waiting", {"is": "waiting", "people": self._waiting()})
        if self._drawer:
            await self._tell_new("drawer", {"is": "drawer", "html": pages.drawer(await self._desk.inspect())})

    async def _tell_new(self, what: str, value: dict[str, Any]) -> None:
        if self._told.get(what) != value:
            self._told[what] = value
            await self._tell(value)

    # What the page asks for.

    async def _open(self, said: Mapping[str, Any]) -> None:
        user, number = str(said["user"]), int(said["pane"])
        space = self._desk.space_of(user)
        spot = str(said.get("spot") or "")
        open_to = [one.id for one in self._desk.town.spots(user, space.id)]
        if spot not in {HOME, *open_to}:
            spot = open_to[0] if open_to else HOME
        self._panes[number] = Pane(user, spot)
        self._told.pop(f"pane {number}", None)
        if spot == HOME:
            await self._answer(self._desk.town.open_home(user, space=space.id))
        await self.refresh()

    async def _close(self, said: Mapping[str, Any]) -> None:
        self._panes.pop(int(said["pane"]), None)

    async def _type(self, said: Mapping[str, Any]) -> None:
        pane, text = self._panes[int(said["pane"])], str(said.get("text", "")).strip()
        space = self._desk.space_of(pane.user)
        if not text or pane.spot == HOME:
            return
        if text.startswith("/"):
            line = palette.with_accounts(text, self._catalogue, space.users.values())
            await self._answer(self._desk.town.command(pane.user, line, pane.spot, space=space.id))
        else:
            self._desk.town.say(pane.user, text, pane.spot, space=space.id)
        await self.refresh()

    async def _press(self, said: Mapping[str, Any]) -> None:
        pane = self._panes[int(said["pane"])]
        space = self._desk.space_of(pane.user)
        message = None if pane.spot == HOME else str(said["message"])
        seen = {one.id for one in self._desk.town.visible(pane.user, pane.spot, space.id)}
        if message is not None and message not in seen:
            raise PageError("This message is no longer there. Nothing was changed.")
        choice = said.get("choice")
        event = self._desk.town.press(
            pane.user, message, str(said["action"]), None if choice is None else str(choice), space=space.id
        )
        await self._answer(event)
        await self._home_again(event)
        await self.refresh()

    async def _explain(self, said: Mapping[str, Any]) -> None:
        """Say under a message why it came, or take that away again."""
        pane, message = self._panes[int(said["pane"])], str(said["message"])
        space = self._desk.space_of(pane.user)
        if message not in {one.id for one in self._desk.town.visible(pane.user, pane.spot, space.id)}:
            raise PageError("This message is no longer there.")
        if self._whys.pop(message, None) is None:
            self._whys[message] = tuple(await self._desk.why(message)) or (NOT_KNOWN,)
        await self.refresh()

    async def _submit(self, said: Mapping[str, Any]) -> None:
        if self._form is None:
            raise PageError("This form is no longer open. Nothing was changed.")
        opened = self._form
        raw = said.get("values")
        values = pages.sent_values(opened.form, opened.page, raw if isinstance(raw, dict) else {})
        self._form = Opened(opened.user, opened.form, opened.page, opened.place, values)
        space = self._desk.space_of(opened.user)
        event = self._desk.town.submit(
            opened.user, opened.form, values, page=opened.page, place=opened.place, space=space.id
        )
        await self._answer(event)
        await self._home_again(event)
        await self.refresh()

    async def _home_again(self, event: Asking) -> None:
        """Show an account's own page anew after something was done from it."""
        if event.place.kind == HOME:
            space = self._desk.space_of(event.actor.user)
            await self._answer(self._desk.town.open_home(event.actor.user, space=space.id))

    async def _dismiss(self, said: Mapping[str, Any]) -> None:  # noqa: ARG002 - acts take one shape
        self._form = None

    async def _complete(self, said: Mapping[str, Any]) -> None:
        number, text = int(said["pane"]), str(said.get("text", ""))
        pane = self._panes[number]
        space = self._desk.space_of(pane.user)
        who = space.users[pane.user]

        async def ask(command: Command, param: str, typed: str) -> list[str]:
            event = self._desk.town.command(pane.user, text, None, space=space.id)
            event = CommandCall(**{name: getattr(event, name) for name in _COMMON}, path=command.path)
            return await self._desk.app.complete(event, param, typed)

        people = [user for user in space.users.values() if not user.is_bot]
        today = self._now().astimezone(ZoneInfo(who.zone or "UTC")).date()
        found = await palette.hints(text, self._catalogue, people, today, ask)
        await self._tell({"is": "hints", "pane": number, "text": text} | asdict(found))

    async def _advance(self, said: Mapping[str, Any]) -> None:
        by = STEPS[str(said["by"])]
        before = {user: sum(self._desk.unread(user).values()) for user in self._shown_people()}
        sentence = await self._desk.advance(by)
        arrived = []
        for user, count in before.items():
            new = sum(self._desk.unread(user).values()) - count
            if new > 0:
                arrived.append(f"{self._desk.space_of(user).users[user].name} ({new})")
        heard = (
            f" New messages: {', '.join(arrived[:6])}{' and others' if len(arrived) > 6 else ''}." if arrived else ""
        )
        await self._tell({"is": "said", "text": sentence + heard})
        await self.refresh()

    async def _toggle(self, said: Mapping[str, Any]) -> None:
        self._drawer = bool(said.get("open"))
        self._told.pop("drawer", None)
        await self.refresh()

    # What comes of it.

    async def _answer(self, event: Asking) -> None:
        reply = await self._desk.app.handle(event)
        user = event.actor.user
        match reply:
            case Show() | Replace():
                private = is_private(self._catalogue, event, reply)
                message = self._desk.town.answer(event, reply, private=private)
                if message and event.place.kind == HOME:
                    await self._tell({"is": "said", "text": f"Kith answered {event.actor.name} in a direct message."})
                await self._close_form(event)
            case Ask(form, page, errors):
                self._form = Opened(user, form, page, event.place, {})
                await self._show_form(errors)
            case Reject(errors):
                await self._show_form(errors)
            case Quiet():
                await self._close_form(event)

    async def _show_form(self, errors: Mapping[str, str]) -> None:
        if self._form is None:
            return
        opened = self._form
        space = self._desk.space_of(opened.user)
        html = pages.form_html(opened.form, opened.page, space.users[opened.user], space, opened.typed, errors)
        await self._tell({"is": "form", "html": html})

    async def _close_form(self, event: Asking) -> None:
        if isinstance(event, FormSubmit):
            self._form = None
            await self._tell({"is": "form", "html": ""})

    def _clock(self) -> dict[str, Any]:
        return {"is": "clock", "utc": pages.utc(self._now())}

    def _pane(self, number: int, pane: Pane) -> dict[str, Any]:
        town, now = self._desk.town, self._now()
        space = self._desk.space_of(pane.user)
        who = space.users[pane.user]
        if pane.spot == HOME:
            items, kind, title = pages.home(space.homes.get(pane.user), who, space, now), HOME, "Home"
        else:
            messages = town.visible(pane.user, pane.spot, space.id)
            self._desk.read[pane.user, pane.spot] = len(messages)
            items = pages.log_items(messages[-LOG_SHOWN:], who, space, self._catalogue, now, self._whys)
            kind, title = space.spots[pane.spot].kind, space.spots[pane.spot].name
        return {
            "is": "pane", "pane": number, "user": pane.user, "name": who.name, "spot": pane.spot, "kind": kind,
            "title": f"#{title}" if kind == "channel" else title, "time": pages.local_time(who, now),
            "hue": pages.hue(who.id), "initials": pages.initials(who.name), "items": [asdict(item) for item in items],
            "places": pages.places(town.spots(pane.user, space.id), self._desk.unread(pane.user), pane.spot),
        }  # fmt: skip

    def _waiting(self) -> dict[str, int]:
        return {user: sum(self._desk.unread(user).values()) for user in self._shown_people()}

    def _shown_people(self) -> list[str]:
        known = {user.id for space in self._desk.town.spaces.values() for user in space.users.values()}
        return [user for user in self._desk.people if user in known]

    def _now(self) -> datetime:
        return self._desk.app.clock.now()

    @property
    def _catalogue(self) -> Catalogue:
        return self._desk.app.catalogue


_COMMON = ("request_id", "platform", "space", "actor", "place", "locale")


def is_private(catalogue: Catalogue, event: Asking, reply: Show | Replace) -> bool:
    """Return whether only the actor sees the answer: as the spec says, and always for what the core itself refuses."""
    if reply.view.key.startswith("core."):
        return True
    match event:
        case CommandCall():
            call = parse(event.line, catalogue.commands)
            return call.command.private if isinstance(call, Call) else True
        case ButtonPress(action=encoded):
            button = catalogue.buttons.get(_name(encoded))
            return button.private if button else True
        case FormSubmit(form=encoded):
            name = _name(encoded)
            asked = catalogue.commands.get(tuple(name.removeprefix("cmd.").split(".")))
            spec = catalogue.forms.get(name) or asked
            return spec.private if spec else True
        case _:
            return True


def _name(encoded: str) -> str:
    try:
        return ActionId.parse(encoded).name
    except ValueError:
        return ""


def people_list(town: Town, people: tuple[str, ...]) -> list[User]:
    """Return the accounts to choose from, in order; those that are not in the town are left out."""
    known = {user.id: user for space in town.spaces.values() for user in space.users.values()}
    return [known[user] for user in people if user in known]
