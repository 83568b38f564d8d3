"""A trial: each is asked in secret, only everybody's yes confirms, and nothing tells who said what."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rights
from bot.features.trial import rules
from storage.audit import Audit
from storage.pair import Pair
from storage.programme import Role
from storage.trial import OVER, RESTING, Trial, TrialAnswer
from tests.fakes.world import World, key, text, woken
from tests.features.town import change, facts, few, keys_of, member, pairs, to

TRIAL = {
    "rounds": {"every_weeks": 8, "weekday": "tue", "at": "10:00"}, "pairs": {"trial_weeks": 2, "agreement": False},
    "checkins": [], "texts": {},
}  # fmt: skip
ASKED, REMINDED, DECIDED = "2026-03-17 09:30", "2026-03-20 11:30", "2026-03-21 11:00"
CONTINUE, OTHER = "Continue", "I would rather have someone else"


async def asked(world: World, *names: str) -> None:
    """Let these people be a pair, and be asked two weeks later."""
    await few(world, *(names or ("ana", "bea")), file=TRIAL)
    await world.until(ASKED)


async def test_each_is_asked_in_private_in_the_morning(world: World):
    """After two weeks, at ten, both get the question by direct message; the room reads nothing."""
    await few(world, "ana", "bea", file=TRIAL)
    await world.until("2026-03-17 08:59")
    said = await world.until(ASKED)
    assert ["trial.ask"] * 2 == keys_of(said)
    assert {world.dm("ana"), world.dm("bea")} == {one.channel for one in said}
    assert "known each other for 2 weeks" in world.sees("ana", world.dm("ana"))[-1]


async def test_two_yes_go_on(world: World):
    """Both continue: nothing is said until the window closes, then the room hears it, and the pair stays."""
    await asked(world)
    for name in ("ana", "bea"):
        assert "trial.answered" == key(await world.presses(name, CONTINUE))
    assert [] == await world.until("2026-03-21 10:59")
    assert ["trial.confirmed"] == keys_of(await world.until(DECIDED))
    assert [frozenset({"ana", "bea"})] == list((await pairs(world)).values())


async def _seen(world: World, ana: str, bea: str) -> dict[str, Any]:
    """Return everything that anybody can see, and what is stored, after a trial in which these answers were given."""
    await asked(world)
    replies = {}
    for who, label in (("ana", ana), ("bea", bea)):
        replies[who] = text(await world.presses(who, label)) if label else ""
    homes = {who: text(await world.opens_home(who)) for who in ("ana", "bea")}
    said = [(one.channel, one.view.key) for one in await world.until(DECIDED) if one.view.key != "trial.ask"]
    people = {name: await member(world, name) for name in ("ana", "bea")}
    copies = {}
    for name, row in people.items():
        async with world.database.read() as db:
            copies[name] = (await rights.export(db, world.app.features, row.community_id, row.id))["tables"][
                "trial_answer"
            ]
    waited = {(row.member_id, row.waited) for row in await world.rows(Role)}
    return {
        "said": said, "dm": {name: world.sees(name, world.dm(name))[-1] for name in people},
        "audit": [(row.act, row.actor_id, row.reason) for row in await world.rows(Audit)],
        "pairs": [(row.status, row.ended_why, row.ended_at) for row in await world.rows(Pair)],
        "rows": [row.model_dump() for row in await world.rows(TrialAnswer)], "waited": waited, "copies": copies,
        "answers": {reply for reply in replies.values() if reply}, "homes": homes,
        "why": {name: text(await world.says(name, "/match rematch")) for name in people},
    }  # fmt: skip


@pytest.fixture
def answers() -> list[tuple[str, str]]:
    """Every way in which the pair does not go on, in which both answered."""
    return [one for one in itertools.product((CONTINUE, OTHER), repeat=2) if one != (CONTINUE, CONTINUE)]


async def test_a_no_is_never_attributed(tmp_path, founded_world, answers):
    """Worlds that differ only in who said no are the same afterwards: every word, row, copy and log entry."""
    seen = []
    for number, (ana, bea) in enumerate(answers):
        async with woken(founded_world, tmp_path / f"{number}.db") as world:
            seen.append(await _seen(world, ana, bea))
    assert [seen[0]] * len(seen) == seen
    one = seen[0]
    assert {("dm-ana", "trial.over"), ("dm-bea", "trial.over")} == set(one["said"])
    assert "ends here, as trials may" in one["dm"]["ana"]
    assert one["dm"]["ana"].replace("@Bea", "X") == one["dm"]["bea"].replace("@Ana", "X")
    assert ("pair.ended", None, "trial") in one["audit"]
    assert {""} == {row["answer"] for row in one["rows"]}
    assert {1} == {waited for _, waited in one["waited"]}
    assert 1 == len(one["answers"])


async def test_a_missing_answer_reads_like_a_no(world: World):
    """Nobody answers: each is reminded once, told what happens without an answer, and the same words end the pair."""
    await asked(world)
    await world.presses("ana", CONTINUE)
    said = await world.until(REMINDED)
    assert ([], ["trial.ask"]) == (to(said, world.dm("ana")), to(said, world.dm("bea")))
    assert "Without an answer from everybody this pair ends then." in world.sees("bea", world.dm("bea"))[-1]
    assert ["trial.over"] * 2 == keys_of(await world.until(DECIDED))
    assert "an answer did not come in time" in world.sees("ana", world.dm("ana"))[-1]


async def test_an_answer_can_be_changed_until_it_is_decided(world: World):
    """The last press counts, and the message never shows which one it was; afterwards the button says it is over."""
    await asked(world)
    await world.presses("ana", OTHER)
    await world.presses("bea", CONTINUE)
    assert OTHER not in world.sees("ana", world.dm("ana"))[-1]
    assert "trial.ask" == key(await world.presses("ana", "Change my answer"))
    await world.presses("ana", CONTINUE)
    await world.until(DECIDED)
    assert 1 == len(await pairs(world))
    ana = (await member(world, "ana")).id
    mine = next(row for row in await world.rows(TrialAnswer) if row.member_id == ana)
    assert "trial.closed" == key(await world.presses_id("ana", f"trial.answer:{mine.id}:other"))


async def test_nobody_answers_for_another(world: World):
    """A partner's or a stranger's press, or an answer that does not exist, changes nothing."""
    await asked(world)
    rows = {row.member_id: row for row in await world.rows(TrialAnswer)}
    bea = rows[(await member(world, "bea")).id]
    for who in ("ana", "chen"):
        assert "core.not_yours" == key(await world.presses_id(who, f"trial.answer:{bea.id}:other"))
        assert "core.not_yours" == key(await world.presses_id(who, f"trial.again:{bea.id}"))
    assert "core.gone" == key(await world.presses_id("bea", f"trial.answer:{bea.id}:perhaps"))
    assert {""} == {row.answer for row in await world.rows(TrialAnswer)}


async def test_the_page_keeps_the_secret(world: World):
    """One's own page offers to answer or to change; it says neither which answer it was nor anything of the other."""
    await asked(world)
    assert "Would you like to go on with @Bea?" in text(await world.opens_home("ana"))
    before = text(await world.opens_home("bea"))
    await world.presses("ana", OTHER)
    shown = text(await world.opens_home("ana"))
    assert "is kept until" in shown
    assert "someone else" not in shown
    assert before == text(await world.opens_home("bea"))


