"""Events: made by coordinators, joined by members, remembered, and asked about afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.chat.views import File
from bot.features.event import rules
from storage.event import GOING, LEFT, WAITING, Event, EventSeat
from storage.outbox import Outbox
from tests.fakes.world import COORDINATOR, NAMES, World, key, text, view
from tests.features.town import change, keys_of, member, to

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
WORKSHOP = {
    "title": "Giving feedback", "day": "2026-03-05", "at": "18:00", "minutes": "60", "place": "Room 4", "capacity": "2",
    "host": "", "about": "How to say what is hard to hear.",
}  # fmt: skip


async def makes(world: World, kind: str = "workshop", **changed: str) -> Event:
    """Let the coordinator make an event; return it."""
    asked = await world.says(COORDINATOR, f"/coord event create {kind}")
    assert "event.created" == key(await world.submits(COORDINATOR, asked, WORKSHOP | changed))
    return max(await world.rows(Event), key=lambda event: event.created_at)


async def seats(world: World) -> dict[str, str]:
    """Return handle -> status of the seat, in the order in which they were taken."""
    names = {row.id: row.handle for row in [await member(world, name) for name in NAMES]}
    rows = sorted(await world.rows(EventSeat), key=lambda seat: (seat.since, seat.id))
    return {names[seat.member_id]: seat.status for seat in rows}


async def test_an_event_is_announced_and_joined_from_its_card(coffee: World):
    """The coordinator fills in one form; the channel sees a card; a press is a seat."""
    coffee.town.add_channel("north-bank", "events")
    await coffee.submits(
        COORDINATOR, await coffee.says(COORDINATOR, "/coord settings event"), {"event.channel": "events"}
    )
    await makes(coffee)
    assert ["event.card"] == to(await coffee.delivers(), "events")
    assert "6:00" in coffee.sees("ana", "events")[-1]
    assert "event.joined" == key(await coffee.presses("ana", "I am coming"))
    assert {"ana": GOING} == await seats(coffee)


async def test_without_a_channel_it_is_found_by_the_list(coffee: World):
    """The coordinator is told how members find it and how to name a channel."""
    asked = await coffee.says(COORDINATOR, "/coord event create")
    made = await coffee.submits(COORDINATOR, asked, WORKSHOP)
    assert "/event list" in text(made)
    assert "Giving feedback" in text(await coffee.says("ana", "/event list"))
    assert [] == await coffee.delivers()


async def test_who_comes_too_late_waits_and_moves_up(coffee: World):
    """Two seats: the third waits, is told her number, and gets the seat that is given back."""
    await makes(coffee)
    for who in ("ana", "bea"):
        assert "event.joined" == key(await coffee.says(who, "/event join giving"))
    waits = await coffee.says("chen", "/event join Giving feedback")
    assert "event.waiting" == key(waits)
    assert "You are number 1 on the waiting list." in text(waits)
    assert "event.left" == key(await coffee.says("bea", "/event leave giving feedback"))
    assert {"ana": GOING, "bea": LEFT, "chen": GOING} == await seats(coffee)
    assert ["event.moved_up"] == to(await coffee.delivers(), coffee.dm("chen"))


async def test_a_seat_taken_twice_is_one_seat(coffee: World):
    """Pressing again changes nothing and answers the same; nobody loses their place on the list by it."""
    event = await makes(coffee)
    for who in ("ana", "bea", "chen", "dia"):
        await coffee.presses_id(who, f"event.join:{event.id}")
    again = await coffee.presses_id("chen", f"event.join:{event.id}")
    assert "You are number 1 on the waiting list." in text(again)
    assert {"ana": GOING, "bea": GOING, "chen": WAITING, "dia": WAITING} == await seats(coffee)


async def test_who_comes_back_after_leaving_stands_at_the_end(coffee: World):
    """A seat given back is gone: who presses again waits behind those who waited."""
    event = await makes(coffee, capacity="1")
    for who in ("ana", "bea", "chen"):
        await coffee.presses_id(who, f"event.join:{event.id}")
    await coffee.passes(minutes=1)
    await coffee.presses_id("ana", f"event.leave:{event.id}")
    await coffee.presses_id("ana", f"event.join:{event.id}")
    assert {"bea": GOING, "chen": WAITING, "ana": WAITING} == await seats(coffee)
    assert "You are number 2" in text(await coffee.presses_id("ana", f"event.join:{event.id}"))


async def test_the_day_before_and_the_hour_before(coffee: World):
    """A seat is worth two reminders, and who gave theirs back gets none."""
    event = await makes(coffee)
    for who in ("ana", "bea"):
        await coffee.presses_id(who, f"event.join:{event.id}")
    await coffee.presses_id("bea", f"event.leave:{event.id}")
    said = await coffee.until("2026-03-05 17:00")
    assert ["event.reminder", "event.reminder"] == [one for one in to(said, coffee.dm("ana")) if "event" in one]
    assert "event.reminder" not in to(said, coffee.dm("bea"))


async def test_no_reminder_in_quiet_hours(coffee: World):
    """Somebody who sleeps an hour before the event is not woken for it."""
    event = await makes(coffee)
    await coffee.presses_id("ana", f"event.join:{event.id}")
    await change(coffee, "ana", zone="Asia/Tokyo", quiet_start="20:00", quiet_end="10:00")
    said = [message for message in await coffee.until("2026-03-05 17:00") if message.view.key == "event.reminder"]
    assert [1] == [(message.at + timedelta(hours=9)).hour // 10 for message in said]


async def test_afterwards_each_is_asked_how_it_was(coffee: World):
    """One press is an answer, a few words are optional, and both are the member's own."""
    event = await makes(coffee)
    await coffee.presses_id("ana", f"event.join:{event.id}")
    await coffee.until("2026-03-06 10:00")
    assert "event.rated" == key(await coffee.presses("ana", "It helped me"))
    (seat,) = await coffee.rows(EventSeat)
    assert (True, 3) == (seat.came, seat.rating)
    asked = await coffee.presses_id("ana", f"event.word:{seat.id}")
    assert "event.rated" == key(await coffee.submits("ana", asked, word="More time for questions."))
    assert "core.not_yours" == key(await coffee.presses_id("bea", f"event.rate:{seat.id}:helped"))


