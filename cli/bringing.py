"""`kith import` and `kith programme`: files become people and programmes, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from bot.context import Work
from bot.features.programme.files import Imported, apply, bring_in
from bot.programme.file import read as read_programme
from cli import office
from cli.console import say, tell
from cli.rosters import checked


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
            done = await bring_in(work, roster, await office.programme(work.db, work.community.id, slug))
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
