"""What coordinators do with applications: look, score, ask back, invite to talk, decide."""

from __future__ import annotations

import storage.application
import storage.member
import storage.programme
from bot import joining
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Replace, Reply, Show
from bot.chat.spec import Audience
from bot.chat.text import Mention
from bot.chat.views import Block, View
from bot.context import Context
from bot.errors import UserError
from bot.features.application import notices, rules
from bot.features.application import reviewing_views as views
from bot.permission import permit
from bot.programme.stored import file_of
from bot.slots import Person, propose
from bot.zones import usable
from storage.application import (
    ASKED,
    DECLINED,
    TALK,
    WAITING,
    WAITLISTED,
    Application,
    ApplicationReview,
)
from storage.member import Member
from storage.programme import Programme

# -- looking -----------------------------------------------------------------------------------------------------------


async def listed(ctx: Context, programme: Programme, which: str | None) -> Reply:
    """Show who waits, or another shelf, with how each was scored."""
    shelf = which or "waiting"
    here = ctx.community.id
    rows = await storage.application.queue(ctx.db, here, programme.id, rules.STATUSES[shelf], rules.SHOWN)
    counts = await storage.application.counts(ctx.db, here, programme.id)
    people = await storage.member.by_ids(ctx.db, here, {one.member_id for one in rows})
    reviews = await storage.application.reviews(ctx.db, here, [one.id for one in rows])
    most = _most(programme)
    lines = [views.Line(one, people[one.member_id].shown, rules.overall(reviews.get(one.id, []), most)) for one in rows]
    return Show(views.listed(ctx.say, shelf, file_of(programme).texts(ctx.say.language)["name"], counts, lines))


async def _mine(ctx: Context) -> list[Programme]:
    """Return the open programmes that the actor coordinates."""
    rows = await storage.programme.open_ones(ctx.db, ctx.community.id)
    return [row for row in rows if await ctx.may(Audience.COORDINATOR, row)]


def _most(programme: Programme) -> dict[str, int]:
    review = file_of(programme).review
    return {one.key: one.most for one in review.criteria} if review else {}


async def open_one(ctx: Context, who: Member, programme: Programme) -> Reply:
    """Show the newest application of somebody."""
    rows = await storage.application.all_of(ctx.db, ctx.community.id, who.id)
    row = next((one for one in rows if one.programme_id == programme.id), None)
    if row is None:
        raise UserError("application.none", who=Mention(who.id))
    return Show(await shown(ctx, row))


async def pick(ctx: Context) -> Reply:
    """Show the application that was chosen from the list."""
    row = await ctx.find(Application, ctx.arg)
    await permit(ctx, Audience.COORDINATOR, await notices.programme_of(ctx, row))
    return Show(await shown(ctx, row))


async def read(ctx: Context, row: Application) -> Reply:
    """Show an application by its button."""
    return Show(await shown(ctx, row))


async def following(ctx: Context, row: Application) -> Reply:
    """Show the next one that waits, in place of this one."""
    following = await storage.application.next_after(ctx.db, ctx.community.id, row.id)
    return Replace(views.nothing_waits(ctx.say) if following is None else await shown(ctx, following))


async def shown(ctx: Context, row: Application, *, changed: bool = False) -> View:
    """Return an application as reviewers read it; `changed` says that it is not what they had before them."""
    programme = await notices.programme_of(ctx, row)
    member = await storage.member.by_id(ctx.db, ctx.community.id, row.member_id)
    assert member is not None
    file = file_of(programme)
    picked = {str(row.answers[one.key]) for one in file.application if one.kind == "member" and one.key in row.answers}
    return views.application(
        ctx.say, row, file, member, people=picked, changed=changed,
        reviews=(await storage.application.reviews(ctx.db, ctx.community.id, [row.id])).get(row.id, []),
        said=await storage.application.words(ctx.db, ctx.community.id, row.id),
        ahead=await storage.application.ahead(ctx.db, ctx.community.id, row.id), decides=rules.can_decide(row),
    )  # fmt: skip


# -- deciding ----------------------------------------------------------------------------------------------------------


async def approve(ctx: Context, row: Application) -> Reply:
    """Give the applicant their roles, or the next place when the cohort is full."""
    if stale := await _stale(ctx, row):
        return stale
    member = await _applicant(ctx, row)
    programme = await notices.programme_of(ctx, row)
    _decided(ctx, row)
    await joining.admit(ctx, row, programme, member)
    ctx.audit(f"application.{row.status}", row.id)
    await notices.decided(ctx, row, programme, member)
    return Replace(views.done(ctx.say, row, member.id))


async def waitlist(ctx: Context, row: Application) -> Reply:
    """Put the applicant on the waiting list: for the next place that comes free, or for another decision of yours."""
    if stale := await _stale(ctx, row):
        return stale
    member, programme = await _applicant(ctx, row), await notices.programme_of(ctx, row)
    _decided(ctx, row)
    row.status, row.remind_at = WAITLISTED, None
    row.cleared = await joining.is_full(ctx, programme, row.cohort_id, row.kinds, member.id)
    await ctx.db.flush()
    ctx.audit("application.waitlisted", row.id)
    await notices.decided(ctx, row, programme, member)
    return Replace(views.done(ctx.say, row, member.id))


async def decline(ctx: Context, row: Application) -> Reply:
    """Ask for a word to the applicant, which may stay empty."""
    _undecided(row)
    return Ask(await decline_form(ctx))


async def decline_form(ctx: Context) -> Form:
    """Build the form."""
    return views.decline_form(ctx.say, ctx.the(Application).id)


