"""Safety: somebody says that something is not all right, moderators look after it, and people can be kept apart."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat.reply import Ask
from storage.audit import Audit
from storage.outbox import Outbox
from storage.pair import Pair
from storage.report import Report, ReportLine, Separation
from tests.fakes.world import COORDINATOR, MODERATOR, SPACE, World, key, text
from tests.features.town import comes, keys_of, member, to

WORDS = "They keep writing to me at night, and I asked them to stop."
NAMED = {"text": WORDS, "kind": "boundaries", "urgency": "soon", "mode": "named", "about": "bea"}
SECRET = NAMED | {"mode": "confidential"}


async def reports(world: World, who: str = "ana", **answers: str) -> str:
    """Let somebody report; return what they are told."""
    asked = await world.says(who, "/report")
    return text(await world.submits(who, asked, NAMED | answers))


def receipt_in(said: str) -> str:
    """Return the receipt in an answer."""
    return re.search(r"[0-9a-z]{4}(-[0-9a-z]{2,4}){6}", said).group(0)


async def test_a_report_reaches_moderators_and_nobody_else(coffee: World):
    """The channel says that a report waits, never what it says; the words are shown to a moderator in private."""
    assert "#1" in await reports(coffee)
    said = await coffee.delivers()
    assert ["report.arrived"] == to(said, "coordinators")
    assert WORDS not in "".join(coffee.sees(COORDINATOR))
    shown = text(await coffee.presses(MODERATOR, "Look"))
    assert WORDS in shown
    assert "Ana" in shown


async def test_it_goes_to_the_moderators_own_channel(coffee: World):
    """Once moderators have a channel, coordinators hear nothing of reports."""
    coffee.town.add_channel(SPACE, "moderators", users=[MODERATOR])
    asked = await coffee.says(COORDINATOR, "/coord settings core")
    await coffee.submits(COORDINATOR, asked, {"core.moderator_channel": "moderators"})
    await reports(coffee)
    said = await coffee.delivers()
    assert (["report.arrived"], []) == (to(said, "moderators"), to(said, "coordinators"))


async def test_a_confidential_report_has_no_author(coffee: World, tmp_path: Path):
    """No row names who wrote it, the time is cut to the day, and the file does not hold the words in the clear."""
    await reports(coffee, **SECRET)
    (row,) = await coffee.rows(Report)
    assert (None, datetime(2026, 3, 2, tzinfo=UTC)) == (row.reporter_id, row.created_at)
    assert (await member(coffee, "ana")).id not in str([one.model_dump() for one in await coffee.rows(Outbox)])
    stored = (tmp_path / "kith.db").read_bytes() + (tmp_path / "kith.db-wal").read_bytes()
    assert WORDS.encode() not in stored


async def test_a_question_is_answered_with_the_receipt_and_without_a_dm(coffee: World):
    """The moderator asks, the reporter looks with the receipt and answers; nothing is ever written to them."""
    code = receipt_in(await reports(coffee, **SECRET))
    asked = await coffee.says(MODERATOR, "/mod ask 1")
    await coffee.submits(MODERATOR, asked, to="question", text="When was that?")
    assert [] == to(await coffee.delivers(), coffee.dm("ana"))
    look = await coffee.submits("ana", await coffee.says("ana", "/safety receipt"), receipt=code.upper(), text="")
    assert "When was that?" in text(look)
    await coffee.submits("ana", await coffee.says("ana", "/safety receipt"), receipt=code, text="On Tuesday.")
    assert "report.answered" in keys_of(await coffee.delivers())
    assert "On Tuesday." in text(await coffee.says(MODERATOR, "/mod view 1"))


@pytest.mark.parametrize("code", ["0000-0000-0000-0000-0000-0000-00", "nonsense", "ñ" * 30])
async def test_wrong_receipts_sound_alike(coffee: World, code: str):
    """A wrong code, nonsense and strange letters get the same answer."""
    await reports(coffee, **SECRET)
    asked = await coffee.says("bea", "/safety receipt")
    assert "report.no_such_receipt" == key(await coffee.submits("bea", asked, receipt=code, text=""))


async def test_a_named_reporter_hears_what_becomes_of_it(coffee: World):
    """Seen, a question, closed: three short notes, and the words only where they look in private."""
    await reports(coffee)
    await coffee.says(MODERATOR, "/mod view 1")
    await coffee.submits(MODERATOR, await coffee.says(MODERATOR, "/mod ask 1"), to="question", text="When was that?")
    assert ["report.seen", "report.question"] == to(await coffee.delivers(), coffee.dm("ana"))
    assert "When was that?" not in "".join(coffee.sees("ana", coffee.dm("ana")))
    assert "When was that?" in text(await coffee.presses("ana", "Look"))
    (row,) = await coffee.rows(Report)
    asked = await coffee.presses_id("ana", f"report.answer:{row.id}")
    assert "report.answer_kept" == key(await coffee.submits("ana", asked, text="On Tuesday."))
    done = await coffee.submits(
        MODERATOR, await coffee.says(MODERATOR, "/mod resolve 1"), outcome="talked", text="Thank you for telling us."
    )
    assert "report.resolved_it" == key(done)
    assert ["report.closed"] == to(await coffee.delivers(), coffee.dm("ana"))
    mine = text(await coffee.says("ana", "/safety mine"))
    assert "We talked with those concerned." in mine
    assert "Thank you for telling us." in mine


async def test_notes_of_moderators_stay_with_them(coffee: World):
    """What a moderator notes is shown to moderators and not to who reported."""
    await reports(coffee)
    await coffee.submits(MODERATOR, await coffee.says(MODERATOR, "/mod ask 1"), to="note", text="Called the office.")
    assert "Called the office." in text(await coffee.says(MODERATOR, "/mod view 1"))
    assert "Called the office." not in text(await coffee.says("ana", "/safety mine"))


async def test_who_it_is_about_cannot_look_even_as_a_moderator(coffee: World):
    """A report about a moderator is not in their queue, and no command shows it to them."""
    comes(coffee, "gus", roles=frozenset({"moderator"}))
    await reports(coffee, about="gus")
    assert "report.queue_empty" == key(await coffee.says("gus", "/mod queue"))
    for line in ("/mod view 1", "/mod ask 1", "/mod resolve 1", "/mod assign 1"):
        assert "report.not_for_you" == key(await coffee.says("gus", line))
    assert "report.queue" == key(await coffee.says(MODERATOR, "/mod queue"))


async def test_coordinators_and_members_are_refused(coffee: World):
    """Only moderators look: not a coordinator, not a member with a button in their hands."""
    await reports(coffee)
    (row,) = await coffee.rows(Report)
    for who in (COORDINATOR, "bea"):
        assert "core.not_allowed" == key(await coffee.says(who, "/mod queue"))
        assert "core.not_allowed" == key(await coffee.presses_id(who, f"report.view:{row.id}"))
    assert "core.not_yours" == key(await coffee.presses_id("bea", f"report.answer:{row.id}"))


async def test_an_urgent_report_begins_with_who_can_help_now(coffee: World):
    """The community's own numbers are shown where somebody may be in danger, and not for a small thing."""
    asked = await coffee.says(COORDINATOR, "/coord settings report")
    await coffee.submits(COORDINATOR, asked, {"report.contacts": "Student office, 555 0100"})
    urgent = await reports(coffee, urgency="now")
    assert "emergency number" in urgent.splitlines()[0]
    assert "Student office, 555 0100" in urgent
    assert "Student office" not in await reports(coffee)


