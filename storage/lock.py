"""The lock that keeps a second process away from a database file."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    # A Windows lock also stops reading, so it lies far beyond the text that others want to read.
    _FAR = 1 << 30

    def _take(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class DatabaseBusy(Exception):
    """Another process holds the database file; `str()` is one line with the file, the process and the cure."""


class ProcessLock:
    """An exclusive lock on `<file>.lock`, held until `release()` or until the process dies, however it dies.

    The file keeps the holder's process id and stays behind after release: removing it would let two processes each
    lock a file of that name. A child made by a bare `fork` shares the lock, so workers are to be spawned.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock for the database file at `path`, or raise `DatabaseBusy`."""
        lock = path.with_name(path.name + ".lock")
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(handle)
        except OSError as error:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() if sys.platform != "win32" else ""
            os.close(handle)
            raise DatabaseBusy(_refusal(path, holder)) from error
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, f"{os.getpid()}\n".encode("ascii"))
        self._handle: int | None = handle

    def release(self) -> None:
        """Let the next process in; a second call does nothing."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _refusal(path: Path, holder: str) -> str:
    who = f"process {holder}" if holder else "another process"
    return f"The database {path} is in use by {who}: stop that one first, or choose another database file."
