"""Sharing a contact, taking it back, and seeing the others' once everybody has shared one."""

from __future__ import annotations

import storage.contact
import storage.member
import storage.pair
from bot import pairs
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reply, Show
from bot.chat.views import Block
from bot.context import Context, Work
from bot.errors import UserError
from bot.feature import Step
from bot.features.contact import rules, views
from storage.contact import Contact
from storage.pair import Pair


async def show(ctx: Context) -> Reply:
    """Show how it stands with each partner in another space."""
    mine = await _mine(ctx)
    if not mine:
        raise UserError("contact.none")
    return Show(views.shown(ctx.say, mine))


async def share_button(ctx: Context, pair: Pair) -> Reply:
    """Open the form."""
    await _across(ctx, pair)
    return Ask(await form(ctx))


async def form(ctx: Context) -> Form:
    """Build the form, filled in with what the member shared already."""
    pair = ctx.the(Pair)
    shared = await storage.contact.of_pair(ctx.db, ctx.community.id, pair.id, [ctx.member.id])
    return views.form(ctx.say, pair.id, shared[ctx.member.id].contact if shared else "")


async def shared(ctx: Context, answers: Answers) -> Reply:
    """Keep a contact. When everybody has shared one, each gets the others'; else the others hear that one is ready."""
    pair = ctx.the(Pair)
    await _across(ctx, pair)
    mine = await ctx.db.get(Contact, (pair.id, ctx.member.id))
    row = mine or Contact(
        pair_id=pair.id, member_id=ctx.member.id, community_id=ctx.community.id, contact="", shared_at=ctx.now
    )
    row.contact, row.shared_at = answers["contact"], ctx.now
    ctx.db.add(row)
    await ctx.db.flush()
    if not await exchange(ctx, pair):
        for member in await pairs.people(ctx, pair):
            if member.id != ctx.member.id:
                await ctx.outbox.note(
                    member, "contact.ready", key=f"contact.ready:{pair.id}:{ctx.member.id}:{member.id}", pair=pair,
                    who=ctx.member.id, pair_id=pair.id,
                )  # fmt: skip
    return Show(views.shown(ctx.say, [await state(ctx, pair, ctx.member.id)]))


async def exchange(work: Work, pair: Pair) -> bool:
    """Give each of a pair the others' contacts, if everybody has shared one; return whether that is so."""
    people = await pairs.people(work, pair)
    given = await storage.contact.of_pair(work.db, work.community.id, pair.id, [member.id for member in people])
    if not rules.complete([member.id for member in people], given):
        return False
    for member in people:
        # A new key for each exchange: who corrects their contact sends it again.
        await work.outbox.note(
            member, "contact.exchanged", key=f"contact.exchanged:{work.ids.new()}", pair=pair,
            contacts=[[one.id, given[one.id].contact] for one in people if one.id != member.id],
        )  # fmt: skip
    return True


async def take_back(ctx: Context, pair: Pair) -> Reply:
    """Erase one's own contact. Who has read it keeps what they know, and the answer says so."""
    await _across(ctx, pair)
    known = (await state(ctx, pair, ctx.member.id)).contacts is not None
    mine = await ctx.db.get(Contact, (pair.id, ctx.member.id))
    if mine is not None:
        await ctx.db.delete(mine)
    return Show(views.taken_back(ctx.say, known=known))


async def across(work: Work, people: list[str]) -> bool:
    """Whether people have no space in common, so that they cannot write to each other."""
    spaces = await storage.member.spaces_of(work.db, work.community.id, people)
    return rules.across([spaces.get(member, []) for member in people])


async def _across(ctx: Context, pair: Pair) -> None:
    others = await pairs.partners(ctx, pair)
    if not await across(ctx, [ctx.member.id, *others]):
        raise UserError("contact.here")


async def state(work: Work, pair: Pair, reader: str) -> views.State:
    """Return how the exchange stands for one of a pair; others' contacts only once everybody has shared one."""
    people = await pairs.seated(work, pair)
    given = await storage.contact.of_pair(work.db, work.community.id, pair.id, people)
    complete = rules.complete(people, given)
    contacts = {member: given[member].contact for member in people if member != reader} if complete else None
    mine = given[reader].contact if reader in given else ""
    return views.State(pair.id, tuple(member for member in people if member != reader), mine, contacts)


async def _mine(ctx: Context) -> list[views.State]:
    return [
        await state(ctx, pair, ctx.member.id)
        for pair in await storage.pair.active_of(ctx.db, ctx.community.id, ctx.member.id)
        if pair.space_id is None and await across(ctx, await pairs.seated(ctx, pair))
    ]


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show how the exchange stands on the member's page."""
    return views.home(ctx.say, await _mine(ctx))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to share a contact with a partner in another space."""
    return tuple(views.step(ctx.say, one) for one in await _mine(ctx) if not one.mine)
