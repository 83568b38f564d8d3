"""What the bot needs on Discord, and whether it has it: permissions, token, intents, commands, channels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from adapters.discord.commands import commands
from adapters.discord.failures import code_of
from adapters.discord.rest import Rest
from bot.chat.platform import Forbidden, SendFailed
from bot.chat.spec import Catalogue

VIEW, SEND, ATTACH, HISTORY, ROLES = 1 << 10, 1 << 11, 1 << 15, 1 << 16, 1 << 28
CREATE_EVENTS = 1 << 44
PRIVATE_THREADS, IN_THREADS, ADMINISTRATOR = 1 << 36, 1 << 38, 1 << 3
MEMBERS_INTENT = 1 << 14 | 1 << 15  # granted to a large bot, or to any other


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission: its bit, Discord's name for it, what it is for, and what does not work without it.

    One with a `choice` is asked for only when that was chosen.
    """

    bit: int
    name: str
    why: str
    without: str
    choice: str = ""


PERMISSIONS = (
    Permission(VIEW, "View Channels", "see the channels that you choose", "nothing is posted there"),
    Permission(SEND, "Send Messages", "post kudos, news and notes to coordinators", "nothing is posted there"),
    Permission(
        PRIVATE_THREADS, "Create Private Threads", "give each pair a room", "pairs are introduced by direct message"
    ),
    Permission(
        IN_THREADS, "Send Messages in Threads", "write in the rooms of pairs", "pairs are introduced by direct message"
    ),
    Permission(
        HISTORY, "Read Message History", "look after a crash whether a message was sent",
        "after a crash some messages are left out rather than sent twice",
    ),
    Permission(ATTACH, "Attach Files", "show charts and certificates as pictures", "pictures are not sent"),
    Permission(
        ROLES, "Manage Roles", "give roles, such as Mentor after the training", "roles are not given", choice="roles"
    ),
    Permission(
        CREATE_EVENTS, "Create Events", "show Kith's events among the server's own",
        "events are only in Kith's messages", choice="events",
    ),
)  # fmt: skip
IN_CHANNELS = tuple(one for one in PERMISSIONS if one.bit in (VIEW, SEND, HISTORY))


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what was found, and, when it is not `good`, its cure."""

    what: str
    good: bool = True
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel that a community chose: the server's and the channel's id, and the setting that names it."""

    guild: str
    channel: str
    setting: str


def invitation(application: str, choices: Collection[str] = ()) -> str:
    """Return the address that adds the bot to a server with no permission that it does not need."""
    bits = sum(one.bit for one in PERMISSIONS if not one.choice or one.choice in choices)
    query = {"client_id": application, "scope": "bot applications.commands", "permissions": str(bits)}
    return "https://discord.com/oauth2/authorize?" + urlencode(query)


async def check(
    token: str, api_base: str, catalogue: Catalogue, *, members: bool, places: Sequence[Place] = ()
) -> list[Check]:
    """Look at everything that the API tells. Never raises `SendFailed`: what cannot be looked at is a finding."""
    async with aiohttp.ClientSession() as session:
        rest = Rest(session, api_base, token)
        try:
            me = await rest.call("GET", "/users/@me")
            app = await rest.call("GET", "/oauth2/applications/@me")
        except SendFailed as failed:
            return [_unreachable(failed, api_base)]
        found = [Check(f"Discord: the token is that of {me['username']}."), _intent(app, members)]
        if app.get("bot_public"):
            cure = "Switch Public Bot off under Bot in the developer portal, unless others shall add it too."
            found.append(Check("Discord: anybody can add this bot to their server.", False, cure))
        found.append(await _in_sync(rest, str(app["id"]), catalogue))
        return found + [await _place(rest, me["id"], place) for place in places]


async def application_of(token: str, api_base: str) -> str:
    """Return the id of the application that a token belongs to. Raises `SendFailed`."""
    async with aiohttp.ClientSession() as session:
        return str((await Rest(session, api_base, token).call("GET", "/oauth2/applications/@me"))["id"])


