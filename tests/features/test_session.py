"""Pairs find a time, are reminded of it, and log what they made of it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.chat.actions import Button
from bot.chat.reply import Ask
from bot.chat.views import Actions, File
from bot.features.session import rules
from bot.ical import entry
from bot.sheets import as_csv, guarded
from storage.outbox import Outbox
from storage.pair import Pair
from storage.session import Session, SessionNote, SessionReminder
from tests.fakes.world import COORDINATOR, World, key, text, view
from tests.features.town import change, comes, keys_of, member, partner, to

LOG = {"day": "2026-03-04", "minutes": "45", "topics": "the first patch", "next_step": "Read the guide",
       "shared": "We liked it.", "private": "Ask about tests.", "help": "no", "for_coordinators": ""}  # fmt: skip


@pytest.fixture
async def two(world: World) -> World:
    """Ana in Madrid and Bea in New York, paired on Tuesday; both are free on Monday evening in Madrid."""
    comes(world, "bea", zone="America/New_York")
    await world.applies()
    await world.joins("ana", availability="mon 18:00-20:00")
    await world.joins("bea", zone="America/New_York", availability="mon 12:00-15:00")
    await world.until("2026-03-03 15:00")
    return world


def buttons(reply: object) -> list[Button]:
    """Return the buttons of a reply."""
    return [item for block in view(reply).blocks if isinstance(block, Actions) for item in block.items]  # type: ignore[arg-type]


def file_of(shown: object) -> File:
    """Return the file in a view."""
    return next(block for block in shown.blocks if isinstance(block, File))  # type: ignore[attr-defined]


async def picks(world: World, who: str = "ana", number: int = 0) -> object:
    """Plan and press one of the three times."""
    asked = await world.says(who, "/session plan")
    times = [item.action for item in buttons(asked) if item.action.name == "session.pick"]
    return await world.presses_id(who, times[number])


async def agreed(world: World) -> Session:
    """Ana proposes the first time, Bea agrees."""
    await picks(world)
    await world.delivers()
    assert "session.agreed" == key(await world.presses("bea", "That suits me"))
    return (await world.rows(Session))[0]


async def logs(world: World, who: str = "ana", **answers: str) -> object:
    """Log a session."""
    return await world.submits(who, await world.says(who, "/session log"), LOG | answers)


# -- planning


async def test_three_times_in_each_ones_own_time(two: World):
    """Three Mondays at the hour that is in both weeks, each with the other's clock beside it, DST and all."""
    said = text(await two.says("ana", "/session plan"))
    assert "Mon 9 Mar, 18:00 · Bea: Mon 9 Mar, 13:00 (New York)" in said
    assert "Mon 30 Mar" not in said
    assert "Mon 23 Mar, 18:00 · Bea: Mon 23 Mar, 13:00 (New York)" in said
    assert "Mon 9 Mar, 13:00 · Ana: Mon 9 Mar, 18:00 (Madrid)" in text(await two.says("bea", "/session plan"))


async def test_one_press_asks_the_other_and_one_press_agrees(two: World):
    """A picked time is asked; the yes makes it the time, and both get a calendar file."""
    assert "session.proposed" == key(await picks(two))
    assert ["session.suggested"] == to(await two.delivers(), two.dm("bea"))
    assert "session.agreed" == key(await two.presses("bea", "That suits me"))
    said = await two.delivers()
    assert {two.dm("ana"), two.dm("bea")} == {one.channel for one in said}
    assert ["session.planned"] * 2 == keys_of(said)
    event = Calendar.from_ical(file_of(said[0].view).data).walk("VEVENT")[0]
    row = (await two.rows(Session))[0]
    assert (datetime(2026, 3, 9, 17, tzinfo=UTC), timedelta(hours=1)) == (event.start, event.end - event.start)
    assert (f"{row.id}@kith", 1, "CONFIRMED") == (event["uid"], event["sequence"], event["status"])


async def test_both_pick_the_same_time(two: World):
    """When both press the same time before reading each other's message, they agree."""
    await picks(two, "ana")
    assert "session.agreed" == key(await picks(two, "bea"))
    assert ["planned"] == [row.status for row in await two.rows(Session)]


