"""Keys outside the database and its backups: one seals private words, one a week makes pseudonyms, one signs.

They are small files in a folder that only its owner can read, `kith.keys` beside `kith.db` unless the configuration
says otherwise. `sealing.key` stays as long as the installation; without it sealed words cannot be read by anybody.
`week-2026-W10.key` is made when the week first needs one and destroyed for good: never put it into a backup.
`signing.key` signs certificates; `signing-former.txt` lists the public halves of those before it, so that what they
signed is still known as ours. Keep a copy of both in a safe place.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import DontWrapMixin

SEALING, SIGNING, FORMER = "sealing.key", "signing.key", "signing-former.txt"
_SIZE = 32  # bytes: AES-256, and the block of HMAC-SHA-256
_NONCE = 12  # bytes, as AES-GCM takes them
_MARK = "s1"
_FORMER = re.compile(r"[0-9a-f]{64}")
_WEEK = re.compile(r"week-(\d{4}-W\d{2})\.key")


class KeyLost(Exception, DontWrapMixin):
    """Private words cannot be sealed or read: `str()` says which key is missing or another one. Names no secret."""

    loggable = True


def folder_of(database: Path) -> Path:
    """Return where the keys of a database file lie unless the configuration says otherwise."""
    return database.with_suffix(".keys")


class Keys:
    """The keys of one installation. Nothing is read or made before it is needed.

    Sealing is AES-256-GCM with a random nonce: whoever changes sealed words makes them unreadable, and the same words
    look different each time. Raises `KeyLost` where a key would have to be there and is not: it fails closed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sealing: bytes | None = None
        self._used: frozenset[str] = frozenset()
        self._weeks: dict[str, bytes] = {}

    # -- sealing

    def expect(self, used: Collection[str]) -> None:
        """Take the names of the keys by which the database holds sealed words (`key_name`): they must be ours."""
        self._used = frozenset(used)
        self._sealing = None

    @property
    def wrong(self) -> str:
        """What is wrong with the sealing key, in one sentence; "" when it is there or may yet be made."""
        try:
            self._key(make=False)
        except KeyLost as lost:
            return str(lost) if self._used or self._read(SEALING) is not None else ""
        return ""

    def seal(self, text: str) -> str:
        """Return `text` so that only the holder of the key can read it; "" stays "" and needs no key."""
        if not text:
            return ""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key, nonce = self._key(make=True), secrets.token_bytes(_NONCE)
        closed = AESGCM(key).encrypt(nonce, text.encode(), _MARK.encode())
        return f"{_MARK}.{_name(key)}.{base64.b64encode(nonce + closed).decode()}"

    def unseal(self, sealed: str) -> str:
        """Return what `seal` was given. Raises `KeyLost` for another key's, and for what somebody changed."""
        if not sealed:
            return ""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self._key(make=False)
        try:
            mark, name, body = sealed.split(".")
            raw = base64.b64decode(body, validate=True)
            if (mark, name) != (_MARK, _name(key)):
                raise KeyLost(f"{self.folder / SEALING} is not the key by which these words were sealed")
            return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], _MARK.encode()).decode()
        except (ValueError, InvalidTag, binascii.Error):
            raise KeyLost("sealed words were changed by somebody who does not hold the key") from None

    def renew(self) -> None:
        """Begin with a new sealing key. What was sealed before can never be read again; the caller has emptied it."""
        with suppress(FileNotFoundError):
            _destroy(self.folder / SEALING)
        self.expect(())

    def _key(self, *, make: bool) -> bytes:
        if self._sealing is not None:
            return self._sealing
        key = self._read(SEALING)
        if key is None and (self._used or not make):
            raise KeyLost(f"{self.folder / SEALING} is missing or damaged, and words were sealed by it")
        key = key or self._make(SEALING)
        if self._used and _name(key) not in self._used:
            raise KeyLost(f"{self.folder / SEALING} is not the key by which words were sealed here")
        self._sealing = key
        return key

    # -- a week's pseudonyms

    def of_week(self, week: str) -> bytes:
        """Return the key of an ISO week ("2026-W10"), made when there is none yet."""
        if week not in self._weeks:
            name = f"week-{week}.key"
            self._weeks[week] = self._read(name) or self._make(name)
        return self._weeks[week]

    def prepare(self, week: str) -> None:
        """Make what the first private words of a week would need, so that no file's own time tells when they came."""
        self.of_week(week)
        with suppress(KeyLost):
            self._key(make=True)

    def weeks(self) -> dict[str, bytes]:
        """Return week -> key for each week whose key still exists."""
        found = {}
        for file in sorted(self.folder.glob("week-*.key")) if self.folder.is_dir() else ():
            match, key = _WEEK.fullmatch(file.name), self._read(file.name)
            if match and key:
                found[match[1]] = key
        return found

    def destroy(self, week: str) -> None:
        """Destroy a week's key: its bytes are overwritten on the disk, then the file goes. Twice is once."""
        self._weeks.pop(week, None)
        with suppress(FileNotFoundError):
            _destroy(self.folder / f"week-{week}.key")

    # -- signing

    def signing(self) -> bytes:
        """Return the 32 bytes that an Ed25519 key for certificates is made from; made when there are none yet."""
        return self._read(SIGNING) or self._make(SIGNING)

    @property
    def signs(self) -> bool:
        """Whether there is a key for certificates."""
        return self._read(SIGNING) is not None

    def former(self) -> dict[str, str]:
        """Return public key (hex) -> the day it was given up, of the keys that signed before, oldest first."""
        try:
            lines = (self.folder / FORMER).read_text("ascii").splitlines()
        except (OSError, UnicodeDecodeError):
            return {}
        return {key: day for day, _, key in (line.partition(" ") for line in lines) if _FORMER.fullmatch(key)}

    def turn_signing(self, public: str, day: str) -> None:
        """Give the signing key up, whose public half is `public` (hex), and begin with a new one."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.folder / FORMER, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="ascii") as file:
            file.write(f"{day} {public}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            _destroy(self.folder / SIGNING)
        self.signing()

    # -- files

    def _read(self, name: str) -> bytes | None:
        try:
            key = base64.b64decode((self.folder / name).read_bytes().strip(), validate=True)
        except (OSError, binascii.Error):
            return None
        return key if len(key) == _SIZE else None

    def _make(self, name: str) -> bytes:
        """Make a key file whole or not at all; another process that was faster wins."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = secrets.token_bytes(_SIZE)
        handle, partial = tempfile.mkstemp(prefix=f".{name}.", dir=self.folder)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(base64.b64encode(key) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.utime(partial, (0, 0))  # when a key was first needed is nobody's business
            if self._read(name) is None:
                (self.folder / name).unlink(missing_ok=True)  # damaged, and nothing hangs on it: the caller has looked
            with suppress(FileExistsError):
                os.link(partial, self.folder / name)
        finally:
            Path(partial).unlink()
        _settle(self.folder)
        return self._read(name) or key


def key_name(sealed: str) -> str:
    """Return the name of the key by which something was sealed: a hash that says nothing about the key."""
    return sealed.split(".")[1] if sealed.count(".") == 2 else ""


def _name(key: bytes) -> str:
    return hashlib.sha256(b"kith sealing key " + key).hexdigest()[:12]


def _destroy(file: Path) -> None:
    """Overwrite a file in place before it goes. What a copying file system or a disk's own spare blocks keep, stays."""
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.write(secrets.token_bytes(size))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()
    _settle(file.parent)


def _settle(folder: Path) -> None:
    """Make the folder's own change last, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
