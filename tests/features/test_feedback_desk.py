"""What coordinators and moderators do with notes, and what senders notice of it: never by a message."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import event

from bot import receipts
from bot.features.feedback import rules
from bot.patience import Patience
from storage.audit import Audit
from storage.feedback import FeedbackMessage, FeedbackNote
from storage.keys import SEALING
from storage.member import Member
from storage.outbox import Outbox
from tests.fakes.world import SPACE, Saved, World, all_join, key, save, text, woken
from tests.features.notes import BATCH, answers, confidentially, looks, opens, sends, the_note
from tests.features.town import comes, keys_of, member, to

FIRST, SECOND, THIRD = "The rooms are too loud.", "I would like a new partner.", "The soup was good."
SECOND_BATCH, THIRD_BATCH = "2026-03-03 16:00", "2026-03-04 16:00"


class Read(NamedTuple):
    """A world in which three notes were published on Monday, and their receipts; only ana's is confidential."""

    saved: Saved
    receipts: list[str]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Made once for all stories that begin with a batch."""
    receipts: list[str] = []

    async def three(world: World) -> None:
        await all_join(world)
        receipts.append(await confidentially(world, "ana", FIRST))
        receipts.append(await sends(world, "bea", SECOND))
        receipts.append(await sends(world, "chen", THIRD))
        await world.until(BATCH)

    return Read(save(tmp_path_factory.mktemp("published") / "kith.db", three), receipts)


@pytest.fixture
async def read(published: Read, tmp_path: Path) -> AsyncIterator[World]:
    """A coffee world on Monday evening, with three notes to read."""
    async with woken(published.saved, tmp_path / "kith.db") as made:
        yield made


@pytest.fixture
def receipt(published: Read) -> str:
    """The receipt of ana's note."""
    return published.receipts[0]


async def acts(world: World) -> list[tuple[str, str, str]]:
    """Return (who, act, reason) of what was audited about feedback, oldest first."""
    names = {row.id: row.handle for row in await world.rows(Member)}
    rows = sorted(await world.rows(Audit), key=lambda row: (row.at, row.id))
    return [(names.get(row.actor_id, ""), row.act, row.reason) for row in rows if row.act.startswith("feedback.")]


async def choose_channels(world: World) -> None:
    """Set the channels for answers and for moderators."""
    for part, values in (
        ("feedback", {"feedback.channel": "news"}),
        ("core", {"core.moderator_channel": "coordinators"}),
    ):
        asked = await world.says("vera", f"/coord settings {part}")
        assert "community.saved" == key(await world.submits("vera", asked, values))


# -- the conversation


async def test_a_conversation_in_both_directions_without_one_message(read: World, receipt: str):
    """Ana reads the answer with her receipt, adds to her note, reads on; not one direct message is sent."""
    await answers(read, "vera", FIRST, "Answer", "Thank you. Which rooms?")
    assert "Answer: Thank you. Which rooms?" in text(await looks(read, "ana", receipt))
    added = text(await looks(read, "ana", receipt, "answer", "The two by the kitchen."))
    assert "You: The two by the kitchen." in added
    assert "waits for the next batch" in added
    for name in ("dia", "eli"):
        await sends(read, name, "Something else altogether.")
    said = await read.until(SECOND_BATCH)
    assert "A sender has added something." in read.sees("vera", "coordinators")[-1]
    await opens(read, "vera", FIRST)
    assert "Sender: The two by the kitchen." in read.sees("vera")[-1]
    assert "waits for" not in text(await looks(read, "ana", receipt))
    assert ["feedback.batch"] == to(said, "coordinators")
    sent = [one for one in read.town.messages if one.channel.startswith("dm-") and not one.caller]
    assert [] == [one.view.key for one in sent if one.view.key.startswith("feedback")]
    ids = {(await member(read, name)).id for name in ("ana", "dia", "eli")}
    assert not [row for row in await read.rows(Outbox) if row.message.startswith("feedback") and row.to_id in ids]