async def test_own_proposals_cannot_be_agreed_to(two: World):
    """Who proposed a time waits for the others."""
    await picks(two)
    row = (await two.rows(Session))[0]
    assert "session.own" == key(await two.presses_id("ana", f"session.accept:{row.id}:1"))


async def test_an_answer_to_an_older_proposal(two: World):
    """A yes to a time that was replaced meanwhile agrees to nothing."""
    await picks(two, "ana", 0)
    await picks(two, "ana", 1)
    row = (await two.rows(Session))[0]
    assert "session.changed" == key(await two.presses_id("bea", f"session.accept:{row.id}:1"))
    assert "session.agreed" == key(await two.presses_id("bea", f"session.accept:{row.id}:2"))
    assert datetime(2026, 3, 16, 17, tzinfo=UTC) == (await two.rows(Session))[0].starts_at


async def test_the_same_proposal_twice(two: World):
    """Pressing the same time again asks nobody a second time."""
    await picks(two)
    assert "session.proposed" == key(await picks(two))
    assert ["session.suggested"] == keys_of(await two.delivers())


async def test_another_time_goes_back_and_forth(two: World):
    """[Another time] answers with a time on one's own clock; the first one can agree to it."""
    await picks(two)
    await two.delivers()
    asked = await two.presses("bea", "Another time")
    assert "session.proposed" == key(await two.submits("bea", asked, day="2026-03-10", at="12:30"))
    assert ["session.suggested"] == to(await two.delivers(), two.dm("ana"))
    await two.presses("ana", "That suits me")
    assert [datetime(2026, 3, 10, 16, 30, tzinfo=UTC)] == [row.starts_at for row in await two.rows(Session)]


@pytest.mark.parametrize(
    ("day", "at", "field"),
    [
        ("2026-03-01", "18:00", "day"), ("2026-03-03", "11:05", "day"), ("2028-01-01", "18:00", "day"),
        ("9999-12-31", "23:59", "day"), ("2027-02-29", "18:00", "day"), ("2026-03-10", "25:00", "at"),
        ("2026-03-10", "six", "at"),
    ],
)  # fmt: skip
async def test_a_time_that_cannot_be(two: World, day: str, at: str, field: str):
    """What is over, too far, or no time at all is told at its field, and nothing is asked."""
    asked = await two.presses_id("ana", f"session.another:{(await two.rows(Pair))[0].id}")
    answered = await two.submits("ana", asked, day=day, at=at, minutes="60")
    assert [field] == list(answered.errors)  # type: ignore[union-attr]
    assert [] == await two.rows(Session)


async def test_a_time_in_the_gap_moves_forward(two: World):
    """Half past two in the night of the clock change is half past three."""
    asked = await two.presses_id("ana", f"session.another:{(await two.rows(Pair))[0].id}")
    await two.submits("ana", asked, day="2026-03-29", at="02:30", minutes="60")
    assert datetime(2026, 3, 29, 1, 30, tzinfo=UTC) == (await two.rows(Session))[0].suggested_at


async def test_no_double_booking(two: World):
    """A time that touches an agreed session cannot be proposed, by pressing or writing; it is not offered either."""
    await agreed(two)
    said = text(await two.says("ana", "/session plan"))
    assert "You meet" in said
    assert "Mon 9 Mar, 18:00 ·" not in said
    pair = (await two.rows(Pair))[0].id
    assert "session.taken" == key(await two.presses_id("bea", f"session.pick:{pair}:2026-03-09T17:30Z"))
    asked = await two.presses_id("bea", f"session.another:{pair}")
    assert ["day"] == list((await two.submits("bea", asked, day="2026-03-09", at="13:30", minutes="60")).errors)  # type: ignore[union-attr]
    assert 1 == len(await two.rows(Session))