async def test_who_could_not_come_is_not_counted(coffee: World):
    """It is said without reproach, and they count as absent."""
    event = await makes(coffee)
    await coffee.presses_id("ana", f"event.join:{event.id}")
    await coffee.until("2026-03-06 10:00")
    assert "event.missed" == key(await coffee.presses("ana", "I could not come"))
    (seat,) = await coffee.rows(EventSeat)
    assert (False, None) == (seat.came, seat.rating)


async def test_coordinators_note_who_came(coffee: World):
    """They are asked in their channel; what a member said of themselves stands."""
    event = await makes(coffee, capacity="")
    for who in ("ana", "bea", "chen"):
        await coffee.presses_id(who, f"event.join:{event.id}")
    said = await coffee.until("2026-03-06 10:00")
    assert "event.who_came" in to(said, "coordinators")
    await coffee.presses("ana", "It was fine")
    held = {(await member(coffee, who)).id: who for who in NAMES}
    rows = {held[seat.member_id]: seat.id for seat in await coffee.rows(EventSeat)}
    asked = await coffee.presses(COORDINATOR, "Who came")
    done = await coffee.submits(COORDINATOR, asked, came0=(rows["bea"],))
    assert "event.results" == key(done)
    came = {held[seat.member_id]: seat.came for seat in await coffee.rows(EventSeat)}
    assert {"ana": True, "bea": True, "chen": False} == came


