"""`kith report`, `kith dataset`, `kith import --outcomes`: how a programme goes, as files; numbers from elsewhere."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from bot.context import Work
from bot.i18n import LANGUAGES, Say
from bot.insight import outcomes
from bot.insight import report as insight
from bot.insight.dataset import as_zip
from bot.insight.dataset import gather as gather_dataset
from bot.insight.pages import as_page
from bot.sheets import SheetError, as_csv, as_xlsx, read
from cli import office
from cli.console import say, tell
from cli.faults import Fault

KINDS = (".html", ".xlsx", ".csv", ".json")


async def report(
    slug: str, out: Path, *, weeks: int, language: str, config: Path | None, community: str | None
) -> None:
    """Write how a programme goes into a file whose ending says its kind. Raises `Fault`."""
    if out.suffix.lower() not in KINDS:
        raise Fault(f"{out}: the ending says what to write. Use one of {', '.join(KINDS)}.")
    if language not in LANGUAGES:
        raise Fault(f"There is no page in “{language}”. Use one of {', '.join(LANGUAGES)}.")
    async with office.opened(config) as kith:
        now = kith.app.clock.now()
        async with kith.database.read() as db:
            here = await office.community(db, community)
            programme = await office.programme(db, here.id, slug)
            work = await kith.app.work_in(db, here.id, now)
            at = insight.scope(
                here.id, programme, now, stalled_days=work.setting("risk.stalled_days"), period=timedelta(weeks=weeks)
            )
            found = await insight.gather(db, programme, at, now, language)
    header, rows = insight.rows(found)
    match out.suffix.lower():
        case ".html":
            data = as_page(found, Say(language))
        case ".xlsx":
            data = as_xlsx(found.programme, header, rows)
        case ".csv":
            data = as_csv(header, rows)
        case _:
            data = (json.dumps(insight.as_json(found), indent=2, ensure_ascii=False) + "\n").encode()
    _write(out, data)
    say(f"{out}: “{found.programme}”, the last {weeks} weeks.")


async def dataset(slug: str, out: Path, *, config: Path | None, community: str | None) -> None:
    """Write an anonymised copy of a programme as a ZIP of tables. Raises `Fault`."""
    if out.suffix.lower() != ".zip":
        raise Fault(f"{out}: the copy is a ZIP of tables. Give it the ending .zip.")
    async with office.opened(config) as kith, kith.database.read() as db:
        here = await office.community(db, community)
        programme = await office.programme(db, here.id, slug)
        found = await gather_dataset(db, here.id, programme.id)
    _write(out, as_zip(found))
    say(f"{out}: {len(found.tables['members'].rows)} people without names, ids or words; days are weeks.")
    if found.coarsened:
        say(f"Left out, because too few share it: {', '.join(found.coarsened)}.")


async def import_outcomes(file: Path, slug: str, *, config: Path | None, community: str | None, dry_run: bool) -> None:
    """Bring numbers of members in: a column `handle`, and one for each outcome. All or nothing. Raises `Fault`."""
    try:
        table = read(file, ("handle",))
        given = outcomes.parsed(table)
    except SheetError as error:
        raise Fault(f"{file}: {error.what} {error.cure}") from error
    if given.problems:
        for problem in given.problems:
            tell(problem)
        raise Fault(f"{file}: {len(given.problems)} to mend first, so nothing was done.")
    async with office.opened(config) as kith:
        async with kith.database.read() as db:
            here = await office.community(db, community)

        async def work(work: Work) -> tuple[int, list[str]]:
            programme = await office.programme(work.db, work.community.id, slug)
            return await outcomes.bring_in(work, programme, given, dry_run=dry_run)

        changed, unknown = await kith.app.work(here.id, work)
    if unknown:
        tell(f"Left alone, as they are nobody in “{slug}”: {', '.join(unknown)}.")
    say(f"{changed} numbers {'would be ' if dry_run else ''}stored.")


def _write(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as error:
        raise Fault(f"{out} cannot be written: {(error.strerror or 'no reason given').lower()}.") from error
