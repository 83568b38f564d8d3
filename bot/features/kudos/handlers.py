"""Giving thanks and taking them back, reading one's own, and deciding who else may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import storage.kudos
import storage.recognition
from bot import arguments
from bot.chat.forms import Form
from bot.chat.reply import Ask, Replace, Reply, Show
from bot.chat.text import Mention
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.kudos import rules, views
from bot.zones import usable
from storage.kudos import Kudos
from storage.member import Member


async def give(ctx: Context, who: Sequence[Member], why: str, value: str | None) -> Reply:
    """Thank people: a row and a word for each of them, and a post for those who like to be thanked in public."""
    before = await storage.kudos.given_since(ctx.db, ctx.community.id, ctx.member.id, ctx.now - rules.REMEMBERED)
    left = _allowance(ctx, before)
    if no := rules.refusal(ctx.member, who, why, before=before, left=left.left):
        raise UserError(
            no[0], who=Mention(no[1].id), most=ctx.setting("kudos.a_day"), left=left.left, given=len(who),
            when=ctx.say.when(left.more_at),
        )  # fmt: skip
    meant = _value(ctx, value)
    gift = [
        Kudos(
            id=ctx.ids.new(), community_id=ctx.community.id, gift_id="", giver_id=ctx.member.id, receiver_id=one.id,
            reason=why, value=meant, given_at=ctx.now,
        )
        for one in who
    ]  # fmt: skip
    decided = await storage.recognition.of(ctx.db, ctx.community.id, [one.id for one in who])
    for row in gift:
        row.gift_id = gift[0].id
    shown = [row for row in gift if decided.get(row.receiver_id)]
    await _post(ctx, shown)
    ctx.db.add_all(gift)
    await ctx.db.flush()
    for one, row in zip(who, gift, strict=True):
        asks = one.id not in decided and bool(ctx.setting("kudos.channel"))
        await ctx.outbox.note(
            one, "kudos.received", key=_told(row), kudos=row.id, giver=ctx.member.id, reason=why, value=meant,
            asks=asks,
        )  # fmt: skip
        await ctx.happened("kudos.given", row)
    receivers = [row.receiver_id for row in gift]
    posted = [row.receiver_id for row in gift if row.posted_as]
    return Show(views.given(ctx.say, gift[0].id, receivers, posted, left=left.left - len(gift)))


def _told(row: Kudos) -> str:
    return f"kudos.received:{row.id}"


async def _post(ctx: Context, rows: Sequence[Kudos]) -> None:
    """Show thanks that were given together to everybody, once, where there is a channel for it."""
    if not rows:
        return
    first = rows[0]
    key = f"kudos.posted:{first.id}"
    told: dict[str, Any] = {"giver": first.giver_id, "reason": first.reason, "value": first.value}
    channel = ctx.setting("kudos.channel")
    if await ctx.outbox.post(channel, "kudos.posted", key=key, receivers=[row.receiver_id for row in rows], **told):
        for row in rows:
            row.posted_as = key
            ctx.db.add(row)


def _allowance(ctx: Context, before: Sequence[Kudos]) -> rules.Allowance:
    zone = usable(ctx.member.zone, ctx.community.zone)
    return rules.allowance(
        before, ctx.now, zone, a_day=ctx.setting("kudos.a_day"), a_week=ctx.setting("kudos.a_week")
    )  # fmt: skip


def _value(ctx: Context, typed: str | None) -> str:
    if not typed:
        return ""
    known = rules.values_of(ctx.setting("kudos.values") or "")
    found = rules.nearest_value(typed, known)
    if found is None:
        raise UserError("kudos.no_value" if known else "kudos.no_values", value=typed[:60], values=", ".join(known))
    return found


async def values(ctx: Context, typed: str) -> list[str]:
    """Return the community's values, as far as they fit what was typed."""
    known = rules.values_of(ctx.setting("kudos.values") or "")
    return [value for value in known if typed.casefold() in value.casefold()]


async def give_button(ctx: Context) -> Reply:
    """Ask whom and why, as the command does when it is typed without them."""
    return Ask(await arguments.form(ctx, ctx.features.catalogue.commands["kudos", "give"]))


async def undo(ctx: Context, row: Kudos) -> Reply:
    """Take thanks back within ten minutes: what is not sent is not sent, what was sent says so."""
    if row.giver_id != ctx.member.id:
        raise UserError("core.not_yours")
    if ctx.now - row.given_at > rules.UNDO:
        raise UserError("kudos.too_late")
    gift = await storage.kudos.of_gift(ctx.db, ctx.community.id, row.gift_id)
    for key in sorted({_told(one) for one in gift} | {one.posted_as for one in gift if one.posted_as}):
        if not await ctx.outbox.withdraw(key):
            await ctx.outbox.edit(key, "kudos.taken_back", key=f"{key}:back")
    await storage.kudos.take_back(ctx.db, ctx.community.id, row.gift_id)
    return Replace(views.undone(ctx.say))


async def mine(ctx: Context) -> Reply:
    """Show what the member was thanked for."""
    return Show(views.mine(ctx.say, await storage.kudos.received(ctx.db, ctx.community.id, ctx.member.id)))


async def show(ctx: Context, row: Kudos) -> Reply:
    """The one who was thanked likes others to see it: these thanks, and all that come after."""
    return await _decided(ctx, row, in_public=True)


async def keep(ctx: Context, row: Kudos) -> Reply:
    """The one who was thanked keeps it to themselves."""
    return await _decided(ctx, row, in_public=False)


async def _decided(ctx: Context, row: Kudos, *, in_public: bool) -> Reply:
    if row.receiver_id != ctx.member.id:
        raise UserError("core.not_yours")
    await storage.recognition.decide(ctx.db, ctx.community.id, ctx.member.id, ctx.now, in_public=in_public)
    if in_public and not row.posted_as:
        await _post(ctx, [row])
    told: dict[str, Any] = {"giver": row.giver_id, "reason": row.reason, "value": row.value}
    return Replace(views.decided(ctx.say, told, in_public=in_public))


async def preferences(ctx: Context) -> Reply:
    """Ask who may see what one is thanked for."""
    return Ask(await preferences_form(ctx))


async def preferences_form(ctx: Context) -> Form:
    """Build the form with what was decided before."""
    known = await storage.recognition.of(ctx.db, ctx.community.id, [ctx.member.id])
    return views.preferences_form(ctx.say, in_public=known.get(ctx.member.id, False))


async def preferred(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Keep who may see it. Who keeps it to themselves is in no digest any more."""
    in_public = answers["sight"] == views.PUBLIC
    await storage.recognition.decide(ctx.db, ctx.community.id, ctx.member.id, ctx.now, in_public=in_public)
    if not in_public:
        await storage.kudos.hide(ctx.db, ctx.community.id, ctx.member.id)
    return Show(views.preferred(ctx.say, in_public=in_public))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show the newest thanks on the member's page."""
    return views.home(ctx.say, await storage.kudos.received(ctx.db, ctx.community.id, ctx.member.id))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to thank somebody, at any time."""
    return (views.step(ctx.say),)