async def test_moving_keeps_the_old_time_until_the_other_agrees(two: World):
    """The calendar file of the new time has the same id and a higher number; reminders move along."""
    await agreed(two)
    await two.delivers()
    asked = await two.presses("ana", "Move it")
    await two.submits("ana", asked, day="2026-03-10", at="18:00")
    row = (await two.rows(Session))[0]
    assert ("planned", datetime(2026, 3, 9, 17, tzinfo=UTC)) == (row.status, row.starts_at)
    await two.delivers()
    await two.presses("bea", "That suits me")
    said = await two.delivers()
    event = Calendar.from_ical(file_of(said[0].view).data).walk("VEVENT")[0]
    assert (f"{row.id}@kith", 2, datetime(2026, 3, 10, 17, tzinfo=UTC)) == (
        event["uid"], event["sequence"], event.start
    )  # fmt: skip
    assert [] == [key for key in keys_of(await two.until("2026-03-09 16:59")) if key == "session.reminder"]
    assert ["session.reminder"] * 2 == keys_of(await two.until("2026-03-09 17:01"))


async def test_cancelled_is_cancelled(two: World):
    """Both get a file that takes it out of their calendars, and nobody is reminded, not even by what was written."""
    await agreed(two)
    await two.delivers()
    await two.until("2026-03-09 15:59")
    assert "session.called_off" == key(await two.presses("ana", "Cancel it"))
    said = await two.delivers()
    assert ["session.cancelled"] * 2 == keys_of(said)
    event = Calendar.from_ical(file_of(said[0].view).data)
    assert "CANCEL" == event["method"]
    assert (2, "CANCELLED") == (event.walk("VEVENT")[0]["sequence"], event.walk("VEVENT")[0]["status"])
    assert "session.reminder" not in keys_of(await two.until("2026-03-10 12:00"))
    assert {"cancelled", ""} == {row.why for row in await two.rows(SessionReminder)}


async def test_a_reminder_that_waits_to_be_sent_is_taken_back(two: World):
    """A reminder that is written and not sent yet does not come after a cancellation."""
    row = await agreed(two)
    await two.delivers()
    await two.until("2026-03-08 17:00")
    reminder = next(one for one in await two.rows(SessionReminder) if one.hours == 1)

    async def write(work) -> None:
        await work.outbox.note(
            await member(two, "ana"), "session.reminder", key=f"session.reminder:{reminder.id}", session=row.id,
            pair_id=row.pair_id, partners=[], starts=row.starts_at.isoformat(),
        )  # fmt: skip

    await two.app.work(await two.community_id(), write)
    await two.presses_id("bea", f"session.cancel:{row.id}")
    assert "session.reminder" not in keys_of(await two.delivers())
    assert "skipped" == next(one for one in await two.rows(Outbox) if one.key.endswith(reminder.id)).state


async def test_a_day_and_an_hour_before(two: World):
    """Both are reminded twice, at daytime; a reminder costs nothing of the week's messages."""
    await change(two, "ana", weekly_nudges=0)
    await agreed(two)
    await two.delivers()
    assert 2 == keys_of(await two.until("2026-03-08 17:01")).count("session.reminder")
    assert 2 == keys_of(await two.until("2026-03-09 16:01")).count("session.reminder")
    assert {"note"} == {row.kind for row in await two.rows(Outbox) if row.message == "session.reminder"}


async def test_reminders_keep_out_of_the_night(two: World):
    """A session at half past seven in the morning is reminded of the day before after eight, not an hour before."""
    asked = await two.presses_id("ana", f"session.another:{(await two.rows(Pair))[0].id}")
    await change(two, "bea", zone="Europe/Madrid")
    await two.submits("ana", asked, day="2026-03-10", at="07:30", minutes="30")
    await two.delivers()
    await two.presses("bea", "That suits me")
    said = await two.until("2026-03-10 08:00")
    reminded = [one for one in said if one.view.key == "session.reminder"]
    assert 2 == len(reminded)
    rows = [row for row in await two.rows(Outbox) if row.message == "session.reminder"]
    assert {datetime(2026, 3, 9, 7, tzinfo=UTC)} == {row.sent_at.replace(second=0, microsecond=0) for row in rows}
    assert {"expired"} == {row.why for row in await two.rows(SessionReminder) if row.hours == 1}


