"""The front door: every event is answered, written once or not at all, and nothing crosses to another community."""

import asyncio
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.chat.actions import Button
from bot.chat.incoming import CommandCall, Place, SpaceGone, Standing
from bot.chat.platform import Transient
from bot.logs import configure
from bot.patience import Patience
from bot.worker import ProcessWorker
from storage.audit import Audit
from storage.community import Community, Space
from storage.engine import Conflict
from storage.inbox import Inbox
from storage.member import Member
from storage.outbox import HELD, Outbox
from tests.fakes.probe import TOLD, probe
from tests.fakes.world import COFFEE, World, key, living, text, view


async def acts(world: World) -> list[str]:
    """Return what the probe did, oldest first."""
    return [row.act for row in await world.rows(Audit) if row.act.startswith("probe")]


async def other_town(world: World) -> str:
    """Found a second community with ana in it; return its id."""
    world.town.add_space("south")
    world.town.add_user("south", replace(world.town.user("ana"), name="Ana of the south"))
    await world.handles(world.town.command("ana", "/me home", space="south"))
    first, second = sorted(await world.rows(Community), key=lambda row: row.name == "")
    assert ("North Bank Makers", "") == (first.name, second.name)
    return str(second.id)


# -- once or not at all


async def test_a_redelivered_command_has_no_second_effect(world: World):
    """The same request id is answered with "already received", and nothing is written again."""
    event = probe(world).town.command("ana", "/probe write it")
    assert "probe.written" == key(await world.handles(event))
    assert "core.already_received" == key(await world.handles(event))
    assert ["probe.written"] == await acts(world)


async def test_a_redelivered_press_and_a_second_command_are_told_apart(world: World):
    """A press is remembered like a command; the next press, with an id of its own, counts."""
    event = probe(world).town.press("ana", None, "probe.press")
    for expected in ("probe.pressed", "core.already_received"):
        assert expected == key(await world.handles(event))
    assert "probe.pressed" == key(await world.presses_id("ana", "probe.press"))
    assert 2 == len(await acts(world))


async def test_what_was_refused_or_failed_may_be_sent_again(world: World):
    """Rolling back forgets the request id too, so a redelivery is tried afresh."""
    for line, expected in (("/probe refuse", "probe.no"), ("/probe fail it", "core.broken")):
        event = probe(world).town.command("ana", line)
        assert [expected] * 2 == [key(await world.handles(event)) for _ in range(2)]
    assert [] == await acts(world)


async def test_reading_leaves_no_inbox_row(world: World):
    """A command that only reads writes nothing at all."""
    before = len(await world.rows(Inbox))
    assert "probe.many" == key(await probe(world).says("ana", "/probe many"))
    assert before == len(await world.rows(Inbox))


async def test_a_rehearsal_is_rolled_back(world: World):
    """With `rehearse`, the handler runs twice and its effect is there once."""
    probe(world).app.rehearse = True
    assert "probe.written" == key(await world.says("ana", "/probe write it"))
    assert ["it", "it"] == TOLD
    assert ["probe.written"] == await acts(world)


@pytest.mark.parametrize(("conflicts", "expected"), [(4, "probe.written"), (5, "core.broken")])
async def test_a_conflict_runs_the_unit_again(
    world: World, monkeypatch: pytest.MonkeyPatch, conflicts: int, expected: str
):
    """Four conflicts in a row are survived without a second effect; a fifth is told, and nothing is written."""
    write, left = world.database.write, [conflicts]

    async def conflicting(work: Any) -> Any:
        async def unit(db: Any) -> Any:
            done = await work(db)
            if left[0]:
                left[0] -= 1
                raise Conflict("somebody was faster")
            return done

        return await write(unit)

    probe(world)
    monkeypatch.setattr(type(world.database), "write", lambda self, work: conflicting(work))
    assert expected == key(await world.says("ana", "/probe write it"))
    assert (["probe.written"] if expected == "probe.written" else []) == await acts(world)


