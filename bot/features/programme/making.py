"""Making a programme in chat: from a form, or as a copy of another one. The same comes from a file."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import storage.programme
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Reply, Show
from bot.chat.text import Bold
from bot.context import Context
from bot.errors import UserError
from bot.features.programme import making_views
from bot.features.programme.files import apply, cloned
from bot.programme.file import ProgrammeFileError, parse
from storage.programme import Programme

SLUG_LENGTH = 40
WEEKS_TO_GOAL = 12


async def create(ctx: Context) -> Reply:
    """Open the form."""
    return Ask(await create_form(ctx))


async def create_form(ctx: Context) -> Form:
    """Build the form."""
    return making_views.create_form(ctx.say)


async def created(ctx: Context, answers: Answers) -> Reply:
    """Make a programme with a goal and a weekly question; people can join it at once."""
    slug = slug_of(answers["name"])
    if not slug or await storage.programme.by_slug(ctx.db, ctx.community.id, slug) is not None:
        return Reject({"name": making_views.name_taken(ctx.say)})
    try:
        file = parse(values(answers, slug, zone=ctx.community.zone, language=ctx.say.language, say=ctx.say.line))
    except ProgrammeFileError as error:
        return Reject({"name": " ".join(problem.what for problem in error.problems)})
    row = await apply(ctx, file)
    return Show(making_views.created(ctx.say, row.name, row.slug))


async def clone(ctx: Context, name: str, programme: Programme) -> Reply:
    """Make a copy under another name, with nobody in it."""
    slug = slug_of(name)
    if not slug or await storage.programme.by_slug(ctx.db, ctx.community.id, slug) is not None:
        raise UserError("programme.name_taken", name=Bold(name))
    row = await cloned(ctx, programme, " ".join(name.split())[:80], slug)
    return Show(making_views.created(ctx.say, row.name, row.slug))


def slug_of(name: str) -> str:
    """Return the short name that goes with a name: "Café für alle" becomes "cafe-fur-alle"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:SLUG_LENGTH].strip("-")


def values(answers: Answers, slug: str, *, zone: str, language: str, say: Any) -> dict[str, Any]:
    """Return a programme's file from what the form says; `say` gives the texts that the form did not ask for."""
    kind, share = answers["kind"], answers["target"] / 100
    goal = {"key": "first", "text": answers["goal"], "measure": answers["measure"], "target": share,
            "due_week": WEEKS_TO_GOAL}  # fmt: skip
    made: dict[str, Any] = {
        "kith": 1, "name": " ".join(answers["name"].split()), "slug": slug, "kind": kind,
        "summary": answers["summary"], "language": language, "timezone": zone, "goals": [goal],
    }  # fmt: skip
    if kind != "help":
        made["rounds"] = {"every_weeks": answers["weeks"]}
        made["checkins"] = [{"key": "met", "question": say(making_views.DID_YOU_MEET)}]
    return made
