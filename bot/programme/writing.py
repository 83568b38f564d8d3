"""A programme as text: the TOML file that says the same as what is stored."""

from __future__ import annotations

from typing import Any

import tomli_w

from bot.programme.file import ProgrammeFile


def toml(file: ProgrammeFile) -> str:
    """Return the file as TOML, without what is only a default; reading it gives an equal file."""
    values = file.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    return tomli_w.dumps({"kith": file.kith} | _plain(values), multiline_strings=True)


def _plain(value: Any) -> Any:
    """Return values as TOML takes them; empty tables are left out."""
    if isinstance(value, dict):
        return {key: kept for key, one in value.items() if (kept := _plain(one)) not in ({}, None)}
    return [_plain(one) for one in value] if isinstance(value, list) else value