async def test_what_a_sender_adds_waits_for_three_as_a_note_does(read: World, receipt: str):
    """An addition alone would tell on which day its author was there: it stays until two more things wait."""
    await looks(read, "ana", receipt, "answer", "The two by the kitchen.")
    assert [] == to(await read.until(SECOND_BATCH), "coordinators")
    await opens(read, "vera", FIRST)
    assert "by the kitchen" not in read.sees("vera")[-1]


async def test_nothing_can_be_added_to_what_nobody_read(coffee: World):
    """A waiting note cannot be added to, nor one that was taken back, nor with nothing to say."""
    receipt = await sends(coffee, "ana")
    assert "feedback.nobody_read_it" == key(await looks(coffee, "ana", receipt, "answer", "And more."))
    refused = await looks(coffee, "ana", receipt, "answer")
    assert "Please write what you want to add." == refused.errors["text"]
    await looks(coffee, "ana", receipt, "withdraw")
    assert "feedback.taken_back" == key(await looks(coffee, "ana", receipt, "answer", "And more."))


async def test_taking_back_erases_the_conversation_too(read: World, receipt: str):
    """What coordinators answered and what the sender added goes with the note; a second time says so again."""
    await answers(read, "vera", FIRST, "Answer", "Thank you.")
    message = await opens(read, "vera", FIRST)
    assert "feedback.withdrawn" == key(await looks(read, "ana", receipt, "withdraw"))
    assert "feedback.mine" == key(await looks(read, "ana", receipt, "withdraw"))
    assert [] == await read.rows(FeedbackMessage)
    assert "feedback.not_there" == key(await read.presses("vera", "Answer", message=message))


async def test_the_sender_sees_how_far_it_is(read: World, receipt: str):
    """Marks of coordinators are read with the receipt."""
    message = await opens(read, "vera", FIRST)
    await read.presses("vera", "Being worked on", message=message)
    assert "working on it" in text(await looks(read, "ana", receipt))
    await opens(read, "vera", FIRST)
    await read.presses("vera", "Done")
    assert "marked it as done" in text(await looks(read, "ana", receipt))
    assert [("vera", "feedback.marked", "working"), ("vera", "feedback.marked", "done")] == await acts(read)


# -- two coordinators


async def test_two_coordinators_do_not_undo_each_other(read: World):
    """A mark that somebody else has changed meanwhile is refused; the newer state stays."""
    comes(read, "wim", roles=frozenset({"coordinator"}))
    hers, his = await opens(read, "vera", FIRST), await opens(read, "wim", FIRST)
    assert "feedback.note" == key(await read.presses("vera", "Done", message=hers))
    assert "feedback.changed" == key(await read.presses("wim", "Being worked on", message=his))
    assert "done" == (await the_note(read, FIRST)).status


async def test_two_answers_are_both_kept(read: World, receipt: str):
    """Who answers second sees what the first one wrote, and nothing is replaced."""
    comes(read, "wim", roles=frozenset({"coordinator"}))
    his = await opens(read, "wim", FIRST)
    asked = await read.presses("wim", "Answer", message=his)
    await answers(read, "vera", FIRST, "Answer", "We are moving the tables.")
    shown = text(await read.submits("wim", asked, text="Come on Tuesday."))
    assert shown.index("We are moving the tables.") < shown.index("Come on Tuesday.")
    mine = text(await looks(read, "ana", receipt))
    assert mine.index("We are moving the tables.") < mine.index("Come on Tuesday.")


@pytest.mark.parametrize("arg", ["done>published", "waiting>done", "published>withdrawn", "nonsense", ""])
async def test_a_step_that_does_not_exist_is_refused(read: World, arg: str):
    """A tampered button cannot bring a note into a state that coordinators may not give it."""
    note = await the_note(read, FIRST)
    assert "core.gone" == key(await read.presses_id("vera", f"feedback.mark:{note.id}:{arg}"))
    assert "published" == (await the_note(read, FIRST)).status