async def test_a_stranger_can_do_nothing(two: World):
    """Whoever is not in the pair is refused by every button, and nothing changes."""
    await picks(two)
    row = (await two.rows(Session))[0]
    for button in ("accept", "cancel", "move", "right", "other", "change"):
        assert key(await two.presses_id("chen", f"session.{button}:{row.id}:1")) == "session.not_yours"
    for button in ("pick", "another", "plan", "prep", "log"):
        said = await two.presses_id("chen", f"session.{button}:{row.pair_id}:2026-03-10T17:00Z")
        assert key(said) in ("session.not_yours", "core.gone")
    assert [row.model_dump()] == [one.model_dump() for one in await two.rows(Session)]


async def test_a_pair_that_ends(two: World):
    """Nobody is reminded of the sessions of a pair that ended; who had one ahead of them is told."""
    await agreed(two)
    await two.delivers()
    reply = await two.says("ana", "/programme leave")
    await two.presses_id("ana", buttons(reply)[0].action)
    assert "session.pair_ended" in to(await two.delivers(), two.dm("bea"))
    assert "session.reminder" not in keys_of(await two.until("2026-03-10 12:00"))
    assert "session.no_pair" == key(await two.says("bea", "/session plan"))
    row = (await two.rows(Session))[0]
    assert "cancelled" == row.status
    assert "session.ended" == key(await two.presses_id("bea", f"session.pick:{row.pair_id}:2026-03-12T17:00Z"))


# -- preparing


async def test_what_to_talk_about_depends_on_where_they_stand(two: World):
    """Before the first session, between, near the end: other questions, with goals and the last log."""
    assert "What brought you here" in text(await two.says("ana", "/session prep"))
    await two.until("2026-03-04 12:00")
    await logs(two)
    said = text(await two.says("bea", "/session prep"))
    assert "What has changed since you began?" in said
    assert "the first patch" in said
    assert "Next step: Read the guide" in said
    assert "Ask about tests" not in said


@pytest.mark.parametrize(
    ("logged", "ends", "stage"),
    [(0, 30, "first"), (0, 3, "first"), (1, 30, "middle"), (1, 14, "last"), (2, None, "middle")],
)
def test_where_a_pair_stands(logged: int, ends: int | None, stage: str):
    """Nothing logged is the first; the last two weeks are the last."""
    now = datetime(2026, 3, 3, tzinfo=UTC)
    rows = [Session(status="logged", met_on=date(2026, 3, 1)) for _ in range(logged)]
    assert stage == rules.stage(rows, now + timedelta(days=ends) if ends is not None else None, now)


# -- logging


async def test_both_confirm_and_hours_add_up(two: World):
    """One logs, the other confirms with one press: then it counts, and the pair has met."""
    await two.until("2026-03-04 15:00")
    assert "session.kept" == key(await logs(two))
    assert "0 h" in text(await two.says("ana", "/session list"))
    assert [None] == [pair.met_at for pair in await two.rows(Pair)]
    await two.delivers()
    assert "0.8 h" in text(await two.presses("bea", "That is right"))
    assert ["confirmed"] == [row.status for row in await two.rows(Session)]
    assert [two.clock.now()] == [pair.met_at for pair in await two.rows(Pair)]
    assert "session.confirmed" == key(await two.presses_id("bea", f"session.right:{(await two.rows(Session))[0].id}:1"))
    await two.until("2026-03-06 15:00")
    await logs(two, day="2026-03-05", minutes="60")
    await two.delivers()
    assert "1.8 h" in text(await two.presses("bea", "That is right"))


