"""What one section of a programme file says against another."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from bot.programme.problems import Problem, nearest
from bot.programme.sections import Rounds
from bot.programme.values import RoleName

_ROLES_OF: Mapping[str, tuple[RoleName, ...]] = {
    "mentoring": ("mentor", "mentee"),
    "peers": ("peer",),
    "circles": ("peer",),
    "help": ("mentor", "mentee"),
}


def contradictions(values: Mapping[str, Any]) -> Iterator[Problem]:
    """What one section says against another. It reads raw values, so that a mistake elsewhere does not hide it."""
    for section in ("goals", "checkins", "milestones"):
        keys = [str(table.get("key")) for table in _tables(values, section) if "key" in table]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield Problem(f"The key “{key}” is used twice.", "Give each its own.", section)
    yield from _foreign_roles(values)
    yield from _weeks_too_late(values)
    yield from _trial_too_long(values)
    known = _known_texts(values)
    for code, texts in _table(values, "texts").items():
        for key in dict(flattened(texts)) if isinstance(texts, dict) else ():
            if key not in known:
                yield Problem("The programme has no such text.", nearest(key, known), f"texts.{code}.{key}")


def _foreign_roles(values: Mapping[str, Any]) -> Iterator[Problem]:
    kind = str(values.get("kind"))
    allowed = _ROLES_OF.get(kind, ())
    for name in _table(values, "roles"):
        if allowed and name in get_args(RoleName) and name not in allowed:
            what = f"A programme of kind “{kind}” has no {name}s."
            yield Problem(what, f"Use {' and '.join(allowed)}.", f"roles.{name}")


def _weeks_too_late(values: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        last = Rounds.model_validate(_table(values, "rounds")).weeks
    except ValidationError:
        return
    for place, checkin in enumerate(_tables(values, "checkins"), 1):
        weeks = checkin.get("weeks")
        late = [week for week in weeks if isinstance(week, int) and week > last] if isinstance(weeks, list) else []
        if checkin.get("when") == "middle" and last == 1:
            cure = 'Write when = "end", or make rounds.length_weeks longer.'
            yield Problem("A round of one week has no middle.", cure, f"checkins[{place}].when")
        if late:
            cure = f"Use weeks 1 to {last}, or make rounds.length_weeks longer."
            yield Problem(f"A round has no week {late[0]}.", cure, f"checkins[{place}].weeks")


def _trial_too_long(values: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        last, trial = Rounds.model_validate(_table(values, "rounds")).weeks, _table(values, "pairs").get("trial_weeks")
    except ValidationError:
        return
    if isinstance(trial, int) and trial >= last:
        what = f"A trial of {trial} weeks leaves nothing of a round of {last}."
        cure = f"Use at most {last - 1}, or make rounds.length_weeks longer." if last > 1 else "Leave trial_weeks out."
        yield Problem(what, cure, "pairs.trial_weeks")


def _known_texts(values: Mapping[str, Any]) -> list[str]:
    keyed = [f"{section}.{table.get('key')}" for section in ("goals", "checkins") for table in _tables(values, section)]
    roles = [
        f"roles.{name}"
        for name, role in _table(values, "roles").items()
        if isinstance(role, dict) and "summary" in role
    ]
    labels = [
        f"answers.{table.get('key')}.{place}"
        for table in _tables(values, "checkins")
        if isinstance(table.get("answers"), list | tuple)
        for place in range(1, len(table["answers"]) + 1)
    ]
    praised = [
        f"{section}.{table.get('key')}"
        for table in _tables(values, "milestones")
        for section, word in (("milestones", "text"), ("badges", "badge"))
        if word in table
    ]
    return ["name", "summary", *keyed, *labels, *roles, *praised]


def _table(values: Mapping[str, Any], section: str) -> dict[str, Any]:
    table = values.get(section)
    return table if isinstance(table, dict) else {}


def _tables(values: Mapping[str, Any], section: str) -> list[dict[str, Any]]:
    tables = values.get(section)
    return [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []


def flattened(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
