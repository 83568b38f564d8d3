"""The programme behind a row: its validated file, kept in memory until the row's revision changes."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from bot.programme_file import ProgrammeFile, parse
from storage.programme import Programme

_KEPT = 256
_parsed: OrderedDict[tuple[str, int], ProgrammeFile] = OrderedDict()


def file_of(programme: Programme) -> ProgrammeFile:
    """Return the programme's file. A pure look-up: the same row always gives the same file."""
    key = (programme.id, programme.revision)
    if key not in _parsed:
        _parsed[key] = parse(programme.file)
        while len(_parsed) > _KEPT:
            _parsed.popitem(last=False)
    return _parsed[key]


def as_stored(file: ProgrammeFile) -> dict[str, Any]:
    """Return the file as JSON values, for `Programme.file`."""
    return file.model_dump(mode="json", by_alias=True)