async def test_it_was_otherwise(two: World):
    """A doubt is told to who logged it, who corrects it, and the other is asked again; the old question is over."""
    await two.until("2026-03-04 15:00")
    await logs(two)
    await two.delivers()
    assert "session.doubted" == key(await two.presses("bea", "That is not how I remember it"))
    assert ["session.otherwise"] == to(await two.delivers(), two.dm("ana"))
    asked = await two.presses("ana", "Correct it")
    assert "Ask about tests." == next(field.value for field in asked.form.fields if field.name == "private")  # type: ignore[union-attr]
    await two.submits("ana", asked, LOG | {"minutes": "30"})
    row = (await two.rows(Session))[0]
    assert "session.changed" == key(await two.presses_id("bea", f"session.right:{row.id}:1"))
    await two.delivers()
    await two.presses("bea", "That is right")
    assert [("confirmed", 30)] == [(one.status, one.minutes) for one in await two.rows(Session)]
    assert "session.confirmed" == key(await two.presses_id("ana", f"session.change:{row.id}"))


async def test_nobody_confirms_their_own(two: World):
    """Who logged it waits for another's word."""
    await two.until("2026-03-04 15:00")
    await logs(two)
    row = (await two.rows(Session))[0]
    assert "session.own_log" == key(await two.presses_id("ana", f"session.right:{row.id}:1"))


async def test_the_same_day_counts_once(two: World):
    """When the other logs the same day, they are shown what is there and can confirm it."""
    await two.until("2026-03-04 12:00")
    await logs(two)
    assert "session.known" == key(await logs(two, "bea", private="Mine alone.", help="yes"))
    assert "Mine alone." in text(await two.says("bea", "/session list"))
    await two.delivers()
    assert "session.help_wanted" in two.keys(COORDINATOR, "coordinators")
    await two.presses("bea", "That is right")
    assert "session.known" == key(await logs(two, "bea"))
    assert 1 == len(await two.rows(Session))


async def test_a_log_cannot_be_moved_onto_another(two: World):
    """A corrected day that has a session already is told at its field, and what was typed is kept."""
    await two.until("2026-03-05 12:00")
    await logs(two)
    await logs(two, day="2026-03-05")
    row = next(row for row in await two.rows(Session) if row.met_on == date(2026, 3, 5))
    asked = await two.presses_id("ana", f"session.change:{row.id}")
    answered = await two.submits("ana", asked, LOG | {"day": "2026-03-04"})
    assert ["day"] == list(answered.errors)  # type: ignore[union-attr]


async def test_a_log_is_about_what_was_planned(two: World):
    """Logging on the day of a planned session fills that one in, and its day stands in the form already."""
    row = await agreed(two)
    await two.until("2026-03-09 18:30")
    asked = await two.says("bea", "/session log")
    assert isinstance(asked, Ask)
    assert date(2026, 3, 9) == asked.form.fields[0].value
    await two.submits("bea", asked, LOG | {"day": "2026-03-09"})
    assert [(row.id, "logged")] == [(one.id, one.status) for one in await two.rows(Session)]


@pytest.mark.parametrize("day", ["2026-03-05", "2026-03-02", "2025-02-29", "0001-01-01"])
async def test_days_that_cannot_be_logged(two: World, day: str):
    """What is still to come, was before they met, or is no day at all is told at its field."""
    await two.until("2026-03-04 12:00")
    answered = await logs(two, day=day)
    assert ["day"] == list(answered.errors)  # type: ignore[attr-defined]
    assert [] == await two.rows(Session)


async def test_private_notes_are_private(two: World):
    """What somebody noted for themselves is in no message, no other's list or table, and goes with them."""
    await two.until("2026-03-04 12:00")
    await logs(two)
    await two.delivers()
    await logs(two, "bea", private="Mine.")
    everything = " ".join([*two.sees("bea"), *two.sees(COORDINATOR), text(await two.says("bea", "/session list"))])
    assert "Ask about tests" not in everything
    assert "Ask about tests" in text(await two.says("ana", "/session list"))
    assert not [row for row in await two.rows(Outbox) if "Ask about tests" in str(row.params)]

    async def forget(work) -> None:
        from bot import rights

        await rights.forget(work, (await member(two, "ana")).id)

    await two.app.work(await two.community_id(), forget)
    assert ["Mine."] == [note.private for note in await two.rows(SessionNote)]
    assert [("", "", "")] == [(row.topics, row.next_step, row.shared) for row in await two.rows(Session)]


