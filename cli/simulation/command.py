"""The command `kith simulate`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bot import logs
from bot.programme.file import ProgrammeFile
from bot.programme.file import read as read_programme
from bot.roster import Roster
from cli.console import err, out, tell
from cli.faults import Fault
from cli.rosters import checked
from cli.simulation.figures import MUST_BE_ZERO
from cli.simulation.report import summary, tell_story
from cli.simulation.run import Simulated, simulate

WRONG = 1


def run(programme: Path, roster: Path, *, weeks: int, seed: int, as_json: bool, transcript: bool) -> int:
    """Simulate and print; return the exit code: 1 when something happened that must never happen.

    Figures go to stdout, as JSON or as tables; the story goes there too, or beside the JSON to stderr. Raises `Fault`
    and `ProgrammeFileError` for input that cannot be used.
    """
    logs.configure("WARNING")
    file = read_programme(programme)
    if file.mode is None:
        raise Fault(f"{programme}: a programme of kind “{file.kind}” makes no rounds, so there is nothing to simulate.")
    done = _simulated(file, checked(roster), weeks, seed)
    if transcript:
        tell_story(err if as_json else out, done)
    if as_json:
        out.file.write(json.dumps(done.figures, indent=2, ensure_ascii=False) + "\n")
    else:
        out.print(summary(done))
    wrong = [name for name in MUST_BE_ZERO if done.figures["checks"][name]]
    for name in wrong:
        tell(f"This must be 0 and is {done.figures['checks'][name]}: {name.replace('_', ' ')}. Please report it.")
    return WRONG if wrong else 0


def _simulated(file: ProgrammeFile, roster: Roster, weeks: int, seed: int) -> Simulated:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task(f"{weeks} weeks of {file.name}", total=1.0)

        def progress(share: float) -> None:
            shown.update(task, completed=share)

        return asyncio.run(simulate(file, roster, weeks=weeks, seed=seed, progress=progress))
