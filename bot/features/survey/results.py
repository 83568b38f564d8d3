"""What is kept of answers, and when what is shown of them may change."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

import storage.member
import storage.pair
import storage.programme
import storage.survey
from bot.context import Work
from bot.features.survey import rules
from bot.features.survey.rules import Question
from bot.suppression import K, shown
from storage.survey import ANONYMOUS, CLOSED, NAMED, Scorecard, Survey, SurveyBallot, SurveyReply, SurveyVolunteer


async def keep(
    work: Work, row: Survey, ballot: SurveyBallot, member_id: str, given: dict[str, str | list[str]]
) -> None:
    """Keep an answer as its mode allows, and use the ballot up. `given` is question -> value, values or words."""
    questions = {one.key: one for one in rules.questions_of(row.questions)}
    if any(questions[key].kind == "consent" and value == "yes" for key, value in given.items()):
        work.db.add(SurveyVolunteer(survey_id=row.id, member_id=member_id, community_id=work.community.id))
    said = {key: value for key, value in given.items() if questions[key].kind != "consent" and value}
    if row.mode == NAMED:
        reply = await storage.survey.reply_of(work.db, work.community.id, row.id, member_id)
        reply = reply or SurveyReply(
            id=work.ids.new(), community_id=work.community.id, survey_id=row.id, member_id=member_id, answers=""
        )
        reply.answers = json.dumps(said, ensure_ascii=False)
        work.db.add(reply)
    else:
        await _count(work, row, questions, said)
    if not ballot.used:
        row.answers += 1
        work.db.add(row)
    if row.mode == ANONYMOUS:
        await work.db.delete(ballot)
    else:
        ballot.used = True
        work.db.add(ballot)
    await work.db.flush()


async def _count(work: Work, row: Survey, questions: dict[str, Question], said: dict[str, str | list[str]]) -> None:
    closed = {
        key: [value] if isinstance(value, str) else value
        for key, value in said.items()
        if questions[key].kind in rules.CLOSED_KINDS
    }
    words = {key: str(value) for key, value in said.items() if questions[key].kind == "text"}
    await storage.survey.count(work.db, work.community.id, row.id, closed)
    await storage.survey.add_words(work.db, work.community.id, row.id, words)


async def refresh(work: Work, row: Survey) -> None:
    """Make the results anew, if enough answers have come since the last time; otherwise they stay as they were."""
    if not rules.may_refresh(row.answers, int(row.shown.get("answers", 0))):
        return
    words = await storage.survey.words(work.db, work.community.id, row.id)
    seen: list[str] = []
    for question in {one.question for one in words}:
        ids = [one.id for one in words if one.question == question]
        seen += rules.words_shown(ids, row.shown.get("words", []))
    counts = await storage.survey.counts(work.db, work.community.id, row.id)
    row.shown = {"answers": row.answers, "counts": counts, "words": sorted(seen)}
    work.db.add(row)


async def close(work: Work, row: Survey) -> None:
    """End a survey: no more answers, nothing left that says who gave one, scorecards after an end survey."""
    row.status, row.next_at, row.closes_at = CLOSED, work.now + rules.KEPT, work.now
    if row.mode != NAMED:
        await refresh(work, row)
        await storage.survey.drop_ballots(work.db, work.community.id, row.id)
    work.db.add(row)
    await work.db.flush()
    if row.template == "end":
        await _write_scorecards(work, row)
    await work.happened("survey.closed", row)


async def _write_scorecards(work: Work, row: Survey) -> None:
    """For each mentor with enough ratings of their sessions: numbers alone, to them first."""
    if row.programme_id is None:
        return
    here = work.community.id
    for role in await storage.programme.roles_in(work.db, here, row.programme_id, ("mentor",)):
        pairs = [pair.id for pair in await storage.pair.all_of(work.db, here, role.member_id)]
        given = await storage.survey.ratings_in_pairs(work.db, here, pairs)
        numbers = scored([one.value or 0 for one in given if one.member_id != role.member_id])
        mentor = await storage.member.by_id(work.db, here, role.member_id)
        if numbers is None or mentor is None or mentor.left_at is not None:
            continue
        card = Scorecard(
            id=work.ids.new(), community_id=here, survey_id=row.id, member_id=mentor.id, numbers=numbers,
            seen_from=work.now + rules.MENTOR_FIRST,
        )  # fmt: skip
        work.db.add(card)
        await work.db.flush()
        await work.outbox.note(mentor, "survey.scorecard", key=f"survey.scorecard:{card.id}", card=card.id)


def scored(values: Sequence[int]) -> dict[str, int | None] | None:
    """Return value -> count as it may be shown; None when there are too few, or all of it would be hidden."""
    counts = {str(value): values.count(value) for value in range(1, 6)}
    seen = shown(counts)
    return None if len(values) < K else seen


def by_lot(left: Sequence[SurveyVolunteer], number: int, seed: int) -> list[SurveyVolunteer]:
    """Draw so many of those who are willing."""
    return random.Random(seed).sample(list(left), max(0, min(number, len(left))))  # noqa: S311 - a lot, no secret
