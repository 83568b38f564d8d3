"""Joining: the form, what it leads to, the agreement."""

from __future__ import annotations

import storage.application
import storage.programme
import storage.schedule
from bot import describing, joining
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.text import Bold
from bot.chat.views import View
from bot.context import Context
from bot.errors import UserError
from bot.features.programme import joining_views, rules, views
from bot.features.programme.handlers import agreements_left, mine
from bot.programme.conditions import unmet
from bot.programme.stored import file_of
from storage.application import AGREEING, APPROVED, DECLINED, OPEN, WAITLISTED, Accepted, Application
from storage.programme import Cohort, Programme


async def join(ctx: Context, programme: Programme) -> Reply:
    """Open the join form."""
    cohort = await joining.open_cohort(ctx, programme)
    application = await storage.application.of_member(ctx.db, ctx.community.id, cohort.id, ctx.member.id)
    if application is not None and application.status == DECLINED:
        raise UserError("programme.declined", programme=Bold(programme.name), cohort=Bold(cohort.name))
    ctx.row = programme
    return Ask(await join_form(ctx))


async def join_button(ctx: Context, programme: Programme) -> Reply:
    """Open it from a button."""
    return await join(ctx, programme)


async def join_form(ctx: Context) -> Form:
    """Build the join form from the programme, what is known of the member, and what they chose so far."""
    programme = ctx.the(Programme)
    file = file_of(programme)
    held = {role.kind for role in await mine(ctx, programme, every=True)}
    application = await _latest(ctx, programme)
    role = rules.role_of(tuple(application.kinds) if application else tuple(held))
    kinds = rules.kinds_of(ctx.values.get("role") or role, programme.kind)
    return joining_views.form(
        ctx.say, programme.id, file, ctx.member, role=role, questions=rules.asked(file.application, kinds),
        known=application.answers if application else {},
    )  # fmt: skip


async def _latest(ctx: Context, programme: Programme) -> Application | None:
    rows = await storage.application.all_of(ctx.db, ctx.community.id, ctx.member.id)
    return next((row for row in rows if row.programme_id == programme.id), None)


async def joined(ctx: Context, answers: Answers) -> Reply:
    """Take what somebody says. From here on they may be written to; what the programme asks first is asked now."""
    programme = ctx.the(Programme)
    cohort, file = await joining.open_cohort(ctx, programme), file_of(programme)
    read = rules.read(answers, kind=programme.kind, questions=file.application)
    if isinstance(read, dict):
        return Reject({field: describing.sentence(ctx.say, wrong) for field, wrong in read.items()})
    if refused := _unfit(ctx, programme, read):
        return Reject(refused)
    member = ctx.member
    member.zone, member.language = read.zone, member.language or ctx.say.language
    member.languages, member.offers, member.wants = list(read.languages), list(read.offers), list(read.wants)
    member.interests, member.availability = list(read.interests), read.availability
    member.opted_in_at, member.left_at = member.opted_in_at or ctx.now, None
    ctx.db.add(member)
    if not joining.decides(file, read.roles):
        await joining.take_roles(ctx, programme, cohort, member, read.roles)
        return Show(await _welcome(ctx, programme, read.roles))
    application = await _application(ctx, programme, cohort, read)
    return Show(await _now(ctx, programme, application))


def _unfit(ctx: Context, programme: Programme, read: rules.Joining) -> dict[str, str]:
    """Return field -> why somebody cannot be what they chose; nothing is stored, and they can choose again."""
    file, days = file_of(programme), (ctx.now - ctx.member.created_at) // joining.DAY
    texts = file.texts(ctx.say.language)
    fields = {one.key for one in rules.asked(file.application, read.roles)}
    wrong: dict[str, str] = {}
    for place, need in unmet(file, read.roles, read.answers, days):
        first = "role" if programme.kind in rules.WITH_ROLES else "zone"
        wrong.setdefault(f"q_{need.question}" if need.question in fields else first, texts[f"eligibility.{place}"])
    return wrong


async def _application(ctx: Context, programme: Programme, cohort: Cohort, read: rules.Joining) -> Application:
    """Write down what was answered, and take it as far as it goes without anybody else."""
    known = await storage.application.of_member(ctx.db, ctx.community.id, cohort.id, ctx.member.id)
    if known is not None and known.status == DECLINED:
        raise UserError("programme.declined", programme=Bold(programme.name), cohort=Bold(cohort.name))
    application = known or Application(
        id=ctx.ids.new(), community_id=ctx.community.id, programme_id=programme.id, cohort_id=cohort.id,
        member_id=ctx.member.id, created_at=ctx.now,
    )  # fmt: skip
    fresh = set(read.roles) - set(application.kinds)
    if fresh or application.status not in (*OPEN, APPROVED):
        application.decided_at, application.decided_by, application.cleared = None, None, False
    if application.status not in OPEN:
        application.created_at = ctx.now
    stays = application.status == WAITLISTED and not fresh
    application.kinds, application.answers = list(read.roles), dict(read.answers)
    ctx.db.add(application)
    await joining.accept_invitation(ctx, programme, ctx.member)
    if not stays:
        await joining.go_on(ctx, application, programme, ctx.member)
    return application


async def agree(ctx: Context, programme: Programme) -> Reply:
    """Accept what a role agrees to, in the version that was read; then go on with the application, if there is one."""
    kind, _, version = ctx.arg.partition(".")
    agreement = file_of(programme).role(kind).agreement
    if agreement is None:
        raise UserError("core.gone")
    if version != str(agreement.version):
        return Replace(joining_views.agreement(ctx.say, programme.id, file_of(programme), kind, agreement, newer=True))
    row = Accepted(
        id=ctx.ids.new(), community_id=ctx.community.id, member_id=ctx.member.id, programme_id=programme.id, kind=kind,
        version=agreement.version, at=ctx.now,
    )  # fmt: skip
    await storage.application.accept(ctx.db, row)
    application = await _latest(ctx, programme)
    if application is not None and application.status == AGREEING:
        cohort = await joining.open_cohort(ctx, programme)
        if application.cohort_id == cohort.id:
            await joining.go_on(ctx, application, programme, ctx.member)
            return Replace(await _now(ctx, programme, application))
    return Replace(await _agreement_left(ctx, programme))


async def read_agreement(ctx: Context, programme: Programme) -> Reply:
    """Show the agreement that is still to be accepted."""
    return Show(await _agreement_left(ctx, programme))


async def _agreement_left(ctx: Context, programme: Programme) -> View:
    left = await agreements_left(ctx, programme)
    if not left:
        return joining_views.agreed(ctx.say)
    return joining_views.agreement(ctx.say, programme.id, file_of(programme), *left[0])


async def _now(ctx: Context, programme: Programme, application: Application) -> View:
    """Say what an application has come to."""
    file = file_of(programme)
    if application.status == APPROVED:
        return await _welcome(ctx, programme, tuple(application.kinds))
    if application.status == AGREEING:
        left = await joining.agreements_left(ctx, programme, ctx.member.id, application.kinds)
        return joining_views.agreement(ctx.say, programme.id, file, *left[0])
    ahead = await storage.application.ahead(ctx.db, ctx.community.id, application.id)
    return joining_views.outcome(ctx.say, file, application.status, ahead, cleared=application.cleared)


async def _welcome(ctx: Context, programme: Programme, roles: tuple[str, ...]) -> View:
    schedule = await storage.schedule.of(ctx.db, ctx.community.id, "round.draw", programme.id)
    return views.joined(ctx.say, file_of(programme), roles, next_round=schedule.next_at if schedule else None)
