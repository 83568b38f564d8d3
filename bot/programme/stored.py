"""The programme behind a row: its validated file, kept in memory until the row holds another one."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from bot.programme.file import ProgrammeFile, parse
from storage.programme import Programme

_KEPT = 256
_parsed: OrderedDict[str, tuple[dict[str, Any], ProgrammeFile]] = OrderedDict()


def file_of(programme: Programme) -> ProgrammeFile:
    """Return the programme's file. A pure look-up: the same row always gives the same file."""
    stored, file = _parsed.get(programme.id, (None, None))
    if file is None or stored != programme.file:
        # Compared whole: a revision that was rolled back may come again with other contents.
        file = parse(programme.file)
        _parsed[programme.id] = (programme.file, file)
        while len(_parsed) > _KEPT:
            _parsed.popitem(last=False)
    return file


def as_stored(file: ProgrammeFile) -> dict[str, Any]:
    """Return the file as JSON values, for `Programme.file`."""
    return file.model_dump(mode="json", by_alias=True)