async def test_who_leaves_during_a_trial_leaves_no_answer_behind(world: World):
    """The pair ends as leaving ends it, and what was answered is erased at once."""
    await asked(world)
    await world.presses("ana", OTHER)
    await world.says("bea", "/programme leave")
    await world.presses("bea", "Leave")
    assert ({OVER}, {""}) == (
        {row.status for row in await world.rows(Trial)},
        {one.answer for one in await world.rows(TrialAnswer)},
    )
    assert "trial.over" not in keys_of(await world.until(DECIDED))


async def test_a_frozen_pair_is_not_decided_about(world: World):
    """While anything freezes the pair nothing is asked or decided; afterwards there are three days to answer."""
    await asked(world)
    await world.presses("ana", CONTINUE)
    await facts(world, ("pair.frozen", ""), ("member.frozen", "bea"))
    assert "core.pair_rests" == key(await world.presses("bea", CONTINUE))
    await facts(world, ("member.unfrozen", "bea"))
    assert [RESTING] == [row.status for row in await world.rows(Trial)]
    assert [] == await world.until("2026-03-23 11:00")
    await facts(world, ("pair.unfrozen", ""))
    assert ["trial.ask"] == keys_of(await world.until("2026-03-23 11:30"))
    await world.presses("bea", CONTINUE)
    assert ["trial.confirmed"] == keys_of(await world.until("2026-03-26 11:30"))


async def test_a_trio_needs_all_three(world: World):
    """Two of three who continue are not all: all three read the same words."""
    await asked(world, "ana", "bea", "chen")
    for name in ("ana", "bea"):
        await world.presses(name, CONTINUE)
    await world.presses("chen", OTHER)
    assert ["trial.over"] * 3 == keys_of(await world.until(DECIDED))
    assert [] == list(await pairs(world))


async def test_without_a_trial_nobody_is_asked(coffee: World):
    """It is off unless the programme's file says otherwise, and a round that is too short has none."""
    await coffee.until("2026-03-03 09:30")
    assert [] == await coffee.rows(Trial)


async def test_it_is_asked_in_spanish(world: World):
    """The question and its buttons come in the member's own language."""
    await few(world, "ana", "bea", file=TRIAL)
    await change(world, "ana", language="es")
    await world.until(ASKED)
    shown = world.sees("ana", world.dm("ana"))[-1]
    assert "¿Te gustaría que siguierais?" in shown
    assert "[Prefiero a otra persona]" in shown


@given(st.lists(st.sampled_from(["continue", "other", ""]), max_size=5))
def test_only_everybodys_yes_goes_on(given_answers: list[str]):
    """One other answer, a missing one or a lonely yes is not enough."""
    assert rules.goes_on(given_answers) == (len(given_answers) > 1 and set(given_answers) == {"continue"})
