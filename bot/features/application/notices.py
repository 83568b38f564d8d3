"""What decisions, reminders and free places have in common: who is told what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import storage.programme
from bot.context import Context, Work
from bot.errors import UserError
from bot.programme.joining import Review
from bot.programme.stored import file_of
from storage.application import APPROVED, Application, ApplicationWord
from storage.member import Member
from storage.programme import Programme


def named(programme: Programme) -> dict[str, Any]:
    """Return a programme's name, in every language of its file, as parameters of a message."""
    return {"programme": programme.id, "name": programme.name, "names": _each(programme, "name")}


def _each(programme: Programme, key: str) -> dict[str, str]:
    file = file_of(programme)
    every = {language: file.texts(language).get(key, "") for language in {file.language, *file.translations}}
    return {language: text for language, text in every.items() if text}


async def decided(
    work: Work, row: Application, programme: Programme, member: Member, *, word: str = "", place: bool = False
) -> None:
    """Tell the applicant what was decided, in the programme's own words and those of a coordinator, if there are any.

    `place` says that a place came free for who had waited for one.
    """
    told: dict[str, Any] = {"kinds": row.kinds} if row.status == APPROVED else {}
    await work.outbox.note(
        member, f"application.{row.status}", key=f"application.{row.status}:{row.id}:{row.version}",
        words=_each(programme, f"words.{row.status}"), word=word, place=place, cleared=row.cleared, application=row.id,
        **told, **named(programme),
    )  # fmt: skip


async def touch(work: Work, row: Application, programme: Programme, status: str) -> None:
    """Bring an application to a state in which somebody has to do something; coordinators hear when nobody does."""
    row.status, row.version = status, row.version + 1
    row.remind_at = work.now + remind_after(programme)
    work.db.add(row)
    await work.db.flush()


def remind_after(programme: Programme) -> timedelta:
    """Return after how long coordinators are reminded of an application that waits."""
    return timedelta(days=(file_of(programme).review or Review()).remind_days)


async def coordinator(work: Work, who: Member, message: str, /, *, key: str, **params: Any) -> None:
    """Tell one coordinator something: directly if they may be written to, else where coordinators are told."""
    if who.opted_in_at is not None:
        await work.outbox.note(who, message, key=key, to=who.id, **params)
    else:
        await work.outbox.post(work.setting("core.coordinator_channel"), message, key=key, to=who.id, **params)


async def programme_of(ctx: Context, row: Application) -> Programme:
    """Return the programme of an application. Raises `UserError` when it is gone."""
    programme = await storage.programme.behind(ctx.db, ctx.community.id, row)
    if programme is None:
        raise UserError("core.gone")
    return programme


def word(ctx: Context, row: Application, text: str) -> ApplicationWord:
    """Write down what the actor asked or answered about an application."""
    said = ApplicationWord(
        id=ctx.ids.new(), community_id=ctx.community.id, application_id=row.id, author_id=ctx.member.id, text=text,
        at=ctx.now,
    )  # fmt: skip
    ctx.db.add(said)
    return said
