"""A member chooses the name on their certificate and gets it, now and whenever they want it again."""

from __future__ import annotations

import json
from typing import Any

import storage.certificate
import storage.programme
from bot import credentials
from bot.chat.forms import Form
from bot.chat.reply import Ask, Reply, Show
from bot.context import Context
from bot.credentials import Award
from bot.errors import UserError
from bot.features.certificate import pages, rules, views
from bot.features.certificate.pages import Sheet
from bot.programme.stored import file_of
from storage.certificate import ISSUED, OFFERED, REVOKED, Certificate


async def mine(ctx: Context) -> Reply:
    """List what the member has and was offered."""
    rows = await storage.certificate.of_member(ctx.db, ctx.community.id, ctx.member.id)
    shown = [(row, await _programme_name(ctx, row)) for row in rows]
    return Show(views.mine(ctx.say, shown, ctx.member.shown))


async def _programme_name(ctx: Context, row: Certificate) -> str:
    programme = await storage.programme.by_id(ctx.db, ctx.community.id, row.programme_id)
    return file_of(programme).texts(ctx.say.language)["name"] if programme is not None else ""


async def name(ctx: Context, row: Certificate) -> Reply:
    """Ask for the name that is to stand on it."""
    _own(ctx, row)
    return Ask(await name_form(ctx))


async def name_form(ctx: Context) -> Form:
    """Build the form with the name it would have."""
    row = ctx.the(Certificate)
    return views.name_form(ctx.say, row.id, row.name or ctx.member.shown)


async def named(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Keep the name; it is signed with the next tap, and cannot be changed after that."""
    row = ctx.the(Certificate)
    _own(ctx, row)
    if row.status != OFFERED:
        raise UserError("certificate.signed")
    row.name = rules.tidy_name(answers["name"])
    ctx.db.add(row)
    return Show(views.chosen(ctx.say, row.id, row.name))


def _own(ctx: Context, row: Certificate) -> None:
    if row.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    if row.status == REVOKED:
        raise UserError("certificate.revoked")


async def read_get(ctx: Context, row: Certificate) -> tuple[Certificate, Sheet]:
    """Sign it if it is not signed yet, and say what is to be drawn."""
    _own(ctx, row)
    if row.status == OFFERED:
        row = await _signed(ctx, row)
    award = credentials.award_of(json.loads(row.credential))
    return row, Sheet(pages.page(ctx.say, award, row.code), row.credential)


async def _signed(ctx: Context, row: Certificate) -> Certificate:
    programme = await storage.programme.by_id(ctx.db, ctx.community.id, row.programme_id)
    texts = file_of(programme).texts(ctx.say.language) if programme is not None else {"name": "", "summary": ""}
    award = Award(
        id=row.number, name=row.name or ctx.member.shown, programme=texts["name"], about=texts["summary"],
        issuer=ctx.community.name or "Kith", minutes=row.minutes, sessions=row.sessions,
        at=ctx.now.replace(microsecond=0),
    )  # fmt: skip
    seed = ctx.keys.signing()
    document = credentials.signed(credentials.document(award, credentials.public_of(seed)), seed, award.at)
    return Certificate(
        **row.model_dump()
        | {
            "name": award.name, "status": ISSUED, "issued_at": award.at,
            "credential": json.dumps(document, ensure_ascii=False, separators=(",", ":")),
            "code": credentials.compact(award, seed),
        }
    )  # fmt: skip


def draw(gathered: tuple[Certificate, Sheet]) -> tuple[Certificate, bytes]:
    """Draw the page."""
    row, sheet = gathered
    return row, pages.draw(sheet)


async def get(ctx: Context, drawn: tuple[Certificate, bytes], row: Certificate) -> Reply:
    """Store what was signed, unless somebody was faster, and hand it over."""
    made, picture = drawn
    _own(ctx, row)
    if row.status == OFFERED:
        row.name, row.status, row.issued_at = made.name, ISSUED, made.issued_at
        row.credential, row.code = made.credential, made.code
        ctx.db.add(row)
        ctx.audit("certificate.issued", row.id)
    elif row.credential != made.credential:
        raise UserError("core.gone")
    return Show(views.handed_over(ctx.say, row.name, picture, row.credential.encode()))
