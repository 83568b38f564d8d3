"""Coordinators look at a programme: an overview, parts of it, everything as files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import storage.meetings
from bot.chat.reply import Reply, Show
from bot.context import Context, Work
from bot.features.insight import views
from bot.i18n import Say
from bot.insight import curves, equity, report
from bot.insight.measures import PERIOD, Scope, measure
from bot.insight.pages import as_page
from bot.insight.report import Report
from bot.programme.stored import file_of
from bot.sheets import as_csv, as_xlsx
from storage.programme import Programme

LONG = timedelta(weeks=26)
"""How far back it is looked for who joined: a funnel of four weeks has hardly begun."""


def scope(work: Work, programme: Programme, period: timedelta | None = PERIOD) -> Scope:
    """Return the period up to today."""
    stalled_days = work.setting("risk.stalled_days")
    return report.scope(work.community.id, programme, work.now, stalled_days=stalled_days, period=period)


async def overview(ctx: Context, programme: Programme) -> Reply:
    """Show the last four weeks and how the programme stands against its goals."""
    found = await report.glance(ctx.db, programme, scope(ctx, programme), ctx.say.language)
    return Show(views.overview(ctx.say, programme.id, found))


async def funnel(ctx: Context, programme: Programme) -> Reply:
    """Show how far those came who joined in half a year."""
    at = scope(ctx, programme, LONG)
    return Show(views.funnel(ctx.say, programme.id, programme.name, await curves.funnel(ctx.db, at)))


async def retention(ctx: Context, programme: Programme) -> Reply:
    """Show who is still there, cohort by cohort."""
    at = scope(ctx, programme)
    found, growth = await curves.retention(ctx.db, at), await curves.growth(ctx.db, at)
    return Show(views.retention(ctx.say, programme.id, programme.name, found, growth))


async def pairs(ctx: Context, programme: Programme) -> Reply:
    """Show how pairs get on."""
    at = scope(ctx, programme)
    found = await measure(ctx.db, views.PAIRS, at)
    file = file_of(programme)
    groups = await equity.equity(ctx.db, scope(ctx, programme, LONG), file, file.texts(ctx.say.language))
    return Show(views.pairs(ctx.say, programme.id, programme.name, found, groups))


async def mentors(ctx: Context, programme: Programme) -> Reply:
    """Show what mentors carry."""
    at = scope(ctx, programme)
    found = await measure(ctx.db, views.MENTORS, at)
    loads = await storage.meetings.load(ctx.db, ctx.community.id, programme.id)
    return Show(views.mentors(ctx.say, programme.id, programme.name, found, loads))


async def opened(ctx: Context, programme: Programme) -> Reply:
    """Show another part, by its button."""
    parts = {"funnel": funnel, "retention": retention, "pairs": pairs, "mentors": mentors}
    return await parts.get(ctx.arg, overview)(ctx, programme)


@dataclass(frozen=True, slots=True)
class Files:
    """A report as files, to be handed over."""

    page: bytes
    book: bytes
    table: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the files are made of, and for whom."""

    found: Report
    language: str


async def read_export(ctx: Context, programme: Programme) -> Wanted:
    """Gather everything."""
    found = await report.gather(ctx.db, programme, scope(ctx, programme), ctx.now, ctx.say.language)
    return Wanted(found, ctx.say.language)


def make_files(wanted: Wanted) -> Files:
    """Make the files, away from the event loop."""
    header, rows = report.rows(wanted.found)
    return Files(
        page=as_page(wanted.found, Say(wanted.language)),
        book=as_xlsx(wanted.found.programme, header, rows),
        table=as_csv(header, rows),
        data=json.dumps(report.as_json(wanted.found), indent=2, ensure_ascii=False).encode(),
    )


async def export(ctx: Context, files: Files, programme: Programme) -> Reply:
    """Hand the files over."""
    ctx.audit("insight.exported", programme.id)
    return Show(views.exported(ctx.say, programme.name, files.page, files.book, files.table, files.data))
