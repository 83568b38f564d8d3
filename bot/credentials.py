"""Certificates as signed credentials: made, read and verified without a network. Pure.

The form is that of Open Badges 3.0 (1EdTech), signed as W3C "Data Integrity EdDSA Cryptosuites v1.0" describes
`eddsa-jcs-2022`: Ed25519 over the SHA-256 of the proof's options and of the document, each in the canonical form of
RFC 8785. The issuer is a `did:key`, so a credential carries the key it was signed by; whose key that is, a verifier
has to know. `compact` says the same in few letters, for the code on the page.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import base58
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
SUITE = "eddsa-jcs-2022"
COMPACT = "KITH1"
BAKED = "openbadgecredential"
"""Under this name a credential lies in a PNG (Open Badges 3.0, "Baked Badge")."""
_ED25519 = b"\xed\x01"  # multicodec of an Ed25519 public key


class NotGenuine(Exception):
    """A credential is not what its issuer signed; `str()` says why, in a few words."""


@dataclass(frozen=True, slots=True)
class Award:
    """What a certificate says. `name` is as the person writes it, `at` when it was issued (aware UTC)."""

    id: str
    name: str
    programme: str
    about: str
    issuer: str
    minutes: int
    sessions: int
    at: datetime


def public_of(seed: bytes) -> bytes:
    """Return the public key (32 bytes) of a signing key."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def did_of(public: bytes) -> str:
    """Return a public key as `did:key:z6Mk...`."""
    return f"did:key:z{base58.b58encode(_ED25519 + public).decode()}"


def public_from(did: str) -> bytes:
    """Return the public key of a `did:key`, with or without its fragment. Raises `NotGenuine` for anything else."""
    written = did.split("#")[0].removeprefix("did:key:")
    try:
        raw = base58.b58decode(written[1:]) if written.startswith("z") else b""
    except ValueError:
        raw = b""
    if not raw.startswith(_ED25519) or len(raw) != len(_ED25519) + 32:
        raise NotGenuine("it names no key that can be read")
    return raw[len(_ED25519) :]


def document(award: Award, public: bytes) -> dict[str, Any]:
    """Return the credential, not signed yet."""
    achievement = f"urn:uuid:{_uuid('achievement', award.programme, award.issuer)}"
    hours = f"urn:uuid:{_uuid('hours', award.programme, award.issuer)}"
    return {
        "@context": list(CONTEXTS),
        "id": f"urn:uuid:{award.id}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.programme,
        "issuer": {"id": did_of(public), "type": ["Profile"], "name": award.issuer},
        "validFrom": f"{award.at:%Y-%m-%dT%H:%M:%SZ}",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {"type": "IdentityObject", "hashed": False, "identityHash": award.name, "identityType": "name"}
            ],
            "achievement": {
                "id": achievement,
                "type": ["Achievement"],
                "achievementType": "CertificateOfCompletion",
                "name": award.programme,
                "description": award.about,
                "criteria": {"narrative": "Hours of sessions that everybody in the pair confirmed."},
                "resultDescription": [
                    {"id": hours, "type": ["ResultDescription"], "name": "Hours", "resultType": "Result"},
                ],
            },
            "result": [{"type": ["Result"], "resultDescription": hours, "value": f"{award.minutes / 60:.2f}"}],
            "narrative": f"{award.minutes} minutes in {award.sessions} sessions.",
        },
    }


def _uuid(*parts: str) -> str:
    raw = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"{raw[:8]}-{raw[8:12]}-8{raw[13:16]}-8{raw[17:20]}-{raw[20:32]}"


def signed(unsigned: Mapping[str, Any], seed: bytes, at: datetime) -> dict[str, Any]:
    """Return a document with its proof, made at `at` (aware UTC) by the key of `seed`."""
    did = did_of(public_of(seed))
    method = f"{did}#{did.removeprefix('did:key:')}"
    return proven(unsigned, seed, method, f"{at:%Y-%m-%dT%H:%M:%SZ}")


def proven(unsigned: Mapping[str, Any], seed: bytes, method: str, created: str) -> dict[str, Any]:
    """Return a document with a proof that names `method` and `created`, as they are written in it.

    The proof stands in a list, as the schema of Open Badges 3.0 has it; verifiers take one with or without.
    """
    proof: dict[str, Any] = {
        "type": "DataIntegrityProof", "cryptosuite": SUITE, "created": created, "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }  # fmt: skip
    if "@context" in unsigned:
        proof["@context"] = unsigned["@context"]
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_hashed(proof, unsigned))
    return {**unsigned, "proof": [proof | {"proofValue": f"z{base58.b58encode(signature).decode()}"}]}


def _hashed(proof: Mapping[str, Any], unsigned: Mapping[str, Any]) -> bytes:
    try:
        parts = [rfc8785.dumps(dict(part)) for part in (proof, unsigned)]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        raise NotGenuine("it holds something that has no canonical form") from None
    return b"".join(hashlib.sha256(part).digest() for part in parts)


