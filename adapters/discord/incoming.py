"""Discord's interactions as the core's events. Only ids, names, roles and what was chosen or typed comes over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord.commands import ON_MEMBER, ON_MESSAGE, Menus, numbered
from adapters.discord.forms import submitted
from adapters.discord.markup import sound
from adapters.discord.render import action_of
from bot.chat.incoming import About, Actor, ButtonPress, CommandCall, FormSubmit, Place, SpaceRef, Standing
from bot.chat.spec import Catalogue, MemberParam, MembersParam

NAME = "discord"
SUB, GROUP, USER = 1, 2, 6
Question = CommandCall | ButtonPress | FormSubmit


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody types an option that completes itself."""

    event: CommandCall
    param: str
    typed: str


def read(interaction: discord.Interaction, catalogue: Catalogue, menus: Menus) -> Question | Typing | None:
    """Return what an interaction asks; None for a kind that the bot never offers."""
    data: Mapping[str, Any] = interaction.data or {}
    common = _common(interaction)
    match interaction.type:
        case discord.InteractionType.application_command:
            return _command(data, common, catalogue, menus, str(interaction.guild_id))
        case discord.InteractionType.autocomplete:
            path, options, focused = _walk(data)
            event = CommandCall(**common, path=path, options=options)
            return Typing(event, focused, options.get(focused, ""))
        case discord.InteractionType.component:
            values = data.get("values")
            choice = sound(str(values[0])) if values else "" if values is not None else None
            return ButtonPress(**common, action=action_of(sound(str(data["custom_id"]))), choice=choice)
        case discord.InteractionType.modal_submit:
            return FormSubmit(**common, form=sound(str(data["custom_id"])), values=submitted(data))
        case _:
            return None


def _common(interaction: discord.Interaction) -> dict[str, Any]:
    user = interaction.user
    standing = None
    if isinstance(user, discord.Member):
        roles = frozenset(str(role.id) for role in user.roles if role and not role.is_default())
        standing = Standing(roles, interaction.permissions.administrator)
    guild = interaction.guild_id
    return {
        "request_id": str(interaction.id),
        "platform": NAME,
        "space": SpaceRef(NAME, str(guild)) if guild is not None else None,
        "actor": Actor(str(user.id), user.display_name, user.name, standing, user.bot),
        "place": _place(interaction),
        "locale": str(interaction.locale),
    }


def _place(interaction: discord.Interaction) -> Place:
    message = str(interaction.message.id) if interaction.message is not None else None
    channel = interaction.channel
    if interaction.guild_id is None:
        kind = "dm"
    elif isinstance(channel, discord.Thread) and channel.type is discord.ChannelType.private_thread:
        kind = "room"
    else:
        kind = "channel"
    return Place(kind, str(interaction.channel_id or ""), message)  # type: ignore[arg-type]


def _command(
    data: Mapping[str, Any], common: dict[str, Any], catalogue: Catalogue, menus: Menus, guild: str
) -> CommandCall | None:
    kind, name, target = data.get("type"), str(data.get("name")), str(data.get("target_id", ""))
    if kind == ON_MEMBER and (path := menus.on_member.get(name)):
        return CommandCall(**common, path=path, options=_about_whom(catalogue, path, target))
    if kind == ON_MESSAGE and (path := menus.on_message.get(name)):
        told = (data.get("resolved") or {}).get("messages", {}).get(target, {})
        author = str(told.get("author", {}).get("id", ""))
        link = f"https://discord.com/channels/{guild}/{told.get('channel_id', common['place'].id)}/{target}"
        options = _about_whom(catalogue, path, author) if author else {}
        return CommandCall(**common, path=path, options=options, about=About(link, author))
    path, options, _ = _walk(data)
    return CommandCall(**common, path=path, options=_several(catalogue, path, options))


def _several(catalogue: Catalogue, path: tuple[str, ...], options: dict[str, str]) -> dict[str, str]:
    """Put members that were picked one by one under each other in the one parameter that takes them."""
    command = catalogue.commands.get(path)
    for param in command.params if command is not None else ():
        if isinstance(param, MembersParam):
            picked = [options.pop(name) for name in numbered(param) if name in options]
            if picked:
                options[param.name] = "\n".join(picked)
    return options


def _about_whom(catalogue: Catalogue, path: tuple[str, ...], account: str) -> dict[str, str]:
    """Put the account of a menu where the command takes its first member."""
    members = [param.name for param in catalogue.commands[path].params if isinstance(param, MemberParam | MembersParam)]
    return {members[0]: f"<@{account}>"} if members else {}


def _walk(data: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, str], str]:
    """Return the command's path, its options as typed, and the option that is being typed."""
    path, level = [str(data.get("name", ""))], data.get("options") or []
    while level and level[0].get("type") in (SUB, GROUP):
        path.append(str(level[0]["name"]))
        level = level[0].get("options") or []
    options = {str(one["name"]): _value(one) for one in level}
    focused = next((str(one["name"]) for one in level if one.get("focused")), "")
    return tuple(path), options, focused


def _value(option: Mapping[str, Any]) -> str:
    value = sound(str(option.get("value", "")))
    return f"<@{value}>" if option.get("type") == USER else value
