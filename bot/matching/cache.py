"""Where the compiled loops are kept, so that they are compiled once."""

import os
import tempfile
from pathlib import Path


def folder() -> str | None:
    """Return a folder for compiled code, or None where numba's own choice works: beside the source.

    Code is only ever read from a folder that belongs to this user and that nobody else may write.
    """
    if os.environ.get("NUMBA_CACHE_DIR"):
        return None
    here = Path(__file__).parent / "__pycache__"
    if os.access(here if here.exists() else here.parent, os.W_OK):
        return None
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kith" / "matching"
    for place in (home, Path(tempfile.gettempdir()) / f"kith-matching-{_user()}"):
        if _private(place):
            return str(place)
    return None


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _private(place: Path) -> bool:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = place.lstat()
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o022)
    return mine and place.is_dir() and not place.is_symlink() and os.access(place, os.W_OK)
