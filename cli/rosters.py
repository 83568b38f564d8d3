"""Rosters on the command line: every problem in a table, by row, before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from bot.roster import Problem, Roster
from bot.roster import read as read_roster
from cli.console import err
from cli.faults import Fault


def checked(path: Path) -> Roster:
    """Read a roster; show its problems on stderr. Raises `Fault` when one of them is an error."""
    roster = read_roster(path)
    if roster.problems:
        show(path, roster.problems)
    if not roster.ok:
        errors = sum(problem.severity == "error" for problem in roster.problems)
        what = "one problem" if errors == 1 else f"{errors} problems"
        raise Fault(f"{path}: {what} to mend first, so nothing was done.")
    return roster


def show(path: Path, problems: Sequence[Problem]) -> None:
    """Print problems as a table: row, column, how serious, what, cure."""
    table = Table("row", "column", "", "what is wrong", "cure", title=Text(str(path)), title_justify="left", box=None,
                  pad_edge=False)  # fmt: skip
    for problem in problems:
        style = "red" if problem.severity == "error" else "yellow"
        cells = (str(problem.row or ""), problem.column or "", problem.severity, problem.what, problem.cure)
        table.add_row(*(Text(cell, style=style if index == 2 else "") for index, cell in enumerate(cells)))
    err.print(table, soft_wrap=False)