async def all_answer(world: World, event: Event, people: tuple[str, ...]) -> None:
    """Let people take a seat, come, rate and add a word."""
    for who in people:
        await world.presses_id(who, f"event.join:{event.id}")
    await world.until("2026-03-06 10:00")
    seat_of = {row.member_id: row.id for row in await world.rows(EventSeat)}
    for who in people:
        seat = seat_of[(await member(world, who)).id]
        await world.presses_id(who, f"event.rate:{seat}:helped")
        await world.submits(who, await world.presses_id(who, f"event.word:{seat}"), word=f"word of {who}")


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
async def test_ratings_need_five_and_the_end_of_the_answers(coffee: World, people: int, shown: bool):
    """While answers can come nothing is shown, or a difference would tell one; then five show all, four none."""
    event = await makes(coffee, capacity="0")
    await all_answer(coffee, event, NAMES[:people])
    results = f"event.results:{event.id}"
    assert "word of" not in text(await coffee.presses_id(COORDINATOR, results))
    await coffee.until("2026-03-09 10:00")
    seen = text(await coffee.presses_id(COORDINATOR, results))
    assert (shown, shown) == ("word of ana" in seen, f"It helped me: {people}" in seen)


async def test_when_answers_are_summed_up_no_more_are_taken(coffee: World):
    """Three days after the event an old button says so, kindly, and changes nothing."""
    event = await makes(coffee)
    await all_answer(coffee, event, ("ana",))
    await coffee.until("2026-03-09 10:00")
    (seat,) = await coffee.rows(EventSeat)
    assert "event.summed_up" == key(await coffee.presses_id("ana", f"event.rate:{seat.id}:not_for_me"))
    assert [3] == [row.rating for row in await coffee.rows(EventSeat)]


async def test_what_a_member_said_of_themselves_stands(coffee: World):
    """Who could not come stays absent, whatever a coordinator notes afterwards."""
    event = await makes(coffee)
    await coffee.presses_id("ana", f"event.join:{event.id}")
    await coffee.until("2026-03-06 10:00")
    await coffee.presses("ana", "I could not come")
    (seat,) = await coffee.rows(EventSeat)
    await coffee.submits(COORDINATOR, await coffee.presses(COORDINATOR, "Who came"), came0=(seat.id,))
    assert [False] == [row.came for row in await coffee.rows(EventSeat)]


async def test_an_old_card_says_that_it_is_over(coffee: World):
    """The details of an event that has begun promise no seat."""
    event = await makes(coffee)
    await coffee.until("2026-03-06 10:00")
    shown = text(await coffee.presses_id("chen", f"event.details:{event.id}"))
    assert (True, False) == ("has begun or is over" in shown, "left" in shown)


async def test_a_kind_that_nobody_knows_is_a_workshop(coffee: World):
    """A form's key comes from a client: what is stored is a kind that exists."""
    await coffee._handled(coffee.town.submit(COORDINATOR, "event.create:nonsense:1", WORKSHOP))
    assert ["workshop"] == [row.kind for row in await coffee.rows(Event)]


async def test_a_changed_time_is_told_and_reminded_of_again(coffee: World):
    """Moving it a day tells who has a seat; the reminders follow the new time."""
    event = await makes(coffee)
    await coffee.presses_id("ana", f"event.join:{event.id}")
    await coffee.until("2026-03-04 18:00")
    asked = await coffee.presses_id(COORDINATOR, f"event.change:{event.id}")
    assert "event.changed_it" == key(await coffee.submits(COORDINATOR, asked, day="2026-03-07"))
    said = await coffee.until("2026-03-07 17:00")
    mine = [one for one in to(said, coffee.dm("ana")) if one.startswith("event.")]
    assert ["event.changed", "event.reminder", "event.reminder"] == mine


async def test_more_seats_let_those_in_who_wait(coffee: World):
    """A bigger room is filled from the list, and only a changed title bothers nobody."""
    event = await makes(coffee, capacity="1")
    for who in ("ana", "bea"):
        await coffee.presses_id(who, f"event.join:{event.id}")
    asked = await coffee.presses_id(COORDINATOR, f"event.change:{event.id}")
    await coffee.submits(COORDINATOR, asked, capacity="5", title="Giving feedback well")
    assert ["event.moved_up"] == [one for one in keys_of(await coffee.delivers()) if one.startswith("event.")]
    assert {"ana": GOING, "bea": GOING} == await seats(coffee)


