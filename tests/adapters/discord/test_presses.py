"""Buttons, pickers and forms: in channels, threads and DMs, and after a restart."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from adapters.discord.running import connect
from bot.chat.forms import Form, MultiChoiceField, TextField
from storage.checkin import CheckIn
from storage.kudos import Kudos
from storage.programme import Role
from tests.fakes.discord.people import World, labels, private, section, settled, shown
from tests.fakes.discord.stories import coffee, everybody
from tests.fakes.world import JOIN


async def restarted(world: World) -> None:
    """Stop the bot and connect a new one to the same data."""
    await world.running.stop()
    world.running = await connect(section(world.server), world.kith.app, quiet=0.05)


async def test_buttons_work_in_dms_after_a_restart(world: World) -> None:
    """A button of a DM that an earlier process sent finds its community by its row and rewrites its message."""
    await everybody(world)
    await world.delivers(days=4)
    await restarted(world)
    answer = await world.presses("bea", "Not yet")
    assert 7 == answer.first["type"]
    assert ["not_yet"] == [row.answer for row in await world.rows(CheckIn) if row.answer]
    assert shown(answer) == world.said("bea")[-1]


async def test_open_forms_survive_a_restart(world: World) -> None:
    """A form that was opened before a restart can be sent after it."""
    asked = await world.menu("ana", "Give kudos", world.accounts["bea"])
    await restarted(world)
    answer = await world.submits("ana", asked, {"why": "for the patient review of my first patch"})
    assert private(answer)
    assert 1 == len(await world.rows(Kudos))


async def test_a_form_of_two_pages_goes_on_with_a_button(world: World) -> None:
    """The first page is kept, and [Continue] opens the second one as the first answer of its press."""
    await coffee(world)
    asked = await world.says("ana", "/programme join")
    assert asked.first["data"]["title"].endswith("(1/2)")
    answer = await world.fills("ana", asked, JOIN)
    assert shown(answer)
    assert ["active"] == [role.status for role in await world.rows(Role)]


async def test_a_mistake_keeps_what_was_typed(world: World) -> None:
    """A form that cannot be taken is answered with a private note, and [Fix it] reopens it filled in."""
    await coffee(world)
    asked = await world.says("ana", "/programme join")
    answer = await world.fills("ana", asked, JOIN | {"zone": "Mars/Olympus"})
    assert private(answer)
    assert "Fix it" in labels(answer)
    fixing = await world.presses("ana", "Fix it", answer.said[-1])
    assert 9 == fixing.first["type"]
    zone = next(
        one for one in fixing.first["data"]["components"] if one.get("component", {}).get("custom_id") == "zone"
    )
    assert "Mars/Olympus" == zone["component"]["value"]
    assert zone["description"].startswith("⚠")
    done = await world.fills("ana", fixing, JOIN | {"zone": "Europe/Madrid"})
    assert "Fix it" not in labels(done)
    assert 1 == len(await world.rows(Role))


async def test_a_tampered_id_is_refused_kindly(world: World) -> None:
    """Whatever comes back as a custom id is answered in private, and changes nothing."""
    await everybody(world)
    message = world.newest("ana", "Join") if world.said("news") else {"id": "1", "channel_id": world.places["general"]}
    for custom_id in ("", "::", "no.such:1:2", "checkin.met:nobody", "drafts.open:zz", "2~2~"):
        answer = await world.presses_id("ana", custom_id or "x", message)
        assert private(answer)


async def test_a_redelivered_interaction_changes_nothing(world: World) -> None:
    """The same interaction told twice gives one row; the second answer is refused by Discord and logged."""
    payload = world.build(
        "ana", 2,
        {"id": "1", "name": "kudos", "type": 1, "options": [{"type": 1, "name": "give", "options": [
            {"type": 6, "name": "who", "value": world.accounts["bea"]},
            {"type": 3, "name": "why", "value": "for the patient review of my patch"}]}]},
        world.places["general"],
    )  # fmt: skip
    first = await settled(await world.send(payload))
    await world.send(payload)
    await asyncio.sleep(0.05)
    await world.running.intake.drain(10)
    assert 1 == len(await world.rows(Kudos))
    assert "patient review" not in str(world.server.refused)
    assert shown(first)


async def test_a_coordinator_command_is_refused_to_members(world: World) -> None:
    """What Discord should have hidden is refused by the core, also when it comes."""
    answer = await world.says("ana", "/coord status")
    assert private(answer)
    assert "coordinators" in shown(answer)


async def test_slow_answers_are_put_off(world: World) -> None:
    """A slow command is deferred in private at once and answered in the place of that."""
    await everybody(world)
    answer = await world.says("vera", "/coord matching preview")
    assert 5 == answer.first["type"]
    assert private(answer)
    assert shown(answer)


async def test_a_handler_that_takes_long_is_put_off(world: World) -> None:
    """A command that is not marked slow but takes its time is deferred before the three seconds are over."""
    world.running.intake.answers.patience = 0.0
    answer = await world.says("ana", "/kudos give @bea for the patient review of my first patch")
    assert 5 == answer.first["type"]
    assert "<@" + world.accounts["bea"] + ">" in shown(answer)
    await everybody(world)
    await world.delivers(days=4)
    pressed = await world.presses("ana", "We met")
    assert 6 == pressed.first["type"]
    assert shown(pressed)


async def test_lists_page_themselves(world: World) -> None:
    """[Later] rewrites the answer with the next page, though nothing of it is remembered."""
    for number in range(10):
        world.clock.advance(timedelta(days=1))
        await world.says("ana", f"/kudos give @bea for good deed number {number} of this long list")
    first = await world.says("bea", "/kudos mine")
    button = next(
        part for row in first.said[0]["components"][0]["components"] if row["type"] == 1
        for part in row["components"] if part["label"] == "Later"
    )  # fmt: skip
    second = await world.presses_id("bea", button["custom_id"], first.said[0])
    assert 7 == second.first["type"]
    assert shown(first) != shown(second)


def test_the_intro_takes_a_place() -> None:
    """A form with an intro and five fields has two pages, so that the intro fits on the first."""
    fields = tuple(TextField(name=f"f{number}", label=f"F{number}") for number in range(5))
    form = Form(name="x", title="X", fields=fields, intro="Before you begin")
    assert 2 == form.pages
    assert (4, 1) == (len(form.page(0)), len(form.page(1)))
    assert fields == form.page(0) + form.page(1)
    plain = Form(name="x", title="X", fields=(*fields, MultiChoiceField(name="m", label="M", options=())))
    assert (2, 5, 1) == (plain.pages, len(plain.page(0)), len(plain.page(1)))


async def test_a_blank_word_opens_the_form_however_long_it_takes(world: World) -> None:
    """What is required and was left blank is asked by a form, so the answer is not put off."""
    world.running.intake.answers.patience = 0.0
    options = [
        {"type": 6, "name": "who", "value": world.accounts["bea"]},
        {"type": 3, "name": "why", "value": "  "},
    ]
    answer = await world.uses("ana", ("kudos", "give"), options)
    assert 9 == answer.first["type"]
