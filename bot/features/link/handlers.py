"""Making a code, and using one."""

from __future__ import annotations

import secrets

import storage.community
import storage.link
import storage.member
import storage.rights
from bot.chat.reply import Reply, Show
from bot.chat.text import Code
from bot.context import Context
from bot.errors import UserError
from bot.features.link import rules, views
from storage.link import MEMBER, SPACE, LinkCode
from storage.member import Member


async def member(ctx: Context, code: str | None) -> Reply:
    """Give a code for the asker's other account or, with one, let this account be the code's member too.

    The member of this account goes away. So that nobody loses their place, an account that takes part in anything is
    refused: a role, a pair, an answer. Kudos and messages go over. Raises `UserError`.
    """
    if code is None:
        return Show(views.member_code(ctx.say, await _new(ctx, MEMBER)))
    found = await _code(ctx, code, MEMBER)
    owner = await storage.member.by_id(ctx.db, ctx.community.id, found.member_id)
    if owner is None or owner.left_at is not None:  # also a code of another community
        raise UserError("link.no_such_code")
    if owner.id == ctx.member.id:
        raise UserError("link.yourself")
    if await storage.member.accounts(ctx.db, ctx.community.id, ctx.space.id, [owner.id]):
        raise UserError("link.two_here")
    await storage.link.drop(ctx.db, owner.community_id, owner.id, MEMBER)
    await _become(ctx, owner)
    return Show(views.member_joined(ctx.say))


async def space(ctx: Context, code: str | None) -> Reply:
    """Give a code for another space or, with one, let this community's spaces and members join the code's community.

    A community that has anything of its own beyond members, kudos and settings (a programme, a note) is refused: it
    was promised to other people. Rights that were granted here end. Raises `UserError`.
    """
    if code is None:
        return Show(views.space_code(ctx.say, await _new(ctx, SPACE)))
    found = await _code(ctx, code, SPACE)
    if found.community_id == ctx.community.id:
        raise UserError("link.same_community")
    if await storage.link.own_tables(ctx.db, ctx.community.id):
        raise UserError("link.own_community")
    into = await storage.community.by_id(ctx.db, found.community_id)
    assert into is not None
    await storage.link.drop(ctx.db, into.id, found.member_id, SPACE)
    await storage.link.join(ctx.db, ctx.community.id, into.id)
    ctx.community = into
    ctx.audit("space.linked", ctx.space.id)
    return Show(views.space_joined(ctx.say, into.name))


async def _new(ctx: Context, kind: str) -> str:
    code = rules.code(secrets.randbits(rules.BITS))
    row = LinkCode(
        hash=rules.code_hash(code), community_id=ctx.community.id, member_id=ctx.member.id, kind=kind,
        expires_at=ctx.now + rules.LASTS,
    )  # fmt: skip
    await storage.link.make(ctx.db, row)
    return code


async def _code(ctx: Context, typed: str, kind: str) -> LinkCode:
    found = await storage.link.find(ctx.db, rules.code_hash(typed), kind, ctx.now)
    if found is None:
        raise UserError("link.no_such_code")
    return found


async def _become(ctx: Context, owner: Member) -> None:
    """Let the asker's rows name `owner`, and remove the asker's member. Raises `UserError` where they take part."""
    here, old = ctx.community.id, ctx.member.id
    for entry in ctx.features.personal:
        where = (ctx.db, here, entry.table, entry.members)
        if entry.table in rules.FOLLOW:
            await storage.link.rename(*where, old, owner.id)
        elif entry.table in rules.END:
            await storage.rights.delete_naming(*where, old)
        elif entry.table not in rules.STAY and await storage.rights.rows_naming(*where, old):
            raise UserError("link.busy", command=Code("/me link"))
    await storage.rights.delete_naming(ctx.db, here, "member", ("id",), old)
    await ctx.happened("member.linked", owner)
