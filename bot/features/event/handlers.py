"""Making events, coming to them, saying how they were."""

from __future__ import annotations

from datetime import timedelta

import storage.event
import storage.member
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.text import Code
from bot.chat.views import Block, View
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.event import coordinator_views, rules, seats, views
from bot.recurrence import to_wall
from storage.event import CANCELLED, GOING, LEFT, PLANNED, WAITING, Event, EventSeat

SOON = timedelta(days=7)

# -- coordinators ------------------------------------------------------------------------------------------------------


async def create(ctx: Context, kind: str | None) -> Reply:
    """Open the form for a new event; a circle of mentors brings a template."""
    ctx.arg = kind or "workshop"
    return Ask(await create_form(ctx))


async def create_form(ctx: Context) -> Form:
    """Build the form for a new event; its kind is the form's key."""
    return coordinator_views.event_form(ctx.say, _kind(ctx.key or ctx.arg), zone=ctx.community.zone)


def _kind(given: str) -> str:
    """Return a kind of event; a form's key is what a client sends, whatever that is."""
    return given if given in views.KINDS else "workshop"


async def created(ctx: Context, answers: Answers) -> Reply:
    """Make the event, tell the channel, and let the platform know where it has events of its own."""
    event = Event(
        id=ctx.ids.new(), community_id=ctx.community.id, space_id=ctx.space.id, kind=_kind(ctx.key),
        title=answers["title"], starts_at=ctx.now, minutes=answers["minutes"], created_at=ctx.now,
    )  # fmt: skip
    if mistake := _take(ctx, event, answers):
        return mistake
    ctx.db.add(event)
    await ctx.db.flush()
    posted = await ctx.outbox.post(
        ctx.setting("event.channel"), "event.card", key=f"event.card:{event.id}", **views.told(event)
    )
    await seats.enter(ctx, event)
    ctx.audit("event.created", event.id)
    return Show(coordinator_views.created(ctx.say, event, posted=posted))


def _take(ctx: Context, event: Event, answers: Answers) -> Reject | None:
    """Take what the form says into the row, or name what is wrong with it."""
    begins = rules.start(answers["day"], answers["at"], ctx.community.zone, ctx.now)
    if isinstance(begins, tuple):
        field, what = begins
        return Reject({field: views.mistake(ctx.say, what)})
    host = answers.get("host")
    if host is not None and host.left_at is not None:
        return Reject({"host": views.mistake(ctx.say, "left")})
    event.title, event.about, event.place = answers["title"], answers["about"], answers["place"]
    event.starts_at, event.minutes, event.capacity = begins, answers["minutes"], answers["capacity"] or 0
    event.host_id = host.id if host is not None else None
    event.stage, event.next_at = rules.stage_after(event, ctx.now)
    return None


async def manage(ctx: Context) -> Reply:
    """Show coordinators the events that are coming and those just over, with what can be done about each."""
    events = await storage.event.newest(ctx.db, ctx.community.id, 5)
    counted = await storage.event.counts(ctx.db, ctx.community.id, [event.id for event in events])
    return Show(coordinator_views.managed(ctx.say, [(event, counted[event.id]) for event in events], now=ctx.now))


async def change(ctx: Context, event: Event) -> Reply:
    """Open the form of an event that is planned."""
    _still(ctx, event)
    return Ask(await change_form(ctx))


async def change_form(ctx: Context) -> Form:
    """Build the form filled in with what the event is now."""
    event = ctx.the(Event)
    wall = to_wall(event.starts_at, ctx.community.zone)
    hosts = await storage.member.accounts(ctx.db, ctx.community.id, ctx.space.id, [event.host_id or ""])
    return coordinator_views.event_form(
        ctx.say, event.kind, zone=ctx.community.zone, event=event, wall=wall, host=hosts.get(event.host_id or "")
    )


async def changed(ctx: Context, answers: Answers) -> Reply:
    """Change an event; who has a seat hears of what matters to them, and freed seats are filled."""
    event = ctx.the(Event)
    _still(ctx, event)
    before = event.model_copy()
    if mistake := _take(ctx, event, answers):
        return mistake
    event.edition += 1
    ctx.db.add(event)
    await ctx.db.flush()
    heard = rules.told_of_change(before, event)
    if heard:
        await seats.start_again(ctx, event)
        await seats.tell(ctx, event, "event.changed", key=f"event.changed:{event.id}:{event.edition}")
    await ctx.outbox.edit(
        f"event.card:{event.id}", "event.card", key=f"event.card:{event.id}:{event.edition}", **views.told(event)
    )
    await seats.enter(ctx, event)
    await seats.fill(ctx, event)
    ctx.audit("event.changed", event.id)
    return Show(coordinator_views.changed(ctx.say, event, heard=heard))


