"""What coordinators do with certificates: look at one beforehand, offer them, revoke one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import storage.certificate
import storage.member
import storage.programme
import storage.session
from bot.chat.forms import Form
from bot.chat.reply import Ask, Reply, Show
from bot.chat.text import Mention
from bot.context import Context
from bot.credentials import Award
from bot.errors import UserError
from bot.features.certificate import pages, rules, views
from bot.features.certificate.pages import Sheet
from bot.pictures import missing
from bot.programme.stored import file_of
from storage.certificate import REVOKED, Certificate
from storage.member import Member
from storage.programme import Programme

SAMPLE = "KITH1.preview"


async def read_preview(ctx: Context, who: Member, programme: Programme) -> tuple[str, Sheet]:
    """Say what the page of a member would be."""
    minutes, sessions = await _hours(ctx, who, programme)
    texts = file_of(programme).texts(ctx.say.language)
    award = Award(
        id="", name=who.shown, programme=texts["name"], about=texts["summary"], issuer=ctx.community.name or "Kith",
        minutes=minutes, sessions=sessions, at=ctx.now,
    )  # fmt: skip
    return missing(who.shown), Sheet(pages.page(ctx.say, award, SAMPLE * 20, preview=True))


def draw_preview(gathered: tuple[str, Sheet]) -> tuple[str, bytes]:
    """Draw the page."""
    strange, sheet = gathered
    return strange, pages.draw(sheet)


async def preview(ctx: Context, drawn: tuple[str, bytes], who: Member, programme: Programme) -> Reply:
    """Show it; nothing is signed or stored."""
    strange, picture = drawn
    minutes, sessions = await _hours(ctx, who, programme)
    return Show(views.preview(ctx.say, who.id, picture, strange, minutes, sessions))


async def _hours(ctx: Context, who: Member, programme: Programme) -> tuple[int, int]:
    hours = await storage.session.hours_of_members(ctx.db, ctx.community.id, programme.id)
    if who.id not in hours:
        raise UserError("certificate.no_hours", who=Mention(who.id))
    return hours[who.id]


async def issue(ctx: Context, who: Sequence[Member], programme: Programme) -> Reply:
    """Offer certificates to these members; each chooses the name on theirs."""
    for one in who:
        await _hours(ctx, one, programme)
        if one.left_at is not None:
            raise UserError("certificate.left", who=Mention(one.id))
    held = await storage.certificate.holders(ctx.db, ctx.community.id, programme.id, [one.id for one in who])
    if again := [one for one in who if one.id in held]:
        raise UserError("certificate.held", who=Mention(again[0].id))
    return Show(views.offered(ctx.say, await _offer(ctx, who, programme)))


async def everybody(ctx: Context, hours: int, programme: Programme) -> Reply:
    """Offer certificates to all who have so many hours in the programme, and none yet."""
    known = await storage.session.hours_of_members(ctx.db, ctx.community.id, programme.id)
    held = await storage.certificate.holders(ctx.db, ctx.community.id, programme.id, list(known))
    people = await storage.member.by_ids(ctx.db, ctx.community.id, list(known))
    here = [people[one] for one in rules.earned(known, held, hours * 60) if people[one].left_at is None]
    return Show(views.offered(ctx.say, await _offer(ctx, here, programme)))


async def _offer(ctx: Context, who: Sequence[Member], programme: Programme) -> list[str]:
    hours = await storage.session.hours_of_members(ctx.db, ctx.community.id, programme.id)
    for one in who:
        row_id = ctx.ids.new()
        minutes, sessions = hours[one.id]
        ctx.db.add(
            Certificate(
                id=row_id, community_id=ctx.community.id, programme_id=programme.id, member_id=one.id,
                number=rules.number_of(row_id), minutes=minutes, sessions=sessions, offered_at=ctx.now,
            )
        )  # fmt: skip
        await ctx.db.flush()
        await ctx.outbox.note(
            one, "certificate.ready", key=f"certificate.ready:{row_id}", certificate=row_id, name=one.shown,
            programme=programme.name, texts=programme.file.get("texts", {}), minutes=minutes, sessions=sessions,
        )  # fmt: skip
        ctx.audit("certificate.offered", row_id)
    return [one.id for one in who]


async def revoke(ctx: Context, who: Member) -> Reply:
    """Show what a member has, each to be revoked with a reason."""
    rows = await storage.certificate.of_member(ctx.db, ctx.community.id, who.id)
    valid = [row for row in rows if row.status != REVOKED]
    names: dict[str, str] = {}
    for row in valid:
        programme = await storage.programme.by_id(ctx.db, ctx.community.id, row.programme_id)
        names[row.id] = programme.name if programme is not None else ""
    return Show(views.to_revoke(ctx.say, who.id, valid, names))


async def ask_revoke(ctx: Context, row: Certificate) -> Reply:
    """Ask why, before it is done."""
    _valid(row)
    return Ask(await revoke_form(ctx))


async def revoke_form(ctx: Context) -> Form:
    """Build the form."""
    return views.revoke_form(ctx.say, ctx.the(Certificate).id)


async def revoked(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Revoke it, and tell its member what was written to them."""
    row = ctx.the(Certificate)
    _valid(row)
    row.status, row.revoked_at = REVOKED, ctx.now
    ctx.db.add(row)
    holder = await storage.member.by_id(ctx.db, ctx.community.id, row.member_id)
    if holder is not None and row.issued_at is not None:
        await ctx.outbox.note(
            holder, "certificate.revoked", key=f"certificate.revoked:{row.id}", reason=answers["reason"],
            issued=row.issued_at.isoformat(),
        )  # fmt: skip
    elif holder is not None:
        await ctx.outbox.withdraw(f"certificate.ready:{row.id}")
    ctx.audit("certificate.revoked", row.id)
    return Show(views.revoked(ctx.say, row.number))


def _valid(row: Certificate) -> None:
    if row.status == REVOKED:
        raise UserError("core.gone")
