"""Filling in a form: pages, drafts, mistakes. What a platform cannot show becomes a private note with a button."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import storage.draft
import storage.programme
from bot import answers, views
from bot.asking import form_spec
from bot.chat.actions import ActionId
from bot.chat.forms import Form
from bot.chat.platform import Capabilities
from bot.chat.reply import Ask, Reject, Reply, Show
from bot.chat.spec import FormSpec
from bot.context import Context
from bot.errors import UserError
from bot.shelf import Kept, Shelf
from storage.draft import Draft

DRAFTS_KEPT = timedelta(days=30)


async def submit(
    ctx: Context, spec: FormSpec, action: ActionId, values: answers.Raw, can: Capabilities, shelf: Shelf
) -> Reply:
    """Take one page of a form. On the last page, hand all answers to the form's handler.

    Mistakes keep what was typed: in a draft, or for a sensitive form in memory.
    """
    draft = (
        None
        if spec.sensitive
        else await storage.draft.of(ctx.db, ctx.community.id, ctx.member.id, spec.name, action.key)
    )
    raw = dict((draft.answers if draft else {}) | {name: _plain(value) for name, value in values.items()})
    ctx.values = raw
    form = await spec.build(ctx)
    if spec.sensitive and form.pages > 1:
        raise ValueError(f"form {form.name!r} is sensitive: between its pages a draft would have to be stored")
    page = min(int(action.arg), form.pages - 1) if action.arg.isdecimal() else 0
    fields = form.fields if page == form.pages - 1 else form.page(page)
    typed, errors = await answers.read(ctx.db, ctx.space, fields, raw, ctx.say)
    if errors:
        return await _mistakes(ctx, spec, form, raw, errors, can, shelf)
    if page < form.pages - 1:
        saved = await _save(ctx, form, raw, page + 1, {})
        if can.form_after_form:
            return Ask(answers.refill(form, raw), page + 1)
        return Show(views.continue_form(ctx.say, saved.id, page + 1, form.pages))
    reply = await spec.handler(ctx, typed)
    if isinstance(reply, Reject):
        return await _mistakes(ctx, spec, form, raw, dict(reply.errors), can, shelf)
    if draft is not None:
        await ctx.db.delete(draft)
    return reply


async def prefill(ctx: Context, ask: Ask, *, sensitive: bool) -> Ask:
    """Fill a form that is being opened with what its member typed the last time, if they did not send it."""
    if sensitive or not ctx.member.id:
        return ask
    draft = await storage.draft.of(ctx.db, ctx.community.id, ctx.member.id, ask.form.name, ask.form.key)
    return ask if draft is None else Ask(answers.refill(ask.form, _raw(draft)), ask.page, ask.errors)


async def reopen(ctx: Context, draft: Draft) -> Reply:
    """Open a draft where it was left, with the mistakes on their fields: [Continue] and [Fix it]."""
    if draft.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    spec = form_spec(draft.form, ctx.features.catalogue)
    if spec is None:
        raise UserError("core.gone")
    ctx.row = await ctx.find(spec.row, draft.key) if spec.row else None
    programme = await storage.programme.behind(ctx.db, ctx.community.id, ctx.row)
    if not await ctx.may(spec.audience, programme, anywhere=programme is None):
        raise UserError("core.gone")
    ctx.key, ctx.arg, ctx.values = draft.key, "", dict(draft.answers)
    form = answers.refill(await spec.build(ctx), _raw(draft))
    return Ask(form, min(draft.page, form.pages - 1), draft.errors)


async def reopen_kept(ctx: Context) -> Reply:
    """Open a sensitive form again with what was typed: [Fix it]."""
    kept = ctx.shelf.take(ctx.arg)
    spec = form_spec(kept.form, ctx.features.catalogue)
    if spec is None:
        raise UserError("core.gone")
    ctx.arg = ""
    return Ask(answers.refill(await spec.build(ctx), kept.raw), 0, kept.errors)


def _raw(draft: Draft) -> answers.Raw:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in draft.answers.items()}


def _plain(value: str | tuple[str, ...]) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


async def _mistakes(
    ctx: Context,
    spec: FormSpec,
    form: Form,
    raw: Mapping[str, str],
    errors: dict[str, str],
    can: Capabilities,
    shelf: Shelf,
) -> Reply:
    page = next((number for number in range(form.pages) for part in form.page(number) if part.name in errors), 0)
    labels = {part.name: part.label for part in form.fields}
    if spec.sensitive:
        if can.field_errors:
            return Reject(errors)
        token = shelf.keep(Kept(form.name, form.key, raw, errors))
        return Show(views.fix_form(ctx.say, token, errors, labels, kept=False))
    saved = await _save(ctx, form, raw, page, errors)
    if not can.field_errors:
        return Show(views.fix_form(ctx.say, saved.id, errors, labels, kept=True))
    here = {part.name for part in form.page(page)}
    return Reject(errors) if errors.keys() <= here and form.pages == 1 else Ask(answers.refill(form, raw), page, errors)


async def _save(ctx: Context, form: Form, raw: Mapping[str, str], page: int, errors: dict[str, str]) -> Draft:
    draft = await storage.draft.of(ctx.db, ctx.community.id, ctx.member.id, form.name, form.key)
    if draft is None:
        draft = Draft(
            id=ctx.ids.new(), community_id=ctx.community.id, member_id=ctx.member.id, form=form.name, key=form.key,
            updated_at=ctx.now,
        )  # fmt: skip
    draft.answers, draft.page, draft.errors, draft.updated_at = dict(raw), page, errors, ctx.now
    ctx.db.add(draft)
    await ctx.db.flush()
    return draft