async def test_who_is_second_hears_who_was_first(coffee: World):
    """Two moderators press [I take it]: one has it, the other is told kindly by whom it is looked after."""
    comes(coffee, "gus", roles=frozenset({"moderator"}))
    await reports(coffee)
    (row,) = await coffee.rows(Report)
    assert "report.assigned" == key(await coffee.presses_id(MODERATOR, f"report.take:{row.id}"))
    assert "report.taken" == key(await coffee.presses_id("gus", f"report.take:{row.id}"))
    assert "report.assigned" == key(await coffee.says(MODERATOR, "/mod assign 1 @gus"))
    assert "report.yours" in to(await coffee.delivers(), coffee.dm("gus")) or [] != await coffee.rows(Outbox)


async def test_what_is_closed_stays_closed(coffee: World):
    """A second moderator who comes late is told so."""
    await reports(coffee)
    first, second = [await coffee.says(MODERATOR, "/mod resolve 1") for _ in range(2)]
    assert "report.resolved_it" == key(await coffee.submits(MODERATOR, first, outcome="nothing", text=""))
    assert "report.resolved" == key(await coffee.submits(MODERATOR, second, outcome="warned", text=""))


async def test_moderators_are_reminded_three_times(coffee: World):
    """An urgent report that nobody opens is told again each hour, three times; one look ends it."""
    await reports(coffee, urgency="now")
    said = await coffee.passes(hours=12)
    assert 3 == keys_of(said).count("report.waits")
    await reports(coffee, urgency="now")
    await coffee.says(MODERATOR, "/mod view 2")
    assert "report.waits" not in keys_of(await coffee.passes(hours=12))


async def test_two_people_are_kept_apart_at_once_and_it_can_be_undone(coffee: World):
    """Their separation is a row, both hear that a pair rests and not why, and one press ends it."""
    done = await coffee.says(MODERATOR, "/mod separate @ana @bea")
    assert "report.separated" == key(done)
    said = await coffee.delivers()
    assert ["report.apart"] == to(said, coffee.dm("ana")) == to(said, coffee.dm("bea"))
    assert "report.separated" == key(await coffee.says(MODERATOR, "/mod separate @bea @ana"))
    (row,) = await coffee.rows(Separation)
    assert "report.kept_apart" == key(await coffee.says(MODERATOR, "/mod apart"))
    assert "report.rejoined" == key(await coffee.presses_id(MODERATOR, f"report.rejoin:{row.id}"))
    assert "report.nobody_apart" == key(await coffee.says(MODERATOR, "/mod apart"))
    assert "report.one_person" == key(await coffee.says(MODERATOR, "/mod separate @ana @ana"))