async def declined(ctx: Context, answers: Answers) -> Reply:
    """Decline, in the programme's words and those of the coordinator."""
    row = ctx.the(Application)
    _undecided(row)
    member = await _applicant(ctx, row)
    _decided(ctx, row)
    row.status, row.remind_at, row.cleared = DECLINED, None, False
    await ctx.db.flush()
    ctx.audit("application.declined", row.id)
    await notices.decided(ctx, row, await notices.programme_of(ctx, row), member, word=answers["word"])
    return Show(views.done(ctx.say, row, member.id))


def _decided(ctx: Context, row: Application) -> None:
    row.decided_by, row.decided_at, row.version = ctx.member.id, ctx.now, row.version + 1
    ctx.db.add(row)


def _undecided(row: Application) -> None:
    if row.status == DECLINED or not rules.can_decide(row):
        raise UserError("application.decided")


async def _stale(ctx: Context, row: Application) -> Reply | None:
    """Return the application as it is now where it is not what the reviewer had read, or was decided."""
    if ctx.arg == str(row.version) and rules.can_decide(row):
        return None
    return Replace(await shown(ctx, row, changed=True))


async def _applicant(ctx: Context, row: Application) -> Member:
    member = await storage.member.by_id(ctx.db, ctx.community.id, row.member_id)
    if member is None or member.left_at is not None:
        raise UserError("application.gone", who=Mention(row.member_id))
    return member


# -- asking back, talking, scoring -------------------------------------------------------------------------------------


async def ask(ctx: Context, row: Application) -> Reply:
    """Open the form for a question to the applicant."""
    _undecided(row)
    return Ask(await ask_form(ctx))


async def ask_form(ctx: Context) -> Form:
    """Build the form."""
    return views.ask_form(ctx.say, ctx.the(Application).id)


async def asked(ctx: Context, answers: Answers) -> Reply:
    """Send the question; the application waits for its answer."""
    row = ctx.the(Application)
    _undecided(row)
    member = await _applicant(ctx, row)
    word = notices.word(ctx, row, answers["question"])
    programme = await notices.programme_of(ctx, row)
    await notices.touch(ctx, row, programme, ASKED)
    await ctx.outbox.note(
        member, "application.asked", key=f"application.asked:{word.id}", application=row.id, question=word.text,
        **notices.named(programme),
    )  # fmt: skip
    return Show(views.sent(ctx.say, member.id))


async def talk(ctx: Context, row: Application) -> Reply:
    """Propose three times to talk, from both people's hours."""
    if stale := await _stale(ctx, row):
        return stale
    _undecided(row)
    member = await _applicant(ctx, row)
    people = [
        Person(usable(one.zone, ctx.community.zone), one.availability) for one in (member, ctx.member)
    ]  # fmt: skip
    times = propose(people, ctx.now, count=rules.SLOTS, minutes=rules.TALK_MINUTES)
    if not times:
        raise UserError("application.no_times")
    row.slots, row.talk_at, row.talk_with = [one.isoformat() for one in times], None, ctx.member.id
    programme = await notices.programme_of(ctx, row)
    await notices.touch(ctx, row, programme, TALK)
    await ctx.outbox.note(
        member, "application.talk", key=f"application.talk:{row.id}:{row.version}", application=row.id,
        slots=row.slots, who=ctx.member.id, **notices.named(programme),
    )  # fmt: skip
    return Replace(views.invited(ctx.say, member.id, times))


async def score(ctx: Context, _row: Application) -> Reply:
    """Open the rubric."""
    return Ask(await score_form(ctx))


async def score_form(ctx: Context) -> Form:
    """Build the rubric with what this reviewer gave before."""
    row = ctx.the(Application)
    mine = await _review(ctx, row)
    file = file_of(await notices.programme_of(ctx, row))
    return views.score_form(ctx.say, row.id, file, mine, talked=row.status == TALK)


async def scored(ctx: Context, answers: Answers) -> Reply:
    """Keep what this reviewer thinks, beside what the others do."""
    row = ctx.the(Application)
    mine = await _review(ctx, row) or ApplicationReview(
        id=ctx.ids.new(), community_id=ctx.community.id, application_id=row.id, reviewer_id=ctx.member.id,
        updated_at=ctx.now,
    )  # fmt: skip
    programme = await notices.programme_of(ctx, row)
    given = {key: answers.get(f"c_{key}") for key in _most(programme)}
    mine.scores = {key: score for key, score in given.items() if score is not None}
    mine.note, mine.updated_at = answers["note"], ctx.now
    ctx.db.add(mine)
    if row.status == WAITING and row.remind_at is not None:
        row.remind_at = ctx.now + notices.remind_after(programme)
        ctx.db.add(row)
    await ctx.db.flush()
    return Show(await shown(ctx, row))


async def _review(ctx: Context, row: Application) -> ApplicationReview | None:
    reviews = (await storage.application.reviews(ctx.db, ctx.community.id, [row.id])).get(row.id, [])
    return next((one for one in reviews if one.reviewer_id == ctx.member.id), None)


async def desk(ctx: Context) -> tuple[Block, ...]:
    """Show on a coordinator's page how many applications wait for them."""
    found = []
    for programme in await _mine(ctx):
        if file_of(programme).review is not None:
            counts = await storage.application.counts(ctx.db, ctx.community.id, programme.id)
            if counts.get(WAITING):
                found.append((file_of(programme).texts(ctx.say.language)["name"], counts[WAITING]))
    return views.desk(ctx.say, found)
