"""What counts towards a milestone, when it happens: congratulated in private, once."""

from __future__ import annotations

from typing import Any

import storage.goal
import storage.member
import storage.milestone
import storage.pair
import storage.programme
import storage.session
import storage.training
from bot.context import Work
from bot.features.milestone import rules
from bot.programme.sections import Milestone as Rule
from bot.programme.stored import file_of
from bot.zones import usable
from storage.goal import OURS, Goal
from storage.kudos import Kudos
from storage.member import Member
from storage.milestone import Anniversary, Milestone
from storage.programme import Cohort, Programme
from storage.request import Request
from storage.session import Session
from storage.training import TrainingProgress


async def session_confirmed(work: Work, session: Session) -> None:
    """A session counts for everybody who is in the pair."""
    seats = (await storage.pair.seats(work.db, work.community.id, [session.pair_id]))[session.pair_id]
    for seat in seats:
        await _count(work, seat.member_id, "session")


async def goal_reached(work: Work, goal: Goal) -> None:
    """A goal counts for its owner; one of a pair for everybody in it."""
    members = {goal.member_id}
    if goal.sight == OURS and goal.pair_id:
        seats = (await storage.pair.seats(work.db, work.community.id, [goal.pair_id]))[goal.pair_id]
        members |= {seat.member_id for seat in seats}
    for member_id in sorted(members):
        await _count(work, member_id, "goal")


async def request_solved(work: Work, request: Request) -> None:
    """A question that was solved counts for who answered it."""
    if request.mentor_id is not None:
        await _count(work, request.mentor_id, "answer")


async def kudos_given(work: Work, kudos: Kudos) -> None:
    """Thanks count for who gives them, by how many different people they thanked."""
    await _count(work, kudos.giver_id, "thanks")


async def cohort_finished(work: Work, cohort: Cohort) -> None:
    """A cohort that has come to its end counts for everybody who is in it."""
    for member_id in await storage.programme.finished_in(work.db, work.community.id, cohort.id):
        await _count(work, member_id, "cohort")


async def training_passed(work: Work, progress: TrainingProgress) -> None:
    """A module counts for who passed it."""
    await _count(work, progress.member_id, "training")


async def joined(work: Work, member: Member) -> None:
    """Know when it is a year since somebody joined."""
    if await storage.milestone.anniversary(work.db, work.community.id, member.id) is None:
        zone = usable(member.zone, work.community.zone)
        due = rules.next_anniversary(member.opted_in_at or work.now, work.now, zone)
        work.db.add(Anniversary(member_id=member.id, community_id=work.community.id, due_at=due))


async def anniversary(work: Work, member_id: str) -> None:
    """It is a year again, or was while nothing ran: then nothing is said. Who left has no more of them."""
    here = work.community.id
    row = await storage.milestone.anniversary(work.db, here, member_id)
    member = await storage.member.by_id(work.db, here, member_id)
    if row is None or row.due_at > work.now:
        return
    if member is None or member.left_at is not None or member.opted_in_at is None:
        await work.db.delete(row)
        return
    zone = usable(member.zone, work.community.zone)
    told = work.now - row.due_at <= rules.LATE
    row.due_at = rules.next_anniversary(member.opted_in_at, work.now, zone)
    work.db.add(row)
    years = rules.years_between(member.opted_in_at, work.now, zone)
    if told and years:
        await _reach(work, member, "anniversary", years, only=years)


async def left(work: Work, member: Member) -> None:
    """Who left has no anniversaries."""
    row = await storage.milestone.anniversary(work.db, work.community.id, member.id)
    if row is not None:
        await work.db.delete(row)


async def counts_of(work: Work, member: Member) -> dict[str, int]:
    """Return what is counted -> how far a member is."""
    here = work.community.id
    zone = usable(member.zone, work.community.zone)
    return {
        "session": await storage.session.count_of_member(work.db, here, member.id),
        "goal": await storage.milestone.goals_reached(work.db, here, member.id),
        "answer": await storage.milestone.questions_solved(work.db, here, member.id),
        "thanks": await storage.milestone.people_thanked(work.db, here, member.id),
        "training": await storage.training.passed_count(work.db, here, member.id),
        "cohort": await storage.programme.cohorts_finished(work.db, here, member.id),
        "anniversary": rules.years_between(member.opted_in_at, work.now, zone) if member.opted_in_at else 0,
    }


async def programmes_of(work: Work, member_id: str) -> list[Programme]:
    """Return the open programmes that a member takes part in and that have milestones, in the order they joined."""
    joined = await storage.programme.joined_by(work.db, work.community.id, member_id)
    return [programme for programme in joined if file_of(programme).milestones]


async def _count(work: Work, member_id: str, kind: str) -> None:
    programmes = await programmes_of(work, member_id)
    if not any(rule.on == kind for programme in programmes for rule in file_of(programme).milestones):
        return
    member = await storage.member.by_id(work.db, work.community.id, member_id)
    if member is None or member.left_at is not None:
        return
    await work.db.flush()
    await _reach(work, member, kind, (await counts_of(work, member))[kind])


async def _reach(work: Work, member: Member, kind: str, count: int, *, only: int | None = None) -> None:
    """Write down what a count reaches, and congratulate on the highest of each rule that is new.

    `only` leaves what lies below it unsaid and unwritten: years that passed before there was such a rule.
    """
    for programme in await programmes_of(work, member.id):
        found = rules.reached(file_of(programme).milestones, kind, count)
        fresh: list[tuple[Rule, int]] = []
        rows: dict[tuple[str, int], str] = {}
        for rule, at in found:
            row = Milestone(
                id=work.ids.new(), community_id=work.community.id, programme_id=programme.id, member_id=member.id,
                key=rule.key, kind=kind, count=at, reached_at=work.now,
            )  # fmt: skip
            if (only is None or at == only) and await storage.milestone.keep(work.db, row):
                fresh.append((rule, at))
                rows[rule.key, at] = row.id
        for key, at in rules.newest(fresh).items():
            rule = next(one for one, _ in fresh if one.key == key)
            await _congratulate(work, member, programme, rule, at, rows[key, at])


async def _congratulate(
    work: Work, member: Member, programme: Programme, rule: Rule, count: int, milestone_id: str
) -> None:
    told = words_of(programme, rule, count)
    await work.outbox.note(
        member, "milestone.reached", key=f"milestone:{member.id}:{rule.key}:{count}", milestone=milestone_id,
        asks=bool(work.setting("milestone.channel")), day=work.now.isoformat(), **told,
    )  # fmt: skip


def words_of(programme: Programme, rule: Rule, count: int) -> dict[str, Any]:
    """Return what a message about a milestone says, in every language of the programme's file."""
    file = file_of(programme)
    every = {language: file.texts(language) for language in {file.language, *file.translations}}
    return {
        "kind": rule.on, "count": count, "level": rules.level_of(rule, count) if rule.badge else 0,
        "levels": len(rule.at) if rule.badge else 0, "language": file.language,
        "texts": {
            language: {
                "programme": texts["name"], "badge": texts.get(f"badges.{rule.key}", ""),
                "text": texts.get(f"milestones.{rule.key}", ""),
            }
            for language, texts in every.items()
        },
    }  # fmt: skip
