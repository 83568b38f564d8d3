"""Members of a town who act on the real app: how the playground is filled and how `kith simulate` lives."""

from __future__ import annotations

from collections.abc import Mapping

import storage.community
from adapters.playground.town import Message, Town
from bot.app import App
from bot.chat.actions import ActionId
from bot.chat.forms import Field
from bot.chat.incoming import Asking, Incoming
from bot.chat.platform import Named
from bot.chat.reply import Ask, Reply
from bot.chat.spec import Audience
from bot.roster import RosterRow
from storage.engine import Database

CHANNELS = (("general", "general"), ("kudos", "kudos"), ("news", "news"))
COORDINATORS = "coordinators"
Values = Mapping[str, str | tuple[str, ...]]


class Stage:
    """Hands to the app what accounts of a town do, shows them the reply as a platform would, and returns it."""

    def __init__(self, app: App, town: Town) -> None:
        self.app, self.town = app, town

    async def says(self, who: str, line: str, channel: str | None = None) -> Reply:
        """Type a slash command, in the DM unless a channel is named."""
        return await self._answered(self.town.command(who, line, channel))

    async def presses(self, who: str, message: Message | None, action: ActionId | str) -> Reply:
        """Press a button under a message, or (None) on the own page."""
        return await self._answered(self.town.press(who, message, action))

    async def fills(self, who: str, asked: Reply, values: Values) -> Reply:
        """Fill in the form that was asked, page after page; a field without a value keeps what stands in it.

        Returns what came of it; anything but a form is returned as it is.
        """
        reply, last = asked, -1
        while isinstance(reply, Ask) and reply.page > last and not reply.errors:
            last = reply.page
            page = {field.name: values.get(field.name, _kept(field)) for field in reply.form.page(last)}
            reply = await self._answered(self.town.submit(who, reply.form, page, page=last))
        return reply

    async def happens(self, event: Incoming) -> Reply:
        """Hand in what the platform itself tells: somebody came or went."""
        return await self.app.handle(event)

    async def _answered(self, event: Asking) -> Reply:
        reply = await self.app.handle(event)
        self.town.answer(event, reply, private=True)
        return reply


def _kept(field: Field) -> str | tuple[str, ...]:
    value = field.value
    return value if isinstance(value, str | tuple) else "" if value is None else str(value)


def lay_out(town: Town, space: str, name: str) -> list[Named]:
    """Found a space with its channels and the two roles that run a community; return the roles.

    The coordinators' channel is made by `close_in`, once it is known who they are.
    """
    town.add_space(space, name)
    for channel, title in CHANNELS:
        town.add_channel(space, channel, title)
    return [town.add_role(space, role.value) for role in (Audience.COORDINATOR, Audience.MODERATOR)]


def close_in(town: Town, space: str) -> None:
    """Make the channel that only coordinators and moderators read."""
    staff = {user.id for user in town.spaces[space].users.values() if user.roles}
    town.add_channel(space, COORDINATORS, COORDINATORS, staff)


async def set_up(stage: Stage, coordinator: str, *, name: str, language: str, zone: str) -> Reply:
    """Fill in `/coord setup`: roles, channels, rooms for pairs."""
    asked = await stage.says(coordinator, "/coord setup")
    return await stage.fills(
        coordinator,
        asked,
        {
            "name": name,
            "language": language,
            "zone": zone,
            "core.coordinator_roles": (Audience.COORDINATOR.value,),
            "core.moderator_roles": (Audience.MODERATOR.value,),
            "core.coordinator_channel": COORDINATORS,
            "core.rooms": "room",
            "kudos.channel": "kudos",
            "programme.channel": "news",
        },
    )


async def only_community(database: Database) -> str:
    """Return the id of the one community of a database."""
    async with database.read() as db:
        (community,) = await storage.community.every(db)
    return community.id


async def join(stage: Stage, row: RosterRow) -> None:
    """Join the programme with what the roster says of a person."""
    asked = await stage.says(row.handle, "/programme join")
    await stage.fills(row.handle, asked, answers(row))


def answers(row: RosterRow) -> dict[str, str]:
    """Return the answers to the join form that a roster row amounts to."""
    role = {} if row.role == "peer" else {"role": row.role}
    return role | {
        "zone": row.timezone,
        "languages": "; ".join(row.languages),
        "wants": "; ".join(row.wants),
        "offers": "; ".join(row.offers),
        "interests": "; ".join(row.interests),
        "availability": row.availability.text(),
    }