async def test_cancelling_tells_everybody_once(coffee: World):
    """Who has a seat or waits hears of it; then nothing more comes, and nobody can join."""
    event = await makes(coffee, capacity="1")
    for who in ("ana", "bea"):
        await coffee.presses_id(who, f"event.join:{event.id}")
    assert "event.cancelling" == key(await coffee.presses_id(COORDINATOR, f"event.cancel:{event.id}"))
    assert "event.was_cancelled" == key(await coffee.presses_id(COORDINATOR, f"event.cancel_it:{event.id}"))
    said = await coffee.until("2026-03-07 10:00")
    assert 2 == keys_of(said).count("event.cancelled")
    assert not [one for one in keys_of(said) if one in ("event.reminder", "event.how_was_it", "event.who_came")]
    assert "event.over" == key(await coffee.presses_id("chen", f"event.join:{event.id}"))
    assert "event.over" == key(await coffee.presses_id(COORDINATOR, f"event.cancel_it:{event.id}"))


async def test_ones_own_calendar_follows(coffee: World):
    """A seat brings a file; the same entry is moved by a change and taken out by a cancellation."""
    event = await makes(coffee)
    joined = await coffee.presses_id("ana", f"event.join:{event.id}")
    asked = await coffee.presses_id(COORDINATOR, f"event.change:{event.id}")
    await coffee.submits(COORDINATOR, asked, day="2026-03-07", place="The library")
    said = await coffee.delivers()
    await coffee.presses_id(COORDINATOR, f"event.cancel_it:{event.id}")
    said += await coffee.delivers()
    shown = [view(joined), *(one.view for one in said if one.channel == coffee.dm("ana"))]
    files = [Calendar.from_ical(block.data) for one in shown for block in one.blocks if isinstance(block, File)]
    assert ["PUBLISH", "PUBLISH", "CANCEL"] == [file["method"] for file in files]
    entries = [file.walk("VEVENT")[0] for file in files]
    assert {f"{event.id}@kith"} == {str(one["uid"]) for one in entries}
    assert [0, 1, 2] == [one["sequence"] for one in entries]
    assert (["2026-03-05", "2026-03-07"], "The library") == (
        sorted({one.start.strftime("%Y-%m-%d") for one in entries}), str(entries[1]["location"]),
    )  # fmt: skip


