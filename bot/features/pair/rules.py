"""From rows to a matching request, and what a result means. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from bot.availability import hours_in_utc, parse
from bot.matching import Group, Person, Request, Result
from bot.programme_file import ProgrammeFile
from storage.member import Member
from storage.programme import Role


def people(
    members: Mapping[str, Member], roles: Sequence[Role], spaces: Mapping[str, Iterable[str]], zone: str, monday: date
) -> tuple[Person, ...]:
    """Return who can be matched in the week that begins on `monday`, in the order of their ids.

    `spaces` is member id -> space ids. A member who is mentor and mentee is one person who may be either. Who is
    paused, left, or never opted in is not among `members`.
    """
    kinds: dict[str, dict[str, Role]] = {}
    for role in roles:
        if role.member_id in members:
            kinds.setdefault(role.member_id, {})[role.kind] = role
    return tuple(
        _person(members[member_id], held, frozenset(spaces.get(member_id, ())), zone, monday)
        for member_id, held in sorted(kinds.items())
    )


def _person(member: Member, held: Mapping[str, Role], spaces: frozenset[str], zone: str, monday: date) -> Person:
    local = member.zone or zone
    kind = "both" if {"mentor", "mentee"} <= held.keys() else next(iter(held))
    return Person(
        id=member.id,
        role=kind,  # type: ignore[arg-type]  # role rows hold only these kinds
        zone=local,
        languages=tuple(member.languages),
        offers=tuple(member.offers),
        wants=tuple(member.wants),
        interests=tuple(member.interests),
        hours=hours_in_utc(parse(member.availability), local, monday) if member.availability else frozenset(range(168)),
        level=member.level,
        group=member.grouping,
        goals=tuple(member.goals),
        capacity=held["mentor"].capacity if "mentor" in held else 1,
        avoid=frozenset(member.avoid),
        waited=max(role.waited for role in held.values()),
        spaces=spaces,
    )  # fmt: skip


def request(
    file: ProgrammeFile, persons: tuple[Person, ...], history: Iterable[tuple[int, str, str]], *, seed: int, number: int
) -> Request | None:
    """Return the request for round `number`, or None for a programme without rounds.

    `history` is (round number, pair id, member id).
    """
    if file.mode is None:
        return None
    past: dict[tuple[int, str], set[str]] = {}
    for when, pair, member in history:
        past.setdefault((when, pair), set()).add(member)
    groups = tuple((when, frozenset(ids)) for (when, _), ids in sorted(past.items(), key=lambda item: item[0]))
    return Request(mode=file.mode, people=persons, rules=file.rules(), history=groups, seed=seed, round_index=number)


def role_in(group: Group, member_id: str, mode: str) -> str:
    """Return what a member is in a group: the mentor stands first in mentor mode."""
    if mode != "mentor":
        return "peer"
    return "mentor" if group.members[0] == member_id else "mentee"


def stored(result: Result) -> dict[str, Any]:
    """Return what a round keeps of its result, as JSON values; the pairs themselves are rows."""
    return {
        "total": round(result.total, 6),
        "bound": result.bound,
        "groups": len(result.groups),
        "unmatched": [[one.person, [reason.code for reason in one.reasons]] for one in result.unmatched],
    }


def reasons(group: Group) -> list[dict[str, Any]]:
    """Return a group's reasons as JSON values."""
    return [{"code": reason.code, "params": _json(asdict(reason)["params"])} for reason in group.reasons]


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _json(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_json(part) for part in value]
    return value


def monday_of(day: date) -> date:
    """Return the Monday of the week in which `day` lies."""
    return day - timedelta(days=day.weekday())