# -- to everybody, and to moderators


async def test_an_answer_for_everybody_is_posted_once_and_does_not_quote(read: World, receipt: str):
    """It is in the channel that was chosen, names the topic, and the sender finds it with the receipt too."""
    await choose_channels(read)
    asked = await read.presses("vera", "Answer everybody", message=await opens(read, "vera", FIRST))
    assert "feedback.note" == key(await read.submits("vera", asked, text="The loud room is closed now."))
    said = await read.delivers()
    assert ["feedback.answer"] == to(said, "news")
    posted = read.sees("bea", "news")[-1]
    assert "The loud room is closed now." in posted
    assert FIRST not in posted
    assert "Answer to everybody: The loud room is closed now." in text(await looks(read, "ana", receipt))
    assert "feedback.answered_already" == key(await read.submits("vera", asked, text="Once more."))
    assert 1 == [act for _, act, _ in await acts(read)].count("feedback.answered")


async def test_without_a_channel_the_cure_is_said(read: World):
    """Who wants to answer everybody hears where to choose the channel."""
    reply = await read.presses("vera", "Answer everybody", message=await opens(read, "vera", FIRST))
    assert "feedback.no_channel" == key(reply)


async def test_a_note_is_handed_to_moderators_once(read: World):
    """They are told in their channel, without the text, and see it first in their list."""
    await choose_channels(read)
    await read.presses("vera", "Hand on to moderators", message=await opens(read, "vera", FIRST))
    assert ["feedback.escalated"] == keys_of(await read.delivers())
    assert FIRST not in read.sees("max", "coordinators")[-1]
    note = await the_note(read, FIRST)
    assert "feedback.escalated_already" == key(await read.presses_id("vera", f"feedback.escalate:{note.id}"))
    listed = [line for line in text(await read.says("max", "/mod notes")).splitlines() if "handed on" in line]
    assert len(listed) == 1
    assert note.id[: rules.CODE] in listed[0]


async def test_a_hidden_note_is_gone_from_coordinators_and_stays_the_senders(read: World, receipt: str):
    """It is in no list of theirs, no button of theirs works; the sender is told and can take it back."""
    hers = await opens(read, "vera", FIRST)
    await read.presses("max", "Hide it", message=await opens(read, "max", FIRST))
    assert FIRST not in text(await read.says("vera", "/coord feedback list"))
    for label in ("Answer", "Being worked on", "Hand on to moderators"):
        assert "feedback.hidden" == key(await read.presses("vera", label, message=hers))
    assert "hidden it from coordinators" in text(await looks(read, "ana", receipt))
    assert "feedback.withdrawn" == key(await looks(read, "ana", receipt, "withdraw"))
    assert FIRST not in text(await read.says("max", "/mod notes"))


async def test_a_hidden_note_can_be_shown_again(read: World):
    """Hiding is reversible, and by code as well as by button."""
    code = (await the_note(read, FIRST)).id[: rules.CODE]
    assert "feedback.moderated_note" == key(await read.says("max", f"/mod hide #{code}"))
    assert FIRST not in text(await read.says("vera", "/coord feedback list"))
    await read.presses("max", "Show it again", message=await opens(read, "max", FIRST))
    assert FIRST in text(await read.says("vera", "/coord feedback list"))
    assert ["feedback.hidden", "feedback.shown"] == [act for _, act, _ in await acts(read)]


@pytest.mark.parametrize("code", ["zzzzzz", "ab", "%", "______"])
async def test_a_code_of_no_note_is_refused_in_words(read: World, code: str):
    """Whatever is typed, no other note is taken."""
    assert "feedback.no_such_note" == key(await read.says("max", f"/mod hide {code}"))


async def test_codes_are_completed(read: World):
    """Who types the beginning of a code is offered the notes that fit."""
    note = await the_note(read, SECOND)
    call = replace(read.town.command("max", "/mod hide x", "general"), path=("mod", "hide"))
    assert note.id[: rules.CODE] in await read.app.complete(call, "note", note.id[:2])


