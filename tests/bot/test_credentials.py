"""A signed credential is what its issuer signed, to the byte, in the form that others read."""

import copy
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import base58
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from bot import credentials
from bot.credentials import Award, NotGenuine

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
AWARD = Award(
    id="0b6cf7c6-5d1e-8c1c-8d2f-0123456789ab", name="Ana María “Ñandú” López", programme="First steps",
    about="Somebody meets you every week.", issuer="Open Source Porto", minutes=750, sessions=14,
    at=datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
)  # fmt: skip
PUBLIC = credentials.public_of(SEED)
SIGNED = credentials.signed(credentials.document(AWARD, PUBLIC), SEED, AWARD.at)

# Test vector of W3C "Data Integrity EdDSA Cryptosuites v1.0", appendix B.2 (eddsa-jcs-2022).
VECTOR_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
VECTOR_PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
VECTOR_PROOF = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
VECTOR: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}


def test_the_signature_is_the_one_that_the_standard_gives():
    """The key, document and moment of the W3C's test vector give its proof value, and it verifies."""
    seed = base58.b58decode(VECTOR_SECRET[1:])[2:]
    method = f"did:key:{VECTOR_PUBLIC}#{VECTOR_PUBLIC}"
    made = credentials.proven(VECTOR, seed, method, "2023-02-24T23:36:38Z")
    assert VECTOR_PROOF == made["proof"][0]["proofValue"]
    assert f"did:key:{VECTOR_PUBLIC}" == credentials.did_of(credentials.verified(made))
    assert credentials.verified(made | {"proof": made["proof"][0]})


def test_what_was_signed_is_read_again():
    """A credential verifies, names the key that signed it, and says what it said, however its JSON is written."""
    again = json.loads(json.dumps(dict(reversed(SIGNED.items())), indent=3))
    assert PUBLIC == credentials.verified(again)
    assert AWARD == credentials.award_of(again)


def test_no_byte_can_be_changed():
    """Whichever character of the document is another one, it is not genuine, or the same document."""
    whole = json.dumps(SIGNED, ensure_ascii=False)
    for place in range(0, len(whole), 3):
        letter = "x" if whole[place] != "x" else "y"
        changed = whole[:place] + letter + whole[place + 1 :]
        try:
            document = json.loads(changed)
        except ValueError:
            continue
        assert document != SIGNED
        with pytest.raises(NotGenuine):
            credentials.verified(document)


@pytest.mark.parametrize(
    "broken",
    [
        None, [], {}, {"proof": None}, {"proof": []}, {"proof": [1]},
        {"proof": SIGNED["proof"] * 2},
        SIGNED | {"proof": [SIGNED["proof"][0] | {"cryptosuite": "eddsa-rdfc-2022"}]},
        SIGNED | {"proof": [SIGNED["proof"][0] | {"proofPurpose": "authentication"}]},
        SIGNED | {"proof": [SIGNED["proof"][0] | {"proofValue": "z"}]},
        SIGNED | {"proof": [SIGNED["proof"][0] | {"proofValue": "0OIl"}]},
        SIGNED | {"proof": [SIGNED["proof"][0] | {"verificationMethod": "https://example.org/key"}]},
        SIGNED | {"proof": [SIGNED["proof"][0] | {"@context": ["https://example.org"]}]},
        SIGNED | {"name": 2**60},
        SIGNED | {"name": "\ud800"},
    ],
)  # fmt: skip
def test_what_is_no_credential_is_told_as_such(broken: Any):
    """Whatever comes in, the answer is a sentence, never a crash."""
    with pytest.raises(NotGenuine) as no:
        credentials.verified(broken)
    assert str(no.value)


def test_somebody_else_cannot_sign_for_an_issuer():
    """A document that names one key as its issuer and is signed by another is not genuine."""
    forged = credentials.signed(credentials.document(AWARD, PUBLIC), OTHER, AWARD.at)
    with pytest.raises(NotGenuine, match="another"):
        credentials.verified(forged)


def test_another_kind_of_credential_is_no_certificate():
    """A genuine credential of somebody else's says nothing that we read."""
    for other in (VECTOR, SIGNED | {"credentialSubject": {}}, {}):
        with pytest.raises(NotGenuine):
            credentials.award_of(other)


