"""A town in memory: a whole platform without a network, for the playground page, for tests and for `kith simulate`.

It keeps what a real platform keeps (spaces, accounts, channels, rooms, messages) and keeps its promises: the same key
posts one message, a key opens one room, an account with closed DMs cannot be written to.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.playground.model import Message, Space, Spot, User, dm_of
from bot.chat.actions import ActionId
from bot.chat.forms import Form
from bot.chat.incoming import (
    Actor,
    Asking,
    ButtonPress,
    CommandCall,
    FormSubmit,
    HomeOpened,
    MemberJoined,
    MemberLeft,
    Place,
    SpaceRef,
    Standing,
)
from bot.chat.platform import (
    Address,
    Allowed,
    Capabilities,
    Forbidden,
    MessageRef,
    Named,
    Occasion,
    Profile,
    Unreachable,
)
from bot.chat.reply import Replace, Reply, Show
from bot.chat.text import words
from bot.chat.views import Text, View
from bot.clock import Clock, Ids, SystemIds

CAPABILITIES = Capabilities(form_after_form=True, field_errors=True, probes=True)


__all__ = ["CAPABILITIES", "Message", "Space", "Spot", "Town", "User", "Watcher", "dm_of"]

Watcher = Callable[[Message], None]


class Town:
    """Implements `bot.chat.platform.Platform` in memory, and makes the events that members cause.

    Helpers that act raise `KeyError` for an account, space, channel or message that is not there.
    """

    def __init__(
        self,
        clock: Clock,
        name: str = "playground",
        capabilities: Capabilities = CAPABILITIES,
        ids: Ids | None = None,
    ) -> None:
        self._clock = clock
        self._name = name
        self._capabilities = capabilities
        self._ids = ids or SystemIds(clock)
        self._watchers: list[Watcher] = []
        self._messages: dict[str, Message] = {}
        self._by_key: dict[tuple[str, str], str] = {}
        self._rooms_by_key: dict[tuple[str, str], str] = {}
        self.spaces: dict[str, Space] = {}

    # What there is.

    @property
    def name(self) -> str:
        """The platform's name in `SpaceRef.platform`."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return self._capabilities

    def allowed(self, space: str) -> Sequence[Allowed]:  # noqa: ARG002
        """Return nothing: a town in memory asks for no rights."""
        return ()

    @property
    def messages(self) -> list[Message]:
        """Every message in the order it was posted, as it stands now."""
        return list(self._messages.values())

    def message(self, message: str) -> Message:
        """Return a message as it stands now."""
        return self._messages[message]

    def add_space(self, space: str, name: str = "") -> Space:
        """Found a space."""
        self.spaces[space] = Space(space, name or space)
        return self.spaces[space]

    def add_channel(self, space: str, channel: str, name: str = "", users: Iterable[str] | None = None) -> Spot:
        """Make a channel that everybody in the space reads, or `users` alone."""
        spot = Spot("channel", channel, name or channel, None if users is None else frozenset(users))
        self.spaces[space].spots[channel] = spot
        return spot

    def add_role(self, space: str, role: str, name: str = "") -> Named:
        """Make a role that accounts can hold."""
        self.spaces[space].roles[role] = Named(role, name or role)
        return self.spaces[space].roles[role]

    def add_user(self, space: str, user: User) -> User:
        """Let an account in, with its DM; an account of the same id is replaced."""
        home = self.spaces[space]
        home.users[user.id] = user
        home.spots[dm_of(user.id)] = Spot("dm", dm_of(user.id), "Kith", frozenset({user.id}))
        return user

    def user(self, user: str, space: str | None = None) -> User:
        """Return an account as it is now."""
        return self._space_of(user, space).users[user]

    def change_user(self, user: User, space: str | None = None) -> None:
        """Put an account in the place of the one with its id: closed DMs, another zone, other roles."""
        self._space_of(user.id, space).users[user.id] = user

    def spots(self, user: str, space: str | None = None) -> list[Spot]:
        """Return what the account can read: channels, then its DM, then its rooms, each in the order they were made."""
        order = {"channel": 0, "dm": 1, "room": 2}
        seen = [spot for spot in self._space_of(user, space).spots.values() if spot.open_to(user)]
        return sorted(seen, key=lambda spot: order[spot.kind])

    def visible(self, user: str, channel: str | None = None, space: str | None = None) -> list[Message]:
        """Return what the account can see, oldest first: in one channel, DM or room, or in all of them."""
        home = self._space_of(user, space)
        return [message for message in self._messages.values() if self._sees(home, user, message, channel)]

    def _sees(self, home: Space, user: str, message: Message, channel: str | None) -> bool:
        spot = home.spots.get(message.channel)
        return (
            message.space == home.id
            and channel in {None, message.channel}
            and message.only_for in {None, user}
            and spot is not None
            and spot.open_to(user)
        )

    def subscribe(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with every message that is posted or rewritten; returns what ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    # What members do.

    def command(self, user: str, line: str, channel: str | None = None, *, space: str | None = None) -> CommandCall:
        """Type a slash command ("/kudos give @bea"), in the DM unless a channel or room is named."""
        home = self._space_of(user, space)
        who = home.users[user]
        return CommandCall(**self._by(home, who, self._place(home, channel or dm_of(user))), line=line)

    def press(
        self,
        user: str,
        message: Message | str | None,
        action: ActionId | str,
        choice: str | None = None,
        *,
        space: str | None = None,
    ) -> ButtonPress:
        """Press a button, or choose `choice` in a picker, under a message (None: on the account's own page)."""
        home = self._space_of(user, space)
        place = Place("home", user)
        if message is not None:
            pressed = self._messages[message if isinstance(message, str) else message.id]
            place = replace(self._place(home, pressed.channel), message=pressed.id)
        who = home.users[user]
        return ButtonPress(**self._by(home, who, place), action=str(action), choice=choice)

    def submit(
        self,
        user: str,
        form: Form | str,
        values: Mapping[str, str | tuple[str, ...]],
        *,
        page: int = 0,
        place: Place | None = None,
        space: str | None = None,
    ) -> FormSubmit:
        """Send in a page of a form. `form` is the form, or its encoded id with the page in it."""
        home = self._space_of(user, space)
        who = home.users[user]
        encoded = form if isinstance(form, str) else str(ActionId(form.name, form.key, str(page)))
        return FormSubmit(**self._by(home, who, place or self._place(home, dm_of(user))), form=encoded, values=values)

    def open_home(self, user: str, *, space: str | None = None) -> HomeOpened:
        """Open the account's own page."""
        home = self._space_of(user, space)
        who = home.users[user]
        return HomeOpened(**self._by(home, who, Place("home", user)))

    def join(self, space: str, user: User) -> MemberJoined:
        """Let an account in and make the event that tells so."""
        home = self.spaces[space]
        self.add_user(space, user)
        return MemberJoined(**self._by(home, user, Place("dm", dm_of(user.id))))

    def leave(self, user: str, *, space: str | None = None) -> MemberLeft:
        """Let an account go and make the event that tells so."""
        home = self._space_of(user, space)
        who = home.users.pop(user)
        home.spots.pop(dm_of(user), None)
        return MemberLeft(**self._by(home, who, Place("dm", dm_of(user))))

    def say(self, user: str, text: str, channel: str, *, space: str | None = None) -> Message:
        """Post a member's own words; the bot never hears of them."""
        home = self._space_of(user, space)
        return self._post(home, home.spots[channel].id, View("chat", (Text(words(text)),)), author=user)

    def answer(self, event: Asking, reply: Reply, *, private: bool) -> Message | None:
        """Show what `App.handle` replied, as a platform does: returns the posted or rewritten message, if there is one.

        A form (`Ask`, `Reject`) is for the caller to open. What opens or rewrites an own page becomes that page.
        """
        if not isinstance(reply, Show | Replace) or event.space is None:
            return None
        home = self.spaces[event.space.id]
        if isinstance(event, HomeOpened) or (event.place.kind == "home" and isinstance(reply, Replace)):
            home.homes[event.actor.user] = reply.view
            return None
        if isinstance(reply, Replace) and event.place.message in self._messages:
            return self._rewrite(self._messages[event.place.message], reply.view)
        channel = dm_of(event.actor.user) if event.place.kind == "home" else event.place.id
        only_for = event.actor.user if private and home.spots[channel].kind != "dm" else None
        asked = event.line if isinstance(event, CommandCall) else ""
        return self._post(home, channel, reply.view, only_for=only_for, asked=asked, caller=event.actor.user)

    # What the bot does.

    async def send(self, to: Address, view: View, *, key: str) -> MessageRef:
        """Post a message; the same key in the same space gives the message that stands already."""
        known = self._by_key.get((to.space, key)) if key else None
        if known is not None:
            return MessageRef(self._messages[known].channel, known)
        home = self._existing(to.space)
        message = self._post(home, self._channel(home, to), view, key=key)
        return MessageRef(message.channel, message.id)

    async def edit(self, at: MessageRef, view: View, *, space: str) -> None:
        """Rewrite a message of the bot; `Unreachable` when it is not there."""
        message = self._messages.get(at.message)
        if message is None or message.author is not None or message.space != space:
            raise Unreachable("unknown_message")
        self._rewrite(message, view)

    async def find(self, to: Address, *, key: str, since: datetime) -> MessageRef | None:
        """Look for a message that was sent with `key`, at `since` or later."""
        known = self._by_key.get((to.space, key))
        if known is None or self._messages[known].at < since:
            return None
        return MessageRef(self._messages[known].channel, known)

    async def open_room(
        self,
        space: str,
        users: Sequence[str],
        title: str,
        *,
        key: str,
        under: str | None = None,  # noqa: ARG002
    ) -> str:
        """Open a room for these accounts and return its id; the same key returns the same room."""
        home = self._existing(space)
        if key and (space, key) in self._rooms_by_key:
            return self._rooms_by_key[space, key]
        for user in users:
            self._account(home, user)
        room = f"room-{self._ids.new()}"
        home.spots[room] = Spot("room", room, title, frozenset(users))
        self._rooms_by_key[space, key] = room
        return room

    async def calendar(self, space: str, what: Occasion | None, *, known: str | None) -> str:  # noqa: ARG002
        """The town has no calendar; the core does not ask."""
        raise Forbidden("no_calendar")

    async def grant(self, space: str, user: str, role: str, *, give: bool) -> None:
        """Give or take a role; giving what is held already is fine."""
        home = self._existing(space)
        who = self._account(home, user)
        if role not in home.roles:
            raise Unreachable("unknown_role")
        home.users[user] = replace(who, roles=who.roles | {role} if give else who.roles - {role})

    async def standing(self, space: str, user: str) -> Standing:
        """Return roles and administration of an account."""
        return _standing(self._account(self._existing(space), user))

    async def profile(self, space: str, user: str) -> Profile:
        """Return what the town knows of an account."""
        return _profile(self._account(self._existing(space), user))

    async def members(self, space: str) -> AsyncIterator[Profile]:
        """Walk over the accounts of a space."""
        for user in list(self._existing(space).users.values()):
            yield _profile(user)

    async def channels(self, space: str) -> Sequence[Named]:
        """List the channels, also those that only some read."""
        spots: Iterable[Spot] = self._existing(space).spots.values()
        return [Named(spot.id, spot.name) for spot in spots if spot.kind == "channel"]

    async def show_home(self, space: str, user: str, view: View) -> None:
        """Publish the page of an account."""
        home = self._existing(space)
        home.homes[self._account(home, user).id] = view

    # Inside.

    def _space_of(self, user: str, space: str | None) -> Space:
        if space is not None:
            return self.spaces[space]
        for home in self.spaces.values():
            if user in home.users:
                return home
        raise KeyError(f"nobody here is called {user!r}")

    def _existing(self, space: str) -> Space:
        if space not in self.spaces:
            raise Unreachable("unknown_space")
        return self.spaces[space]

    def _account(self, home: Space, user: str) -> User:
        if user not in home.users:
            raise Unreachable("unknown_user")
        return home.users[user]

    def _channel(self, home: Space, to: Address) -> str:
        if to.kind == "user":
            if self._account(home, to.id).closed:
                raise Unreachable("dm_closed")
            return dm_of(to.id)
        if to.id not in home.spots:
            raise Unreachable("unknown_channel")
        return to.id

    def _place(self, home: Space, channel: str) -> Place:
        return Place(home.spots[channel].kind, channel)

    def _by(self, home: Space, who: User, place: Place) -> dict[str, Any]:
        return {
            "request_id": self._ids.new(),
            "platform": self._name,
            "space": SpaceRef(self._name, home.id),
            "actor": Actor(who.id, who.name, who.handle, _standing(who), who.is_bot, who.zone, who.email),
            "place": place,
            "locale": who.locale,
        }

    def _post(
        self,
        home: Space,
        channel: str,
        view: View,
        *,
        author: str | None = None,
        key: str = "",
        only_for: str | None = None,
        asked: str = "",
        caller: str = "",
    ) -> Message:
        message = Message(
            id=self._ids.new(),
            space=home.id,
            channel=channel,
            author=author,
            view=view,
            at=self._clock.now(),
            key=key,
            only_for=only_for,
            asked=asked,
            caller=caller,
        )
        if key:
            self._by_key[home.id, key] = message.id
        return self._keep(message)

    def _rewrite(self, message: Message, view: View) -> Message:
        return self._keep(replace(message, view=view, edited_at=self._clock.now()))

    def _keep(self, message: Message) -> Message:
        self._messages[message.id] = message
        for watcher in tuple(self._watchers):
            watcher(message)
        return message


def _standing(user: User) -> Standing:
    return Standing(user.roles, user.admin)


def _profile(user: User) -> Profile:
    return Profile(user.id, user.name, user.handle, user.zone, user.locale, user.is_bot)
