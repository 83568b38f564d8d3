"""`kith invite discord`, and what `kith doctor` says of the Discord section."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import storage.community
from adapters.discord.checks import PERMISSIONS, Check, Place, application_of, check, invitation
from bot.chat.platform import SendFailed
from bot.feature import Features
from bot.features import ALL
from cli import office
from cli.config import DiscordSection
from cli.console import say
from cli.faults import Fault
from storage.engine import Database


async def print_invitation(path: Path | None, choices: Collection[str] = ()) -> None:
    """Print the invitation for the configured bot. Raises `ConfigError`, and `Fault` where it cannot be made."""
    section = office.configured(path).discord
    if section is None:
        raise Fault("Discord is not configured: put the bot's token into KITH_DISCORD__TOKEN or [discord].")
    try:
        lines = await invite(section, choices)
    except SendFailed as failed:
        cure = "Run kith doctor: it says whether the token or the way there is wrong."
        raise Fault(f"Discord does not answer at {section.api_base} ({failed.code}). {cure}") from failed
    for line in lines:
        say(line)


async def invite(section: DiscordSection, choices: Collection[str] = ()) -> list[str]:
    """Return the lines of `kith invite discord`: the address, then each permission and what it is for.

    With `choices` ("roles", "events"), also the permissions that are asked for only when wanted. Raises `SendFailed`
    when Discord cannot be asked.
    """
    application = await application_of(section.token.get_secret_value(), section.api_base)
    lines = [invitation(application, choices), "", "It asks for:"]
    asked = [one for one in PERMISSIONS if not one.choice or one.choice in choices]
    lines += [f"  {one.name}: to {one.why}. Without it {one.without}." for one in asked]
    left = [one for one in PERMISSIONS if one.choice and one.choice not in choices]
    lines += [f"  (not asked for: {one.name}, to {one.why}; add --{one.choice} if you want that)" for one in left]
    return lines


async def doctor(section: DiscordSection, database: Database | None = None) -> list[Check]:
    """Check token, intents, commands, and the bot's permissions in each channel that a community has chosen."""
    features = Features(ALL)
    return await check(
        section.token.get_secret_value(), section.api_base, features.catalogue, members=section.members_intent,
        places=await chosen(database, features) if database is not None else (),
    )  # fmt: skip


async def chosen(database: Database, features: Features) -> list[Place]:
    """Return the Discord channels that communities have set, with the setting of each."""
    found: list[Place] = []
    async with database.read() as db:
        for community in await storage.community.every(db):
            spaces = {
                space.id: space.external_id
                for space in await storage.community.spaces(db, community.id)
                if space.platform == "discord" and space.gone_at is None
            }
            for key, value in (await storage.community.settings(db, community.id)).items():
                declared = features.settings.get(key)
                if declared is not None and declared.kind == "channel" and value and value[0] in spaces:
                    found.append(Place(spaces[value[0]], value[1], key))
    return found