async def cancel(ctx: Context, event: Event) -> Reply:
    """Ask once whether they mean it."""
    _still(ctx, event)
    counted = (await storage.event.counts(ctx.db, ctx.community.id, [event.id]))[event.id]
    return Show(coordinator_views.cancelling(ctx.say, event, going=counted.get(GOING, 0)))


async def cancel_for_good(ctx: Context, event: Event) -> Reply:
    """Cancel an event and tell everybody who has a seat or waits for one."""
    _still(ctx, event)
    event.status, event.stage, event.next_at, event.edition = CANCELLED, None, None, event.edition + 1
    ctx.db.add(event)
    await ctx.db.flush()
    for status in (GOING, WAITING):
        await seats.tell(ctx, event, "event.cancelled", key=f"event.cancelled:{event.id}", status=status)
    await ctx.outbox.edit(
        f"event.card:{event.id}", "event.card", key=f"event.card:{event.id}:{event.edition}", **views.told(event)
    )
    await seats.enter(ctx, event)
    ctx.audit("event.cancelled", event.id)
    return Replace(coordinator_views.was_cancelled(ctx.say, event))


async def attendance(ctx: Context, event: Event) -> Reply:
    """Open the form in which a coordinator says who came."""
    if ctx.now < event.starts_at:
        raise UserError("event.not_begun", title=event.title, when=ctx.say.when(event.starts_at))
    return Ask(await attendance_form(ctx))


async def attendance_form(ctx: Context) -> Form:
    """Build it: everybody who had a seat, 25 to a field."""
    event = ctx.the(Event)
    going = await storage.event.seats(ctx.db, ctx.community.id, event.id)
    names = await storage.member.by_ids(ctx.db, ctx.community.id, [seat.member_id for seat in going])
    if not going:
        raise UserError("event.nobody_came", title=event.title)
    return coordinator_views.attendance_form(ctx.say, event, [(seat, names[seat.member_id].shown) for seat in going])


async def attended(ctx: Context, answers: Answers) -> Reply:
    """Note who came; what members said of themselves is not overwritten."""
    event = ctx.the(Event)
    came = {seat for field, chosen in answers.items() if field.startswith("came") for seat in chosen}
    going = await storage.event.seats(ctx.db, ctx.community.id, event.id)
    for seat in going:
        if not seat.said:
            seat.came = seat.id in came
            ctx.db.add(seat)
    ctx.audit("event.attendance", event.id)
    await ctx.db.flush()
    return Show(coordinator_views.results(ctx.say, event, rules.afterwards(event, going, ctx.now)))


async def results(ctx: Context, event: Event) -> Reply:
    """Show how an event was: who came, and ratings once there are enough of them."""
    going = await storage.event.seats(ctx.db, ctx.community.id, event.id)
    return Show(coordinator_views.results(ctx.say, event, rules.afterwards(event, going, ctx.now)))


def _still(ctx: Context, event: Event) -> None:
    """Refuse what can no longer be changed."""
    if event.status != PLANNED or rules.ends_at(event) <= ctx.now:
        raise UserError("event.over", title=event.title)


# -- members -----------------------------------------------------------------------------------------------------------


async def coming(ctx: Context) -> Reply:
    """Show what is coming, with a button for each."""
    return Show(views.coming(ctx.say, await _offers(ctx)))


async def _offers(ctx: Context) -> list[views.Offer]:
    events = await storage.event.upcoming(ctx.db, ctx.community.id, ctx.now)
    ids = [event.id for event in events]
    mine = await storage.event.seats_of(ctx.db, ctx.community.id, ctx.member.id, ids)
    counted = await storage.event.counts(ctx.db, ctx.community.id, ids)
    return [
        views.Offer(event, counted[event.id].get(GOING, 0), mine[event.id].status if event.id in mine else LEFT)
        for event in events
    ]


async def titles(ctx: Context, typed: str) -> list[str]:
    """Complete the title of an event that is coming."""
    events = await storage.event.upcoming(ctx.db, ctx.community.id, ctx.now)
    return [event.title for event in events if typed.casefold() in event.title.casefold()]


async def join(ctx: Context, which: str | None) -> Reply:
    """Take a seat by the event's title; without one, show what is coming."""
    if not which:
        return await coming(ctx)
    return Show(await _join(ctx, await _meant(ctx, which)))


async def join_button(ctx: Context, event: Event) -> Reply:
    """Take a seat by the button of a card, a list or a message."""
    return Show(await _join(ctx, event))


