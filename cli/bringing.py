"""`kith import` and `kith programme`: files become people and programmes, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from rich.text import Text

from bot.context import Work
from bot.features.programme.files import Imported, apply, bring_in, cloned, people_in, wrong_answers
from bot.programme.changes import Change, changes
from bot.programme.file import read as read_programme
from bot.programme.stored import file_of
from bot.programme.writing import toml
from cli import office
from cli.console import out, say, tell
from cli.faults import Fault
from cli.rosters import checked
from storage.programme import Programme


class _Tried(Exception):
    """Rolls a dry run back and carries what it would have done."""

    def __init__(self, done: Imported) -> None:
        super().__init__()
        self.done = done


async def import_roster(
    roster_file: Path, slug: str, *, config: Path | None, community: str | None, dry_run: bool
) -> None:
    """Bring a roster's people into a programme as invited, or (dry run) say what that would do. Raises `Fault`."""
    roster = checked(roster_file)
    async with office.opened(config) as kith:
        async with kith.database.read() as db:
            here = await office.community(db, community)

        async def work(work: Work) -> Imported:
            programme = await office.programme(work.db, work.community.id, slug)
            if wrong := wrong_answers(roster, file_of(programme)):
                for line in wrong:
                    tell(line)
                raise Fault(f"{roster_file}: {len(wrong)} answers to mend first, so nothing was done.")
            done = await bring_in(work, roster, programme)
            if dry_run:
                raise _Tried(done)
            return done

        try:
            done = await kith.app.work(here.id, work)
        except _Tried as tried:
            done = tried.done
    _report(done, dry_run=dry_run)


def _report(done: Imported, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    say(f"{len(done.made)} {would}made, {len(done.changed)} {would}changed.")
    if done.ambiguous:
        tell(f"Left alone, because several members have the handle: {', '.join(done.ambiguous)}.")
    if done.applications:
        counted = ", ".join(f"{count} {status}" for status, count in sorted(done.applications.items()))
        say(f"Applications {would}stored: {counted}.")
    if dry_run:
        say("This was a dry run: nothing was stored.")
    else:
        say("They are invited: nothing is sent to anybody who has not joined by themselves.")


def validate(file: Path) -> None:
    """Read a programme file and say what it holds. Raises `ProgrammeFileError`."""
    found = read_programme(file)
    rounds = f"a round every {found.rounds.every_weeks} weeks" if found.mode else "no rounds"
    say(f"{file}: good. “{found.name}” ({found.slug}, {found.kind}): {rounds}, {len(found.checkins)} check-ins, "
        f"{len(found.goals)} goals.")  # fmt: skip


async def apply_programme(file: Path, *, config: Path | None, community: str | None) -> None:
    """Make or change the programme that a file describes. Raises `ProgrammeFileError`, `Fault`."""
    found = read_programme(file)
    async with office.opened(config) as kith:
        async with kith.database.read() as db:
            here = await office.community(db, community)
        row = await kith.app.work(here.id, lambda work: apply(work, found))
    say(f"“{row.name}” ({row.slug}) is in place, revision {row.revision}.")


async def diff_programme(file: Path, *, config: Path | None, community: str | None) -> None:
    """Say what a file would change of the programme with its short name, and what that does to the people in it."""
    found = read_programme(file)
    async with office.opened(config) as kith:
        async with kith.database.read() as db:
            here = await office.community(db, community)

        async def work(work: Work) -> list[Change]:
            row = await office.programme(work.db, work.community.id, found.slug)
            return changes(file_of(row), found, await people_in(work, row, found))

        told = await kith.app.work(here.id, work)
    if not told:
        say(f"“{found.name}” ({found.slug}) says what is in place already. Nothing would change.")
        return
    table = Table("where", "what", "what it does to people", box=None, pad_edge=False)
    for one in told:
        table.add_row(*(Text(cell) for cell in (one.where, one.what, one.effect)))
    out.print(table, soft_wrap=False)
    say("Nothing was changed. Apply it with kith programme apply FILE.")


async def clone_programme(
    slug: str, new_slug: str, *, name: str | None, config: Path | None, community: str | None
) -> None:
    """Make another programme with the same file, its first cohort open, and nobody in it. Raises `Fault`."""
    async with office.opened(config) as kith:
        async with kith.database.read() as db:
            here = await office.community(db, community)

        async def work(work: Work) -> Programme:
            row = await office.programme(work.db, work.community.id, slug)
            try:
                return await cloned(work, row, name or f"{row.name} ({new_slug})", new_slug)
            except ValueError as error:
                raise Fault(f"{str(error)[0].upper()}{str(error)[1:]}. Choose another short name.") from error

        row = await kith.app.work(here.id, work)
    say(f"“{row.name}” ({row.slug}) is in place, with nobody in it yet.")


async def export_programme(slug: str, *, config: Path | None, community: str | None) -> None:
    """Print a programme as its file."""
    async with office.opened(config) as kith, kith.database.read() as db:
        here = await office.community(db, community)
        print(toml(file_of(await office.programme(db, here.id, slug))), end="")  # noqa: T201 - it is the output itself