# -- who may


@pytest.mark.parametrize("who", ["ana", "max"])
@pytest.mark.parametrize("button", ["note", "mark", "reply", "publish", "escalate"])
async def test_only_coordinators_sit_at_the_desk(read: World, who: str, button: str):
    """A member, and a moderator who does not coordinate, is refused at each button."""
    note = await the_note(read, FIRST)
    assert "core.not_allowed" == key(await read.presses_id(who, f"feedback.{button}:{note.id}:published>done"))


@pytest.mark.parametrize("button", ["moderate", "hide", "block"])
async def test_only_moderators_hide_and_stop(read: World, button: str):
    """A coordinator is refused."""
    note = await the_note(read, FIRST)
    assert "core.not_allowed" == key(await read.presses_id("vera", f"feedback.{button}:{note.id}:hide"))
    assert "core.not_allowed" == key(await read.says("vera", f"/mod hide {note.id[:6]}"))


async def test_a_note_that_waits_cannot_be_opened(coffee: World):
    """Not even by who knows its id: before the batch nobody reads it."""
    await sends(coffee, "ana", FIRST)
    note = await the_note(coffee, FIRST)
    assert "feedback.not_there" == key(await coffee.presses_id("vera", "feedback.note", note.id))
    assert "feedback.not_there" == key(await coffee.presses_id("max", "feedback.moderate", note.id))
    assert "feedback.not_there" == key(await coffee.presses_id("vera", f"feedback.reply:{note.id}"))


# -- stopping a sender


async def test_a_stopped_sender_is_stopped_and_nobody_learns_who(read: World):
    """Ana cannot send either kind of note until the window ends, and hears so; the others can; no table names her."""
    shown = await read.presses("max", "Stop its sender", message=await opens(read, "max", FIRST))
    assert "can write again from" in text(shown)
    ana = await member(read, "ana")
    assert not [word for word in (ana.id, "Ana", "@ana") if word in text(shown)]
    refused = await read.says("ana", "/feedback send")
    assert "feedback.blocked" == key(refused)
    assert "write again from" in text(refused)
    await confidentially(read, "bea")
    await sends(read, "dia")
    assert [("max", "feedback.sender_blocked", "")] == await acts(read)
    assert ana.id not in str(await read.rows(FeedbackNote))


async def test_a_form_that_was_open_is_refused_too(read: World):
    """Who had the form open when the moderator pressed is stopped as well."""
    asked = await read.says("ana", "/feedback send")
    await read.presses("max", "Stop its sender", message=await opens(read, "max", FIRST))
    for mode in ("anonymous", "confidential"):
        refused = await read.submits("ana", asked, topic="pair", text="Once more, please.", mode=mode)
        assert "feedback.blocked" == key(refused)


async def test_taking_back_does_not_undo_the_stop(read: World, receipt: str):
    """Who takes back the note they were stopped for stays stopped until the window ends."""
    note = await the_note(read, FIRST)
    await read.says("max", f"/mod block-sender {note.id[: rules.CODE]}")
    await looks(read, "ana", receipt, "withdraw")
    assert "feedback.blocked" == key(await read.says("ana", "/feedback send"))


async def test_the_stop_ends_with_the_window(read: World):
    """72 hours after the batch the pseudonym is gone, ana can write, and nobody can be stopped for that note."""
    note = await the_note(read, FIRST)
    await read.presses_id("max", f"feedback.block:{note.id}")
    await read.until("2026-03-05 15:59")
    assert "feedback.blocked" == key(await read.says("ana", "/feedback send"))
    await read.until("2026-03-05 16:00")
    assert "form:feedback.send" == key(await read.says("ana", "/feedback send"))
    rows = await read.rows(FeedbackNote)
    assert {(None, None, False)} == {(row.pseudonym, row.window_until, row.blocked) for row in rows}
    assert "feedback.cannot_block" == key(await read.presses_id("max", f"feedback.block:{note.id}"))