async def test_who_commits_wakes_the_pump(world: World):
    """`on_commit` is called after a commit, and not after a refusal."""
    woken: list[int] = []
    probe(world).app.on_commit = lambda: woken.append(1)
    await world.says("ana", "/probe refuse")
    assert [] == woken
    await world.says("ana", "/probe write it")
    assert [1] == woken


# -- what goes wrong


async def test_a_refusal_is_a_sentence_and_a_fault_is_a_reference(world: World):
    """A member never sees a traceback: they get a sentence, or a reference that the log has too."""
    stream = io.StringIO()
    configure("INFO", stream=stream)
    try:
        assert "No {word}." == text(await probe(world).says("ana", "/probe refuse"))
        assert "" == stream.getvalue()
        told = text(await world.says("ana", "/probe fail the old mill"))
    finally:
        configure("WARNING")
    reference = told.split("reference: ")[1]
    log = stream.getvalue()
    assert reference in log
    assert "raise RuntimeError(f" in log
    assert "the old mill" not in told + log
    assert "ana" not in log


async def test_a_fault_after_the_commit_does_not_say_that_nothing_was_changed(world: World):
    """A message that waited and cannot be shown does not hide the answer to what was done."""
    await probe(world).says("ana", "/probe write it")
    ana = next(row for row in await world.rows(Member) if row.handle == "ana")
    row = Outbox(
        id="broken", community_id=ana.community_id, key="k", to_kind="member", to_id=ana.id, message="no.such",
        state=HELD, due_at=world.clock.now(), created_at=world.clock.now(),
    )  # fmt: skip
    async with world.database.unit() as db:
        db.add(row)
    assert "probe.written" == key(await world.says("ana", "/probe write it"))


async def test_nobody_may_ask_without_end(world: World):
    """Thirty at once are answered; then the person is asked to wait, and others are not."""
    probe(world).app.patience = Patience(lambda: 0.0, burst=30)
    told = [key(await world.says("ana", "/probe many")) for _ in range(31)]
    assert ["probe.many"] * 30 + ["core.slow_down"] == told
    assert "probe.many" == key(await world.says("bea", "/probe many"))


@pytest.mark.parametrize(
    "action", ["", ":", "no.such:x", "page.:", "page.kudos.give:", "x" * 200, "drafts.open:²", "a:b:c:d"]
)
async def test_a_button_that_nobody_made_is_no_longer_open(world: World, action: str):
    """Whatever a tampered client sends is answered with a sentence."""
    assert "core.gone" == key(await world.presses_id("ana", action))


# -- words


async def test_a_wrong_word_is_answered_with_the_nearest_command(world: World):
    """Unknown words get a suggestion, a group its commands, and nothing at all what a member can do."""
    assert "/kudos give" in text(await world.says("ana", "/kudo give @bea thanks"))
    assert "/kudos mine" in text(await world.says("ana", "/kudos"))
    page = text(await world.says("ana", "/help"))
    assert "/kudos give" in page
    assert "/coord" not in page


async def test_extra_words_are_named(world: World):
    """What fits nowhere is shown, and nothing is done."""
    assert "core.too_many_words" == key(await probe(world).says("ana", "/probe refuse now please"))


async def test_a_missing_parameter_opens_the_form_with_the_rest_filled_in(world: World):
    """What was understood stands in the form; sending it runs the command."""
    asked = await probe(world).says("ana", "/probe all @bea 3")
    assert "form:cmd.probe.all" == key(asked)
    assert "3" == str(next(field for field in asked.form.fields if field.name == "n").value)
    await world.submits("ana", asked, {"who": "bea", "n": "4", "day": "2026-03-05", "colour": "red", "words": "hello"})
    assert ("bea", 4, "2026-03-05", "red", "hello") == (*TOLD[0][:2], str(TOLD[0][2]), *TOLD[0][3:])


async def test_a_member_picked_in_a_form_may_be_new_here(world: World):
    """Somebody without a row, picked in a command's form, gets one, as when they are named in the command."""
    world.town.add_user("north-bank", replace(world.town.user("bea"), id="zoe", name="Zoe", handle="zoe"))
    asked = await probe(world).says("ana", "/probe all")
    assert "probe.everything" == key(await world.submits("ana", asked, {"who": "zoe", "n": "4", "day": "2026-03-05"}))
    assert "zoe" == TOLD[0][0]