async def _join(ctx: Context, event: Event) -> View:
    if not rules.is_open(event, ctx.now):
        raise UserError("event.over", title=event.title)
    seat = await storage.event.seat_of(ctx.db, ctx.community.id, event.id, ctx.member.id)
    if seat is None or seat.status == LEFT:
        going = await storage.event.seats(ctx.db, ctx.community.id, event.id)
        seat = seat or EventSeat(
            id=ctx.ids.new(), community_id=ctx.community.id, event_id=event.id, member_id=ctx.member.id, since=ctx.now
        )
        seat.status, seat.since, seat.told = rules.status_of_new(event, len(going)), ctx.now, ""
        ctx.db.add(seat)
        await ctx.db.flush()
    waiting = await storage.event.seats(ctx.db, ctx.community.id, event.id, WAITING)
    place = next((number for number, one in enumerate(waiting, 1) if one.id == seat.id), None)
    return views.joined(ctx.say, event, place=place, reachable=ctx.member.opted_in_at is not None)


async def leave(ctx: Context, which: str | None) -> Reply:
    """Give a seat back by the event's title; without one, show those the member has."""
    if not which:
        return Show(views.coming(ctx.say, [offer for offer in await _offers(ctx) if offer.mine != LEFT], mine=True))
    return Show(await _leave(ctx, await _meant(ctx, which)))


async def leave_button(ctx: Context, event: Event) -> Reply:
    """Give a seat back by a button."""
    return Show(await _leave(ctx, event))


async def _leave(ctx: Context, event: Event) -> View:
    seat = await storage.event.seat_of(ctx.db, ctx.community.id, event.id, ctx.member.id)
    if seat is None or seat.status == LEFT:
        raise UserError("event.no_seat", title=event.title)
    if event.status == PLANNED and ctx.now >= event.starts_at:
        raise UserError("event.over", title=event.title)
    seat.status = LEFT
    ctx.db.add(seat)
    await ctx.db.flush()
    await seats.fill(ctx, event)
    return views.left(ctx.say, event)


async def _meant(ctx: Context, which: str) -> Event:
    found = rules.pick(await storage.event.upcoming(ctx.db, ctx.community.id, ctx.now), which)
    if found is None:
        raise UserError("event.unknown", which=which, command=Code("/event list"))
    return found


async def details(ctx: Context, event: Event) -> Reply:
    """Show everything about an event."""
    seat = await storage.event.seat_of(ctx.db, ctx.community.id, event.id, ctx.member.id)
    counted = (await storage.event.counts(ctx.db, ctx.community.id, [event.id]))[event.id]
    offer = views.Offer(event, counted.get(GOING, 0), seat.status if seat else LEFT)
    return Show(views.details(ctx.say, offer, is_open=rules.is_open(event, ctx.now)))


async def rate(ctx: Context, seat: EventSeat) -> Reply:
    """Take how it was for one member: it helped, fine, not for me, or that they could not come."""
    event = await _mine(ctx, seat)
    seat.came, seat.said = ctx.arg != "missed", True
    seat.rating = rules.RATINGS.get(ctx.arg)
    if seat.came and seat.rating is None:
        raise UserError("core.gone")
    ctx.db.add(seat)
    return Replace(views.rated(ctx.say, event, seat))


async def word(ctx: Context, seat: EventSeat) -> Reply:
    """Open the form for a few words more."""
    await _mine(ctx, seat)
    return Ask(await word_form(ctx))


async def word_form(ctx: Context) -> Form:
    """Build it."""
    return views.word_form(ctx.say, ctx.the(EventSeat))


async def worded(ctx: Context, answers: Answers) -> Reply:
    """Keep the words."""
    seat = ctx.the(EventSeat)
    event = await _mine(ctx, seat)
    seat.word = answers["word"]
    ctx.db.add(seat)
    return Show(views.rated(ctx.say, event, seat))


async def _mine(ctx: Context, seat: EventSeat) -> Event:
    if seat.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    event = await ctx.find(Event, seat.event_id)
    if seat.status != GOING:
        raise UserError("event.no_seat", title=event.title)
    if not rules.may_answer(event, ctx.now):
        raise UserError("event.summed_up", title=event.title)
    return event


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show where the member is going."""
    return views.home(ctx.say, [offer for offer in await _offers(ctx) if offer.mine == GOING])


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer the next event that is near and has a seat."""
    offers = [offer for offer in await _offers(ctx) if offer.mine == LEFT and offer.event.starts_at < ctx.now + SOON]
    return tuple(views.step(ctx.say, offer) for offer in offers[:1] if not offer.full)
