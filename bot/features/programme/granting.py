"""The platform's roles and groups that go with a role in a programme: given when it begins, taken when it ends."""

from __future__ import annotations

import storage.member
import storage.programme
import storage.training
from bot.context import Work
from bot.programme.stored import file_of
from bot.training import missing
from storage.member import Member
from storage.programme import PEOPLE, Role
from storage.training import TrainingProgress

SETTINGS = {"mentor": "programme.mentor_role", "mentee": "programme.mentee_role", "peer": "programme.peer_role"}


async def passed(work: Work, progress: TrainingProgress) -> None:
    """A module more may be what was missing."""
    member = await storage.member.by_id(work.db, work.community.id, progress.member_id)
    if member is not None:
        await bring_in_line(work, member)


async def left(work: Work, role: Role) -> None:
    """Take what went with a role that nobody else of theirs needs."""
    member = await storage.member.by_id(work.db, work.community.id, role.member_id)
    if member is not None:
        await bring_in_line(work, member)


async def bring_in_line(work: Work, member: Member) -> None:
    """Give what goes with the roles that a member has now, once the training asked for is passed; take the rest."""
    wanted = {kind: work.setting(key) for kind, key in SETTINGS.items() if work.setting(key)}
    if not wanted:
        return
    held: dict[str, list[Role]] = {}
    for role in await storage.programme.roles_of(work.db, work.community.id, member.id):
        if role.kind in PEOPLE:
            held.setdefault(role.kind, []).append(role)
    done = (await storage.training.passed(work.db, work.community.id, [member.id])).get(member.id, set())
    for kind, grants in wanted.items():
        roles = held.get(kind, [])
        earns = [role for role in roles if role.status == "active" and await _is_ready(work, role, done)]
        for space, granted in grants:
            if earns:
                first = min(earns, key=lambda role: (role.since, role.id))
                key = f"grant:{granted}:{first.id}:{first.since.isoformat()}"
                await work.outbox.grant(member, space, granted, key=key, give=True)
            elif gone := [role for role in roles if role.status == "left"]:
                last = max(gone, key=lambda role: (role.since, role.id))
                key = f"revoke:{granted}:{last.id}:{last.since.isoformat()}"
                await work.outbox.grant(member, space, granted, key=key, give=False)


async def _is_ready(work: Work, role: Role, passed_modules: set[str]) -> bool:
    programme = await storage.programme.behind(work.db, work.community.id, role)
    if programme is None:
        return False
    training = file_of(programme).training
    return not (training.gate and missing(training.required, role.kind, passed_modules))
