"""What a round is asked for: from a programme's rows to a request for the matching engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import storage.application
import storage.member
import storage.programme
import storage.report
import storage.round
import storage.training
from bot.availability import hours_in_utc, parse
from bot.context import Work
from bot.matching import Person, Request, Rules
from bot.programme.file import ProgrammeFile
from bot.programme.stored import file_of
from bot.recurrence import to_wall
from bot.training import missing
from bot.zones import usable
from storage.member import Member
from storage.programme import PEOPLE, Programme, Role

FADING = 8
"""How many rounds beyond the hard rule a meeting is remembered: by then it weighs less than half a percent."""


async def next_number(work: Work, programme_id: str) -> int:
    """Return the number of the programme's next round."""
    earlier = await storage.round.of_programme(work.db, work.community.id, programme_id)
    return earlier[0].number + 1 if earlier else 1


async def rules_of(work: Work, programme: Programme) -> Rules:
    """Return the programme's rules: those of its file, with the weights that its coordinators put in their place."""
    rules = file_of(programme).rules()
    own = await storage.round.weights_of(work.db, work.community.id, programme.id)
    return replace(rules, weights={**rules.weights, **own.weights}) if own and own.weights else rules


async def gather(
    work: Work,
    programme: Programme,
    *,
    seed: int,
    number: int,
    locked: Iterable[Sequence[str]] = (),
    forbidden: Iterable[Iterable[str]] = (),
    only: Collection[str] | None = None,
) -> Request | None:
    """Gather the request for round `number` of a programme, with everybody who can take part now, or `only` these.

    Left out are those who do not take part now, are unavailable in their role or pause it, have not passed the training
    or accepted the agreement that it asks for, or sit this round out; a locked group that one of them is in goes with
    them. Whom moderators keep apart is forbidden. None for a programme without rounds.
    """
    here, file = work.community.id, file_of(programme)
    roles = [
        role
        for role in await storage.programme.roles_in(work.db, here, programme.id)
        if role.unavailable_at is None and (role.paused_until is None or role.paused_until <= work.now)
    ]
    versions = {kind: file.role(kind).agreement for kind in PEOPLE}
    if any(versions.values()):
        agreed = await storage.application.accepted(work.db, here, programme.id, {role.member_id for role in roles})
        roles = [
            role
            for role in roles
            if not (terms := versions[role.kind]) or agreed.get((role.member_id, role.kind), 0) >= terms.version
        ]
    if file.training.gate and any(file.training.required.values()):
        done = await storage.training.passed(work.db, here, {role.member_id for role in roles})
        required = file.training.required
        roles = [role for role in roles if not missing(required, role.kind, done.get(role.member_id, ()))]
    members = {
        member.id: member
        for member in (await storage.member.by_ids(work.db, here, {role.member_id for role in roles})).values()
        if member.takes_part(work.now)
    }
    for member_id in {skip.member_id for skip in await storage.round.skips(work.db, here, programme.id, number)}:
        members.pop(member_id, None)
    if only is not None:
        members = {member_id: member for member_id, member in members.items() if member_id in only}
    spaces = await storage.member.spaces_of(work.db, here, members.keys())
    monday = monday_of(to_wall(work.now, file.timezone).date())
    persons = people(members, roles, spaces, work.community.zone, monday)
    rules = await rules_of(work, programme)
    history = await storage.round.history(work.db, here, programme.id, number - rules.no_repeat_rounds - FADING)
    asked = request(file, persons, history, seed=seed, number=number)
    if asked is None:
        return None
    return replace(
        asked, rules=rules, locked=tuple(tuple(group) for group in locked if set(group) <= members.keys()),
        forbidden=(
            *(frozenset(group) for group in forbidden),
            *(frozenset((row.first_id, row.second_id)) for row in await storage.report.separations(work.db, here)),
        ),
    )  # fmt: skip


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
    local = usable(member.zone, zone)
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


def monday_of(day: date) -> date:
    """Return the Monday of the week in which `day` lies."""
    return day - timedelta(days=day.weekday())
