"""A simulation for people to read: the story week by week, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.simulation.figures import MUST_BE_ZERO
from cli.simulation.life import WEEK, Line
from cli.simulation.run import Simulated


def tell_story(console: Console, done: Simulated) -> None:
    """Print everything that happened, a heading a week; times are UTC."""
    week = None
    for line in done.story:
        number = (line.at - done.begin) // WEEK + 1
        if number != week:
            week = number
            console.print()
            console.print(Text("Before the first round" if number < 1 else f"Week {number}", style="bold"))
        console.print(_line(line))
    console.print()


def _line(line: Line) -> Text:
    return Text.assemble((f"  {line.at:%a %d %b %H:%M}  ", "dim"), f"{line.who} {line.what}".strip())


def summary(done: Simulated) -> RenderableType:
    """Return tables of the weeks, the messages and the checks."""
    return Group(*_parts(done.figures))


def _parts(figures: Mapping[str, Any]) -> Iterator[RenderableType]:
    people, checkins = figures["people"], figures["checkins"]
    first = datetime.fromisoformat(figures["first_round"])
    yield Text(f"{figures['programme']}, seed {figures['seed']}: first round {first:%A %d %B %Y}", style="bold")
    yield Text(f"{people['joined']} of {figures['roster']} people joined, {people['left']} left.")
    yield Text(f"{figures['pairs']} pairs in {len(figures['rounds'])} rounds, {figures['met']} of them met; "
               f"{figures['unmatched']} times somebody was left without a partner.")  # fmt: skip
    response = _percent(checkins["response_rate"])
    yield Text(f"{checkins['asked']} check-ins asked, {checkins['answered']} answered ({response}); "
               f"{figures['kudos']} kudos, {figures['notes']} notes without a name.")  # fmt: skip
    yield Text()
    yield _weeks(figures["weeks"])
    yield Text()
    yield _messages(figures["messages"])
    yield Text()
    yield from (_check(name, count) for name, count in figures["checks"].items())


def _weeks(rows: list[dict[str, Any]]) -> Table:
    table = Table(
        "week", "asked", "answered", "response", "pairs met", "still here", "retention", box=None, pad_edge=False
    )
    for column in table.columns:
        column.justify = "right"
    for row in rows:
        cells = (row["week"], row["asked"], row["answered"], _percent(row["response_rate"]), row["pairs_met"],
                 row["active"], _percent(row["retention"]))  # fmt: skip
        table.add_row(*map(str, cells))
    return table


def _messages(counted: Mapping[str, int]) -> Table:
    table = Table("message", "sent", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for kind, count in counted.items():
        table.add_row(kind, str(count))
    return table


def _check(name: str, count: int) -> Text:
    wrong = name in MUST_BE_ZERO and count > 0
    return Text(f"{name.replace('_', ' ')}: {count}", style="bold red" if wrong else "")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