def test_the_word_of_the_code_says_the_same():
    """The compact form verifies against the keys that are known, and with no letter changed."""
    word = credentials.compact(AWARD, SEED)
    assert 450 > len(word), "it has to fit a code that a phone reads from paper"
    award, public = credentials.read_compact(f" {word}\n", {credentials.public_of(OTHER): "", PUBLIC: ""})
    assert (AWARD.id, AWARD.name, AWARD.minutes, AWARD.at, PUBLIC) == (
        award.id, award.name, award.minutes, award.at, public,
    )  # fmt: skip
    with pytest.raises(NotGenuine, match="not known"):
        credentials.read_compact(word, {credentials.public_of(OTHER): ""})
    for place in range(0, len(word) - 1, 5):
        letter = "A" if word[place] != "A" else "B"
        with pytest.raises(NotGenuine):
            credentials.read_compact(word[:place] + letter + word[place + 1 :], {PUBLIC: ""})


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_any_text_is_read_without_a_crash(typed: str):
    """What a scanner made of something else is told as no code of ours."""
    for word in (typed, f"KITH1.{typed}", f"KITH1.{typed}.{typed}"):
        with pytest.raises(NotGenuine):
            credentials.read_compact(word, {PUBLIC: ""})


def test_a_list_of_what_was_revoked_counts_by_its_signature():
    """It is read when a known key signed it, and refused when anything in it was changed."""
    listed = credentials.revocations("Porto", {AWARD.id: "2026-04-01"}, SEED, AWARD.at)
    assert {AWARD.id: "2026-04-01"} == credentials.revoked_in(listed, {PUBLIC: ""})
    changed = copy.deepcopy(listed)
    changed["revoked"][0]["revoked"] = "2027-04-01"
    for wrong, known in ((changed, PUBLIC), (listed, credentials.public_of(OTHER)), (SIGNED, PUBLIC)):
        with pytest.raises(NotGenuine):
            credentials.revoked_in(wrong, {known: ""})


@given(
    name=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80),
    minutes=st.integers(1, 10**6), sessions=st.integers(1, 10**4),
)  # fmt: skip
@settings(max_examples=50)
def test_any_name_and_number_comes_through(name: str, minutes: int, sessions: int):
    """Names in any script and hours of any size are signed and read as they were."""
    award = Award("id", name, "P", "about", "I", minutes, sessions, AWARD.at)
    document = json.loads(json.dumps(credentials.signed(credentials.document(award, PUBLIC), SEED, award.at)))
    credentials.verified(document)
    read = credentials.award_of(document)
    assert (name, sessions) == (read.name, read.sessions)
    assert 1 > abs(minutes - read.minutes)
    assert name == credentials.read_compact(credentials.compact(award, SEED), {PUBLIC: ""})[0].name


GIVEN = os.environ.get("KITH_OPENBADGES")
"""A folder with schema.json (Open Badges 3.0, AchievementCredential), context-3.0.3.json and credentials-v2.json."""


@pytest.mark.skipif(not GIVEN, reason="KITH_OPENBADGES names no folder with the schema and contexts of Open Badges 3.0")
def test_it_is_an_open_badge():
    """The schema takes it, and the contexts know every word in it: nothing is lost when it is read as linked data."""
    folder = Path(GIVEN or "")
    schema = json.loads((folder / "schema.json").read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
    assert [] == [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(SIGNED)]
    assert [] != list(validator.iter_errors({name: part for name, part in SIGNED.items() if name != "validFrom"}))
    files = {credentials.CONTEXTS[0]: "credentials-v2.json", credentials.CONTEXTS[1]: "context-3.0.3.json"}

    def load(url: str, _: Any = None) -> dict[str, Any]:
        document = json.loads((folder / files[url]).read_text("utf-8"))
        return {"contextUrl": None, "documentUrl": url, "document": document}

    options = {"documentLoader": load}
    back = jsonld.compact(jsonld.expand(SIGNED, options), SIGNED["@context"], options)
    assert _words(SIGNED) == _words(back)


def _words(value: Any, path: str = "") -> set[str]:
    """Return the path of every word in a document, but for contexts."""
    if isinstance(value, list):
        return {word for one in value for word in _words(one, path)}
    if not isinstance(value, dict):
        return set()
    named = {name: part for name, part in value.items() if name != "@context"}
    return {word for name, part in named.items() for word in {f"{path}/{name}", *_words(part, f"{path}/{name}")}}
