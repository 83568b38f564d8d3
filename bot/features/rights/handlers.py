"""Showing a member what is stored about them, copying it, erasing it."""

from __future__ import annotations

import json
from typing import Any

from bot import rights
from bot.chat.reply import Replace, Reply, Show
from bot.context import Context
from bot.features.rights import views
from bot.pages import page


async def privacy(ctx: Context) -> Reply:
    """Say what is stored about the member, table by table, and what the platform lets the bot do here."""
    found = await _copy(ctx)
    kept = {entry.table: entry.retain for entry in ctx.features.personal if entry.exported}
    held = [
        views.Held(why=table["why"], rows=len(table["rows"]), fields=_fields(table["rows"]), kept=kept[name])
        for name, table in found["tables"].items()
    ]
    return Show(views.privacy(ctx.say, [one for one in held if one.rows], ctx.allowed()))


def _fields(rows: list[dict[str, Any]]) -> list[str]:
    """Return the columns in which any of the rows holds something."""
    return list(dict.fromkeys(name for row in rows for name, value in row.items() if value not in (None, "", [], {})))


async def export(ctx: Context) -> Reply:
    """Give the member a copy of everything that names them: for programs, and to read."""
    found = await _copy(ctx)
    data = json.dumps(found, indent=2, ensure_ascii=False).encode()
    parts = []
    for name, table in found["tables"].items():
        why, rows = table["why"], table["rows"]
        if rows:
            parts.append({"table": name, "why": ctx.say.line(why), "rows": [_readable(row) for row in rows]})
    shown = page("copy.html", ctx.say, **views.copy_words(ctx.say, ctx.community.name, ctx.now), parts=parts)
    return Show(views.exported(ctx.say, data, shown))


def _readable(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value))
        for name, value in row.items()
        if value not in (None, "", [], {})
    ]


async def _copy(ctx: Context) -> dict[str, Any]:
    return await rights.export(ctx.db, ctx.features, ctx.community.id, ctx.member.id)


async def forget(ctx: Context) -> Reply:
    """Say what being forgotten means, and ask once more."""
    return Show(views.sure(ctx.say))


async def forgotten(ctx: Context) -> Reply:
    """Forget the member."""
    await rights.forget(ctx, ctx.member.id)
    return Replace(views.forgotten(ctx.say))


async def stay(ctx: Context) -> Reply:
    """Leave everything as it is."""
    return Replace(views.stays(ctx.say))