async def test_the_first_word_of_a_new_space_may_be_about_somebody_else(world: World):
    """Who is named in it gets a row with the space and the speaker, all at once."""
    probe(world).town.add_space("south")
    for name in ("yan", "zoe"):
        world.town.add_user("south", replace(world.town.user("bea"), id=name, name=name.title(), handle=name))
    event = world.town.command("yan", "/probe all <@zoe> 3 2026-03-05", space="south")
    assert "probe.everything" == key(await world.handles(event))
    assert "zoe" == TOLD[0][0]


async def test_the_only_programme_is_implied_and_several_are_asked_for(coffee: World):
    """With one programme its name is not needed; with two, a form asks which."""
    assert "probe.coordinated" == key(await probe(coffee).says("vera", "/coord probe"))
    await coffee.applies({**COFFEE, "slug": "tea", "name": "Tea"})
    asked = await coffee.says("vera", "/coord probe")
    assert "form:cmd.coord.probe" == key(asked)
    assert "tea" in text(await coffee.submits("vera", asked, programme="tea"))
    assert "coffee" in text(await coffee.says("vera", "/coord probe COFFEE"))


async def test_a_list_pages_itself(world: World):
    """[Later] and [Earlier] lead through the list; a page out of range is the nearest one."""

    def labels(reply: Any) -> list[str]:
        return [item.label for block in view(reply).blocks for item in getattr(block, "items", ())
                if isinstance(item, Button)]  # fmt: skip

    first = await probe(world).says("ana", "/probe many")
    assert ["Later"] == labels(first)
    second = await world.presses("ana", "Later")
    assert ["Earlier", "Later"] == labels(second)
    assert "line 8" in text(second)
    for page in ("2", "99", "²", "-1", "x"):
        got = await world.presses_id("ana", f"page.probe.many::{page}")
        assert ("line 19" if page in ("2", "99") else "line 0") in text(got)


async def test_completions_are_few_and_never_fail(coffee: World):
    """At most 25 words come back, programmes by their name; a fault, a stranger or a wrong name give none."""
    call = replace(probe(coffee).town.command("ana", ""), path=("probe", "write"))
    assert [f"x{n}" for n in range(25)] == await coffee.app.complete(call, "why", "x")
    assert [] == await coffee.app.complete(call, "nothing", "x")
    which = replace(call, path=("probe", "slow"))
    assert ["coffee"] == await coffee.app.complete(which, "programme", "COF")
    assert [] == await coffee.app.complete(replace(call, path=("coord", "probe")), "programme", "cof")
    configure("CRITICAL")
    assert [] == await coffee.app.complete(call, "why", "break")
    configure("WARNING")


# -- slow work


async def test_slow_work_holds_no_transaction(coffee: World):
    """While it computes, another member's write gets through."""
    told: list[str] = []

    class Meanwhile:
        async def run(self, work: Any, values: Any, timeout_s: float) -> Any:
            told.append(key(await coffee.says("bea", "/probe write it")))
            return work(values)

    probe(coffee).app.worker = Meanwhile()
    assert "coffeecoffee" in text(await coffee.says("ana", "/probe slow"))
    assert ["probe.written"] == told
    assert ["probe.written", "probe.stored"] == await acts(coffee)


async def test_work_without_end_is_stopped(coffee: World):
    """Work that takes longer than its spec allows ends, is told, and changed nothing; the next command is answered."""
    probe(coffee).app.worker = ProcessWorker()
    assert "core.too_long" == key(await coffee.says("ana", "/probe endless"))
    assert [] == await acts(coffee)
    assert "probe.written" == key(await coffee.says("ana", "/probe write it"))


# -- communities and spaces


async def test_a_row_of_another_community_cannot_be_pressed(world: World):
    """Its id is no secret, and of no use."""
    await other_town(probe(world))
    bea = next(row for row in await world.rows(Member) if row.handle == "bea")
    assert "probe.row" == key(await world.presses_id("ana", f"probe.row:{bea.id}"))
    event = world.town.press("ana", None, f"probe.row:{bea.id}", space="south")
    assert "core.gone" == key(await world.handles(event))


