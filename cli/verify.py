"""`kith verify`, `kith certificate`, `kith keys turn`: is this certificate genuine, and by which key."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import storage.certificate
from bot import credentials
from bot.credentials import BAKED, COMPACT, Award, NotGenuine
from cli import office
from cli.config import Config
from cli.console import say, tell
from cli.faults import NOT_DONE, Fault
from storage.keys import Keys, folder_of

PNG = b"\x89PNG\r\n\x1a\n"
MOST = 20 * 1024 * 1024
_DID = re.compile(r"did:key:z[1-9A-HJ-NP-Za-km-z]+")


@dataclass(frozen=True, slots=True)
class Known:
    """The keys that count, public key -> what is said of it, and number -> day of what was revoked.

    `unchecked` says why it is not known what was revoked, or is "".
    """

    keys: Mapping[bytes, str]
    revoked: Mapping[str, str]
    unchecked: str


def verify(what: str, *, keys: Sequence[Path], revoked: Path | None, config: Path | None) -> int:
    """Say whether a certificate is genuine: a file (PNG or JSON) or the word behind its code. Return the exit code.

    Without `keys` those of this installation count, today's and former ones. Nothing is asked of any network.
    """
    known = _known(keys, revoked, config)
    try:
        award, public = _read(what, known.keys)
    except NotGenuine as no:
        say(f"NOT GENUINE: {no}.")
        return NOT_DONE
    day = known.revoked.get(award.id)
    if public not in known.keys:
        say("NOT PROVEN: nothing was changed since it was signed, but the key is none that is known here.")
        say(f"It is signed by {credentials.did_of(public)}. Ask who issued it for their key, and give it with --key.")
    elif day is not None:
        say(f"REVOKED on {day}: it was genuine, and is not valid any more.")
    else:
        say(f"GENUINE: {known.keys[public]}.")
    _tell(award)
    if known.unchecked and public in known.keys:
        tell(known.unchecked)
    return 0 if public in known.keys and day is None else NOT_DONE


def _tell(award: Award) -> None:
    say(f"  name       {award.name}")
    say(f"  programme  {award.programme}")
    say(f"  issued by  {award.issuer}, {award.at:%Y-%m-%d}")
    say(f"  for        {award.minutes / 60:.1f} hours in {award.sessions} confirmed sessions")
    say(f"  number     {award.id}")


def _read(what: str, known: Mapping[bytes, str]) -> tuple[Award, bytes]:
    if what.startswith(f"{COMPACT}."):
        return _word(what, known)
    raw = _bytes(Path(what))
    if raw.startswith(PNG):
        raw = _baked(raw).encode()
    if raw.lstrip().startswith(f"{COMPACT}.".encode()):
        return _word(raw.decode("ascii", "replace"), known)
    try:
        document = json.loads(raw)
    except ValueError:
        raise NotGenuine("it is no certificate: neither JSON nor a picture that holds one") from None
    public = credentials.verified(document)
    return credentials.award_of(document), public


def _word(word: str, known: Mapping[bytes, str]) -> tuple[Award, bytes]:
    if not known:
        raise Fault("No key is known here to hold this code against. Give the issuer's key with --key FILE.")
    return credentials.read_compact(word, known)


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MOST:
        raise Fault(f"{path}: too large for a certificate.")
    return path.read_bytes()


def _baked(raw: bytes) -> str:
    import io

    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(raw)) as picture:
            picture.load()
            found = getattr(picture, "text", {}).get(BAKED)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise NotGenuine("the picture is damaged") from None
    if not found:
        raise NotGenuine("the picture holds no certificate; it may have been saved anew by another program")
    return str(found)


def _known(keys: Sequence[Path], revoked: Path | None, config: Path | None) -> Known:
    """Return the keys that count and what was revoked. Raises `Fault` for a file that holds neither."""
    if keys:
        given = {key: f"signed by the key in {path}" for path in keys for key in _keys_in(path)}
        return Known(given, *_listed(revoked, given))
    ours = _installation(config)
    if ours is None:
        return Known({}, *_listed(revoked, {}))
    folder, database = ours
    own = _own(Keys(folder))
    if revoked is not None or not isinstance(database, Path):
        return Known(own, *_listed(revoked, own))
    try:
        return Known(own, storage.certificate.revoked_beside(database), "")
    except sqlite3.Error as error:
        return Known(own, {}, f"What was revoked is not checked: {database} cannot be read ({error}).")


def _listed(path: Path | None, known: Mapping[bytes, str]) -> tuple[Mapping[str, str], str]:
    if path is None:
        return {}, "What was revoked is not checked: give the issuer's list with --revoked FILE."
    try:
        return credentials.revoked_in(json.loads(_bytes(path)), known), ""
    except (ValueError, KeyError, TypeError, NotGenuine) as error:
        why = str(error) if isinstance(error, NotGenuine) else "it is no list of revoked certificates"
        raise Fault(f"{path}: {why}.") from None


def _keys_in(path: Path) -> list[bytes]:
    found = _DID.findall(_bytes(path).decode("utf-8", "replace"))
    try:
        read = [credentials.public_from(did) for did in dict.fromkeys(found)]
    except NotGenuine:
        read = []
    if not read:
        raise Fault(f"{path}: there is no key in it. A key looks like did:key:z6Mk...; kith certificate key prints it.")
    return read


def _installation(config: Path | None) -> tuple[Path, Path | str] | None:
    """Return the folder of the keys and the database of the installation here; None where there is none."""
    configured: Config = office.configured(config)
    where = configured.kith.database_location
    if configured.kith.keys_dir is not None:
        return configured.kith.keys_dir, where
    if isinstance(where, Path) and where.exists():
        return folder_of(where), where
    return None


def _own(keys: Keys) -> dict[bytes, str]:
    own = {
        bytes.fromhex(public): f"signed by this installation, with a key that was given up on {day}"
        for public, day in keys.former().items()
    }
    if keys.signs:
        own[credentials.public_of(keys.signing())] = "signed by this installation"
    return own


async def print_key(config: Path | None) -> None:
    """Print the public key that certificates are signed by, and those before it."""
    async with office.opened(config) as kith:
        keys = kith.database.keys
        say(credentials.did_of(credentials.public_of(keys.signing())))
        for public, day in reversed(keys.former().items()):
            say(f"{credentials.did_of(bytes.fromhex(public))}  given up on {day}")


async def print_revoked(config: Path | None, community: str | None) -> None:
    """Print the signed list of what was revoked, for whoever verifies elsewhere."""
    async with office.opened(config) as kith:
        async with kith.database.read() as db:
            here = await office.community(db, community)
            rows = await storage.certificate.revoked(db, here.id)
        days = {number: f"{at:%Y-%m-%d}" for number, at in rows.items()}
        now = datetime.now(UTC).replace(microsecond=0)
        listed: dict[str, Any] = credentials.revocations(here.name, days, kith.database.keys.signing(), now)
        say(json.dumps(listed, ensure_ascii=False, indent=2))


async def turn(config: Path | None, *, sure: bool) -> int:
    """Give the signing key up and begin with a new one. Return the exit code: 1 when nothing was done."""
    async with office.opened(config) as kith:
        keys = kith.database.keys
        if not keys.signs:
            say("Nothing was signed yet, so there is no key to give up.")
            return NOT_DONE
        if not sure:
            say("Certificates that were signed stay genuine, here and wherever the old key is known.")
            say("Say --yes to do it, and pass the new key on: kith certificate key prints it.")
            return NOT_DONE
        keys.turn_signing(credentials.public_of(keys.signing()).hex(), f"{datetime.now(UTC):%Y-%m-%d}")
        say(credentials.did_of(credentials.public_of(keys.signing())))
    return 0