@pytest.mark.parametrize(("words", "said"), [("", "wrote nothing more"), ("We need a room.", "We need a room.")])
async def test_the_flag_for_help(two: World, words: str, said: str):
    """Coordinators learn who would like a word, and only what was written for them."""
    await two.until("2026-03-04 12:00")
    reply = await logs(two, help="yes", for_coordinators=words)
    assert "coordinators know" in text(reply)  # type: ignore[arg-type]
    await two.delivers()
    told = two.sees(COORDINATOR, "coordinators")[-1]
    assert said in told
    assert "@Ana" in told
    assert "patch" not in told


async def test_a_trio_needs_one_other_word(world: World):
    """Of three, one other word is enough, and one yes makes a time the time."""
    await world.applies()
    for name in ("ana", "bea", "chen"):
        await world.joins(name)
    await world.until("2026-03-03 10:00")
    await agreed(world)
    await world.delivers()
    assert 2 == len([1 for name in ("ana", "chen") if "session.planned" in world.keys(name, world.dm(name))])
    await world.until("2026-03-04 12:00")
    await logs(world, "ana", day="2026-03-03")
    await world.delivers()
    await world.presses("chen", "That is right")
    row = next(row for row in await world.rows(Session) if row.met_on)
    assert "confirmed" == row.status
    assert "session.confirmed" == key(await world.presses_id("bea", f"session.right:{row.id}:1"))


# -- keeping


async def test_the_table_holds_no_formula(two: World):
    """What members wrote cannot run in a spreadsheet, and the table reads back."""
    await two.until("2026-03-04 12:00")
    await logs(two, topics='=HYPERLINK("https://evil.example")', shared="+1, -2", private="@SUM(A1)")
    file = file_of(view(await two.says("ana", "/session export")))
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert ("sessions.csv", 2) == (file.name, len(rows))
    assert ["2026-03-04", "Bea", "45", "waits to be confirmed"] == rows[1][:4]
    assert ['\'=HYPERLINK("https://evil.example")', "Read the guide", "'+1, -2", "'@SUM(A1)"] == rows[1][4:]
    assert "session.nothing" == key(await two.says("chen", "/session export"))


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_cell_is_a_formula(cells: list[list[str]]):
    """Whatever is in a cell, it begins with nothing that a spreadsheet runs, and nothing is lost."""
    for row in cells:
        for cell in row:
            shown = guarded(cell)
            assert shown.removeprefix("'") == cell.removeprefix("'")
            assert not shown.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_csv(["a", "b"], cells).startswith("\ufeffa,b\r\n".encode())


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80), st.integers(5, 600))
def test_a_calendar_entry_reads_back(summary: str, minutes: int):
    """Whatever people are called, the file is one event with its name, its length and its number."""
    starts = datetime(2026, 3, 9, 17, tzinfo=UTC)
    file = entry(
        "session.ics", "s1", starts=starts, minutes=minutes, sequence=3, stamp=starts, summary=summary, cancelled=False
    )
    events = Calendar.from_ical(file.data).walk("VEVENT")
    assert [("s1@kith", summary, 3, minutes * 60)] == [
        (one["uid"], str(one["summary"]), one["sequence"], (one.end - one.start).total_seconds()) for one in events
    ]


async def test_the_page_shows_what_is_next(two: World):
    """What waits for an answer, what is ahead and the hours so far stand on the member's page."""
    await picks(two)
    assert "proposed" in text(await two.says("bea", "/me home"))
    await two.presses_id("bea", f"session.accept:{(await two.rows(Session))[0].id}:1")
    assert "You meet @Ana" in text(await two.says("bea", "/me home"))


async def test_partner_is_named_when_there_are_several(two: World):
    """Somebody who is no partner is told so."""
    assert "session.not_together" == key(await two.says("ana", "/session plan @chen"))
    assert "session.plan" == key(await two.says("ana", f"/session plan @{await partner(two, 'ana')}"))
    assert "session.no_pair" == key(await two.says("chen", "/session log"))