def verified(document: Any) -> bytes:
    """Return the public key that signed a document. Raises `NotGenuine` when it was changed, or has no proof of ours.

    Whose key that is, the caller has to know: anybody can make a key.
    """
    proof = document.get("proof") if isinstance(document, Mapping) else None
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, Mapping):
        raise NotGenuine("it has no proof")
    if (proof.get("type"), proof.get("cryptosuite")) != ("DataIntegrityProof", SUITE):
        raise NotGenuine("it is signed in a way that Kith does not know")
    method, value = proof.get("verificationMethod"), proof.get("proofValue")
    if not isinstance(method, str) or not isinstance(value, str) or proof.get("proofPurpose") != "assertionMethod":
        raise NotGenuine("its proof is not whole")
    context = proof.get("@context", document.get("@context"))
    if context != document.get("@context"):
        raise NotGenuine("its proof is about another document")
    public = public_from(method)
    try:
        signature = base58.b58decode(value[1:]) if value.startswith("z") else b""
        options = {name: part for name, part in proof.items() if name != "proofValue"}
        rest = {name: part for name, part in document.items() if name != "proof"}
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _hashed(options, rest))
    except (ValueError, InvalidSignature):
        raise NotGenuine("it was changed after it was signed") from None
    issuer = document.get("issuer")
    named = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    if isinstance(named, str) and named.startswith("did:key:") and named != method.split("#")[0]:
        raise NotGenuine("it names one issuer and is signed by another")
    return public


def award_of(document: Mapping[str, Any]) -> Award:
    """Return what a credential of ours says. Raises `NotGenuine` when it is another kind of credential."""
    try:
        subject = document["credentialSubject"]
        hours = float(subject["result"][0]["value"])
        return Award(
            id=str(document["id"]).removeprefix("urn:uuid:"), name=subject["identifier"][0]["identityHash"],
            programme=subject["achievement"]["name"], about=subject["achievement"]["description"],
            issuer=document["issuer"]["name"], minutes=round(hours * 60),
            sessions=int(subject["narrative"].split(" in ")[1].split()[0]),
            at=datetime.fromisoformat(document["validFrom"]),
        )  # fmt: skip
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise NotGenuine("it is no certificate of Kith") from None


def compact(award: Award, seed: bytes) -> str:
    """Return what a certificate says in one word, signed: for the code on the page."""
    said: dict[str, Any] = {
        "i": award.id, "n": award.name, "p": award.programme, "u": award.issuer, "m": award.minutes,
        "s": award.sessions, "d": f"{award.at:%Y-%m-%dT%H:%M:%SZ}", "k": public_of(seed).hex()[:16],
    }  # fmt: skip
    body = f"{COMPACT}.{_letters(rfc8785.dumps(said))}"
    return f"{body}.{_letters(Ed25519PrivateKey.from_private_bytes(seed).sign(body.encode()))}"


def read_compact(word: str, known: Mapping[bytes, Any]) -> tuple[Award, bytes]:
    """Return what such a word says, and which of the known public keys signed it. Raises `NotGenuine`."""
    body, _, end = word.strip().rpartition(".")
    try:
        said: Any = json.loads(_bytes(body.partition(".")[2])) if body.startswith(f"{COMPACT}.") else None
        signature = _bytes(end)
        award = Award(
            id=said["i"], name=said["n"], programme=said["p"], about="", issuer=said["u"], minutes=said["m"],
            sessions=said["s"], at=datetime.fromisoformat(said["d"]),
        )  # fmt: skip
        hint = str(said["k"])
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise NotGenuine("it is no code of a certificate of Kith, or a part of it is missing") from None
    for public in known:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, body.encode())
        except InvalidSignature:
            continue
        return award, public
    if any(public.hex().startswith(hint) for public in known):
        raise NotGenuine("it was changed after it was signed")
    raise NotGenuine(f"it is signed by a key that is not known here ({hint}...)")


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(letters: str) -> bytes:
    return base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)


def revocations(issuer: str, ids: Mapping[str, str], seed: bytes, at: datetime) -> dict[str, Any]:
    """Return a signed list of revoked certificates, id -> the day it was revoked, that can be given to others."""
    revoked = [{"id": f"urn:uuid:{one}", "revoked": day} for one, day in sorted(ids.items())]
    unsigned = {"kind": "kith-revocations/1", "issuer": did_of(public_of(seed)), "name": issuer, "revoked": revoked}
    return signed(unsigned, seed, at)


def revoked_in(listed: Any, known: Mapping[bytes, Any]) -> dict[str, str]:
    """Return id -> day of a list that one of the known keys signed. Raises `NotGenuine` for any other list."""
    if verified(listed) not in known or listed.get("kind") != "kith-revocations/1":
        raise NotGenuine("the list of what was revoked is not signed by a key that is known here")
    return {str(one["id"]).removeprefix("urn:uuid:"): str(one["revoked"]) for one in listed["revoked"]}
