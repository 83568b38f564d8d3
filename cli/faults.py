"""Errors that a person at a terminal can mend: said in one or a few plain lines, without a traceback.

Exit codes: 0 done; 1 not done, the lines say why; 2 the command line itself cannot be read; 130 stopped with Ctrl-C.
"""

from __future__ import annotations

NOT_DONE, STOPPED = 1, 130


class Fault(Exception):
    """Something that was asked cannot be done; `str()` is what is wrong, where, and the cure, one line each."""


def explained(error: Exception) -> list[str] | None:
    """Return the lines for an error that is expected, or None for a fault of the program."""
    from bot.programme.file import ProgrammeFileError
    from cli.config import ConfigError

    if isinstance(error, Fault | ConfigError | ProgrammeFileError):
        return str(error).splitlines()
    from storage.engine import DatabaseBusy, DatabaseNewer, MigrationFailed

    if isinstance(error, DatabaseBusy | DatabaseNewer | MigrationFailed):
        return str(error).splitlines()
    if isinstance(error, OSError) and error.filename is not None:
        reason = (error.strerror or "it cannot be used").lower()
        return [f"{error.filename}: {reason}. Check the path and who may read and write there."]
    return None