async def test_who_is_frozen_keeps_their_rights(coffee: World):
    """No commands but their data, feedback and reports; nothing asked; unfrozen, all is as before."""
    await coffee.says(MODERATOR, "/mod freeze @ana")
    assert ["report.frozen"] == to(await coffee.delivers(), coffee.dm("ana"))
    for line in ("/kudos give @bea for the review", "/programme leave", "/event list", "/match why"):
        assert "core.frozen" == key(await coffee.says("ana", line))
    assert isinstance(await coffee.says("ana", "/report"), Ask)
    assert isinstance(await coffee.says("ana", "/feedback send"), Ask)
    assert "core.frozen" != key(await coffee.says("ana", "/me home"))
    said = await coffee.until("2026-03-06 10:00")
    assert "checkin.ask" not in to(said, coffee.dm("ana"))
    await coffee.says(MODERATOR, "/mod unfreeze @ana")
    assert "kudos.given" == key(await coffee.says("ana", "/kudos give @bea for the review"))
    assert "report.freeze_self" == key(await coffee.says(MODERATOR, f"/mod freeze @{MODERATOR}"))


async def test_every_act_of_a_moderator_is_written_down(coffee: World):
    """Who, what, when and a code; no name and no word of anybody."""
    await reports(coffee)
    await coffee.says(MODERATOR, "/mod view 1")
    await coffee.says(MODERATOR, "/mod assign 1")
    await coffee.submits(MODERATOR, await coffee.says(MODERATOR, "/mod ask 1"), to="note", text="Called the office.")
    await coffee.says(MODERATOR, "/mod separate @ana @bea")
    await coffee.says(MODERATOR, "/mod freeze @bea")
    await coffee.says(MODERATOR, "/mod unfreeze @bea")
    await coffee.submits(MODERATOR, await coffee.says(MODERATOR, "/mod resolve 1"), outcome="separated", text="")
    acts = [row.act for row in sorted(await coffee.rows(Audit), key=lambda row: (row.at, row.id))]
    expected = {
        "report.viewed", "report.assigned", "report.noted", "members.separated", "member.frozen", "member.unfrozen",
        "report.resolved",
    }  # fmt: skip
    assert expected <= set(acts)
    log = str([row.model_dump() for row in await coffee.rows(Audit)])
    assert not [word for word in (WORDS, "Called", "Ana", "Bea", "Max") if word in log]
    assert "report.audit" == key(await coffee.says(MODERATOR, "/mod audit"))


async def test_who_is_forgotten_leaves_a_number(coffee: World):
    """Their words and their answers go; the report stays with its kind and what came of it, and the log stays whole."""
    await reports(coffee)
    await coffee.submits(MODERATOR, await coffee.says(MODERATOR, "/mod ask 1"), to="question", text="When was that?")
    (row,) = await coffee.rows(Report)
    await coffee.submits("ana", await coffee.presses_id("ana", f"report.answer:{row.id}"), text="On Tuesday.")
    before = len(await coffee.rows(Audit))
    from bot.rights import forget

    ana = await member(coffee, "ana")
    await coffee.app.work(await coffee.community_id(), lambda work: forget(work, ana.id))
    (row,) = await coffee.rows(Report)
    assert ("", "boundaries") == (row.text, row.kind)
    assert ["When was that?", ""] == [
        line.text for line in sorted(await coffee.rows(ReportLine), key=lambda one: one.place)
    ]
    assert before <= len(await coffee.rows(Audit))


async def test_a_report_about_oneself_names_nobody_else(coffee: World):
    """Who is worried about themselves is no suspect of their own report."""
    await reports(coffee, about="ana", kind="wellbeing")
    (row,) = await coffee.rows(Report)
    assert row.about_id is None


async def test_the_person_a_report_is_about_does_not_find_it_in_their_copy(coffee: World):
    """A copy of somebody's data holds no words that others wrote about them in confidence."""
    from bot.rights import export

    await reports(coffee)
    bea = await member(coffee, "bea")
    async with coffee.database.read() as db:
        copy = await export(db, coffee.app.features, await coffee.community_id(), bea.id)
    assert WORDS not in str(copy)


async def test_separating_a_pair_freezes_it(coffee: World):
    """A pair of the two rests at once; ending the separation lets it go on."""
    await coffee.until("2026-03-03 09:30")
    pair, *_ = await coffee.rows(Pair)
    from tests.features.town import pairs

    one, other = sorted((await pairs(coffee))[pair.id])[:2]
    await coffee.says(MODERATOR, f"/mod separate @{one} @{other}")
    status = {row.id: row.status for row in await coffee.rows(Pair)}
    assert "frozen" == status[pair.id]
    (row,) = await coffee.rows(Separation)
    await coffee.presses_id(MODERATOR, f"report.rejoin:{row.id}")
    status = {row.id: row.status for row in await coffee.rows(Pair)}
    assert "active" == status[pair.id]