async def test_a_press_in_a_message_without_a_space_finds_its_community_by_the_row(world: World):
    """Of somebody in two communities, the row decides; a command without any hint is refused."""
    south = await other_town(probe(world))
    members = {row.community_id: row for row in await world.rows(Member) if row.handle == "ana"}
    for member in members.values():
        event = replace(world.town.press("ana", None, f"probe.row:{member.id}"), space=None)
        assert member.id in text(await world.handles(event))
    assert south in members
    event = replace(world.town.command("ana", "/probe write it"), space=None)
    assert "core.no_community" == key(await world.handles(event))
    event = replace(world.town.command("bea", "/probe write it"), space=None)
    assert "probe.written" == key(await world.handles(event))


async def test_a_space_sleeps_when_the_bot_is_removed_and_wakes_when_it_speaks(world: World):
    """A removed bot makes the space dormant; the first word from there wakes it."""
    call = probe(world).town.command("ana", "/probe write it")
    gone = SpaceGone(
        request_id="gone", platform=call.platform, space=call.space, actor=call.actor, place=Place("channel", "")
    )
    await world.handles(gone)
    assert [world.clock.now()] == [row.gone_at for row in await world.rows(Space)]
    assert "probe.written" == key(await world.handles(call))
    assert [None] == [row.gone_at for row in await world.rows(Space)]


async def test_a_space_that_is_new_founds_a_community(world: World):
    """Two spaces that never met are two communities."""
    await other_town(world)
    assert 2 == len(await world.rows(Community))


# -- what waits for a member


async def test_what_could_not_be_delivered_is_shown_once_with_the_next_command(coffee: World):
    """A member with closed messages sees what waited under the answer to a command, and not again; stale ones never."""
    coffee.town.change_user(replace(coffee.town.user("bea"), closed=True))
    await coffee.says("ana", "/kudos give @bea for the patient review")
    await coffee.delivers()
    probe(coffee)
    assert "patient review" in text(await coffee.says("bea", "/probe many"))
    assert "patient review" not in text(await coffee.says("bea", "/probe many"))

    await coffee.says("ana", "/kudos give @bea for another review")
    await coffee.delivers()
    (held,) = [row for row in await coffee.rows(Outbox) if row.state == HELD]
    async with coffee.database.unit() as db:
        held.expires_at = coffee.clock.now()
        db.add(held)
    assert "another review" not in text(await coffee.says("bea", "/probe many"))


async def test_an_installation_goes_on_after_a_restart(world: World, tmp_path: Path):
    """Buttons and request ids are known after the process ended and began again on the same file."""
    event = probe(world).town.command("ana", "/probe write it")
    await world.handles(event)
    await world.database.close()
    async with living(tmp_path / "kith.db", town=world.town, clock=world.clock, ids=world.app.ids) as again:
        probe(again)
        assert "core.already_received" == key(await again.handles(event))
        assert "probe.pressed" == key(await again.presses_id("ana", "probe.press"))


async def test_many_at_once_are_all_answered(world: World):
    """Forty members' writes at the same moment are forty effects."""
    probe(world)
    replies = await asyncio.gather(*(world.says("ana", "/probe write it") for _ in range(40)))
    assert {"probe.written"} == {key(reply) for reply in replies}
    assert 40 == len(await acts(world))


async def test_a_standing_that_cannot_be_looked_up_grants_nothing(coffee: World, monkeypatch: pytest.MonkeyPatch):
    """Moderators are looked up fresh; when the platform does not answer, nothing is done."""

    async def unknown(space: str, user: str) -> Standing:
        raise Transient("http_502", doubtful=False)

    monkeypatch.setattr(probe(coffee).town, "standing", unknown, raising=False)
    assert "core.cannot_check" == key(await coffee.says("max", "/mod probe"))
    call = coffee.town.command("vera", "/coord probe")
    blind = replace(call, actor=replace(call.actor, standing=None))
    assert isinstance(blind, CommandCall)
    assert "core.cannot_check" == key(await coffee.handles(blind))