def _unreachable(failed: SendFailed, api_base: str) -> Check:
    if isinstance(failed, Forbidden) and failed.stop:
        cure = "Make a new one under Bot in the developer portal and put it into KITH_DISCORD__TOKEN."
        return Check("Discord: the token is refused.", False, cure)
    cure = "Is this machine online, and is discord.api_base right?"
    return Check(f"Discord: {api_base} does not answer ({failed.code}).", False, cure)


def _intent(app: dict[str, Any], wanted: bool) -> Check:
    granted = bool(app.get("flags", 0) & MEMBERS_INTENT)
    if wanted and not granted:
        cure = "Switch Server Members Intent on under Bot in the developer portal, or set members_intent = false."
        return Check("Discord: the members intent is configured and not granted.", False, cure)
    return Check(f"Discord: members intent {'on' if wanted else 'not needed'}.")


async def _in_sync(rest: Rest, application: str, catalogue: Catalogue) -> Check:
    query = {"with_localizations": "true"}
    try:
        there = await rest.call("GET", "/applications/{app}/commands", {"app": application}, query=query)
    except SendFailed as failed:
        return Check(f"Discord: the commands cannot be listed ({failed.code}).", False, "Try again in a while.")
    if _shapes(there) != _shapes(commands(catalogue)):
        cure = "Start Kith: it registers them. If it has, remove discord-commands.json from the data folder first."
        return Check("Discord: the registered commands are not this version's.", False, cure)
    return Check(f"Discord: {len(there)} commands are registered.")


def _shapes(made: Iterable[dict[str, Any]]) -> list[Any]:
    """Return what tells commands apart, without what Discord adds."""
    return sorted(
        (
            one.get("type", 1), one["name"], one.get("description", ""), bool(one.get("required")),
            str(one.get("default_member_permissions") or ""), _shapes(one.get("options") or []),
        )
        for one in made
    )  # fmt: skip


async def _place(rest: Rest, me: str, place: Place) -> Check:
    try:
        channel = await rest.call("GET", "/channels/{channel}", {"channel": place.channel})
        guild = await rest.call("GET", "/guilds/{guild}", {"guild": place.guild})
        member = await rest.call("GET", "/guilds/{guild}/members/{user}", {"guild": place.guild, "user": me})
    except SendFailed as failed:
        cure = "Choose another channel with /coord settings, or let the bot see this one."
        return Check(f"Discord: the channel of {place.setting} cannot be seen ({code_of(failed)}).", False, cure)
    held = allowed(guild, member, channel)
    lacking = [one for one in IN_CHANNELS if not held & one.bit]
    if lacking:
        cure = f"Give the bot {', '.join(one.name for one in lacking)} in this channel; now {lacking[0].without}."
        return Check(f"Discord: #{channel.get('name')} ({place.setting}) lacks a permission.", False, cure)
    return Check(f"Discord: #{channel.get('name')} ({place.setting}) can be used.")


def allowed(guild: dict[str, Any], member: dict[str, Any], channel: dict[str, Any]) -> int:
    """Return the bits of what a member may do in a channel: roles, then what the channel says of them.

    Source: Discord's API reference, "Permissions", the section on overwrites.
    """
    mine = {guild["id"], *member["roles"]}
    whole = 0
    for role in guild["roles"]:
        if role["id"] in mine:
            whole |= int(role["permissions"])
    if whole & ADMINISTRATOR or guild["owner_id"] == member["user"]["id"]:
        return ~0
    told = {one["id"]: (int(one["deny"]), int(one["allow"])) for one in channel.get("permission_overwrites") or []}
    denied, granted = told.get(guild["id"], (0, 0))
    whole = whole & ~denied | granted
    roles = [told[role] for role in member["roles"] if role in told]
    for denied, _ in roles:
        whole &= ~denied
    for _, granted in roles:
        whole |= granted
    denied, granted = told.get(member["user"]["id"], (0, 0))
    return whole & ~denied | granted