async def test_the_sender_of_an_anonymous_note_cannot_be_stopped(read: World):
    """There is nothing to stop them by, and that is said."""
    note = await the_note(read, SECOND)
    assert note.pseudonym is None
    message = await opens(read, "max", SECOND)
    assert "Stop its sender" not in [item.label for item in message.actions]
    assert "feedback.cannot_block" == key(await read.presses_id("max", f"feedback.block:{note.id}"))


async def test_a_stranger_who_becomes_a_member_stays_stopped(coffee: World):
    """Their account is known before they have a row, and after."""
    town = coffee.town
    town.add_user(SPACE, replace(town.user("ana"), id="zoe", name="Zoe", handle="zoe"))
    await confidentially(coffee, "zoe", FIRST)
    for name in ("bea", "chen"):
        await sends(coffee, name)
    await coffee.until("2026-03-02 16:00")
    await coffee.presses("max", "Stop its sender", message=await opens(coffee, "max", FIRST))
    assert "feedback.blocked" == key(await coffee.says("zoe", "/feedback send"))
    await coffee.says("zoe", "/me home")
    assert "feedback.blocked" == key(await coffee.says("zoe", "/feedback send"))


async def test_two_notes_of_one_sender_have_two_pseudonyms(read: World):
    """Who reads the table does not see that they belong together."""
    await confidentially(read, "ana", "Another one of mine.")
    marks = [row.pseudonym for row in await read.rows(FeedbackNote)]
    assert 2 == len({mark for mark in marks if mark})


async def test_a_week_has_room_for_ten_confidential_notes(coffee: World):
    """The eleventh is refused, also after a restart, as pseudonyms are counted; an anonymous one still goes."""
    for number in range(rules.CONFIDENTIAL_A_WEEK):
        await confidentially(coffee, "ana", f"Note number {number}.")
    asked = await coffee.says("ana", "/feedback send")
    refused = await coffee.submits("ana", asked, topic="pair", text="One too many.", mode="confidential")
    assert "feedback.enough_this_week" == key(refused)
    await sends(coffee, "ana")
    await confidentially(coffee, "bea")


# -- keys and time


async def test_a_weeks_key_is_destroyed_on_time(coffee: World):
    """72 hours after its week the file is gone, and with it the pseudonyms of notes that were never published."""
    await confidentially(coffee, "ana", FIRST)
    assert ["2026-W10"] == list(coffee.database.keys.weeks())
    await coffee.until("2026-03-11 23:59")
    assert ["2026-W10", "2026-W11"] == list(coffee.database.keys.weeks())
    await coffee.until("2026-03-12 00:00")
    assert ["2026-W11"] == list(coffee.database.keys.weeks())
    assert [None] == [row.pseudonym for row in await coffee.rows(FeedbackNote)]
    assert "waiting" == (await the_note(coffee, FIRST)).status


async def test_no_file_tells_when_a_key_was_first_needed(coffee: World):
    """A week's key is there before the first note of the week, and its file's time says nothing."""
    made = coffee.database.keys.of_week("2026-W10")
    await confidentially(coffee, "ana", FIRST)
    assert made == coffee.database.keys.of_week("2026-W10")
    await coffee.until("2026-03-09 00:00")
    assert "2026-W11" in coffee.database.keys.weeks()
    assert {0.0} == {file.stat().st_mtime for file in coffee.database.keys.folder.iterdir()}


async def test_a_key_that_ended_while_kith_was_off_goes_at_once(coffee: World):
    """However late the bot comes back, the key is destroyed then; that is never skipped."""
    await confidentially(coffee, "ana", FIRST)
    coffee.clock.set(coffee.clock.now().replace(month=5))
    await coffee.delivers()
    assert ["2026-W18"] == list(coffee.database.keys.weeks())