async def test_who_leaves_the_community_frees_a_seat(coffee: World):
    """Their seat goes to whoever waits."""
    event = await makes(coffee, capacity="1")
    for who in ("ana", "bea"):
        await coffee.presses_id(who, f"event.join:{event.id}")
    await coffee.handles(coffee.town.leave("ana"))
    assert {"ana": LEFT, "bea": GOING} == await seats(coffee)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "2026-03-01"}, "day"), ({"day": "2026-03-02", "at": "07:00"}, "at"), ({"at": "6 pm"}, "at"),
        ({"at": "25:00"}, "at"), ({"day": "2036-01-01"}, "day"), ({"day": "2026-02-30"}, "day"),
        ({"title": ""}, "title"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_told_at_its_field(coffee: World, changed: dict[str, str], field: str):
    """Yesterday, a time nobody can read, a day that does not exist: named at the field, nothing is made."""
    asked = await coffee.says(COORDINATOR, "/coord event create")
    answered = await coffee.submits(COORDINATOR, asked, WORKSHOP | changed)
    assert {field} == set(answered.errors), answered
    assert [] == await coffee.rows(Event)


async def test_the_spaces_own_calendar_follows(coffee: World):
    """Where the community wants it, an event is entered, moved and taken off; a town without a calendar is no fault."""
    asked = await coffee.says(COORDINATOR, "/coord settings event")
    await coffee.submits(COORDINATOR, asked, {"event.calendar": "yes"})
    event = await makes(coffee)
    asked = await coffee.presses_id(COORDINATOR, f"event.change:{event.id}")
    await coffee.submits(COORDINATOR, asked, day="2026-03-07")
    await coffee.presses_id(COORDINATOR, f"event.cancel_it:{event.id}")
    await coffee.delivers()
    rows = [row for row in await coffee.rows(Outbox) if row.op == "calendar"]
    assert ["sent", "sent", "skipped"] == sorted(row.state for row in rows)


async def test_a_circle_brings_its_template(coffee: World):
    """Mentors among themselves find a way to review each other's situations, to change as they like."""
    asked = await coffee.says(COORDINATOR, "/coord event create circle")
    assert "only questions" in next(field.value for field in asked.form.fields if field.name == "about")


async def test_a_title_that_fits_several_or_none_is_not_guessed(coffee: World):
    """Two workshops that begin alike need more of the title."""
    await makes(coffee)
    await coffee.passes(minutes=1)
    await makes(coffee, title="Giving talks")
    assert "event.unknown" == key(await coffee.says("ana", "/event join giving"))
    assert "event.unknown" == key(await coffee.says("ana", "/event join juggling"))
    assert "event.joined" == key(await coffee.says("ana", "/event join giving t"))


async def test_members_cannot_change_events(coffee: World):
    """Buttons of coordinators refuse members, however they came by them."""
    event = await makes(coffee)
    for act in ("change", "cancel", "cancel_it", "attendance", "results"):
        assert "core.not_allowed" == key(await coffee.presses_id("ana", f"event.{act}:{event.id}"))


async def test_a_night_without_power_reminds_of_nothing_past(coffee: World):
    """After an outage over the event, nobody is reminded of it; they are asked how it was."""
    event = await makes(coffee)
    await coffee.presses_id("ana", f"event.join:{event.id}")
    coffee.clock.set(datetime(2026, 3, 6, 10, tzinfo=UTC))
    said = to(await coffee.passes(minutes=15), coffee.dm("ana"))
    assert ["event.how_was_it"] == [one for one in said if one.startswith("event.")]


async def test_the_page_shows_where_one_is_going(coffee: World):
    """A seat stands on one's own page; an event that is near is offered as a next step."""
    event = await makes(coffee)
    assert "Giving feedback" in text(await coffee.says("ana", "/"))
    await coffee.presses_id("ana", f"event.join:{event.id}")
    assert "You have a seat at:" in text(await coffee.says("ana", "/me home"))
    assert "event.coming" == view(await coffee.says("ana", "/event leave")).key


@given(st.integers(0, 5), st.integers(0, 8), st.integers(0, 8))
def test_seats_are_never_overbooked(capacity: int, going: int, waiting: int):
    """However many wait, those who move up fit; without a limit everybody does."""
    event = Event(
        id="e", community_id="c", space_id="s", kind="social", title="t", starts_at=NOW, minutes=60, created_at=NOW,
        capacity=capacity,
    )  # fmt: skip
    rows = [
        EventSeat(id=f"s{n}", community_id="c", event_id="e", member_id=f"m{n}", since=NOW, status=WAITING)
        for n in range(waiting)
    ]
    moved = rules.promoted(event, going, rows)
    assert moved == rows[: len(moved)]
    assert (len(moved) == waiting) if capacity == 0 else (going + len(moved) <= max(capacity, going))
    assert capacity == 0 or len(moved) == min(waiting, max(0, capacity - going))


@given(st.integers(0, 365 * 24), st.sampled_from(["day", "hour", None]))
def test_a_stage_never_lies_behind(hours: int, done: str | None):
    """What comes next is due later than now, unless all that is left is asking how it was."""
    event = Event(
        id="e", community_id="c", space_id="s", kind="social", title="t", starts_at=datetime(2026, 6, 1, tzinfo=UTC),
        minutes=60, created_at=NOW,
    )  # fmt: skip
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    stage, due = rules.stage_after(event, now, done)
    assert stage == "after" or (due is not None and due > now)


def test_a_wall_time_in_the_gap_moves_forward():
    """On 29 March 2026, 02:30 does not exist in Madrid: it is an hour later there, as everywhere in Kith."""
    assert datetime(2026, 3, 29, 1, 30, tzinfo=UTC) == rules.start(date(2026, 3, 29), "02:30", "Europe/Madrid", NOW)
