"""Engines that outlive their database: what SQL was compiled for one test need not be compiled for the next.

Compiling the statements anew took about a third of a second a test, more than most tests take.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

Make = Callable[..., Engine]


class Warm:
    """Makes engines as `make` does, but takes one that was disposed of where there is one of the same kind."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._idle: dict[Any, list[Engine]] = defaultdict(list)

    def __call__(
        self, path: Path, begin: str, pragmas: dict[str, str], connections: int, *, thrown_away: bool
    ) -> Engine:
        """Return an engine for the file, as `storage.engine` asks for it."""
        kind = (begin, connections, thrown_away)
        if self._idle[kind]:
            engine = self._idle[kind].pop()
        else:
            engine = self._make(path, begin, pragmas, connections, thrown_away=thrown_away)
            event.listen(engine, "do_connect", self._to_its_file)
            event.listen(engine, "engine_disposed", lambda done: self._idle[kind].append(done))
        engine.dialect.kith_path = str(path)  # type: ignore[attr-defined]
        return engine

    @staticmethod
    def _to_its_file(dialect: Any, _record: Any, cargs: list[Any], _cparams: dict[str, Any]) -> None:
        cargs[0] = dialect.kith_path