async def test_a_lost_key_stores_and_shows_nothing(read: World):
    """Without the sealing key, members and coordinators are told so in words, and no note is stored by half."""
    (read.database.keys.folder / SEALING).unlink()
    read.database.keys.expect(["another"])
    asked = await read.says("ana", "/feedback send")
    assert "core.no_key" == key(await read.submits("ana", asked, topic="pair", text=FIRST, mode="anonymous"))
    assert "core.no_key" == key(await read.says("vera", "/coord feedback list"))


async def test_a_note_goes_a_year_after_its_week(read: World):
    """Retention runs by itself, with what was said about the note."""
    await answers(read, "vera", FIRST, "Answer", "Thank you.")
    for day, kept in (("2027-03-07 15:59", 3), ("2027-03-09 15:59", 0)):
        read.clock.set(datetime.fromisoformat(day).replace(tzinfo=UTC))
        await read.until(day.replace("15:59", "16:00"))
        assert kept == len(await read.rows(FeedbackNote))
    assert [] == await read.rows(FeedbackMessage)


# -- guessing receipts


async def test_guessing_gets_slower(coffee: World):
    """Three wrong receipts are free, then a minute, two, four; a right one buys nothing; others are not slowed."""
    seconds = [0.0]
    coffee.app.patience = Patience(lambda: seconds[0], burst=1000)
    receipt = await sends(coffee, "ana")
    told = [key(await looks(coffee, "bea", "0" * 26)) for _ in range(4)]
    assert [*["feedback.no_such_receipt"] * 3, "core.wait"] == told
    assert "core.wait" == key(await looks(coffee, "bea", receipt))
    assert "feedback.mine" == key(await looks(coffee, "ana", receipt))
    seconds[0] += 61
    assert "feedback.mine" == key(await looks(coffee, "bea", receipt))
    assert "feedback.no_such_receipt" == key(await looks(coffee, "bea", "0" * 26))
    seconds[0] += 61
    waits = await looks(coffee, "bea", receipt)
    assert "core.wait" == key(waits)
    assert "wait 1 min" in text(waits)


async def test_every_receipt_goes_the_same_way(coffee: World):
    """Unknown, withdrawn, of another community, and no receipt at all: the same statements in the same order."""
    receipt = await sends(coffee, "ana")
    gone = await sends(coffee, "bea")
    await looks(coffee, "bea", gone, "withdraw")
    foreign = await sends(coffee, "chen")
    async with coffee.database.unit() as db:
        (note,) = [row for row in await coffee.rows(FeedbackNote) if row.receipt_hash == receipts.receipt_hash(foreign)]
        from storage.community import Community

        db.add(Community(id="elsewhere", name="Elsewhere", created_at=coffee.clock.now()))
        await db.flush()
        note.community_id = "elsewhere"
        await db.merge(note)

    asked = await coffee.says("dia", "/feedback inbox")
    seen: dict[str, list[str]] = {}
    for name, code in {"right": receipt, "gone": gone, "foreign": foreign, "unknown": "0" * 26, "none": "hm"}.items():
        statements: list[str] = []

        def note_down(conn, cursor, statement, *rest, kept=statements):
            kept.append(statement)

        engine = coffee.database._writer
        event.listen(engine, "before_cursor_execute", note_down)
        await coffee.submits("dia", asked, receipt=code, act="look")
        event.remove(engine, "before_cursor_execute", note_down)
        seen[name] = [one for one in statements if "feedback" in one]
    assert 2 == len(seen["right"])
    assert {tuple(seen["right"])} == {tuple(found) for found in seen.values()}


def test_a_receipt_has_128_bits():
    """Every bit of the random number changes the code, and codes have one shape."""
    bits = 1 << 127
    codes = {receipts.receipt(1 << place) for place in range(128)}
    assert 128 == len(codes)
    assert receipts.receipt(bits) in codes
    assert {32} == {len(code) for code in codes}
